// id = "dormant-account"
// title = "Account comes back after a long silence"
// description = """
// Accounts of people who left, of tests and of old services keep their passwords, and nobody misses them: attackers look for them.
// Told is an account that signed in or logged on anew after weeks without a trace, where it was at home before; an address or
// machine that it never used adds weight. Counted are cloud sign-ins and logons on machines alike. Misses accounts that never
// were used while telemetry was kept, returns to a machine's own screen where it worked often, and needs telemetry longer than
// the silence. Long leave, yearly jobs and gaps in the telemetry look the same; a gap brings many back at once, and is left out.
// """
// hypothesis = "Somebody uses an account that its owner no longer uses."
// attack = ["T1078"]
// level = "medium"
// needs = [["sign_in", "remote_sign_in", "logon"]]
// baseline = true
// summary = "{user} came back after {silence:duration} without a trace, from {source|its own screen} ({novelty}), to {target|a cloud or remote service}"
// benign = ["the owner was on long leave, or left and came back", "a job that runs once a quarter or year", "telemetry was missing in between"]
// rule_out = ["is the owner still there, and back since that day?", "was the account enabled again or its password reset just before, and by whom?"]
// response = ["disable the account until its owner is known", "look at what it did since: hunts first-logon, fan-out", "find other accounts as old, and close them"]
// references = ["https://attack.mitre.org/techniques/T1078/"]
// [parameters.silence]
// type = "duration"
// default = "30d"
// help = "how long nothing was seen of the account"
// [parameters.crowd]
// type = "integer"
// default = 20
// help = "accounts that may come back on one day; above it, telemetry was missing before"
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
  // Telemetry shorter than the silence holds none: then nothing is gathered at all.
  MATCH (account:User)-[entry:SIGNED_IN_FROM]->(address:IP)
  WHERE $until - $baseline_since >= $silence AND entry.bucket < $until AND entry.outcome = 'success'
  RETURN account.key AS user, entry.first_seen AS began, entry.last_seen AS ended, address.key AS source, '' AS target,
         entry.evidence AS proof
  UNION ALL
  MATCH (account:User)-[entry:LOGGED_ON]->(place:Host)
  WHERE $until - $baseline_since >= $silence AND entry.first_seen < $until AND entry.outcome = 'success'
  RETURN account.key AS user, entry.first_seen AS began,
         CASE WHEN entry.count > 2 THEN entry.last_seen ELSE entry.first_seen END AS ended,
         entry.source AS source, place.key AS target, entry.evidence AS proof
  UNION ALL
  MATCH (account:User)-[entry:LOGGED_ON]->(place:Host)
  WHERE $until - $baseline_since >= $silence AND entry.last_seen < $until AND entry.outcome = 'success' AND entry.count = 2
  RETURN account.key AS user, entry.last_seen AS began, entry.last_seen AS ended, entry.source AS source,
         place.key AS target, entry.evidence AS proof
  UNION ALL
  MATCH (origin:Host|IP)-[entry:LOGON_TO]->(place:Host)
  WHERE $until - $baseline_since >= $silence AND entry.bucket < $until AND entry.outcome = 'success' AND entry.user <> '' AND entry.via <> 'explicit'
  RETURN entry.user AS user, entry.first_seen AS began, entry.last_seen AS ended, origin.key AS source,
         place.key AS target, entry.evidence AS proof
}
WITH user, began, ended, source, target, proof
ORDER BY began, source, target
WITH user, collect({began: began, ended: ended, source: source, target: target, proof: proof}) AS traces
WHERE size(traces) > 1
WITH user, traces, [place IN range(1, size(traces) - 1)
                    WHERE traces[place].began >= $since AND traces[place].began - traces[place - 1].ended >= $silence] AS returns
UNWIND returns AS place
WITH user, traces[place] AS one, traces[0..place] AS before
WHERE none(other IN before WHERE other.ended > one.began - $silence)
WITH user, one, reduce(latest = 0, other IN before | CASE WHEN other.ended > latest THEN other.ended ELSE latest END) AS gone,
     one.source <> '' AND none(other IN before WHERE other.source = one.source) AS strange,
     one.target <> '' AND none(other IN before WHERE other.target = one.target) AS elsewhere
MATCH (account:User {key: user})
WITH account, one, gone, strange, elsewhere
ORDER BY one.began, account.key
WITH one.began / 86400000 AS day, collect({user: account.key, kind: account.kind, one: one, gone: gone,
                                           strange: strange, elsewhere: elsewhere}) AS returned
WHERE size(returned) <= $crowd
UNWIND returned AS back
WITH back.user AS user, back.kind AS kind, back.one AS one, back.gone AS gone, back.strange AS strange, back.elsewhere AS elsewhere
WHERE size($scope) = 0 OR user IN $scope OR one.source IN $scope OR one.target IN $scope
RETURN user AS user,
       one.source AS source,
       one.target AS target,
       kind AS kind,
       gone AS last_before,
       one.began - gone AS silence,
       CASE WHEN strange THEN 'never before its source' WHEN elsewhere THEN 'never before its target' ELSE 'known with it' END AS novelty,
       one.began AS first_seen,
       one.began AS last_seen,
       CASE WHEN strange THEN 'medium' ELSE 'low' END AS level,
       CASE WHEN strange THEN 50 ELSE 25 END + CASE WHEN elsewhere THEN 10 ELSE 0 END AS score,
       one.proof AS evidence
ORDER BY score DESC, first_seen, user
