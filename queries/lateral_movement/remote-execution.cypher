// id = "remote-execution"
// title = "Program started from another machine by WMI, DCOM or WinRM"
// description = """
// With administrator rights on a host, an attacker has it start programs over the network: by WMI (a child of WmiPrvSE), by
// a DCOM object (MMC, Excel, mshta, a shell window) or by WinRM (wsmprovhost, winrshost). The program runs as the account that
// logged on over the network just before. Misses programs that the account's own shell hides behind (a child of explorer), and
// WMI providers written for it. Remote administration by the same means is the same, and so is management software that uses
// an account of its own.
// """
// hypothesis = "Somebody runs code on other hosts through their remote management."
// attack = ["T1047", "T1021.003", "T1021.006"]
// level = "high"
// needs = ["process_started"]
// helps = ["logon", "share_access", "service_ticket", "connection"]
// summary = "{user} ran {programs} on {target} through {through} from {source|a machine that no log names}"
// benign = ["an administrator uses PowerShell remoting or WMI", "monitoring or inventory runs commands with an account of its own"]
// rule_out = ["is the source a management server or the administrator's own machine?", "does the same account do the same on many hosts every day?", "is the command line what such work needs?"]
// false_positives = ["PowerShell remoting by administrators", "monitoring by WMI"]
// response = ["read the command lines and what they started", "look for the same source on other hosts", "take the source off the network if nobody knows of it", "reset the account"]
// references = ["https://attack.mitre.org/techniques/T1047/", "https://attack.mitre.org/techniques/T1021/003/", "https://attack.mitre.org/techniques/T1021/006/"]
// [parameters.runners]
// type = "list"
// default = ["wmiprvse.exe", "scrcons.exe", "wsmprovhost.exe", "winrshost.exe"]
// help = "programs whose children a caller on another machine may have asked for"
// [parameters.servers]
// type = "list"
// default = ["mmc.exe", "mshta.exe", "dllhost.exe", "wsmprovhost.exe", "winrshost.exe"]
// help = "programs that serve callers when started with -Embedding, and that people seldom start so"
// [parameters.automated]
// type = "list"
// default = ["excel.exe", "winword.exe", "powerpnt.exe", "outlook.exe", "visio.exe", "iexplore.exe"]
// help = "programs that also serve programs of the same machine when started with -Embedding"
// [parameters.usual]
// type = "list"
// default = ["conhost.exe", "werfault.exe"]
// help = "children that mean nothing by themselves"
// [parameters.within]
// type = "duration"
// default = "2m"
// help = "how long before the program the logon may have been"
// [parameters.skew]
// type = "duration"
// default = "5s"
// help = "how much later the logon may be recorded than what followed it"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
MATCH (parent:Process)-[start:SPAWNED]->(child:Process)
WHERE start.first_seen >= $since AND start.first_seen < $until AND NOT child.name IN $usual
  AND (parent.name IN $runners
       OR (parent.name IN $servers + $automated AND coalesce(parent.command_line, '') =~ '(?i).*-embedding.*|.*/processid:.*')
       OR (parent.name = 'svchost.exe' AND child.name IN $servers + $automated AND child.command_line =~ '(?i).*-embedding.*'))
WITH child, start.first_seen AS at, start.evidence AS evidence,
     CASE WHEN parent.name = 'svchost.exe' THEN child.name ELSE parent.name END AS through
MATCH (user:User)-[:RAN]->(child)
WITH user.key AS user, child.host AS place, child.name AS program, at, evidence, through,
     through IN $automated OR through = 'dllhost.exe' AS common
MATCH (host:Host {key: place})
OPTIONAL MATCH (origin:Host|IP)-[hop:LOGON_TO]->(host)
WHERE hop.user = user AND hop.outcome = 'success' AND hop.first_seen <= at + $skew AND hop.last_seen >= at - $within
WITH user, host, program, through, common, at, evidence, origin.key AS source, hop.evidence AS arrival,
     CASE WHEN hop IS NULL THEN null
          WHEN abs(at - hop.first_seen) <= abs(at - hop.last_seen) THEN abs(at - hop.first_seen)
          ELSE abs(at - hop.last_seen) END AS gap
ORDER BY gap, source
WITH user, host, program, through, common, at, evidence, head(collect([source, arrival])) AS best
WITH user, host, program, through, common, at, evidence + coalesce(best[1], []) AS evidence, coalesce(best[0], '') AS source
// Where no logon names the source, a connection to the ports of remote management may.
OPTIONAL MATCH (caller:Host|IP|Process)-[reached:CONNECTED_TO]->(host)
WHERE source = '' AND reached.first_seen <= at + $skew AND reached.last_seen >= at - $within
  AND (reached.port IN [135, 139, 445, 5985, 5986] OR reached.port >= 49152) AND coalesce(caller.host, caller.key) <> host.key
WITH user, host, program, through, common, at, evidence, source, coalesce(caller.host, caller.key) AS caller, reached
ORDER BY reached.port < 49152 DESC, abs(at - reached.first_seen), caller
WITH user, host, program, through, common, at, evidence, source, head(collect([caller, reached.evidence])) AS best
WITH user, host, program, through, common, at, source <> '' AS by_logon,
     evidence + coalesce(CASE WHEN source = '' THEN best[1] END, []) AS evidence,
     CASE WHEN source = '' THEN coalesce(best[0], '') ELSE source END AS source
WHERE source <> '' OR NOT common
// Who sits at the machine uses WMI there, too; a desktop opened from the source brings a network logon with it.
OPTIONAL MATCH (:User {key: user})-[desk:LOGGED_ON]->(host)
WHERE desk.logon_type IN ['interactive', 'remote_interactive', 'unlock', 'cached'] AND desk.outcome = 'success'
  AND desk.first_seen <= at AND desk.last_seen >= at - 43200000
WITH user, host.key AS target, program, through, common, at, evidence, source, by_logon, collect(desk.source) AS desks,
     through IN ['wsmprovhost.exe', 'winrshost.exe'] AS by_winrm
WITH user, target, program, through, common, at, evidence, source, by_logon, by_winrm, source IN desks AS own_desk, size(desks) > 0 AS at_home
WHERE (by_winrm OR NOT own_desk) AND (source <> '' OR by_winrm OR NOT at_home)
  AND (size($scope) = 0 OR user IN $scope OR source IN $scope OR target IN $scope)
ORDER BY at, program
WITH user, source, target, at / 86400000 AS day, min(at) AS first, max(at) AS last, collect(DISTINCT program) AS programs,
     collect(DISTINCT through) AS through, collect(evidence) AS evidence,
     max(CASE WHEN source = '' THEN 45 WHEN NOT by_logon THEN 60 WHEN common THEN 70 ELSE 80 END - CASE WHEN at_home THEN 25 ELSE 0 END) AS score
RETURN user AS user,
       source AS source,
       target AS target,
       programs AS programs,
       through AS through,
       first AS first_seen,
       last AS last_seen,
       CASE WHEN source = '' THEN 'medium' ELSE 'high' END AS level,
       score AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, target, user, source
