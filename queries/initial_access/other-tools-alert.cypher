// id = "other-tools-alert"
// title = "Another tool's alert"
// description = """
// What an antivirus, an EDR, a risk service or a rule engine (Defender, Entra ID Protection, Hayabusa, Chainsaw, Suricata …)
// told of accounts, machines and addresses here, so that it stands in the story that the hunts tell of the same. Told is each rule that
// fired, once for a machine, account and day, at the level that the tool gave it. Misses what no tool told, and says no more than
// it did. Rules that fire on many machines or days are the tool's noise: they are told as information.
// """
// hypothesis = "Another tool saw part of the same story."
// attack = ["T1078", "T1021", "T1204"]
// level = "medium"
// needs = ["tool_alert"]
// summary = "{product}: {rule} ({tool_level|no level}{techniques|}), {times} times: {user|no account} on {host|no machine} from {source|no source}"
// benign = ["a rule of the tool's that fires on harmless things", "a test of the tool"]
// rule_out = ["what does the tool itself say of it?", "what do the hunts find about the same account and machine around that time?"]
// response = ["open the alert in the tool that told it", "look at what is around it: graph-hunt hunt --around ENTITY"]
// references = ["https://attack.mitre.org/"]
// [parameters.usual]
// type = "integer"
// default = 5
// help = "machines and accounts that one rule fires on, from which on it is information"
// [entities.user]
// label = "User"
// role = "account"
// [entities.host]
// label = "Host"
// role = "target"
// [entities.source]
// label = "IP"
// role = "source"
MATCH (alert:Alert)-[told:ALERTED_ON]->(thing:Host|User|IP)
WHERE told.bucket < $until AND told.last_seen >= $since
WITH alert, told.first_seen AS at, told.last_seen AS until, told.count AS times, told.evidence AS proof,
     labels(thing)[0] AS label, thing.key AS thing
ORDER BY at, label, thing
// The entities of one record share its event.
UNWIND proof AS event
WITH alert, event, min(at) AS at, max(until) AS until, max(times) AS times,
     min(CASE WHEN label = 'User' THEN thing END) AS user, min(CASE WHEN label = 'Host' THEN thing END) AS host,
     min(CASE WHEN label = 'IP' THEN thing END) AS source
ORDER BY at, event
WITH alert, coalesce(user, '') AS user, coalesce(host, '') AS host, coalesce(source, '') AS source, at / 86400000 AS day,
     min(at) AS first, max(until) AS last, max(times) AS times, collect(event)[0..20] AS proof
WITH alert, collect([user, host, source, first, last, times, proof]) AS rows, count(DISTINCT user + '|' + host) AS victims
UNWIND rows AS one
WITH alert, victims, one[0] AS user, one[1] AS host, one[2] AS source, one[3] AS first, one[4] AS last, one[5] AS times, one[6] AS proof
WHERE size($scope) = 0 OR user IN $scope OR host IN $scope OR source IN $scope
RETURN user AS user,
       host AS host,
       source AS source,
       alert.name AS rule,
       alert.product AS product,
       alert.level AS tool_level,
       CASE WHEN alert.techniques <> '' THEN ', ' + alert.techniques END AS techniques,
       times AS times,
       first AS first_seen,
       last AS last_seen,
       CASE WHEN victims >= $usual THEN 'informational'
            WHEN alert.level IN ['critical', 'high'] THEN 'medium' WHEN alert.level = 'medium' THEN 'low' ELSE 'informational' END AS level,
       CASE WHEN alert.level = 'critical' THEN 70 WHEN alert.level = 'high' THEN 55 WHEN alert.level = 'medium' THEN 40 ELSE 20 END
         AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, rule, host, user, source
