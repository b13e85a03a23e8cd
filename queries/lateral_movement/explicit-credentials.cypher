// id = "explicit-credentials"
// title = "Another account's credentials used against a host, by a user who never did"
// description = """
// Whoever has another account's password or hash can use it without logging on anew: net use, PsExec -u, runas, mstsc, PowerShell
// -Credential. Windows records on the machine where it happens who used whose credentials against which host. Who did so for the
// first time. Misses credentials passed on by other means (tickets, hashes put into a session: see pass-the-hash). Administrators
// with a second account look the same until their pair of accounts is known.
// """
// hypothesis = "Somebody uses an account that is not his own to reach other hosts."
// attack = ["T1078", "T1021"]
// level = "medium"
// needs = ["explicit_credentials"]
// baseline = true
// summary = "{user} used the credentials of {other} on {source} against {target}, for the first time ({process|program not known})"
// benign = ["the other account is the user's own for administration", "a shared or service account is used by hand"]
// rule_out = ["do both accounts belong to one person?", "is the program one that people use for this (mstsc, runas, a console)?"]
// false_positives = ["administrators with two accounts", "saved passwords of mapped drives"]
// response = ["ask the owner of the other account", "look at what the other account did on the target after that time", "reset the other account if its owner does not know"]
// references = ["https://attack.mitre.org/techniques/T1078/"]
// [parameters.known]
// type = "duration"
// default = "1d"
// help = "how long the telemetry must reach back before the first time, where there is history"
// [parameters.least]
// type = "number"
// default = 16
// help = "the score below which nothing is shown"
// [entities.user]
// label = "User"
// role = "account"
// [entities.other]
// label = "User"
// role = "second account"
// [entities.source]
// label = "Host"
// role = "source"
// [entities.target]
// label = "Host|IP"
// role = "target"
MATCH (user:User)-[use:ACTED_AS]->(other:User)
WHERE use.bucket < $until AND use.target <> ''
WITH user, other, use
ORDER BY use.first_seen, use.host, use.process
WITH user.key AS user, other.key AS other, use.target AS target, min(use.first_seen) AS first, max(use.last_seen) AS last,
     head(collect(use.host)) AS source, head(collect(use.process)) AS process, collect(use.evidence) AS evidence
WITH user, other, collect([target, first, last, source, process, evidence]) AS uses, min(first) AS pair_since
UNWIND uses AS use
WITH user, other, use, pair_since, size([earlier IN uses WHERE earlier[1] < use[1]]) AS targets_before
WHERE use[1] >= $since AND ($cold_start OR use[1] >= $baseline_since + $known)
  AND (size($scope) = 0 OR user IN $scope OR other IN $scope OR use[0] IN $scope OR use[3] IN $scope)
// A pair of accounts that belongs together soon shows on many hosts.
WITH user, other, use, targets_before, CASE WHEN use[1] = pair_since THEN 60 ELSE 45 END - 12 * log(targets_before + 1) AS score
WHERE score >= $least
RETURN user AS user,
       other AS other,
       use[3] AS source,
       use[0] AS target,
       use[4] AS process,
       targets_before AS targets_before,
       use[1] AS first_seen,
       use[2] AS last_seen,
       score AS score,
       use[5][0..20] AS evidence
ORDER BY score DESC, first_seen, user, other, target
