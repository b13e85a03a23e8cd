// id = "workstation-to-workstation"
// title = "One workstation reaches another over the network"
// description = """
// People's machines talk to servers, seldom to each other; an attacker who landed on one goes on to the next by SMB or WinRM.
// A machine counts as a workstation where nothing calls it a server: no machine account of another host logs on to it, and few
// sources ever did. A first logon between two such machines, by a person who does not sit at the target. Misses machines that
// also serve something. Help desk and peer-to-peer software look the same; a source that reaches many is weighed down.
// """
// hypothesis = "Somebody spreads between people's machines."
// attack = ["T1021.002", "T1021.006"]
// level = "medium"
// needs = ["logon"]
// helps = ["share_access", "service_ticket"]
// baseline = true
// summary = "{user} reached {target} from {source} for the first time; neither looks like a server"
// benign = ["the help desk looks after the machine", "two machines of one person", "a share or printer on a colleague's machine"]
// rule_out = ["is the source the help desk's?", "does the user own both machines?", "what was opened (admin-share) or started (remote-service, remote-execution) there?"]
// false_positives = ["help desk", "new servers that few use yet"]
// response = ["look at what the session did on the target", "run blast-radius from the source"]
// references = ["https://attack.mitre.org/techniques/T1021/002/", "https://attack.mitre.org/techniques/T1021/006/"]
// [parameters.few]
// type = "integer"
// default = 3
// help = "a machine that more sources reached before is a server"
// [parameters.known]
// type = "duration"
// default = "1d"
// help = "how long the telemetry must reach back before the first time, where there is history"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
MATCH (user:User)-[logon:LOGGED_ON]->(target:Host)
WHERE logon.outcome = 'success' AND logon.first_seen < $until AND logon.source <> ''
  AND logon.logon_type IN ['network', 'cleartext'] AND target.role IN ['', 'workstation']
WITH target.key AS target, user.key AS user, logon.source AS source, min(logon.first_seen) AS first, min(logon.evidence[0]) AS evidence
WITH target, collect([first, user, source, evidence]) AS arrivals
WHERE size(arrivals) <= 10 * $few
UNWIND arrivals AS arrival
WITH target, arrival[0] AS first, arrival[1] AS user, arrival[2] AS source, arrival[3] AS evidence,
     [one IN arrivals WHERE one[0] < arrival[0] | one[2]] AS sources_before
WHERE first >= $since AND ($cold_start OR first >= $baseline_since + $known)
  AND size(sources_before) <= $few AND NOT source IN sources_before
  AND (size($scope) = 0 OR user IN $scope OR source IN $scope OR target IN $scope)
WITH collect([target, first, user, source, evidence, size(sources_before)]) AS candidates
CALL () {
  MATCH (machine:Host)-[served:LOGON_TO]->(server:Host)
  WHERE served.user = machine.key AND served.bucket >= $baseline_since AND served.bucket < $until AND served.outcome = 'success'
  RETURN collect(DISTINCT server.key) AS servers
}
UNWIND [one IN candidates WHERE NOT one[0] IN servers AND NOT one[3] IN servers] AS one
WITH one[0] AS target_key, one[1] AS first, one[2] AS user, one[3] AS source_key, one[4] AS evidence, one[5] AS sources_before
// A person's second machine: who sits at the target.
OPTIONAL MATCH (:User {key: user})-[desk:LOGGED_ON]->(:Host {key: target_key})
WHERE desk.logon_type IN ['interactive', 'unlock', 'cached', 'remote_interactive'] AND desk.outcome = 'success'
WITH target_key, first, user, source_key, evidence, sources_before, count(desk) AS at_desk
WHERE at_desk = 0
// A machine that reaches many is the help desk's.
OPTIONAL MATCH (source:Host|IP {key: source_key})-[hop:LOGON_TO]->(reached:Host)
WHERE hop.bucket < first AND hop.user <> source_key
WITH source_key, target_key, first, user, evidence, sources_before, count(DISTINCT reached.key) AS reached_before
WITH source_key, target_key, first, user, evidence, sources_before, reached_before,
     60 - 10 * sources_before - 10 * log(reached_before + 1) AS score
WHERE score >= 20
RETURN user AS user,
       source_key AS source,
       target_key AS target,
       sources_before AS sources_before,
       reached_before AS reached_before,
       first AS first_seen,
       first AS last_seen,
       score AS score,
       [evidence] AS evidence
ORDER BY score DESC, first_seen, target, user
