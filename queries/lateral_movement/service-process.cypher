// id = "service-process"
// title = "Service program run from the folder that ADMIN$ opens"
// description = """
// ADMIN$ is the Windows folder itself. Tools that install a service on another machine copy its program there (PsExec, RemCom, Metasploit,
// Impacket), so it starts as the system, from that folder, as a child of the service control manager. The view of a machine whose
// service and logon events are missing; the source is taken from a connection to its SMB port or a logon just before. Misses
// programs that are put elsewhere. A few old drivers keep their service there, too.
// """
// hypothesis = "A program that was copied over ADMIN$ was run as a service."
// attack = ["T1569.002", "T1570"]
// level = "high"
// needs = ["process_started"]
// helps = ["connection", "logon", "share_access"]
// summary = "{programs} ran as the system on {target} from the Windows folder; it may have come from {source|a machine that no log names}"
// benign = ["an administrator uses PsExec", "a driver or agent keeps its service in the Windows folder"]
// rule_out = ["is the program signed, and on many machines for long?", "was it written by the System process, which means over the network?"]
// false_positives = ["remote support by PsExec"]
// response = ["fetch the program and its hash", "look at what it started", "look for it on other hosts"]
// references = ["https://attack.mitre.org/techniques/T1569/002/", "https://attack.mitre.org/techniques/T1570/"]
// [parameters.usual]
// type = "list"
// default = ["sysmon.exe", "sysmon64.exe", "sysmon64a.exe", "splwow64.exe", "bfsvc.exe", "explorer.exe", "regedit.exe", "hh.exe", "notepad.exe", "write.exe", "winhlp32.exe", "helppane.exe"]
// help = "programs that belong there"
// [parameters.within]
// type = "duration"
// default = "2m"
// help = "how long before the program the connection or logon may have been"
// [parameters.skew]
// type = "duration"
// default = "5s"
// help = "how much later it may be recorded"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
// [entities.processes]
// label = "Process"
// role = "process"
MATCH (parent:Process)-[start:SPAWNED]->(child:Process)
WHERE start.first_seen >= $since AND start.first_seen < $until AND (parent.name = 'services.exe' OR parent.image IS NULL)
  AND child.image =~ '(?i)[a-z]:\\\\windows\\\\[^\\\\]+[.]exe' AND NOT child.name IN $usual
WITH child, child.host AS place, start.first_seen AS at, start.evidence AS evidence
MATCH (host:Host {key: place})-[:RAN]->(child)
OPTIONAL MATCH (caller:Host|IP|Process)-[reached:CONNECTED_TO]->(host)
WHERE reached.port IN [139, 445] AND reached.first_seen <= at + $skew AND reached.last_seen >= at - $within
  AND coalesce(caller.host, caller.key) <> host.key
WITH child, host, at, evidence, min(coalesce(caller.host, caller.key)) AS caller
OPTIONAL MATCH (origin:Host|IP)-[hop:LOGON_TO]->(host)
WHERE hop.outcome = 'success' AND hop.user <> origin.key AND hop.first_seen <= at + $skew AND hop.last_seen >= at - $within
WITH child, host, at, evidence, caller, min(origin.key) AS came_from
WITH child, host, at, evidence, coalesce(came_from, caller, '') AS source
WHERE size($scope) = 0 OR host.key IN $scope OR source IN $scope
ORDER BY at, child.key
WITH host.key AS target, source, at / 86400000 AS day, collect(DISTINCT child.key) AS processes, collect(DISTINCT child.name) AS programs,
     min(at) AS first, max(at) AS last, collect(evidence) AS evidence
RETURN source AS source,
       target AS target,
       processes AS processes,
       programs AS programs,
       first AS first_seen,
       last AS last_seen,
       CASE WHEN source = '' THEN 'medium' ELSE 'high' END AS level,
       CASE WHEN source = '' THEN 50 ELSE 70 END AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, target
