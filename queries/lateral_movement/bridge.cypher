// id = "bridge"
// title = "One account goes on from host to host, all new to it"
// description = """
// An attacker who holds an account works his way through: from A to H1, and from H1 on to H2, where the account reaches both for
// the first time. Misses paths over jump hosts, to hosts that the account uses anyway, and steps further apart than the span.
// Administrators who go on from a server they just logged on to look the same.
// """
// hypothesis = "Somebody moves through the network with one account, using each host to reach the next."
// attack = ["T1021"]
// level = "medium"
// needs = ["logon"]
// baseline = true
// summary = "{user} went from {source} to {middle} and {gap:duration} later on to {target}, both for the first time"
// benign = ["an administrator works from a server instead of the jump host", "a service was moved and uses new machines"]
// rule_out = ["does the user administer the host in the middle?", "is the second logon made by a service or by a person (logon type, process)?"]
// false_positives = ["administrators without a jump host"]
// response = ["run blast-radius from the source at the first logon", "look at what ran on the host in the middle between the two logons", "reset the account"]
// references = ["https://attack.mitre.org/techniques/T1021/"]
// [parameters.within]
// type = "duration"
// default = "1d"
// help = "the longest time between the two logons"
// [parameters.crowd]
// type = "integer"
// default = 40
// help = "a host in the middle that more users go on from is a jump host"
// [parameters.known]
// type = "duration"
// default = "1d"
// help = "how long the user must have been known before the first logon, where there is history"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.middle]
// label = "Host"
// role = "middle"
// [entities.target]
// label = "Host"
// role = "target"
MATCH (user:User)-[logon:LOGGED_ON]->(target:Host)
WHERE logon.first_seen < $until AND logon.outcome = 'success'
WITH user.key AS user, user.first_seen AS user_since, target.key AS target, min(logon.first_seen) AS first,
     collect([logon.first_seen, logon.source, logon.evidence[0]]) AS ways
WHERE first >= $since AND ($cold_start OR first - user_since >= $known)
WITH user, target, head([way IN ways WHERE way[0] = first AND way[1] <> '']) AS way
WHERE way IS NOT NULL
WITH {user: user, source: way[1], target: target, at: way[0], evidence: way[2]} AS step
UNWIND [step.source, step.target] AS middle
WITH middle, collect(CASE WHEN step.target = middle THEN step END) AS arrivals,
     collect(CASE WHEN step.source = middle THEN step END) AS departures
WHERE size(arrivals) > 0 AND size(departures) > 0
UNWIND departures AS onward
WITH middle, onward, [step IN arrivals WHERE step.user = onward.user AND step.source <> onward.target
                      AND step.at <= onward.at AND onward.at - step.at <= $within] AS before
WHERE size(before) > 0
// The last to arrive before is the likeliest to have gone on.
WITH middle, onward, reduce(last = before[0], step IN before | CASE WHEN step.at > last.at THEN step ELSE last END) AS arrival
WHERE size($scope) = 0 OR middle IN $scope OR arrival.source IN $scope OR onward.target IN $scope
   OR arrival.user IN $scope OR onward.user IN $scope
OPTIONAL MATCH (host:Host {key: middle})-[way:LOGON_TO]->(:Host)
WHERE way.user <> middle AND way.bucket < arrival.at
WITH middle, arrival, onward, count(DISTINCT way.user) AS crowd
WHERE crowd <= $crowd
RETURN onward.user AS user,
       arrival.source AS source,
       middle AS middle,
       onward.target AS target,
       onward.at - arrival.at AS gap,
       crowd AS users_going_on,
       arrival.at AS first_seen,
       onward.at AS last_seen,
       80 - 10 * log(crowd + 1) / log(2) - 15.0 * (onward.at - arrival.at) / $within AS score,
       [arrival.evidence, onward.evidence] AS evidence
ORDER BY score DESC, first_seen, user, target
