// id = "share-made"
// title = "Drive or hidden share made on a host"
// description = """
// A share of a whole drive, of the Windows folder or under a hidden name lets an attacker take files from a host, and bring
// programs to it, without the administrator rights that ADMIN$ asks for. Misses shares made before the telemetry begins, and
// ordinary shares of folders. Administrators of file servers make hidden shares, too.
// """
// hypothesis = "Somebody opens a host's files to the network for later."
// attack = ["T1021.002", "T1570"]
// level = "medium"
// needs = ["share_made"]
// helps = ["logon", "share_access"]
// summary = "{user|The system} shared {shares} on {target}; came from {source|no other machine that is known}"
// benign = ["a file server gets a new hidden share", "backup or deployment software shares its folder"]
// rule_out = ["is the host a file server, and the user its administrator?", "does the share still exist?", "what was opened on it since (Security 5140, 5145)?"]
// false_positives = ["administration of file servers"]
// response = ["remove the share", "list who opened it and what"]
// references = ["https://attack.mitre.org/techniques/T1021/002/"]
// [parameters.within]
// type = "duration"
// default = "10m"
// help = "how long before the share was made the user may have come from another machine"
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
  MATCH (user:User|Host)-[made:CHANGED]->(host:Host)
  WHERE made.first_seen >= $since AND made.first_seen < $until AND made.object_kind = 'share' AND made.operation = 'created'
  RETURN user.key AS user, host.key AS target, made.details AS share, made.first_seen AS at, made.evidence AS evidence
  UNION ALL
  // Without auditing the registry still shows the share's name; its path is in the value.
  MATCH (user:User|Host)-[made:CREATED]->(value:Persistence)
  WHERE made.first_seen >= $since AND made.first_seen < $until AND value.kind = 'registry'
    AND value.key CONTAINS '\\services\\lanmanserver\\shares\\' AND NOT value.key CONTAINS '\\shares\\security\\'
  RETURN user.key AS user, value.host AS target, split(value.name, '\\')[size(split(value.name, '\\')) - 1] AS share,
         made.first_seen AS at, made.evidence AS evidence
}
WITH user, target, share, at, evidence,
     share =~ '(?i).* of ([\\\\]{1,2}[?][?]?[\\\\])?[a-z]:(\\\\|\\\\windows.*)?' AS wide, share =~ '(?i)[^ ]+[$]( of .*)?' AS hidden, NOT share CONTAINS ' of ' AS bare
WHERE wide OR hidden OR bare
OPTIONAL MATCH (origin:Host|IP)-[hop:LOGON_TO]->(:Host {key: target})
WHERE hop.user = user AND hop.outcome = 'success' AND hop.first_seen <= at + 5000 AND hop.last_seen >= at - $within
WITH user, target, share, at, evidence, wide, hidden, min(origin.key) AS source
WHERE size($scope) = 0 OR user IN $scope OR target IN $scope OR source IN $scope
ORDER BY at, share
WITH user, target, coalesce(source, '') AS source, at / 86400000 AS day, collect(DISTINCT share) AS shares, min(at) AS first,
     max(at) AS last, collect(evidence) AS evidence, max(CASE WHEN wide THEN 60 WHEN hidden THEN 50 ELSE 35 END) AS score
RETURN CASE WHEN user = target THEN '' ELSE user END AS user,
       source AS source,
       target AS target,
       shares AS shares,
       first AS first_seen,
       last AS last_seen,
       CASE WHEN score < 50 THEN 'low' ELSE 'medium' END AS level,
       CASE WHEN source = '' THEN score ELSE score + 15 END AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, target, user
