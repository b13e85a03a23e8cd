// id = "reverse-shell"
// title = "Script host that connects out and starts a shell"
// description = """
// A shell given to somebody elsewhere is a program that connects out and hands what comes in to a command interpreter:
// powercat, a PowerShell one-liner, netcat. Told is a script host, or a program that speaks to an address by a port that is not
// the web's, which starts cmd, PowerShell or a Unix shell within minutes. Misses shells over the web's ports, by a service, or
// without a process of their own. Administrators' scripts that ask a server and then run a command look the same, on the same
// machines every day.
// """
// hypothesis = "Somebody elsewhere has a shell on the machine."
// attack = ["T1059.001", "T1059.003", "T1095", "T1571"]
// level = "high"
// needs = ["process_started", "connection"]
// summary = "{program} on {host} connected to {remote} (port {ports}) and started {shells}, run by {user|an account not known}"
// benign = ["an administrator's or monitoring's script", "a developer's tool that starts a shell"]
// rule_out = ["whose is the address, and did it ever come up before?", "what is the program's command line?"]
// response = ["isolate the machine", "fetch the program's script or file", "list what the shell started", "block the address, look for others that spoke to it"]
// references = ["https://attack.mitre.org/techniques/T1095/"]
// [parameters.within]
// type = "duration"
// default = "10m"
// help = "time between the connection and the shell, either first"
// [parameters.web]
// type = "list"
// default = ["80", "443", "53", "88", "135", "139", "389", "445", "636", "3268", "3269", "5985", "5986", "8080"]
// help = "ports of the web and of Windows' own services"
// [parameters.usual]
// type = "integer"
// default = 3
// help = "days that one program speaks to an address, from which on it is usual"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.host]
// label = "Host"
// role = "host"
// [entities.remote]
// label = "IP|Host"
// role = "remote end"
// [entities.process]
// label = "Process"
// role = "process"
MATCH (program:Process)-[out:CONNECTED_TO]->(remote:IP|Host)
WHERE out.bucket < $until AND out.direction <> 'inbound'
  AND NOT toString(out.port) IN $web AND NOT toLower(coalesce(program.image, '')) =~ '.*(system|svchost\\.exe|lsass\\.exe|explorer\\.exe|services\\.exe)'
WITH program, remote.key AS remote, out.port AS port, out.first_seen AS at, out.evidence[0] AS proof
MATCH (program)-[start:SPAWNED]->(shell:Process)
WHERE start.first_seen >= $since AND start.first_seen < $until
  AND start.first_seen >= at - $within AND start.first_seen <= at + $within
  AND toLower(coalesce(shell.image, '')) =~ '(.*[\\\\/])?(cmd\\.exe|powershell\\.exe|pwsh(\\.exe)?|bash|sh|dash|zsh)'
WITH program, remote, port, at, proof, shell, start
ORDER BY start.first_seen, shell.key
WITH program, remote, collect(DISTINCT port) AS ports, min(at) AS began, max(start.first_seen) AS ended,
     collect(DISTINCT last(split(shell.image, '\\'))) AS shells, collect(DISTINCT shell.key) AS started,
     collect(DISTINCT proof) + collect(DISTINCT start.evidence[0]) AS proofs
WITH program.image AS image, remote, collect({program: program, ports: ports, began: began, ended: ended, shells: shells,
     started: started, proofs: proofs}) AS runs, count(DISTINCT began - began % 86400000) AS days
WHERE days < $usual
UNWIND runs AS run
WITH run.program AS program, remote, run.ports AS ports, run.began AS began, run.ended AS ended, run.shells AS shells,
     run.started AS started, run.proofs AS proofs
OPTIONAL MATCH (account:User|Host)-[as_whom:RAN]->(program)
WITH program, remote, ports, began, ended, shells, started, proofs, min(account.key) AS user
WHERE size($scope) = 0 OR user IN $scope OR program.host IN $scope OR remote IN $scope
RETURN user AS user,
       program.host AS host,
       remote AS remote,
       [program.key] + started[0..5] AS process,
       last(split(program.image, '\\')) AS program,
       ports AS ports,
       shells AS shells,
       began AS first_seen,
       CASE WHEN ended > began THEN ended ELSE began END AS last_seen,
       CASE WHEN toLower(program.image) =~ '.*(powershell|pwsh|wscript|cscript|mshta|python|nc|ncat|perl|ruby|java|node).*' THEN 'high' ELSE 'medium' END AS level,
       55 AS score,
       proofs AS evidence
ORDER BY score DESC, first_seen, host, remote
