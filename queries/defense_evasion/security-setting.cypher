// id = "security-setting"
// title = "Registry value set that lowers protection"
// description = """
// Some values of Windows' registry open a machine or lay its secrets bare: remote desktop and remote assistance allowed,
// passwords kept in memory (WDigest), credentials' protection and the antivirus turned off, local accounts' rights over the network
// given back. Told is each such value when it is set, once for a machine and day. Misses values that no rule of Sysmon records,
// and policies. Help desks, imaging and some installers set them; a value set on several machines is taken for theirs.
// """
// hypothesis = "Somebody opens a machine by its registry."
// attack = ["T1112", "T1562.001", "T1021.001"]
// level = "medium"
// needs = ["run_key"]
// helps = ["process_started", "logon"]
// summary = "{user} set on {host} what {effect}: {values}"
// benign = ["a help desk opens remote desktop or assistance for a user", "imaging or a policy sets it on many machines, first on this one"]
// rule_out = ["is it a policy's (the same on other machines soon)?", "what set it: reg.exe, PowerShell, a console?"]
// response = ["set it back", "look who logged on there since", "find what set it: hunt tampering-command"]
// references = ["https://attack.mitre.org/techniques/T1112/"]
// [parameters.usual]
// type = "integer"
// default = 5
// help = "machines that one value is set on, from which on it is taken for a policy"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.host]
// label = "Host"
// role = "target"
MATCH (thing:Persistence)-[:ON]->(machine:Host)
WHERE thing.kind = 'registry'
WITH thing, machine.key AS host, toLower(thing.name) AS value
WITH thing, host, value,
     CASE
       WHEN value =~ '.*\\\\terminal server\\\\(fdenytsconnections|fallowtogethelp|fsinglesessionperuser)' THEN 'opens remote desktop or assistance'
       WHEN value =~ '.*\\\\rdp-tcp\\\\(userauthentication|securitylayer|portnumber)' THEN 'opens remote desktop or assistance'
       WHEN value =~ '.*\\\\wdigest\\\\uselogoncredential' THEN 'keeps passwords in memory'
       WHEN value =~ '.*\\\\control\\\\lsa\\\\(runasppl|disablerestrictedadmin|lmcompatibilitylevel|disableddomaincreds|limitblankpassworduse)' THEN 'lowers the protection of credentials'
       WHEN value =~ '.*\\\\windows defender\\\\.*(disable\\w+|exclusions\\\\.*)' THEN 'turns the antivirus off, in part'
       WHEN value =~ '.*\\\\policies\\\\system\\\\(enablelua|localaccounttokenfilterpolicy|consentpromptbehavioradmin|filteradministratortoken)' THEN 'gives rights without asking'
       WHEN value =~ '.*\\\\(eventlog|winevt)\\\\.*\\\\(enabled|maxsize|file|retention)' THEN 'changes what is logged'
       WHEN value =~ '.*\\\\schedule\\\\taskcache\\\\tree\\\\.*\\\\sd' THEN 'hides a scheduled task'
       ELSE ''
     END AS effect
WHERE effect <> ''
WITH value, effect, collect({thing: thing, host: host}) AS places, count(DISTINCT host) AS hosts
WHERE hosts < $usual
UNWIND places AS place
WITH value, effect, place.thing AS thing, place.host AS host
MATCH (setter:User|Host)-[made:CREATED]->(thing)
WHERE made.first_seen >= $since AND made.first_seen < $until
WITH setter.key AS user, host, effect, value, made.first_seen AS at, made.evidence AS proof
ORDER BY at, value
WITH user, host, at / 86400000 AS day, collect(DISTINCT effect) AS effects, collect(DISTINCT value) AS values, min(at) AS began,
     max(at) AS ended, collect(proof) AS proof
WHERE size($scope) = 0 OR user IN $scope OR host IN $scope
RETURN user AS user,
       host AS host,
       effects AS effect,
       values[0..10] AS values,
       began AS first_seen,
       ended AS last_seen,
       CASE WHEN effects = ['opens remote desktop or assistance'] OR effects = ['changes what is logged'] THEN 'low' ELSE 'medium' END AS level,
       25 + 15 * size(effects) AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, host, user
