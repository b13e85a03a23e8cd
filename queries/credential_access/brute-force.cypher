// id = "brute-force"
// title = "One account's password guessed"
// description = """
// An attacker tries one account's password again and again, from one machine or several, until it opens. Counted are
// the refusals, within an hour, from sources where the account had never been let in before; ten of them, or five at a
// pace no hand types at. Being let in from such a source afterwards is the success; without one a storm of refusals is a
// medium finding, and fewer are information. Misses guessing slower than that, guessing from a machine that the account uses anyway, and
// passwords guessed right at once. A service or mapped drive with an old password looks like it, but it comes from
// where it always came from; a person who mistypes gives up, or gets in, after a few slow tries.
// """
// hypothesis = "Somebody guesses one account's password by trying."
// attack = ["T1110.001"]
// level = "high"
// needs = [["failed_logon", "sign_in", "remote_sign_in"]]
// helps = ["logon", "ticket_granting_ticket"]
// summary = "{user} was refused {failures} times within {span:duration} from {source|the host itself}, where it was never let in before; {outcome} on {target|a host not known}"
// benign = ["a new device or service was set up with a wrong password", "an approved password audit"]
// rule_out = ["does the account's owner know the source?", "does the pace look like a program that retries a stored password, the same seconds apart?"]
// response = ["reset the account's password and end its sessions where it was let in", "isolate or block the source", "look for the same source refused for other accounts: hunt password-spray"]
// references = ["https://attack.mitre.org/techniques/T1110/001/"]
// [parameters.min_failures]
// type = "integer"
// default = 10
// help = "refusals within an hour (the graph's bucket) that make guessing, where the account is let in afterwards"
// [parameters.min_fast]
// type = "integer"
// default = 5
// help = "refusals that do, at a pace of `pace` or faster"
// [parameters.pace]
// type = "duration"
// default = "3s"
// help = "time between tries, on average, that is too short for a hand"
// [parameters.minute]
// type = "duration"
// default = "60s"
// help = "span within which `min_fast` refusals without a success are information"
// [parameters.storm]
// type = "integer"
// default = 50
// help = "refusals within an hour that are more than information even without a success"
// [parameters.within]
// type = "duration"
// default = "10m"
// help = "how long after the last refusal being let in counts: the try after the last wrong one is the right one"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
CALL () {
  MATCH (origin:Host|IP)-[attempt:LOGON_TO]->(place:Host)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
    AND attempt.user <> ''
  RETURN attempt.user AS user, origin.key AS source, place.key AS target, attempt.bucket AS hour, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof
  UNION ALL
  MATCH (account:User)-[attempt:LOGGED_ON]->(place:Host)
  WHERE attempt.first_seen >= $since AND attempt.first_seen < $until AND attempt.outcome = 'failure'
    AND attempt.source = '' AND attempt.last_seen - attempt.first_seen < 3600000
  RETURN account.key AS user, place.key AS source, place.key AS target, attempt.first_seen AS hour, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof
  UNION ALL
  MATCH (account:User)-[attempt:REQUESTED_TICKET]->(service:User|Host)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
    AND attempt.kind = 'ticket_granting' AND attempt.reason <> 'unknown_user' AND attempt.source <> ''
  RETURN account.key AS user, attempt.source AS source, '' AS target, attempt.bucket AS hour, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof
  UNION ALL
  MATCH (account:User)-[attempt:VALIDATED]->(authority:Host)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
    AND attempt.reason <> 'unknown_user' AND attempt.source <> ''
  RETURN account.key AS user, attempt.source AS source, '' AS target, attempt.bucket AS hour, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof
  UNION ALL
  MATCH (account:User)-[attempt:SIGNED_IN_FROM]->(address:IP)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
    AND attempt.reason <> 'unknown_user'
  RETURN account.key AS user, address.key AS source, '' AS target, attempt.bucket AS hour, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof
}
WITH user, source, hour, sum(times) AS times, min(began) AS began, max(ended) AS ended,
     collect(DISTINCT target) AS targets, collect(proof) AS proof
WITH user, source, hour, times, began, ended, targets, proof
ORDER BY began, source
WITH user, hour, sum(times) AS total,
     collect({source: source, hour: hour, times: times, began: began, ended: ended, targets: targets, proof: proof}) AS tries
WHERE total >= $min_fast AND (size($scope) = 0 OR user IN $scope OR any(one IN tries WHERE one.source IN $scope))
WITH user, collect(tries) AS tries
WITH user, reduce(flat = [], some IN tries | flat + some) AS tries
MATCH (account:User {key: user})
CALL (account) {
  MATCH (account)-[entry:LOGGED_ON]->(place:Host)
  WHERE entry.outcome = 'success' AND entry.first_seen < $until
  WITH CASE WHEN entry.source = '' THEN place.key ELSE entry.source END AS source, place.key AS target,
       min(entry.first_seen) AS at, collect(entry.evidence) AS proof
  ORDER BY at, target
  RETURN collect({source: source, target: target, at: at, proof: proof}) AS logons
}
CALL (account) {
  MATCH (account)-[entry:REQUESTED_TICKET]->(service:User|Host)
  WHERE entry.outcome = 'success' AND entry.kind = 'ticket_granting' AND entry.bucket < $until
  WITH entry.source AS source, min(entry.first_seen) AS at, collect(entry.evidence) AS proof
  RETURN collect({source: source, target: '', at: at, proof: proof}) AS tickets
}
CALL (account) {
  MATCH (account)-[entry:VALIDATED]->(authority:Host)
  WHERE entry.outcome = 'success' AND entry.bucket < $until
  WITH entry.source AS source, min(entry.first_seen) AS at, collect(entry.evidence) AS proof
  RETURN collect({source: source, target: '', at: at, proof: proof}) AS validations
}
CALL (account) {
  MATCH (account)-[entry:SIGNED_IN_FROM]->(address:IP)
  WHERE entry.outcome = 'success' AND entry.bucket < $until
  WITH address.key AS source, min(entry.first_seen) AS at, collect(entry.evidence) AS proof
  RETURN collect({source: source, target: '', at: at, proof: proof}) AS signins
}
WITH user, tries, logons + tickets + validations + signins AS entries
UNWIND tries AS one
WITH user, one, entries
WHERE none(entry IN entries WHERE entry.source = one.source AND entry.at < one.began)
WITH user, one, entries
ORDER BY one.times DESC, one.began, one.source
WITH user, one.hour AS hour, entries, sum(one.times) AS times, min(one.began) AS began, max(one.ended) AS ended,
     collect(one.source) AS sources, collect(one.targets) AS targets, collect(one.proof) AS proof
WITH user, entries, times, began, ended, sources, targets, proof,
     CASE WHEN times >= $min_failures OR (times >= $min_fast AND ended - began <= times * $pace) THEN 1 ELSE 0 END AS guessed
WHERE guessed = 1 OR (times >= $min_fast AND ended - began <= $minute)
WITH user, entries, max(guessed) AS guessed, sum(times) AS failures, max(times) AS most, min(began) AS began, max(ended) AS ended,
     collect(sources) AS sources, collect(targets) AS targets, collect(proof) AS proof
WITH user, guessed, failures, most, began, ended, proof,
     reduce(seen = [], some IN sources | seen + [one IN some WHERE NOT one IN seen]) AS sources,
     reduce(seen = [], some IN targets | seen + reduce(flat = [], list IN some | flat + list)) AS tried,
     entries
WITH user, guessed, failures, most, began, ended, proof, sources, tried,
     [entry IN entries WHERE entry.source IN sources AND entry.at >= began AND entry.at <= ended + $within] AS opened
// Somebody who mistypes five times in a minute and then gets in is a person.
WHERE guessed = 1 OR size(opened) = 0
WITH user, failures, most, began, ended, sources, opened,
     CASE WHEN size(opened) > 0 THEN [entry IN opened WHERE entry.target <> '' | entry.target] ELSE tried END AS targets,
     [entry IN opened | entry.proof] + proof AS proof
RETURN user AS user,
       sources[0..50] AS source,
       [one IN targets WHERE one <> ''] AS target,
       failures AS failures,
       ended - began AS span,
       CASE WHEN size(opened) > 0 THEN 'let in afterwards' ELSE 'not let in as far as is seen' END AS outcome,
       began AS first_seen,
       reduce(latest = ended, entry IN opened | CASE WHEN entry.at > latest THEN entry.at ELSE latest END) AS last_seen,
       CASE WHEN size(opened) > 0 THEN 60 ELSE 15 END + CASE WHEN failures > 200 THEN 40 ELSE failures / 5 END AS score,
       CASE WHEN size(opened) > 0 THEN 'high' WHEN most >= $storm THEN 'medium' ELSE 'informational' END AS level,
       proof AS evidence
ORDER BY score DESC, first_seen, user
