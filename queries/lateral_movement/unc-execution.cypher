// id = "unc-execution"
// title = "Program run from a remote desktop client's drive or an administrative share"
// description = """
// In a remote desktop session the client's drives appear as \\\\tsclient; who controls the client can have the host run programs from
// there without copying them (SharpRDP, or by hand). Likewise programs are run straight from another host's ADMIN$ or C$. Misses
// programs that are copied first. Administrators who bring their tools along look the same.
// """
// hypothesis = "Somebody runs programs on a host that lie on another machine he controls."
// attack = ["T1021.001", "T1021.002", "T1570"]
// level = "medium"
// needs = ["process_started"]
// helps = ["logon", "rdp_session", "connection"]
// summary = "{user} ran {programs} on {target} from {places}; the session came from {source|a machine that no log names}"
// benign = ["an administrator runs his own tools in a remote desktop session"]
// rule_out = ["is the program known and signed?", "where did the session come from (rdp-chain, LocalSessionManager 21 and 25)?"]
// false_positives = ["administrators who bring their tools along"]
// response = ["find the session's source and take the program from there", "look at what the program did on the host"]
// references = ["https://attack.mitre.org/techniques/T1021/001/", "https://attack.mitre.org/techniques/T1570/"]
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
// [entities.processes]
// label = "Process"
// role = "process"
MATCH (user:User)-[ran:RAN]->(process:Process)
WHERE ran.first_seen >= $since AND ran.first_seen < $until
  AND (process.image =~ '(?i)\\\\\\\\(tsclient|[^\\\\]+\\\\(admin|[a-z])\\$)\\\\.*'
       OR process.command_line =~ '(?i)"?\\\\\\\\(tsclient|[^\\\\]+\\\\(admin|[a-z])\\$)\\\\.*')
WITH user.key AS user, process.host AS target, process, ran.first_seen AS at, ran.evidence AS evidence
// The desktop's session names where it came from.
OPTIONAL MATCH (origin:Host|IP)-[hop:LOGON_TO]->(:Host {key: target})
WHERE hop.user = user AND hop.outcome <> 'failure' AND (hop.logon_type = 'remote_interactive' OR hop.via = 'rdp')
  AND hop.first_seen <= at AND hop.last_seen >= at - 43200000
WITH user, target, process, at, evidence, max(origin.key) AS came_from
OPTIONAL MATCH (caller:Host|IP|Process)-[reached:CONNECTED_TO]->(:Host {key: target})
WHERE came_from IS NULL AND reached.port = 3389 AND coalesce(caller.host, caller.key) <> target
  AND reached.first_seen <= at AND reached.last_seen >= at - 43200000
WITH user, target, process, at, evidence, came_from, max(coalesce(caller.host, caller.key)) AS called_from
WITH user, target, process, at, evidence, coalesce(came_from, called_from) AS source
WHERE size($scope) = 0 OR user IN $scope OR target IN $scope OR source IN $scope
ORDER BY at, process.key
WITH user, target, coalesce(source, '') AS source, at / 86400000 AS day, collect(DISTINCT process.key) AS processes,
     collect(DISTINCT process.name) AS programs, collect(DISTINCT coalesce(process.image, process.command_line)) AS places,
     min(at) AS first, max(at) AS last, collect(evidence) AS evidence
RETURN user AS user,
       source AS source,
       target AS target,
       processes AS processes,
       programs AS programs,
       places AS places,
       first AS first_seen,
       last AS last_seen,
       evidence AS evidence
ORDER BY first_seen, user, target
