// id = "rdp-chain"
// title = "Remote desktop from within a remote desktop session"
// description = """
// An attacker with a desktop on one machine opens a desktop on the next: remote interactive logon after remote interactive logon,
// the second from the machine that the first arrived at. Misses chains whose first or last logon was not recorded, and tools that
// ride on a desktop without a logon. Jump hosts are made for this: a machine that many people go on from is weighed down, and
// beyond a crowd left out.
// """
// hypothesis = "Somebody goes from desktop to desktop through the network."
// attack = ["T1021.001"]
// level = "medium"
// needs = [["logon", "rdp_session"]]
// helps = ["rdp_session"]
// summary = "{user} came from {source} to {middle} by remote desktop, and {gap:duration} later {next_user} went on from there to {target}"
// benign = ["the machine in the middle is a jump host", "an administrator works from a server"]
// rule_out = ["do many people go on from the machine in the middle?", "is the account the same, and does it administer the last machine?"]
// false_positives = ["bastions and terminal servers"]
// response = ["look at what was done in both sessions", "run blast-radius from the source", "end the sessions and reset the account if nobody knows of it"]
// references = ["https://attack.mitre.org/techniques/T1021/001/"]
// [parameters.within]
// type = "duration"
// default = "12h"
// help = "how long after the arrival the onward logon may be"
// [parameters.crowd]
// type = "integer"
// default = 10
// help = "a machine that more people go on from is a jump host"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.next_user]
// label = "User"
// role = "second account"
// [entities.middle]
// label = "Host"
// role = "middle"
// [entities.target]
// label = "Host"
// role = "target"
MATCH (origin:Host|IP)-[hop:LOGON_TO]->(host:Host)
WHERE hop.bucket >= $since - $within AND hop.bucket < $until AND hop.outcome <> 'failure'
  AND (hop.logon_type = 'remote_interactive' OR hop.via = 'rdp')
WITH origin.key AS source, host.key AS target, hop.user AS user, hop.first_seen AS at, hop.evidence[0] AS evidence
WITH {source: source, target: target, user: user, at: at, evidence: evidence} AS session
UNWIND [session.source, session.target] AS middle
WITH middle, collect(CASE WHEN session.target = middle THEN session END) AS arrivals,
     collect(CASE WHEN session.source = middle THEN session END) AS departures,
     collect(DISTINCT CASE WHEN session.source = middle THEN session.user END) AS leavers
WHERE size(arrivals) > 0 AND size(departures) > 0
WITH middle, arrivals, departures, size([one IN leavers WHERE one <> '']) AS crowd
WHERE crowd <= $crowd
UNWIND departures AS onward
WITH middle, crowd, onward, [one IN arrivals WHERE one.source <> onward.target AND one.at <= onward.at
                             AND onward.at - one.at <= $within] AS before
WHERE size(before) > 0 AND onward.at >= $since
// Of several arrivals the same account's counts first, then the last.
WITH middle, crowd, onward, reduce(best = before[0], one IN before |
     CASE WHEN one.user = onward.user AND best.user <> onward.user THEN one
          WHEN best.user = onward.user AND one.user <> onward.user THEN best
          WHEN one.at > best.at THEN one ELSE best END) AS arrival
WHERE size($scope) = 0 OR middle IN $scope OR arrival.source IN $scope OR onward.target IN $scope
   OR arrival.user IN $scope OR onward.user IN $scope
WITH arrival, onward, middle, crowd
ORDER BY onward.at
WITH arrival.source AS source, middle, onward.target AS target, onward.at / 86400000 AS day, crowd, collect(arrival) AS arrivals, collect(onward) AS onwards
WITH source, middle, target, crowd, arrivals[0] AS arrival, onwards[0] AS onward,
     [one IN arrivals WHERE one.user <> '' | one.user] AS users, [one IN onwards WHERE one.user <> '' | one.user] AS next_users,
     [one IN arrivals + onwards | one.evidence] AS evidence, onwards[size(onwards) - 1].at AS last
RETURN coalesce(users[0], '') AS user,
       CASE WHEN coalesce(next_users[0], '') = coalesce(users[0], '') THEN '' ELSE coalesce(next_users[0], '') END AS next_user,
       source AS source,
       middle AS middle,
       target AS target,
       onward.at - arrival.at AS gap,
       crowd AS users_going_on,
       arrival.at AS first_seen,
       last AS last_seen,
       65 - 12 * log(CASE WHEN crowd < 1 THEN 1 ELSE crowd END) AS score,
       evidence[0..20] AS evidence
ORDER BY score DESC, first_seen, source, middle, target
