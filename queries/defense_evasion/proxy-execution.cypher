// id = "proxy-execution"
// title = "System tool made to run or fetch code from elsewhere"
// description = """
// Windows' own signed tools run or fetch what their arguments name, and so pass by rules that watch for foreign programs: mshta and
// rundll32 with a script or an address, regsvr32 with a scriptlet, certutil, bitsadmin and curl as downloaders, msiexec from an
// address, wmic with a style sheet or starting a program, InstallUtil and MSBuild on files of users, programs started from another machine's share.
// Told is such a command line. Misses tools not listed, arguments that hide what they name, and the same done by an
// interface instead of a command. Installers and help desks use some of them; a command on several machines or days is
// taken for theirs.
// """
// hypothesis = "Somebody has a system tool run or fetch their code."
// attack = ["T1218", "T1105", "T1197", "T1047"]
// level = "medium"
// needs = ["process_started"]
// helps = ["connection"]
// summary = "{user|An account not known} had {tool} run or fetch code on {host}: {command}"
// benign = ["an installer or administrator fetches a file with it", "a management tool distributes certificates or packages"]
// rule_out = ["what does the address or file hold, and whose is it?", "what started the tool: a document, a service, a remote logon?"]
// response = ["fetch the file or address named", "isolate the host if it ran", "find what started it: hunts office-spawns-shell, remote-execution"]
// references = ["https://attack.mitre.org/techniques/T1218/", "https://attack.mitre.org/techniques/T1105/"]
// [parameters.usual]
// type = "integer"
// default = 3
// help = "machines or days that one command is seen on, from which on it is taken for usual"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.host]
// label = "Host"
// role = "host"
// [entities.process]
// label = "Process"
// role = "process"
MATCH (tool:Process)-[ran:RAN_ON]->(machine:Host)
WHERE ran.first_seen >= $since AND ran.first_seen < $until AND tool.kind = 'start' AND tool.command_line IS NOT NULL
  AND tool.image =~ '(?i)(.*\\\\)?(mshta|rundll32|regsvr32|certutil|bitsadmin|msiexec|wmic|installutil|msbuild|regasm|regsvcs|cmstp|odbcconf|hh|desktopimgdownldr|certreq|esentutl|sftp|ssh|forfiles|pcalua|msdt|cmd|curl)\\.exe'
WITH tool, ran, machine.key AS host, toLower(last(split(tool.image, '\\'))) AS name, toLower(tool.command_line) AS command
WITH tool, ran, host, name, command,
     CASE
       WHEN name = 'mshta.exe' AND command =~ '(?s).*(https?:|javascript:|vbscript:|about:).*' THEN 70
       WHEN name = 'rundll32.exe' AND command =~ '(?s).*(javascript:|vbscript:|mshtml.*runhtmlapplication|https?:).*' THEN 70
       WHEN name = 'rundll32.exe' AND command =~ '(?s).*\\s["\']*\\\\{2,}[^\\\\]+\\\\.*' THEN 50
       WHEN name = 'regsvr32.exe' AND command =~ '(?s).*(/i:|scrobj).*' AND command =~ '(?s).*(https?:|\\.sct|\\\\\\\\).*' THEN 70
       WHEN name = 'certutil.exe' AND command =~ '(?s).*(urlcache|verifyctl|/url|-url).*https?:.*' THEN 60
       WHEN name = 'bitsadmin.exe' AND command =~ '(?s).*(/transfer|/addfile).*https?:.*' THEN 60
       WHEN name = 'wmic.exe' AND command =~ '(?s).*/format:.*(https?:|\\\\\\\\|\\.xsl).*' THEN 60
       WHEN name = 'wmic.exe' AND command =~ '(?s).*process.*\\bcall\\b.*\\bcreate\\b.*' AND command =~ '(?s).*(powershell|cmd|rundll32|mshta|wscript|cscript|regsvr32|bitsadmin|certutil|\\\\users\\\\|\\\\temp\\\\).*' THEN 50
       WHEN name = 'wmic.exe' AND command =~ '(?s).*process.*\\bcall\\b.*\\bcreate\\b.*' THEN 25
       WHEN name = 'msiexec.exe' AND command =~ '(?s).*/(q|i|package).*https?:.*' THEN 50
       WHEN name IN ['installutil.exe', 'msbuild.exe', 'regasm.exe', 'regsvcs.exe', 'cmstp.exe', 'odbcconf.exe'] AND command =~ '(?s).*(\\\\users\\\\|\\\\appdata\\\\|\\\\temp\\\\|\\\\programdata\\\\|%temp%).*' THEN 40
       WHEN name IN ['desktopimgdownldr.exe', 'certreq.exe', 'hh.exe', 'msdt.exe'] AND command =~ '(?s).*(https?:|ms-msdt:).*' THEN 50
       WHEN name IN ['sftp.exe', 'ssh.exe'] AND command =~ '(?s).*proxycommand.*' THEN 50
       WHEN name = 'pcalua.exe' AND command =~ '(?s).*\\s-a\\s.*' THEN 40
       WHEN name = 'curl.exe' AND command =~ '(?s).*https?://.*' AND command =~ '(?s).*(\\s-o|\\s--output|\\s-T|\\|\\s*(cmd|powershell)).*' THEN 30
       ELSE 0
     END AS weight
WHERE weight > 0
WITH command, collect({tool: tool, host: host, name: name, at: ran.first_seen, proof: ran.evidence, weight: weight}) AS runs,
     count(DISTINCT host) AS hosts, count(DISTINCT ran.first_seen - ran.first_seen % 86400000) AS days
WHERE hosts < $usual AND days < $usual
UNWIND runs AS run
WITH run.tool AS tool, run.host AS host, run.name AS name, run.at AS at, run.proof AS proof, run.weight AS weight
OPTIONAL MATCH (account:User|Host)-[as_whom:RAN]->(tool)
WITH tool, host, name, at, proof, weight, account.key AS user
ORDER BY at, tool.key
WITH user, host, at - at % 86400000 AS day, collect(DISTINCT name) AS names, collect(DISTINCT tool.key) AS process,
     collect(DISTINCT left(tool.command_line, 300)) AS command, min(at) AS began, max(at) AS ended, max(weight) AS weight, collect(proof) AS proof
WHERE size($scope) = 0 OR user IN $scope OR host IN $scope
RETURN user AS user,
       host AS host,
       process[0..10] AS process,
       names AS tool,
       command[0..5] AS command,
       began AS first_seen,
       ended AS last_seen,
       CASE WHEN weight < 30 THEN 'low' ELSE 'medium' END AS level,
       weight + CASE WHEN size(names) > 1 THEN 10 ELSE 0 END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, host
