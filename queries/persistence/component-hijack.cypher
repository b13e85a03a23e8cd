// id = "component-hijack"
// title = "User's own registration of a system component"
// description = """
// Windows looks into a user's registry before the machine's when a program asks for a component (COM), so whoever registers
// one there has their library loaded by Outlook, Explorer or a browser. Told is a class given another in its place
// (TreatAs), and a library or program registered for a class under a user, by an account that registers few. Misses hijacks under
// the machine's registry, and of classes nobody records. Programs that install themselves for one user (clouds' synchronisation, chat
// programs) register many at once.
// """
// hypothesis = "Somebody has their library loaded in place of a component."
// attack = ["T1546.015"]
// level = "medium"
// needs = ["run_key"]
// helps = ["process_started"]
// summary = "{user} registered {classes} classes of components under a user on {host}: {values}"
// benign = ["a program was installed for one user", "a developer registers a component of their own"]
// rule_out = ["whose is the library, and where does it lie?", "which program set the value: an installer, or reg.exe and PowerShell?"]
// response = ["fetch the library, remove the registration", "find what set it: hunts persistence-by-command, remote-persistence"]
// references = ["https://attack.mitre.org/techniques/T1546/015/"]
// [parameters.most]
// type = "integer"
// default = 5
// help = "classes registered within a day, above which it is an installation"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.host]
// label = "Host"
// role = "target"
MATCH (setter:User|Host)-[made:CREATED]->(thing:Persistence)
WHERE made.first_seen >= $since AND made.first_seen < $until AND thing.kind = 'registry'
  AND toLower(thing.name) =~ '(hku|hkcu|hkey_users|hkey_current_user)\\\\.*\\\\clsid\\\\[{].*[}]\\\\(inprocserver32|localserver32|treatas|scripleturl|scriptleturl)(\\\\.*)?'
WITH setter.key AS user, thing.host AS host, made.first_seen AS at, thing.name AS value,
     split(split(toLower(thing.name), '\\clsid\\')[1], '\\')[0] AS class, toLower(thing.name) CONTAINS '\\treatas' AS instead, made.evidence AS proof
ORDER BY at, value
WITH user, host, at / 86400000 AS day, count(DISTINCT class) AS classes, collect(DISTINCT value) AS values, min(at) AS began,
     max(at) AS ended, max(CASE WHEN instead THEN 1 ELSE 0 END) AS instead, collect(proof) AS proof
WHERE classes <= $most AND (size($scope) = 0 OR user IN $scope OR host IN $scope)
RETURN user AS user,
       host AS host,
       classes AS classes,
       values[0..10] AS values,
       began AS first_seen,
       ended AS last_seen,
       CASE WHEN instead = 1 THEN 'medium' ELSE 'low' END AS level,
       CASE WHEN instead = 1 THEN 50 ELSE 30 END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, host, user
