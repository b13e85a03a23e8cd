// id = "persistence-in-writable-path"
// title = "Task, service or run key starts something from where users can write"
// description = """
// To come back after a restart, an attacker leaves a scheduled task, service, driver, run key, startup file or WMI consumer. What an
// installer leaves starts from Windows or Program Files; what an attacker leaves often starts from a user's, temporary
// or self-made folder or another machine, or is a command line of a script host that fetches or decodes its program.
// A logon to the machine from elsewhere shortly before makes it weigh more. Misses programs that were put among the
// system's own, changed service programs without an event, and other ways to persist. Programs that install for one
// user (in AppData) look like it; those that three or more accounts have under one name are taken for usual.
// """
// hypothesis = "Somebody made a machine start their program again."
// attack = ["T1053.005", "T1543.003", "T1547.001", "T1546.003", "T1037.001"]
// level = "medium"
// needs = [["task_changed", "service_installed", "run_key", "startup_file", "wmi_subscription"]]
// helps = ["logon", "process_started"]
// summary = "{user} made {thing} on {host} start {path}; came from {source|no other machine that is seen}"
// benign = ["a program was installed for one user only", "an administrator's script runs from a folder of its own", "a developer's or game's service"]
// rule_out = ["is the program signed, and is it on other machines under the same name?", "did the account come from another machine just before?"]
// response = ["fetch the program and its hash, then disable the task, service or key", "look for the same program and name on other machines", "find how it came: hunts remote-service, remote-task, share-and-pipe"]
// references = ["https://attack.mitre.org/techniques/T1053/005/", "https://attack.mitre.org/techniques/T1543/003/", "https://attack.mitre.org/techniques/T1547/001/"]
// [parameters.before]
// type = "duration"
// default = "4h"
// help = "how long before it a logon from elsewhere counts"
// [parameters.usual]
// type = "integer"
// default = 3
// help = "accounts that made a thing of one name, from which on it is taken for usual"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.host]
// label = "Host"
// role = "target"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.came_as]
// label = "User|Host"
// role = "logged on before"
// [entities.thing]
// label = "Persistence"
// role = "persistence"
MATCH (actor:User|Host)-[made:CREATED]->(thing:Persistence)
WHERE made.first_seen >= $since AND made.first_seen < $until AND made.operation IN ['created', 'changed']
  AND thing.kind IN ['task', 'service', 'run_key', 'startup', 'driver', 'wmi']
WITH actor.key AS user, made, thing, thing.host AS host, toLower(coalesce(thing.path, '')) AS path
WITH user, made, thing, host, path,
     CASE
       WHEN path =~ '(?s).*(powershell|pwsh|mshta|wscript|cscript|rundll32|regsvr32|certutil|bitsadmin|cmd|%comspec%).*(https?:|javascript:|vbscript:|scrobj|downloadstring|downloadfile|frombase64|invoke-expression|iex[ (]|\\s[-/]e[a-z]{0,13}\\s+"?[a-z0-9+/=]{40}|\\s[-/]w[a-z]{0,10}\\s+hid|\\\\pipe\\\\).*' THEN 40
       WHEN path =~ '"?(\\\\\\?\\?\\\\)?([a-z]:\\\\programdata|%programdata%|%allusersprofile%)\\\\[^\\\\]+\\\\.*' THEN 15
       WHEN path =~ '(?s).*(\\\\users\\\\|\\\\programdata\\\\|\\\\windows\\\\(temp|tasks|tracing|debug)\\\\|\\\\temp\\\\|\\\\perflogs\\\\|recycle[.]bin|%temp%|%tmp%|%(local)?appdata%|%userprofile%|%public%|%programdata%|%allusersprofile%|\\\\tsclient\\\\).*' THEN 30
       WHEN path =~ '\\\\\\\\[^?.].*' THEN 30
       WHEN path =~ '"?(\\\\\\?\\?\\\\)?[a-z]:\\\\.*' AND NOT path =~ '"?(\\\\\\?\\?\\\\)?[a-z]:\\\\(windows|winnt|program files|program files \\(x86\\)|progra~[0-9])\\\\.*' THEN 25
       WHEN thing.kind = 'wmi' AND toLower(thing.name) =~ '(?s).*(commandlineeventconsumer|activescripteventconsumer).*' THEN 30
       WHEN thing.kind = 'service' AND path <> '' AND NOT path CONTAINS '\\' THEN 20
       WHEN thing.kind = 'run_key' AND path =~ '(rundll32|regsvr32)(\\.exe)?\\s+[^\\\\]*' THEN 20
       ELSE 0
     END AS oddness
WHERE oddness > 0 AND NOT path =~ '"?[a-z]:\\\\programdata\\\\microsoft\\\\windows defender\\\\.*'
  AND NOT (thing.kind = 'startup' AND (path ENDS WITH '.ini' OR path ENDS WITH '.lnk'))
WITH thing.kind AS kind, last(split(toLower(thing.name), '\\')) AS label,
     collect({user: user, host: host, key: thing.key, path: left(coalesce(thing.path, ''), 300), oddness: oddness, at: made.first_seen, proof: made.evidence}) AS places,
     count(DISTINCT user) AS makers
WHERE makers < $usual
UNWIND places AS place
WITH place
ORDER BY place.at, place.key
WITH place.user AS user, place.host AS host, place.at - place.at % 86400000 AS day, collect(DISTINCT place.key) AS thing,
     collect(DISTINCT place.path) AS path, max(place.oddness) AS oddness, min(place.at) AS began, max(place.at) AS ended,
     collect(place.proof) AS proof
CALL (host, began) {
  MATCH (machine:Host {key: host})
  MATCH (origin:Host|IP)-[hop:LOGON_TO]->(machine)
  WHERE hop.outcome = 'success' AND hop.bucket >= began - $before - 86400000 AND hop.bucket <= began AND hop.first_seen <= began
    AND hop.last_seen >= began - $before AND hop.user <> '' AND hop.user <> origin.key
  WITH origin, hop
  ORDER BY hop.last_seen DESC, origin.key, hop.user
  RETURN collect(DISTINCT origin.key) AS source, collect(DISTINCT hop.user) AS came_as
}
WITH user, host, thing, path, oddness, began, ended, source, came_as, proof
WHERE size($scope) = 0 OR user IN $scope OR host IN $scope OR any(one IN source + came_as WHERE one IN $scope)
RETURN user AS user,
       host AS host,
       source AS source,
       came_as AS came_as,
       thing AS thing,
       path AS path,
       began AS first_seen,
       ended AS last_seen,
       oddness + CASE WHEN size(source) > 0 THEN 20 ELSE 0 END + CASE WHEN user IN came_as THEN 20 ELSE 0 END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, host
