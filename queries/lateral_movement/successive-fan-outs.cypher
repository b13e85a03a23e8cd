// id = "successive-fan-outs"
// title = "A host reached by one fan-out starts its own"
// description = """
// A worm, or an attacker with one tool for every host, spreads in waves: from one machine to many, and from one of those to
// many again, all of them new to the accounts that are used. Misses spreads that stay with one source (see fan-out), and
// waves further apart than a day. Management servers in a hierarchy (distribution points) look the same on their first day.
// """
// hypothesis = "Something spreads by itself, or is spread in waves."
// attack = ["T1021", "T1570", "T1210"]
// level = "high"
// needs = ["logon"]
// baseline = true
// summary = "{source} reached {first_wave} new hosts, among them {middle}, which {gap:duration} later reached {second_wave} new hosts itself"
// benign = ["a new management hierarchy is rolled out"]
// rule_out = ["are both sources management servers?", "do the accounts of the two waves belong to one service?"]
// false_positives = ["the first day of distribution points or scanners"]
// response = ["take both sources off the network", "list what ran on the hosts of the first wave before the second began", "run blast-radius from the first source"]
// references = ["https://attack.mitre.org/techniques/T1021/", "https://attack.mitre.org/techniques/T1570/"]
// [parameters.minimum]
// type = "integer"
// default = 4
// help = "new hosts within a day that make a fan-out"
// [parameters.within]
// type = "duration"
// default = "1d"
// help = "how long after the arrival the second fan-out may begin"
// [parameters.known]
// type = "duration"
// default = "1d"
// help = "how long an account must have been known before a host is new to it, where there is history"
// [parameters.crowd]
// type = "integer"
// default = 20
// help = "a host that more users went on from before is a jump host"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.middle]
// label = "Host"
// role = "middle"
// [entities.targets]
// label = "Host"
// role = "target"
MATCH (user:User)-[logon:LOGGED_ON]->(target:Host)
WHERE logon.outcome = 'success' AND logon.first_seen < $until
WITH user.first_seen AS user_since, user.key AS user, target.key AS target, min(logon.first_seen) AS at,
     collect([logon.first_seen, logon.source, logon.evidence[0]]) AS ways
WHERE at >= $since AND ($cold_start OR at - user_since >= $known)
WITH target, at, head([way IN ways WHERE way[0] = at AND way[1] <> '']) AS way
WHERE way IS NOT NULL
WITH way[1] AS source, target, min(at) AS at, min(way[2]) AS evidence
WITH source, at / 86400000 AS day, target, at, evidence
ORDER BY at, target
WITH source, day, collect([target, at, evidence]) AS reached
WITH source, collect([day, reached]) AS days
UNWIND days AS busy
WITH source, busy[1] AS reached, reduce(most = 0, other IN days | CASE WHEN other[0] <> busy[0] AND size(other[1]) > most THEN size(other[1]) ELSE most END) AS most
// A source that finds as many new hosts on other days has that for a habit.
WHERE size(reached) >= $minimum AND size(reached) >= 2 * most
WITH [source, reached] AS wave
UNWIND [wave[0]] + [one IN wave[1] | one[0]] AS middle
WITH middle, collect(CASE WHEN wave[0] = middle THEN wave END) AS own,
     collect(CASE WHEN wave[0] <> middle THEN [wave[0], size(wave[1]), head([one IN wave[1] WHERE one[0] = middle])] END) AS reached_by
WHERE size(own) > 0 AND size(reached_by) > 0
UNWIND own AS second
UNWIND reached_by AS first
WITH middle, second[1] AS reached, first[0] AS source, first[1] AS first_wave, first[2][1] AS arrived, first[2][2] AS arrival
// Those that the second wave reached after the arrival count.
WITH middle, source, first_wave, arrived, arrival, [one IN reached WHERE one[1] >= arrived AND one[1] - arrived <= $within AND one[0] <> source] AS reached
WHERE size(reached) >= $minimum
  AND (size($scope) = 0 OR source IN $scope OR middle IN $scope)
OPTIONAL MATCH (host:Host {key: middle})-[way:LOGON_TO]->(:Host)
WHERE way.user <> middle AND way.bucket < arrived
WITH middle, source, first_wave, arrived, arrival, reached, count(DISTINCT way.user) AS crowd
WHERE crowd <= $crowd
RETURN source AS source,
       middle AS middle,
       [one IN reached[0..20] | one[0]] AS targets,
       first_wave AS first_wave,
       size(reached) AS second_wave,
       reached[0][1] - arrived AS gap,
       arrived AS first_seen,
       reached[size(reached) - 1][1] AS last_seen,
       CASE WHEN size(reached) < 10 THEN 55 + 2 * size(reached) ELSE 75 END AS score,
       [arrival] + [one IN reached[0..19] | one[2]] AS evidence
ORDER BY score DESC, first_seen, source, middle
