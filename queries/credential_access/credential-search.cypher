// id = "credential-search"
// title = "Stored credentials looked for by a command"
// description = """
// Passwords and keys lie about: in Windows' credential manager, browsers, scripts, registry values, configuration files,
// certificates' private keys, wireless profiles. Told is a command that lists or exports them. Misses programs that
// read the stores themselves without arguments, and searches in an interface. Backup scripts that export a certificate and help
// desks that look at stored credentials do the same; a command on several machines or days is taken for theirs.
// """
// hypothesis = "Somebody gathers credentials that are stored on a machine."
// attack = ["T1003.005", "T1555", "T1552.001", "T1552.002", "T1552.004"]
// level = "low"
// needs = ["process_started"]
// helps = ["script", "logon"]
// summary = "{user|An account not known} on {host}: {acts}; {command}"
// benign = ["a certificate is moved or backed up", "a help desk clears or looks at stored credentials"]
// rule_out = ["what started the command, and who sits there?", "where did the export go?"]
// response = ["change what was listed or exported", "look where it was used: hunts explicit-credentials, first-logon"]
// references = ["https://attack.mitre.org/techniques/T1555/", "https://attack.mitre.org/techniques/T1552/"]
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
       WHEN command =~ '(?s).*(cmdkey(\\.exe)?\"?\\s+[/-]l(ist)?\\b|vaultcmd(\\.exe)?\"?\\s+/list|keymgr\\.dll|get-storedcredential|invoke-mimikatz|dumpcreds).*' THEN 'lists stored credentials'
       WHEN command =~ '(?s).*(certutil(\\.exe)?\"?\\s.*-exportpfx|export-pfxcertificate|crypto::certificates\\s).*' THEN 'exports a private key'
       WHEN command =~ '(?s).*(wlan\\s+show\\s+profiles?\\s.*key=clear).*' THEN 'lists wireless passwords'
       WHEN command =~ '(?s).*(\\breg(\\.exe)?\"?\\s+query\\s.*(\\bpassword\\b|winlogon|putty\\\\sessions|snmp|\\bvnc\\b|defaultpassword)).*' THEN 'searches the registry for passwords'
       WHEN command =~ '(?s).*(findstr(\\.exe)?\"?\\s.*(password|passwd|\\bpwd\\b|cpassword|credential)|select-string\\s.*(password|passwd|credential)|(dir|where|get-childitem)\\s.*(\\.kdbx|unattend\\.xml|id_rsa|\\.ppk|sysprep\\.(inf|xml)|web\\.config)|grep\\s.*-\\w*[ri]\\w*\\s.*passw).*' THEN 'searches files for passwords'
       WHEN command =~ '(?s).*(\\\\login data\\b|logins\\.json|\\\\local state\\b|key4\\.db|cookies\\.sqlite).*' THEN 'reads a browser\'s store'
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
       CASE WHEN size(acts) > 1 OR 'exports a private key' IN acts THEN 'medium' ELSE 'low' END AS level,
       25 + 15 * size(acts) AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, host, user
