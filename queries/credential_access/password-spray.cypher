// id = "password-spray"
// title = "Passwords of many accounts tried from one source"
// description = """
// An attacker tries one or two usual passwords on many accounts, few times each so that none is locked, until one of
// them opens. Counted are the accounts refused from a source where they had never been let in before, over network
// logons, Kerberos, NTLM and sign-ins together, and accounts whose passwords a program gave on that machine (4648),
// however slowly it goes; what was let in after its refusal is the account that fell. Misses sprays from many addresses
// in turn, from a machine where the same accounts were at home already (a terminal server), and of fewer accounts than
// asked for. A new terminal server, proxy or VPN gateway on its first morning looks like it, but there most of the
// refused come in soon after; scanners use few accounts.
// """
// hypothesis = "Somebody guesses a usual password for many accounts from one machine."
// attack = ["T1110.003"]
// level = "high"
// needs = [["failed_logon", "sign_in", "remote_sign_in", "explicit_credentials"]]
// helps = ["logon", "ticket_granting_ticket"]
// summary = "{strangers} accounts that were never let in from {source} were tried there {failures} times; let in since: {user|none}, on {target|no host that is known}"
// benign = ["a gateway, proxy or terminal server that many people began to use stands between", "a migration or a changed domain breaks many stored passwords at once", "an approved password audit"]
// rule_out = ["what is the source, and do the same accounts come in from it on other days?", "are the refused accounts in order of a directory or a list, and is the pace regular?"]
// response = ["reset the password of each account that was let in, and end its sessions", "isolate or block the source", "look at what the account did since: hunts first-logon, explicit-credentials", "look for the same accounts refused from other sources"]
// references = ["https://attack.mitre.org/techniques/T1110/003/"]
// [parameters.min_accounts]
// type = "integer"
// default = 5
// help = "refused accounts, never let in from there before, that make a spray"
// [parameters.within]
// type = "duration"
// default = "4h"
// help = "how long after the last refusal an account that is let in counts as fallen"
// [parameters.settled]
// type = "number"
// default = 0.5
// help = "share of the refused accounts that may be let in later; above it the source is a place where people log on"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.actor]
// label = "User"
// role = "actor"
// [entities.user]
// label = "User"
// role = "account"
// [entities.target]
// label = "Host"
// role = "target"
// [entities.tried]
// label = "User"
// role = "tried"
CALL () {
  MATCH (origin:Host|IP)-[attempt:LOGON_TO]->(place:Host)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
    AND attempt.reason <> 'unknown_user' AND attempt.user <> ''
  RETURN origin.key AS source, attempt.user AS name, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof, '' AS actor
  UNION ALL
  MATCH (account:User)-[attempt:REQUESTED_TICKET]->(service:User|Host)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
    AND attempt.kind = 'ticket_granting' AND attempt.reason <> 'unknown_user' AND attempt.source <> ''
  RETURN attempt.source AS source, account.key AS name, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof, '' AS actor
  UNION ALL
  MATCH (account:User)-[attempt:VALIDATED]->(authority:Host)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
    AND attempt.reason <> 'unknown_user' AND attempt.source <> ''
  RETURN attempt.source AS source, account.key AS name, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof, '' AS actor
  UNION ALL
  MATCH (giver:User)-[attempt:ACTED_AS]->(account:User)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.host <> ''
  RETURN attempt.host AS source, account.key AS name, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof, giver.key AS actor
  UNION ALL
  MATCH (account:User)-[attempt:SIGNED_IN_FROM]->(address:IP)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
    AND attempt.reason <> 'unknown_user'
  RETURN address.key AS source, account.key AS name, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof, '' AS actor
}
WITH source, name, sum(times) AS times, min(began) AS began, max(ended) AS ended, collect(proof) AS proof, max(actor) AS actor
ORDER BY began, name
WITH source, collect({name: name, began: began, times: times}) AS refused, collect(name) AS names,
     sum(times) AS failures, min(began) AS began, max(ended) AS ended, collect(proof) AS proof, max(actor) AS actor
WHERE size(names) >= $min_accounts
CALL (names) {
  UNWIND names AS name
  MATCH (account:User {key: name})
  RETURN collect(account.key) AS people
}
CALL (source, names) {
  MATCH (origin:Host|IP {key: source})
  MATCH (origin)-[entry:LOGON_TO]->(place:Host)
  WHERE entry.bucket < $until AND entry.outcome = 'success' AND entry.user IN names AND entry.via <> 'explicit'
  WITH entry.user AS name, min(entry.first_seen) AS at
  RETURN collect({name: name, at: at, proof: []}) AS logons
}
CALL (source, people) {
  UNWIND people AS name
  MATCH (account:User {key: name})
  MATCH (account)-[entry:REQUESTED_TICKET]->(service:User|Host)
  WHERE entry.bucket < $until AND entry.outcome = 'success' AND entry.kind = 'ticket_granting' AND entry.source = source
  WITH name, min(entry.first_seen) AS at, collect(entry.evidence) AS proof
  RETURN collect({name: name, at: at, proof: proof}) AS tickets
}
CALL (source, people) {
  UNWIND people AS name
  MATCH (account:User {key: name})
  MATCH (account)-[entry:VALIDATED]->(authority:Host)
  WHERE entry.bucket < $until AND entry.outcome = 'success' AND entry.source = source
  WITH name, min(entry.first_seen) AS at, collect(entry.evidence) AS proof
  RETURN collect({name: name, at: at, proof: proof}) AS validations
}
CALL (source, people) {
  UNWIND people AS name
  MATCH (account:User {key: name})
  MATCH (account)-[entry:SIGNED_IN_FROM]->(address:IP {key: source})
  WHERE entry.bucket < $until AND entry.outcome = 'success'
  WITH name, min(entry.first_seen) AS at, collect(entry.evidence) AS proof
  RETURN collect({name: name, at: at, proof: proof}) AS signins
}
WITH source, actor, people, refused, failures, began, ended, proof, logons + tickets + validations + signins AS entries
WITH source, actor, failures, began, ended, proof, entries,
     [one IN refused WHERE one.name IN people
        AND none(entry IN entries WHERE entry.name = one.name AND entry.at < one.began)] AS strangers
WHERE size(strangers) >= $min_accounts
WITH source, actor, failures, began, ended, proof, strangers, entries,
     [one IN strangers WHERE any(entry IN entries WHERE entry.name = one.name)] AS settled,
     [one IN strangers WHERE any(entry IN entries WHERE entry.name = one.name AND entry.at <= ended + $within)] AS fallen
WHERE size(settled) <= $settled * size(strangers)
WITH source, actor, failures, began, ended, proof, [one IN strangers | one.name] AS tried, [one IN fallen | one.name] AS user,
     [entry IN entries WHERE any(one IN fallen WHERE one.name = entry.name)] AS steps
WHERE size($scope) = 0 OR source IN $scope OR actor IN $scope OR any(name IN tried WHERE name IN $scope)
CALL (source, user, began, ended) {
  MATCH (origin:Host|IP {key: source})
  MATCH (origin)-[entry:LOGON_TO]->(place:Host)
  WHERE entry.outcome = 'success' AND entry.user IN user AND entry.bucket < $until AND entry.via <> 'explicit'
    AND entry.first_seen >= began AND entry.first_seen <= ended + $within
  WITH place, entry
  ORDER BY entry.first_seen, place.key
  RETURN collect(DISTINCT place.key) AS target, collect(entry.evidence) AS opened, max(entry.first_seen) AS entered
}
RETURN source AS source,
       actor AS actor,
       user AS user,
       target AS target,
       tried[0..50] AS tried,
       size(tried) AS strangers,
       failures AS failures,
       began AS first_seen,
       reduce(latest = CASE WHEN entered IS NULL OR entered < ended THEN ended ELSE entered END,
              step IN steps | CASE WHEN step.at > latest THEN step.at ELSE latest END) AS last_seen,
       CASE WHEN size(user) > 0 THEN 60 + size(tried) WHEN size(tried) > 40 THEN 60 ELSE 20 + size(tried) END AS score,
       opened + [step IN steps | step.proof] + proof AS evidence
ORDER BY score DESC, first_seen, source
