// id = "refused-logon"
// title = "Right password, refused by a rule"
// description = """
// Who has stolen a password and does not know what the account may do is refused by a rule, not by the password: no right to log
// on that way, not from that machine, not at that hour, a disabled or expired account. Told is an account, or a source, refused so on
// a machine where it was never let in, as information; on several machines within a day, low. Misses refusals that the log
// does not give a reason for. A user at a colleague's machine and a service with an account that was disabled look the same, the latter
// every day.
// """
// hypothesis = "Somebody tries out a stolen account that rules keep out."
// attack = ["T1078", "T1021.001"]
// level = "informational"
// needs = ["failed_logon"]
// helps = ["logon"]
// summary = "{user|An account that no log names} was refused on {target} from {source} ({reason}, {logon_type}), where it was never let in"
// benign = ["a user tries a machine that is not theirs", "a service still uses an account that was disabled"]
// rule_out = ["does the account's owner know of it?", "does it happen every day at the same time (a service or task)?"]
// response = ["reset the account's password if its owner knows nothing of it", "look at what else came from the source: hunts brute-force, first-logon"]
// references = ["https://attack.mitre.org/techniques/T1078/"]
// [parameters.reasons]
// type = "list"
// default = ["restricted", "disabled", "expired"]
// help = "reasons that say the password was right, or not asked"
// [parameters.several]
// type = "integer"
// default = 3
// help = "machines within a day that make a low finding"
// [parameters.usual]
// type = "integer"
// default = 3
// help = "days of such refusals, from which on a service is taken to do it"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
MATCH (origin:Host|IP)-[attempt:LOGON_TO]->(place:Host)
WHERE attempt.bucket >= $baseline_since AND attempt.bucket < $until AND attempt.outcome = 'failure' AND attempt.reason IN $reasons
WITH attempt.user AS user, origin.key AS source, place.key AS target, attempt.reason AS reason, attempt.logon_type AS logon_type,
     attempt.first_seen AS at, attempt.last_seen AS until, attempt.evidence AS proof
ORDER BY at, target
WITH user, source, collect(DISTINCT at / 86400000) AS days,
     collect({target: target, reason: reason, logon_type: logon_type, at: at, until: until, proof: proof}) AS refusals
WHERE size(days) < $usual
UNWIND refusals AS one
WITH user, source, one, one.target AS target
WHERE one.at >= $since
CALL (user, source, target) {
  MATCH (origin:Host|IP)-[entry:LOGON_TO]->(place:Host {key: target})
  WHERE origin.key = source AND entry.user = user AND entry.outcome = 'success' AND entry.bucket < $until
  RETURN count(entry) AS let_in
}
WITH user, source, one, target
WHERE let_in = 0 AND (size($scope) = 0 OR user IN $scope OR source IN $scope OR target IN $scope)
WITH user, source, one.at / 86400000 AS day, collect(DISTINCT target) AS targets, collect(DISTINCT one.reason) AS reasons,
     collect(DISTINCT one.logon_type) AS kinds, min(one.at) AS began, max(one.until) AS ended, collect(one.proof) AS proof
RETURN user AS user,
       source AS source,
       targets AS target,
       reasons AS reason,
       kinds AS logon_type,
       began AS first_seen,
       ended AS last_seen,
       CASE WHEN size(targets) >= $several THEN 'low' ELSE 'informational' END AS level,
       15 + 5 * size(targets) AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, user, source
