// id = "first-logon"
// title = "First logon of a user to a host that few use"
// description = """
// With stolen credentials an attacker soon reaches hosts where the account never worked before. This looks for a user's first
// successful remote logon on a host that few users reach, where both were known for a day or more; one that also comes from a
// machine the user never came from weighs most, one by a user who finds new hosts every day least. Misses attackers who keep
// to hosts that their account uses anyway or that everybody uses. New staff's machines, new servers, moved desks and on-call
// administrators look the same.
// """
// hypothesis = "An account is used on a host where its owner has no business."
// attack = ["T1021", "T1078"]
// level = "low"
// needs = ["logon"]
// baseline = true
// summary = "{user} logged on to {target} from {source} for the first time; {users_before} other users had, and {from_where}"
// benign = ["the user changed team, desk or duty", "the host was handed over or has a new service", "an administrator helps out"]
// rule_out = ["ask the user or the host's owner", "did the user reach anything else new that day?", "is the source the user's own machine?"]
// false_positives = ["new members of a team", "administrators on call", "hosts that were renamed or set up anew"]
// response = ["look at what the session did on the host", "run blast-radius from the source at that time", "reset the account if neither owner knows of it"]
// references = ["https://attack.mitre.org/techniques/T1021/", "https://attack.mitre.org/techniques/T1078/"]
// [parameters.known]
// type = "duration"
// default = "1d"
// help = "how long user and host must have been known before"
// [parameters.few]
// type = "integer"
// default = 25
// help = "a host that more users than this reached before is not looked at"
// [parameters.least]
// type = "number"
// default = 32
// help = "the score below which a first logon is not shown"
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
WHERE logon.first_seen < $until AND logon.outcome = 'success'
// Keys are grouped, not nodes: kglite 0.21 groups by node three times slower.
WITH target.key AS target_key, target.first_seen AS target_since,
     user.key AS user_key, user.first_seen AS user_since, min(logon.first_seen) AS first
WITH target_key, target_since, collect([first, user_key, user_since]) AS arrivals
WHERE size(arrivals) <= 8 * $few
UNWIND arrivals AS arrival
WITH target_key, target_since, arrivals, arrival[0] AS first, arrival[1] AS user_key, arrival[2] AS user_since
WHERE first >= $since AND first - target_since >= $known AND first - user_since >= $known
WITH target_key, user_key, user_since, first, size([other IN arrivals WHERE other[0] < first]) AS users_before
WHERE users_before <= $few
MATCH (user:User {key: user_key})-[logon:LOGGED_ON]->(target:Host {key: target_key})
WHERE logon.first_seen = first AND logon.outcome = 'success' AND logon.source <> ''
  AND logon.logon_type IN ['network', 'remote_interactive', 'cleartext', 'new_credentials']
  AND (size($scope) = 0 OR user.key IN $scope OR target.key IN $scope OR logon.source IN $scope)
WITH user, target, logon, first, users_before, (first - user_since) / 86400000.0 AS days
MATCH (user)-[earlier:LOGGED_ON]->(elsewhere:Host)
WHERE earlier.first_seen < first AND earlier.outcome = 'success'
WITH user, target, logon, first, users_before, days, count(DISTINCT elsewhere.key) AS hosts_before,
     count(DISTINCT earlier.source) AS places, sum(CASE WHEN earlier.source = logon.source THEN 1 ELSE 0 END) AS from_there
WITH user, target, logon, first, users_before, from_there,
     log((3 * days + 2) / (hosts_before + 0.3)) / log(2) AS unusual_host,
     log((2 * days + 2) / (places + 0.2)) / log(2) AS unusual_place,
     log(32.0 / (users_before + 1)) / log(2) AS rare_host
WITH user, target, logon, first, users_before, from_there,
     (CASE WHEN unusual_host > 0 THEN unusual_host ELSE 0 END) + rare_host
     + (CASE WHEN from_there > 0 THEN 0 WHEN unusual_place > 0 THEN 2 + unusual_place ELSE 2 END) AS bits
WITH user, target, logon, first, users_before, from_there, 5 * bits AS score
WHERE score >= $least
RETURN user.key AS user,
       logon.source AS source,
       target.key AS target,
       users_before AS users_before,
       CASE WHEN from_there = 0 THEN 'the user never came from there before' ELSE 'the user came from there before' END AS from_where,
       logon.logon_type AS logon_type,
       first AS first_seen,
       first AS last_seen,
       score AS score,
       logon.evidence AS evidence
ORDER BY score DESC, first_seen, target
