// id = "powershell-then-logon"
// title = "Encoded or downloading PowerShell, then a logon elsewhere"
// description = """
// An attacker's first code on a machine is often PowerShell that is encoded, or fetches and runs its next part (Empire, Cobalt
// Strike, Metasploit, PowerSploit); from there they go on to other machines. Told is such a command line or script, and
// the logons from that machine to others within the next hours, those to machines never reached from there first.
// Without a logon it is told with a low score. Misses PowerShell without traces of either, and code that runs in
// another program. Deployment and monitoring tools encode their commands too: one command on several machines,
// or hour after hour, is taken for theirs.
// """
// hypothesis = "Somebody runs fetched or hidden PowerShell on a machine and moves on from it."
// attack = ["T1059.001", "T1027", "T1105", "T1021"]
// level = "medium"
// needs = [["process_started", "script"]]
// helps = ["logon", "explicit_credentials", "share_access"]
// summary = "{user|An account not known} ran {kind} PowerShell on {host}: {command}; then from there to {target|no other machine that is seen}"
// benign = ["a management tool encodes its commands", "an administrator installs software with a download command"]
// rule_out = ["decode the command: what does it fetch, and from where?", "what started it: a service of the management tool, a document, a remote logon?"]
// response = ["decode the command and block the addresses in it", "isolate the host, and look what its next machines ran", "find what started it: hunts office-spawns-shell, remote-service, remote-execution"]
// references = ["https://attack.mitre.org/techniques/T1059/001/"]
// [parameters.within]
// type = "duration"
// default = "4h"
// help = "how long after it a logon elsewhere counts"
// [parameters.usual_hosts]
// type = "integer"
// default = 3
// help = "machines that run one command, from which on it is taken for a management tool's"
// [parameters.usual_hours]
// type = "integer"
// default = 3
// help = "hours in which one machine runs it, likewise"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.host]
// label = "Host"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
// [entities.next_user]
// label = "User"
// role = "next account"
// [entities.process]
// label = "Process"
// role = "process"
MATCH (shell:Process)-[ran:RAN_ON]->(machine:Host)
WHERE ran.first_seen >= $since AND ran.first_seen < $until AND shell.command_line IS NOT NULL
  AND (shell.kind = 'script' OR shell.image =~ '(?i).*(powershell|powershell_ise|pwsh|cmd)\\.exe')
WITH shell, machine.key AS host, ran, toLower(shell.command_line) AS text
WITH shell, host, ran, text,
     CASE WHEN shell.kind <> 'script' AND text =~ '(?s).*\\s[-/–]e[a-z]{0,13}\\s+["\']?[a-z0-9+/]{40}.*' THEN 1 ELSE 0 END AS encoded,
     CASE WHEN text =~ '(?s).*(downloadstring|downloadfile|downloaddata|net\\.webclient|invoke-webrequest|invoke-restmethod|\\biwr\\b|start-bitstransfer|xmlhttp).*'
           AND (shell.kind <> 'script' OR text =~ '(?s).*(invoke-expression|\\biex\\b|scriptblock|start-process).*') THEN 1 ELSE 0 END AS fetching,
     CASE WHEN text =~ '(?s).*frombase64string.*' AND text =~ '(?s).*(invoke-expression|\\biex\\b|memorystream|reflection\\.assembly|virtualalloc|createthread).*' THEN 1 ELSE 0 END AS unpacking,
     CASE WHEN text =~ '(?s).*(cachedgrouppolicysettings|amsiutils|amsiinitfailed|scriptblocklogging|expect100continue.*proxy).*' THEN 1 ELSE 0 END AS blinding
WHERE encoded + fetching + unpacking + blinding > 0
WITH text, collect({shell: shell, host: host, at: ran.first_seen, proof: ran.evidence, marks: encoded + fetching + unpacking + blinding,
     kind: CASE WHEN encoded = 1 THEN 'encoded' WHEN fetching = 1 THEN 'downloading' WHEN unpacking = 1 THEN 'unpacking' ELSE 'log-evading' END}) AS runs,
     count(DISTINCT host) AS hosts, count(DISTINCT ran.first_seen - ran.first_seen % 3600000) AS hours
WHERE hosts < $usual_hosts AND hours < $usual_hours
UNWIND runs AS run
WITH run.shell AS shell, run.host AS host, run.at AS at, run.proof AS proof, run.marks AS marks, run.kind AS kind
OPTIONAL MATCH (account:User|Host)-[as_whom:RAN]->(shell)
WITH shell, host, at, proof, marks, kind, account
ORDER BY at, shell.key, kind
WITH host, at - at % 86400000 AS day, collect(DISTINCT account.key) AS user, collect(DISTINCT kind) AS kind, max(marks) AS marks,
     collect(DISTINCT shell.key) AS process, collect(DISTINCT left(shell.command_line, 300)) AS command,
     min(at) AS began, max(at) AS ended, collect(proof) AS proof
CALL (host, began) {
  MATCH (origin:Host {key: host})
  MATCH (origin)-[hop:LOGON_TO]->(place:Host)
  WHERE hop.outcome = 'success' AND hop.bucket <= began AND hop.first_seen < began
  RETURN collect(DISTINCT place.key) AS known
}
CALL (host, began, ended, known) {
  MATCH (origin:Host {key: host})
  MATCH (origin)-[hop:LOGON_TO]->(place:Host)
  WHERE hop.outcome = 'success' AND hop.bucket >= began - 86400000 AND hop.bucket <= ended + $within AND hop.bucket < $until
    AND hop.last_seen >= began AND hop.first_seen <= ended + $within
  WITH hop.user AS who, hop, place
  MATCH (account:User {key: who})
  WITH account, place, hop
  ORDER BY hop.first_seen, place.key, account.key
  RETURN collect(DISTINCT place.key) AS target, collect(DISTINCT account.key) AS next_user,
         max(CASE WHEN place.key IN known THEN 0 ELSE 1 END) AS new, max(hop.last_seen) AS moved, collect(hop.evidence) AS steps
}
WITH host, user, kind, marks, process, command, began, ended, target, next_user, new, moved, steps, proof
WHERE size($scope) = 0 OR host IN $scope OR any(one IN user + next_user + target WHERE one IN $scope)
RETURN user AS user,
       host AS host,
       target[0..20] AS target,
       next_user AS next_user,
       process[0..10] AS process,
       reduce(words = '', one IN kind | words + CASE WHEN words = '' THEN '' ELSE ', ' END + one) AS kind,
       command[0..5] AS command,
       began AS first_seen,
       CASE WHEN moved IS NULL OR moved < ended THEN ended ELSE moved END AS last_seen,
       10 + 10 * CASE WHEN marks > 2 THEN 2 ELSE marks END + CASE WHEN size(target) = 0 THEN 0 WHEN new = 1 THEN 50 ELSE 20 END AS score,
       steps + proof AS evidence
ORDER BY score DESC, first_seen, host
