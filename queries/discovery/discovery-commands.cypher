// id = "discovery-commands"
// title = "Machine and domain asked about by commands"
// description = """
// Whoever is new on a machine asks where they are: who they are, who else there is, what administrators, shares, sessions, hosts and
// trusts, what runs. Told is an account that asks several of these questions on a machine within a day, by Windows' own
// commands; one or two are told as information for a story that something else begins. Misses questions asked over the network
// or by a program of the attacker's own, and questions spread over days. Administrators, inventories and logon scripts ask them too; a command on
// several machines or days is taken for theirs.
// """
// hypothesis = "Somebody who is new on a machine finds out where they are."
// attack = ["T1033", "T1087", "T1069", "T1018", "T1016", "T1049", "T1135", "T1082", "T1057", "T1482"]
// level = "informational"
// needs = ["process_started"]
// helps = ["logon"]
// summary = "{user|An account not known} asked {questions} questions on {host}: {acts}; {command}"
// benign = ["an administrator or help desk looks into a problem", "an inventory or logon script"]
// rule_out = ["does the account administer the machine, and was it there before?", "what started the commands: a shell somebody sits at, a document, a remote logon?"]
// response = ["look at what started them and what came after in the same session", "find how the account came there: hunts first-logon, remote-execution"]
// references = ["https://attack.mitre.org/tactics/TA0007/"]
// [parameters.usual]
// type = "integer"
// default = 3
// help = "machines or days that one command is seen on, from which on it is taken for usual"
// [parameters.several]
// type = "integer"
// default = 3
// help = "kinds of question within a day that make a low finding; fewer are information"
// [parameters.many]
// type = "integer"
// default = 5
// help = "kinds that make a medium one"
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
       WHEN command =~ '(?s).*\\bwhoami(\\.exe)?\"?(\\s+/(all|priv|groups))?\\s*$.*' THEN 'who am I'
       WHEN command =~ '(?s).*net1?(\\.exe)?\"?\\s+(user|accounts)\\b.*' AND NOT command =~ '(?s).*/(add|delete)\\b.*' OR command =~ '(?s).*(get-(ad|local)user|dsquery(\\.exe)?\"?\\s+user|wmic(\\.exe)?\"?\\s.*useraccount).*' THEN 'who else is there'
       WHEN command =~ '(?s).*net1?(\\.exe)?\"?\\s+(localgroup|group)\\b.*' AND NOT command =~ '(?s).*/(add|delete)\\b.*' OR command =~ '(?s).*(get-(ad|local)group|dsquery(\\.exe)?\"?\\s+group).*' THEN 'who administers'
       WHEN command =~ '(?s).*(nltest(\\.exe)?\"?\\s+/(domain_trusts|dclist|dsgetdc|trusted_domains)|get-(net)?domain\\w*|adfind|dsquery(\\.exe)?\"?\\s+(computer|server|\\*)|setspn(\\.exe)?\"?\\s.*-(q|t)\\b).*' THEN 'which domains and controllers'
       WHEN command =~ '(?s).*net1?(\\.exe)?\"?\\s+(view|share|use)\\b.*' AND NOT command =~ '(?s).*/(add|delete)\\b.*' OR command =~ '(?s).*(get-smbshare|find-domainshare|invoke-sharefinder).*' THEN 'which shares'
       WHEN command =~ '(?s).*(net1?(\\.exe)?\"?\\s+session|quser|query(\\.exe)?\"?\\s+(user|session)|qwinsta|netstat(\\.exe)?\"?\\s|get-nettcpconnection).*' THEN 'which sessions and connections'
       WHEN command =~ '(?s).*(ipconfig(\\.exe)?\"?\\s+/all|\\barp(\\.exe)?\"?\\s+-a|route(\\.exe)?\"?\\s+print|nslookup(\\.exe)?\"?\\s|\\bping(\\.exe)?\"?\\s.*-n\\s+1\\b|ifconfig\\b|ip\\s+addr).*' THEN 'which networks and hosts'
       WHEN command =~ '(?s).*(\\bsysteminfo(\\.exe)?\\b|wmic(\\.exe)?\"?\\s.*(\\bos\\b|qfe|computersystem)\\b|\\bhostname(\\.exe)?\"?\\s*$|\\bver\\s*$).*' THEN 'what machine'
       WHEN command =~ '(?s).*(\\btasklist(\\.exe)?\\b|\\bget-process\\b|wmic(\\.exe)?\"?\\s.*\\bprocess\\b.*(list|get)|sc(\\.exe)?\"?\\s+query).*' THEN 'what runs'
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
       size(acts) AS questions,
       CASE WHEN size(acts) >= $many THEN 'medium' WHEN size(acts) >= $several THEN 'low' ELSE 'informational' END AS level,
       10 + 8 * size(acts) AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, host, user
