// id = "workstation-to-workstation"
// title = "One workstation reaches another over the network"
// description = """
// People's machines talk to servers, seldom to each other; an attacker who landed on one goes on to the next by SMB or WinRM.
// A machine counts as a workstation where people sit, or where nothing calls it a server: few sources ever logged on to it. A first
// logon between two such machines, by an account that does not sit at the target. Misses machines that
// also serve something. Help desk and peer-to-peer software look the same; a source that reaches many is weighed down.
// """
// hypothesis = "Somebody spreads between people's machines."
// attack = ["T1021.002", "T1021.006"]
// level = "low"
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
// [parameters.least]
// type = "number"
// default = 50
// help = "the score below which nothing is shown"
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
// A machine that reaches many such machines is the help desk's.
WITH source, collect([first, target, user, evidence, size(sources_before)]) AS departures
WHERE size(departures) <= 20 * $few
OPTIONAL MATCH (:User)-[arrival:LOGGED_ON]->(host:Host {key: source})
WHERE arrival.source <> '' AND arrival.outcome = 'success' AND arrival.logon_type IN ['network', 'cleartext']
WITH source, departures, count(DISTINCT arrival.source) AS served
WHERE served <= 2 * $few
UNWIND departures AS departure
WITH source AS source_key, departure[0] AS first, departure[1] AS target_key, departure[2] AS user, departure[3] AS evidence,
     departure[4] AS sources_before, size([one IN departures WHERE one[0] < departure[0]]) AS reached_before
// Where somebody sits is a workstation for sure; who sits there himself reaches his own second machine.
MATCH (target:Host {key: target_key})
OPTIONAL MATCH (sitter:User)-[desk:LOGGED_ON]->(target)
WHERE desk.logon_type IN ['interactive', 'unlock', 'cached', 'remote_interactive'] AND desk.outcome = 'success'
WITH source_key, first, target, user, evidence, sources_before, reached_before, collect(DISTINCT sitter.key) AS sitters
WHERE NOT user IN sitters
WITH source_key, first, target, user, evidence, sources_before, reached_before, size(sitters) AS sitters
// An account that never came from there before is out of place, too.
OPTIONAL MATCH (:User {key: user})-[habit:LOGGED_ON]->(:Host)
WHERE habit.source = source_key AND habit.first_seen < first
WITH source_key, first, target, user, evidence, sources_before, reached_before, count(habit) AS habits, sitters
WITH source_key, first, target, user, evidence, sources_before, reached_before, habits,
     45 + CASE WHEN habits = 0 THEN 15 ELSE 0 END + CASE WHEN sitters > 0 THEN 10 ELSE 0 END
     - 5 * sources_before - 10 * log(reached_before + 1) AS score
WHERE score >= $least
// What the source's own machine account logs on to serves machines.
OPTIONAL MATCH (source:Host {key: source_key})-[served:LOGON_TO]->(target)
WHERE served.user = source_key AND served.outcome = 'success'
WITH source_key, first, target, user, evidence, sources_before, reached_before, habits, score, count(served) AS served
WHERE served = 0
RETURN user AS user,
       source_key AS source,
       target.key AS target,
       sources_before AS sources_before,
       reached_before AS reached_before,
       habits = 0 AS account_new_there,
       first AS first_seen,
       first AS last_seen,
       CASE WHEN score >= 65 THEN 'medium' ELSE 'low' END AS level,
       score AS score,
       [evidence] AS evidence
ORDER BY score DESC, first_seen, target, user
