// id = "remote-persistence"
// title = "WMI subscription, run key or startup file made from another machine"
// description = """
// With administrator rights on a host, an attacker plants there what runs by itself later, over the network: a WMI event subscription
// (filter, consumer and binding, which also runs code at once), a run key, or a file in a startup folder. Made by an account
// that logged on over the network just before, and that does not sit at the machine; or by the machine itself, where one other
// machine called just before. Misses what code on the host itself plants, and what is written on machines that many call.
// Monitoring that subscribes to events looks the same.
// """
// hypothesis = "Somebody plants what runs by itself on hosts that he reaches over the network."
// attack = ["T1546.003", "T1547.001", "T1047"]
// level = "high"
// needs = [["wmi_subscription", "run_key", "startup_file"], ["logon", "share_access", "service_ticket", "connection"]]
// helps = ["share_access", "service_ticket", "connection"]
// summary = "{user|Somebody} planted {things} on {target} from {source}: {programs|program not known}"
// benign = ["monitoring subscribes to events on the hosts it watches", "an administrator sets something to start for everybody"]
// rule_out = ["does the same account plant the same on many hosts?", "is the script or program readable, signed and in its usual folder?"]
// false_positives = ["monitoring by WMI subscriptions"]
// response = ["read the consumer's script or the program", "remove filter, consumer and binding together", "look for the same on other hosts", "reset the account"]
// references = ["https://attack.mitre.org/techniques/T1546/003/", "https://attack.mitre.org/techniques/T1547/001/"]
// [parameters.within]
// type = "duration"
// default = "5m"
// help = "how long before it the logon may have been"
// [parameters.skew]
// type = "duration"
// default = "5s"
// help = "how much later the logon may be recorded than what followed it"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
// [entities.things]
// label = "Persistence"
// role = "persistence"
CALL () {
  MATCH (user:User)-[made:CREATED]->(thing:Persistence)
  WHERE made.first_seen >= $since AND made.first_seen < $until AND thing.kind IN ['wmi', 'run_key']
    AND made.operation IN ['created', 'changed']
  WITH user.key AS user, thing.host AS place, thing, made.operation AS operation, made.first_seen AS at, made.evidence AS evidence
  MATCH (origin:Host|IP)-[hop:LOGON_TO]->(host:Host {key: place})
  WHERE hop.user = user AND hop.outcome = 'success' AND hop.first_seen <= at + $skew AND hop.last_seen >= at - $within
    AND hop.logon_type <> 'remote_interactive'
    AND (size($scope) = 0 OR user IN $scope OR origin.key IN $scope OR place IN $scope)
  WITH user, host, thing, operation, at, evidence, origin.key AS source, hop.evidence AS arrival,
       CASE WHEN abs(at - hop.first_seen) <= abs(at - hop.last_seen) THEN abs(at - hop.first_seen)
            ELSE abs(at - hop.last_seen) END AS gap
  ORDER BY gap, source
  WITH user, host, thing, operation, at, evidence, head(collect([source, arrival])) AS best
  OPTIONAL MATCH (:User {key: user})-[opened:ACCESSED_SHARE]->(host)
  WHERE toLower(opened.share) IN ['winreg', 'admin$'] AND opened.source <> ''
    AND opened.first_seen <= at + $skew AND opened.last_seen >= at - $within
  WITH user, host, thing, operation, at, evidence + best[1] AS evidence, best[0] AS source, count(opened) > 0 AS opened
  // Who sits at the machine plants there, too; a desktop opened from the source brings a network logon with it.
  OPTIONAL MATCH (:User {key: user})-[desk:LOGGED_ON]->(host)
  WHERE desk.logon_type IN ['interactive', 'remote_interactive', 'unlock', 'cached'] AND desk.outcome = 'success'
    AND desk.first_seen <= at AND desk.last_seen >= at - 43200000
  WITH user, host.key AS target, thing, operation, at, evidence, source, opened, collect(desk.source) AS desks
  WHERE opened OR NOT source IN desks
  WITH user, target, thing, operation, at, evidence, source, opened, size(desks) > 0 AS at_home
  ORDER BY at, operation, thing.key
  WITH user, source, target, at / 86400000 AS day, min(at) AS first, max(at) AS last,
       collect(DISTINCT thing.key) AS things, collect(DISTINCT thing.path) AS programs, collect(DISTINCT operation) AS operations,
       collect(evidence) AS evidence,
       max(CASE WHEN operation = 'created' THEN 75 ELSE 60 END + CASE WHEN opened THEN 10 ELSE 0 END
           - CASE WHEN at_home THEN 30 ELSE 0 END) AS score
  RETURN user AS user, source AS source, target AS target, things AS things, programs AS programs, operations AS operations,
         first AS first, last AS last, score AS score, evidence AS evidence
  UNION ALL
  // What a service of the machine wrote in a caller's stead names nobody: then only one machine may have called just before.
  MATCH (host:Host)-[made:CREATED]->(thing:Persistence)
  WHERE made.first_seen >= $since AND made.first_seen < $until AND thing.kind IN ['startup', 'run_key', 'wmi']
    AND made.operation IN ['created', 'changed']
  WITH host, thing, made.operation AS operation, made.first_seen AS at, made.evidence AS evidence
  MATCH (caller:Host|IP|Process)-[reached:CONNECTED_TO]->(host)
  WHERE reached.port IN [135, 139, 445, 5985, 5986] AND reached.first_seen <= at + $skew AND reached.last_seen >= at - 30000
    AND coalesce(caller.host, caller.key) <> host.key
  WITH host.key AS target, thing, operation, at, evidence, collect(DISTINCT coalesce(caller.host, caller.key)) AS callers,
       collect(reached.evidence) AS calls
  WHERE size(callers) = 1 AND (size($scope) = 0 OR target IN $scope OR callers[0] IN $scope)
  WITH target, callers[0] AS source, thing, operation, at, evidence, calls
  ORDER BY at, thing.key
  WITH target, source, at / 86400000 AS day, collect(DISTINCT thing.key) AS things, collect(DISTINCT thing.path) AS programs,
       collect(DISTINCT operation) AS operations, min(at) AS first, max(at) AS last, collect(evidence) AS evidence, collect(calls) AS calls
  RETURN '' AS user, source AS source, target AS target, things AS things, programs AS programs, operations AS operations,
         first AS first, last AS last, 45 AS score, evidence + reduce(listed = [], some IN calls | listed + some) AS evidence
}
WITH user, source, target, things, programs, operations, first, last, score, evidence
RETURN user AS user,
       source AS source,
       target AS target,
       things AS things,
       programs AS programs,
       operations AS operations,
       first AS first_seen,
       last AS last_seen,
       CASE WHEN user = '' THEN 'medium' ELSE 'high' END AS level,
       score AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, target, user, source
