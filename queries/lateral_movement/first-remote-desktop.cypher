// id = "first-remote-desktop"
// title = "First remote desktop of a user on a host, or one from the internet"
// description = """
// A desktop is what many attackers want, and remote desktop gives it. A user's first remote desktop session on a host that few come
// to so; and any session that came from a public address, first or not, which should not be possible at all. Misses sessions on
// hosts that the account has its desktop on anyway, and tools that bring their own desktop. Administrators on a host that is
// new to them look the same.
// """
// hypothesis = "Somebody opens desktops on hosts where the account has no business."
// attack = ["T1021.001", "T1133"]
// level = "low"
// needs = [["logon", "rdp_session"]]
// helps = ["rdp_session"]
// baseline = true
// summary = "{user} opened a desktop on {target} from {source}{public}"
// benign = ["an administrator looks after the host", "people work from home by a gateway that passes their addresses on (where many do, these are weighed down)"]
// rule_out = ["is the source the user's own machine or the jump host?", "is the host meant to be reached from the internet?"]
// false_positives = ["new administrators", "new servers"]
// response = ["close remote desktop to the internet", "look at what the session did", "reset the account if its owner does not know of it"]
// references = ["https://attack.mitre.org/techniques/T1021/001/", "https://attack.mitre.org/techniques/T1133/"]
// [parameters.few]
// type = "integer"
// default = 5
// help = "a host that more users opened desktops on before is a terminal server"
// [parameters.known]
// type = "duration"
// default = "1d"
// help = "how long user and host must have been known before, where there is history"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
MATCH (user:User)-[desk:LOGGED_ON]->(target:Host)
WHERE desk.logon_type = 'remote_interactive' AND desk.outcome = 'success' AND desk.source <> '' AND desk.first_seen < $until
WITH user, target, desk
ORDER BY desk.first_seen, desk.source
WITH target.key AS target, target.first_seen AS target_since, user.key AS user, user.first_seen AS user_since,
     min(desk.first_seen) AS first, collect([desk.source, desk.first_seen, desk.last_seen, desk.evidence]) AS ways
WITH target, target_since, collect([first, user, user_since, ways]) AS users
UNWIND users AS one
WITH target, one[1] AS user, one[3] AS ways, size([other IN users WHERE other[0] < one[0]]) AS users_before,
     $cold_start OR (one[0] - target_since >= $known AND one[0] - one[2] >= $known) AS judged
UNWIND range(0, size(ways) - 1) AS place
WITH target, user, users_before, judged, place, ways[place] AS way
WHERE way[2] >= $since
OPTIONAL MATCH (address:IP {key: way[0]})
WITH target, user, users_before, judged, place, way[0] AS source, way[1] AS first, way[2] AS last, way[3] AS evidence,
     coalesce(address.scope, '') = 'public' AS public
WHERE (public OR (place = 0 AND judged AND first >= $since AND users_before <= $few))
  AND (size($scope) = 0 OR user IN $scope OR source IN $scope OR target IN $scope)
WITH target, user, users_before, source, public, min(first) AS first, max(last) AS last, collect(evidence) AS evidence
// Where many people come from the internet, a gateway passes their addresses on.
WITH collect([target, user, users_before, source, public, first, last, evidence]) AS found,
     count(DISTINCT CASE WHEN public THEN user END) AS public_users
UNWIND found AS one
WITH one[0] AS target, one[1] AS user, one[2] AS users_before, one[3] AS source, one[4] AS public, one[5] AS first, one[6] AS last,
     one[7] AS evidence, public_users
RETURN user AS user,
       source AS source,
       target AS target,
       users_before AS users_before,
       CASE WHEN public THEN ', a public address' ELSE ' for the first time' END AS public,
       first AS first_seen,
       last AS last_seen,
       CASE WHEN public AND public_users <= $few THEN 'high' ELSE 'low' END AS level,
       CASE WHEN public AND public_users <= $few THEN 70 WHEN public THEN 20 ELSE 50 - 6 * users_before END AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, target, user, source
