// id = "host-enumeration"
// title = "One account asked many hosts at machine pace"
// description = """
// To map a domain, an attacker's tool (SharpHound, PowerView, CrackMapExec) goes through its hosts within seconds: it asks a
// ticket for each, logs on to it, and opens the pipes that list accounts, groups, sessions and shares (samr, lsarpc,
// srvsvc, wkssvc). Told is an account that asks tickets for, opens such pipes of, or logs on for the first time to many
// hosts, from one source, within a minute. Misses slow mapping, and mapping by questions to the directory alone.
// Monitoring, inventory and vulnerability scanners look like it; an account that did so in several hours is taken for
// one of them.
// """
// hypothesis = "Somebody maps the domain's hosts, accounts and sessions with a tool."
// attack = ["T1087.002", "T1069.002", "T1135", "T1018", "T1049"]
// level = "medium"
// needs = [["service_ticket", "share_access", "logon"]]
// summary = "{user} asked {hosts} hosts within {span:duration} from {source|a machine not known} ({how}): {target}"
// benign = ["a scanner, inventory or monitoring tool that is new", "an administrator's script over all servers"]
// rule_out = ["does the account run such a tool, and on that source?", "were the pipes samr, lsarpc and srvsvc opened one after the other on each host?"]
// response = ["find the program on the source: process and script logs", "look where the account goes next: hunts first-logon, kerberoast, admin-share"]
// references = ["https://attack.mitre.org/techniques/T1087/002/", "https://attack.mitre.org/techniques/T1135/"]
// [parameters.min_hosts]
// type = "integer"
// default = 5
// help = "hosts whose tickets or pipes were asked for within `within`"
// [parameters.min_logons]
// type = "integer"
// default = 10
// help = "hosts logged on to for the first time within it; a person's drives and printers make a few at the day's start"
// [parameters.within]
// type = "duration"
// default = "1m"
// help = "the time that they are asked in"
// [parameters.usual]
// type = "integer"
// default = 3
// help = "hours (days, where the graph's bucket is a day) in which the account did so, above which it is its work"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
CALL () {
  MATCH (account:User)-[ticket:REQUESTED_TICKET]->(place:Host)
  WHERE ticket.bucket >= $baseline_since AND ticket.bucket < $until AND ticket.kind = 'ticket_service' AND ticket.outcome = 'success'
    AND ticket.source <> place.key
  WITH account.key AS user, ticket.source AS source, ticket.bucket AS hour, place.key AS target, min(ticket.first_seen) AS at,
       collect(ticket.evidence) AS proof
  RETURN user, source, hour, 'tickets' AS how, target, at, proof
  UNION ALL
  MATCH (account:User)-[pipe:ACCESSED_SHARE]->(place:Host)
  WHERE pipe.bucket >= $baseline_since AND pipe.bucket < $until AND pipe.source <> ''
    AND toLower(pipe.share) IN ['samr', 'lsarpc', 'srvsvc', 'wkssvc']
  WITH account.key AS user, pipe.source AS source, pipe.bucket AS hour, place.key AS target, min(pipe.first_seen) AS at,
       collect(pipe.evidence) AS proof
  RETURN user, source, hour, 'pipes' AS how, target, at, proof
  UNION ALL
  MATCH (account:User)-[logon:LOGGED_ON]->(place:Host)
  WHERE logon.first_seen >= $baseline_since AND logon.first_seen < $until AND logon.logon_type = 'network'
    AND logon.outcome = 'success' AND logon.source <> ''
  WITH account.key AS user, logon.source AS source, place.key AS target, min(logon.first_seen) AS at, collect(logon.evidence) AS proof
  RETURN user, source, at - at % 3600000 AS hour, 'first logons' AS how, target, at, proof
}
WITH user, source, hour, how, target, at, proof, CASE WHEN how = 'first logons' THEN $min_logons ELSE $min_hosts END AS least
ORDER BY at, target
WITH user, source, hour, how, least, collect(at) AS times, collect(target) AS targets, collect(proof) AS proof
WHERE size(times) >= least AND any(i IN range(0, size(times) - least) WHERE times[i + least - 1] - times[i] <= $within)
WITH user, source, how, hour, times, targets, proof
ORDER BY hour
WITH user, source, how, collect({hour: hour, times: times, targets: targets, proof: proof}) AS hours
WITH user, source, how, hours, [one IN hours WHERE one.hour >= $since] AS told
WHERE size(told) > 0 AND size(hours) <= $usual
UNWIND told AS one
WITH user, source, one.hour - one.hour % 86400000 AS day, how, one
ORDER BY one.hour, how
WITH user, source, day, collect(DISTINCT how) AS how, min(one.times[0]) AS began, max(one.times[size(one.times) - 1]) AS ended,
     min(one.times[size(one.times) - 1] - one.times[0]) AS span, collect(one.targets) AS lists, collect(one.proof) AS proof
WITH user, source, how, began, ended, span, proof,
     reduce(seen = [], list IN lists | seen + [place IN list WHERE NOT place IN seen]) AS target
WHERE size($scope) = 0 OR user IN $scope OR source IN $scope OR any(one IN target WHERE one IN $scope)
RETURN user AS user,
       source AS source,
       target[0..20] AS target,
       size(target) AS hosts,
       reduce(words = '', one IN how | words + CASE WHEN words = '' THEN '' ELSE ' and ' END + one) AS how,
       span AS span,
       began AS first_seen,
       ended AS last_seen,
       25 + 2 * CASE WHEN size(target) > 20 THEN 20 ELSE size(target) END + CASE WHEN 'pipes' IN how THEN 15 ELSE 0 END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, user
