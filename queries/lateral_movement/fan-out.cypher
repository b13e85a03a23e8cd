// id = "fan-out"
// title = "Far more hosts reached in a day than usual"
// description = """
// Whoever explores a network with stolen credentials reaches many hosts in a short time: from one machine, or with one account.
// Each user and each source is compared with its own other days: the median of how many hosts it reached, and how far its days
// stray from that (MAD). Misses slow exploration and accounts that reach as many hosts every day. Scanners, inventories, backups
// and deployments that do not run daily look the same; those that do are their own habit.
// """
// hypothesis = "Somebody tries credentials, or spreads, across many hosts."
// attack = ["T1021", "T1018"]
// level = "medium"
// needs = ["logon"]
// baseline = true
// summary = "{user|}{source|} reached {reached} hosts in a day ({targets}); its usual day: {usual|not known}"
// benign = ["a scan, inventory or deployment that runs now and then", "an administrator's errand on many machines", "a new server that serves many"]
// rule_out = ["is the source a management server, and the account its own?", "are the hosts one kind (all of a site), or whatever was found?", "did many of the logons fail?"]
// false_positives = ["vulnerability scanners", "patch days"]
// response = ["take the source off the network if nobody knows of the errand", "list what ran on the hosts it reached (remote-service, remote-task, remote-execution)", "reset the account"]
// references = ["https://attack.mitre.org/techniques/T1021/", "https://attack.mitre.org/techniques/T1018/"]
// [parameters.minimum]
// type = "integer"
// default = 10
// help = "hosts in a day below which nobody is looked at"
// [parameters.factor]
// type = "number"
// default = 6
// help = "how many deviations above its usual day counts"
// [parameters.day]
// type = "duration"
// default = "1d"
// help = "the span that hosts are counted over"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.targets]
// label = "Host"
// role = "target"
MATCH (origin:Host|IP)-[hop:LOGON_TO]->(target:Host)
WHERE hop.bucket >= $baseline_since AND hop.bucket < $until AND hop.outcome = 'success' AND hop.user <> origin.key
// One pass for users and sources alike; a machine account's own logons are left out.
UNWIND [origin.key, hop.user] AS actor
WITH actor, hop.bucket / $day AS day, count(DISTINCT target.key) AS reached, collect(DISTINCT target.key) AS targets,
     min(hop.first_seen) AS first, max(hop.last_seen) AS last, min(hop.evidence[0]) AS earliest, max(hop.evidence[0]) AS latest
ORDER BY reached
WITH actor, max(reached) AS most,
     collect([reached, day, first, last, earliest, latest, CASE WHEN reached < $minimum THEN [] ELSE targets END]) AS days
WHERE most >= $minimum AND (size($scope) = 0 OR actor IN $scope)
UNWIND days AS busy
WITH actor, busy, [other IN days WHERE other[1] <> busy[1] | other[0]] AS others
WHERE busy[0] >= $minimum AND busy[3] >= $since
WITH actor, busy, others, CASE WHEN size(others) < 3 THEN null ELSE others[size(others) / 2] END AS usual
UNWIND CASE WHEN usual IS NULL THEN [0] ELSE others END AS other
WITH actor, busy, usual, CASE WHEN usual IS NULL THEN 0 ELSE abs(other - usual) END AS strays
ORDER BY strays
WITH actor, busy, usual, collect(strays) AS strays
WITH actor, busy, usual, 1.0 + 1.4826 * strays[size(strays) / 2] AS deviation
WHERE usual IS NULL OR busy[0] >= usual + $factor * deviation
OPTIONAL MATCH (user:User {key: actor})
UNWIND busy[6] AS target
WITH actor, user, busy, usual, deviation, target
ORDER BY target
WITH actor, user, busy, usual, deviation, collect(target) AS targets
RETURN CASE WHEN user IS NULL THEN '' ELSE actor END AS user,
       CASE WHEN user IS NULL THEN actor ELSE '' END AS source,
       targets[0..20] AS targets,
       busy[0] AS reached,
       usual AS usual,
       busy[2] AS first_seen,
       busy[3] AS last_seen,
       CASE WHEN usual IS NULL THEN 20 + busy[0] / 10.0 ELSE 25 + 10 * log((busy[0] - usual) / deviation) END AS score,
       [busy[4], busy[5]] AS evidence
ORDER BY score DESC, first_seen, user, source
