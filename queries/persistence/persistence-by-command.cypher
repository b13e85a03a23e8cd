// id = "persistence-by-command"
// title = "Something that lasts made by a command"
// description = """
// Accounts, run keys, tasks, services, file types and logon scripts are made by Windows' own commands as well as by hand. Where
// only programs are logged, and not what they change, the command is all that shows it. Told is such a command; hidden
// accounts, members of the administrators, and what starts something from where users may write or a script weigh more. Misses the same done by
// an interface or a program. Installers and administrators do it all day; a command on several machines or days is taken for
// theirs.
// """
// hypothesis = "Somebody makes a way to come back."
// attack = ["T1547.001", "T1053.005", "T1543.003", "T1546.001", "T1136.001", "T1098", "T1037.001"]
// level = "low"
// needs = ["process_started"]
// helps = ["run_key", "task_changed", "service_installed", "account_change"]
// summary = "{user|An account not known} on {host}: {acts}; {command}"
// benign = ["an installer, or a script of the administrators", "a help desk makes a local account"]
// rule_out = ["what does it start, and whose is that?", "what started the command: an installer, a shell somebody sits at, a remote logon?"]
// response = ["remove what was made", "fetch what it starts", "find what started it: hunts remote-execution, office-spawns-shell"]
// references = ["https://attack.mitre.org/techniques/T1547/001/", "https://attack.mitre.org/techniques/T1136/001/"]
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
WHERE ran.first_seen >= $since AND ran.first_seen < $until AND tool.command_line IS NOT NULL
WITH tool, ran, machine.key AS host, toLower(coalesce(last(split(tool.image, '\\')), '')) AS name,
     toLower(left(tool.command_line, 4000)) AS command
WITH tool, ran, host, command,
     CASE
       WHEN command =~ '(?s).*net1?(\\.exe)?\"?\\s+localgroup\\s+.*(administrators|administrateurs|remote desktop users).*\\s/add.*' OR command =~ '(?s).*add-localgroupmember\\s.*(administrators|remote desktop users).*' THEN 'adds to the administrators'
       WHEN command =~ '(?s).*net1?(\\.exe)?\"?\\s+user\\s+.*\\s/add\\b.*' OR command =~ '(?s).*new-localuser\\s.*' OR command =~ '(?s).*\\buseradd\\s.*' THEN 'makes an account'
       WHEN command =~ '(?s).*\\breg(\\.exe)?\"?\\s+add\\s.*(\\\\currentversion\\\\(run|runonce|policies\\\\explorer\\\\run)|\\\\winlogon\\b|userinitmprlogonscript|\\\\image file execution options|inprocserver32).*' OR command =~ '(?s).*(set|new)-itemproperty\\s.*\\\\currentversion\\\\run.*' THEN 'makes a run key'
       WHEN command =~ '(?s).*schtasks(\\.exe)?\"?\\s.*/create\\b.*' OR command =~ '(?s).*register-scheduledtask\\s.*' OR command =~ '(?s).*\\bat(\\.exe)?\\s+\\d{1,2}:\\d\\d.*' THEN 'makes a task'
       WHEN command =~ '(?s).*\\bsc(\\.exe)?\"?\\s+(\\\\\\\\\\S+\\s+)?create\\s.*' OR command =~ '(?s).*new-service\\s.*' THEN 'makes a service'
       WHEN name IN ['cmd.exe', 'ftype.exe', 'assoc.exe'] AND command =~ '(?s).*\\b(assoc|ftype)\\b.*' THEN 'looks at or changes file types'
       ELSE ''
     END AS act
WHERE act <> ''
WITH command, collect({tool: tool, host: host, at: ran.first_seen, proof: ran.evidence, act: act}) AS runs,
     count(DISTINCT host) AS hosts, count(DISTINCT ran.first_seen - ran.first_seen % 86400000) AS days
WHERE hosts < $usual AND days < $usual
UNWIND runs AS run
WITH run.tool AS tool, run.host AS host, run.at AS at, run.proof AS proof, run.act AS act
OPTIONAL MATCH (account:User|Host)-[as_whom:RAN]->(tool)
WITH tool, host, at, proof, act, account.key AS user
ORDER BY at, tool.key
WITH user, host, at - at % 86400000 AS day, collect(DISTINCT act) AS acts, collect(DISTINCT tool.key) AS process,
     collect(DISTINCT left(tool.command_line, 300)) AS command, min(at) AS began, max(at) AS ended, collect(proof) AS proof
WHERE (size($scope) = 0 OR user IN $scope OR host IN $scope)
RETURN user AS user,
       host AS host,
       process[0..10] AS process,
       acts AS acts,
       command[0..5] AS command,
       began AS first_seen,
       ended AS last_seen,
       CASE WHEN 'adds to the administrators' IN acts OR size(acts) > 2
              OR any(one IN command WHERE toLower(one) =~ '(?s).*(\\\\users\\\\|\\\\appdata\\\\|\\\\temp\\\\|\\\\programdata\\\\|\\\\perflogs\\\\|powershell|mshta|wscript|rundll32|user\\s+\\S+\\$).*')
            THEN 'medium' WHEN acts = ['looks at or changes file types'] THEN 'informational' ELSE 'low' END AS level,
       20 + 10 * size(acts) AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, host, user
