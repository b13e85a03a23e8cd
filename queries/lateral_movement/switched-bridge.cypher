// id = "switched-bridge"
// title = "An account arrives at a host, and another goes on from there"
// description = """
// An attacker arrives at a host with one account, takes another from it (from memory, a cache, a file), and goes on with that:
// the first account is new on the host, the second was never seen to come from there, and reaches a host that it never reached.
// Misses accounts that the second host knows already, jump hosts, and steps further apart than the span. Administrators who
// elevate to a second account, and two people who happen to share a server, look the same.
// """
// hypothesis = "Somebody takes credentials from a host he reached, and uses them to reach the next."
// attack = ["T1078", "T1021"]
// level = "medium"
// needs = ["logon"]
// baseline = true
// summary = "{user} came from {source} to {middle}, and {gap:duration} later {next_user} went from there to {target}, all for the first time"
// benign = ["the two accounts are one person's, the second one for administration", "the host serves many people, and these two have nothing to do with each other"]
// rule_out = ["do both accounts belong to one person?", "was the second account logged on to the host in the middle at that time, so that it could be taken?", "did anything there open LSASS or use explicit credentials between the two?"]
// false_positives = ["administrators who elevate on the way", "terminal servers"]
// response = ["run blast-radius from the source at the first logon", "look at what ran on the host in the middle between the two logons", "reset both accounts"]
// references = ["https://attack.mitre.org/techniques/T1078/"]
// [parameters.within]
// type = "duration"
// default = "1d"
// help = "the longest time between the two logons"
// [parameters.crowd]
// type = "integer"
// default = 20
// help = "a host in the middle that more users go on from is a jump host"
// [parameters.known]
// type = "duration"
// default = "1d"
// help = "how long the user must have been known before the first logon, where there is history"
// [entities.user]
// label = "User"
// role = "account"
// [entities.next_user]
// label = "User"
// role = "second account"
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
WITH middle, onward, [step IN arrivals WHERE step.user <> onward.user AND step.source <> onward.target
                      AND step.at <= onward.at AND onward.at - step.at <= $within] AS before
WHERE size(before) > 0
// The last to arrive before is the likeliest to have gone on.
WITH middle, onward, reduce(last = before[0], step IN before | CASE WHEN step.at > last.at THEN step ELSE last END) AS arrival
WHERE size($scope) = 0 OR middle IN $scope OR arrival.source IN $scope OR onward.target IN $scope
   OR arrival.user IN $scope OR onward.user IN $scope
OPTIONAL MATCH (host:Host {key: middle})-[way:LOGON_TO]->(:Host)
WHERE way.user <> middle AND way.bucket < arrival.at
WITH middle, arrival, onward, onward.user AS next_key, count(DISTINCT way.user) AS crowd
WHERE crowd <= $crowd
// The second account must be new to this source, whatever it reached from there.
OPTIONAL MATCH (next:User {key: next_key})-[habit:LOGGED_ON]->(:Host)
WHERE habit.source = middle AND habit.first_seen < onward.at
WITH middle, arrival, onward, crowd, count(habit) AS habits
WHERE habits = 0
RETURN arrival.user AS user,
       onward.user AS next_user,
       arrival.source AS source,
       middle AS middle,
       onward.target AS target,
       onward.at - arrival.at AS gap,
       crowd AS users_going_on,
       arrival.at AS first_seen,
       onward.at AS last_seen,
       80 - 10 * log(crowd + 1) / log(2) - 20.0 * (onward.at - arrival.at) / $within AS score,
       [arrival.evidence, onward.evidence] AS evidence
ORDER BY score DESC, first_seen, user, next_user, target
