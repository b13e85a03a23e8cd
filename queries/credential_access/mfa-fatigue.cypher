// id = "mfa-fatigue"
// title = "Second factor refused again and again, then approved"
// description = """
// Whoever has a password but not the telephone asks for approval until the owner gives way, often at night. Counted are the
// second factors an account refused or let run out, and told when an approval, or a sign-in from an address that was refused,
// comes soon after; very many without an approval are told too, for then the password is known to somebody. Misses a single
// request that is approved at once, relayed sign-ins (the owner approves willingly), and providers that do not record refusals.
// Telephones without a network, and a new telephone not yet enrolled, look the same, but from the owner's usual address.
// """
// hypothesis = "Somebody who has a password wears its owner down until a request for approval is granted."
// attack = ["T1621"]
// level = "high"
// needs = [["sign_in", "second_factor"]]
// helps = ["mfa_method", "sign_in_risk"]
// summary = "{user} refused or did not answer {refusals} requests for a second factor, asked from {refused|an address that is not known}; let in then from: {source|nobody}"
// benign = ["the telephone had no network, or its clock or enrolment was broken", "a client with an old password kept asking by itself"]
// rule_out = ["ask the owner, not by mail: did you ask for these?", "is the approved sign-in's address one the account used before?", "did one client ask at even intervals, day after day?"]
// response = ["end the account's sessions and reset its password: it is known", "look at what came after the approval: hunts new-mfa-method, hiding-inbox-rule, external-forwarding, app-consent", "ask for a number to be typed, or a key, in place of a tap"]
// references = ["https://attack.mitre.org/techniques/T1621/"]
// [parameters.min_refusals]
// type = "integer"
// default = 3
// help = "refusals before an approval that make a finding"
// [parameters.storm]
// type = "integer"
// default = 10
// help = "refusals that make a finding though nothing was approved"
// [parameters.within]
// type = "duration"
// default = "2h"
// help = "how long before the approval refusals count"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "IP"
// role = "source"
// [entities.refused]
// label = "IP"
// role = "refused"
MATCH (account:User)-[attempt:SIGNED_IN_FROM]->(address:IP)
WHERE attempt.bucket >= $since - $within AND attempt.bucket < $until
  AND (attempt.mfa IN ['denied', 'timeout'] OR attempt.reason = 'mfa_denied')
WITH account.key AS user, address.key AS source, attempt.first_seen AS began, attempt.last_seen AS ended,
     attempt.count AS times, attempt.evidence AS proof
ORDER BY began, source
WITH user, sum(times) AS total,
     collect({began: began, ended: ended, times: times, source: source, proof: proof, approved: false}) AS refusals
WHERE total >= $min_refusals
CALL (user, refusals) {
  MATCH (account:User {key: user})
  MATCH (account)-[entry:SIGNED_IN_FROM]->(address:IP)
  WHERE entry.bucket >= $since AND entry.bucket < $until AND entry.outcome = 'success'
    AND (entry.mfa = 'approved' OR any(one IN refusals WHERE one.source = address.key))
  WITH entry.first_seen AS began, entry.last_seen AS ended, address.key AS source, entry.evidence AS proof
  ORDER BY began, source
  RETURN collect({began: began, ended: ended, times: 0, source: source, proof: proof, approved: true}) AS approvals
}
WITH user, refusals, approvals + refusals AS closings
UNWIND closings AS last
WITH user, last, [one IN refusals WHERE one.began <= last.ended AND one.ended >= last.began - $within] AS before
WITH user, last, before, reduce(sum = 0, one IN before | sum + one.times) AS times
WHERE last.ended >= $since
  AND ((last.approved AND times >= $min_refusals) OR (NOT last.approved AND times >= $storm))
ORDER BY last.approved DESC, times DESC, last.began, last.source
WITH user, last.began / 86400000 AS day, collect(last) AS closings, collect(before) AS befores, collect(times) AS counts
WITH user, closings[0] AS last, befores[0] AS before, counts[0] AS times
WITH user, last, before, times, reduce(known = [], one IN before | CASE WHEN one.source IN known THEN known ELSE known + [one.source] END) AS refused
WHERE size($scope) = 0 OR user IN $scope OR last.source IN $scope OR any(one IN refused WHERE one IN $scope)
RETURN user AS user,
       CASE WHEN last.approved THEN last.source ELSE '' END AS source,
       refused AS refused,
       times AS refusals,
       before[0].began AS first_seen,
       last.ended AS last_seen,
       CASE WHEN last.approved THEN 'high' ELSE 'medium' END AS level,
       CASE WHEN NOT last.approved THEN 45 WHEN times > 20 THEN 90 ELSE 70 + times END AS score,
       reduce(proofs = last.proof, one IN before | proofs + one.proof) AS evidence
ORDER BY score DESC, first_seen, user
