// id = "tampering-command"
// title = "Protection or traces removed by a command"
// description = """
// Before and after what they came for, attackers take away what is in their way, and what shows them: they turn the antivirus
// or the firewall off, open remote desktop, trust a certificate of their own, stop services, delete tasks, shadow copies and
// logs, or start programs without a window. Told is such a command; turning protection off, deleting recovery and trusting a
// root certificate weigh more. Misses the same done by an interface, a driver or a policy, and arguments that hide. Installers
// and administrators use some of these; a command on several machines or days is taken for theirs.
// """
// hypothesis = "Somebody removes protection or traces."
// attack = ["T1562.001", "T1562.004", "T1070.004", "T1070.001", "T1112", "T1021.001", "T1489", "T1490", "T1553.004", "T1564.003"]
// level = "low"
// needs = ["process_started"]
// helps = ["script", "logon"]
// summary = "{user|An account not known} on {host}: {acts}; {command}"
// benign = ["an installer, an update or a script of the administrators", "a help desk opens remote desktop or assistance for a user"]
// rule_out = ["what started the command: a shell somebody sits at, a service, a remote logon?", "is there a change request, and does the account administer the machine?"]
// response = ["undo it, and look what else the same session did", "find what started it: hunts remote-execution, office-spawns-shell"]
// references = ["https://attack.mitre.org/techniques/T1562/", "https://attack.mitre.org/techniques/T1070/"]
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
       WHEN command =~ '(?s).*set-mppreference\\s.*-disable\\w+\\s+(1|\\$?true).*' OR command =~ '(?s).*(add|set)-mppreference\\s.*-exclusion\\w+.*' OR command =~ '(?s).*(sc|net1?)(\\.exe)?\"?\\s+(stop|delete|config)\\s+\"?(windefend|sense|sysmon\\w*|mpssvc|wscsvc|eventlog).*' THEN 'turns protection off'
       WHEN command =~ '(?s).*(vssadmin(\\.exe)?\"?\\s+delete\\s+shadows|shadowcopy\\s+delete|wbadmin(\\.exe)?\"?\\s+delete|bcdedit.*recoveryenabled.*no).*' THEN 'deletes recovery'
       WHEN command =~ '(?s).*(certutil(\\.exe)?\"?\\s.*-addstore\\s.*\\broot\\b|import-certificate\\s.*\\\\root|certmgr(\\.exe)?\"?\\s.*/add\\s.*\\broot\\b).*' THEN 'trusts a root certificate'
       WHEN command =~ '(?s).*(netsh(\\.exe)?\"?\\s+(advfirewall|firewall)\\s+.*(\\badd\\b|\\bset\\b|\\bdelete\\b)|set-netfirewall\\w+|new-netfirewallrule|enable-netfirewallrule|ufw\\s+disable|iptables\\s+-f).*' THEN 'changes the firewall'
       WHEN command =~ '(?s).*(fdenytsconnections|fallowtogethelp|enable-psremoting|winrm(\\.cmd)?\"?\\s+(quickconfig|qc)|userauthentication.*\\\\rdp-tcp|\\\\rdp-tcp.*userauthentication).*' THEN 'opens remote access'
       WHEN command =~ '(?s).*(wevtutil(\\.exe)?\"?\\s+(cl|clear-log)\\s|clear-eventlog|remove-eventlog|usn\\s+deletejournal|consolehost_history|history\\s+-c\\b|auditpol(\\.exe)?\"?\\s.*(/clear|/remove|success:disable|failure:disable)).*' THEN 'removes traces'
       WHEN command =~ '(?s).*(schtasks(\\.exe)?\"?\\s.*/(delete|change\\s.*/disable)\\b|unregister-scheduledtask|disable-scheduledtask).*' THEN 'deletes or disables a task'
       WHEN command =~ '(?s).*(\\bnet1?(\\.exe)?\"?\\s+stop\\s|\\bsc(\\.exe)?\"?\\s+(\\S+\\s+)?(stop|delete)\\s|stop-service\\s|taskkill(\\.exe)?\"?\\s.*/im\\s).*' THEN 'stops a service or program'
       WHEN command =~ '(?s).*(\\brmdir(\\.exe)?\\s+.*/s|\\brd\\s+.*/s|\\bdel(\\.exe)?\\s+.*/[fsq]\\b|sdelete(64)?(\\.exe)?\"?\\s|cipher(\\.exe)?\"?\\s+/w|remove-item\\s.*-recurse\\s.*-force).*' THEN 'deletes files'
       WHEN command =~ '(?s).*(\\bstart\\s+(\"[^\"]*\"\\s+)?/(b|min)\\b|-w(in(dowstyle)?)?\\s+hid\\w*|-windowstyle\\s+h\\w*).*' THEN 'starts a program without a window'
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
       CASE WHEN any(act IN acts WHERE act IN ['turns protection off', 'deletes recovery', 'trusts a root certificate']) THEN 'medium'
            WHEN any(act IN acts WHERE act IN ['opens remote access', 'removes traces', 'changes the firewall']) OR size(acts) > 2
            THEN 'low' ELSE 'informational' END AS level,
       20 + 10 * size(acts) AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, host, user
