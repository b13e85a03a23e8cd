// id = "dcsync"
// title = "Directory replicated by something that is no domain controller"
// description = """
// With the right to replicate the directory, an attacker asks a domain controller for the password hashes of any account,
// krbtgt included (DCSync; mimikatz, Impacket secretsdump), or makes a machine of theirs a controller for a moment
// (DCShadow). Told is every account that used the replication rights
// (4662 on the domain's object) and is no domain controller: any person's or service's account, and a machine that is
// not known as a controller and does not take part in replication otherwise. The source is taken from the account's
// logons on the controller and its tickets at that time. Misses replication with a domain controller's own account, and
// controllers that do not audit directory access. Identity synchronisation (Entra Connect and its like) replicates with
// an account of its own, around the clock: accounts that did so in more hours than `habit` are left out.
// """
// hypothesis = "Somebody who is no domain controller asks one to replicate passwords."
// attack = ["T1003.006", "T1207"]
// level = "critical"
// needs = ["directory_access"]
// helps = ["logon", "service_ticket"]
// summary = "{user} replicated the directory from {target}, at {source|a machine not known}; rights used: {rights}"
// benign = ["identity synchronisation was set up, or its account was changed", "a new domain controller was just promoted", "a backup or password audit product replicates the directory"]
// rule_out = ["is the source the synchronisation server, and does the account replicate every day?", "is the source one of the domain's controllers?"]
// response = ["isolate the source", "take the replication rights from the account, reset it and every account that can give them", "reset krbtgt twice, and plan for a reset of every account: their hashes are known", "find how the account was taken: hunts lsass-access, password-spray, first-logon"]
// references = ["https://attack.mitre.org/techniques/T1003/006/", "https://learn.microsoft.com/windows/security/threat-protection/auditing/event-4662"]
// [parameters.habit]
// type = "integer"
// default = 6
// help = "hours (days, where the graph's bucket is a day) in which an account replicated, above which it is taken for synchronisation"
// [parameters.near]
// type = "duration"
// default = "1h"
// help = "how long before it the account's logon on the controller may lie"
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
  MATCH (actor:User)-[use:REPLICATED]->(controller:Host)
  WHERE use.bucket >= $since AND use.bucket < $until
  RETURN actor.key AS user, 0 AS machine, controller.key AS target, use.rights AS rights, use.bucket AS hour, use.count AS times,
         use.first_seen AS began, use.last_seen AS ended, use.evidence AS proof
  UNION ALL
  MATCH (actor:Host)-[use:REPLICATED]->(controller:Host)
  WHERE use.bucket >= $since AND use.bucket < $until AND actor.key <> controller.key
    AND coalesce(actor.role, '') <> 'domain_controller'
  RETURN actor.key AS user, 1 AS machine, controller.key AS target, use.rights AS rights, use.bucket AS hour, use.count AS times,
         use.first_seen AS began, use.last_seen AS ended, use.evidence AS proof
}
WITH user, machine, target, rights, hour, times, began, ended, proof
ORDER BY rights
WITH user, machine, target, collect(DISTINCT rights) AS rights, count(DISTINCT hour) AS hours, sum(times) AS times,
     min(began) AS began, max(ended) AS ended, collect(proof) AS proof
WHERE hours <= $habit AND any(right IN rights WHERE right CONTAINS 'Get-Changes' OR right CONTAINS 'Manage-Topology')
  AND (machine = 0 OR none(right IN rights WHERE right CONTAINS 'Synchronize'))
CALL (user, target, began, ended) {
  MATCH (controller:Host {key: target})
  MATCH (origin:Host|IP)-[hop:LOGON_TO]->(controller)
  WHERE hop.bucket >= began - $near - 86400000 AND hop.bucket <= ended AND hop.user = user AND hop.outcome = 'success'
    AND hop.last_seen >= began - $near AND hop.first_seen <= ended
  WITH origin.key AS place, max(hop.last_seen) AS at, collect(hop.evidence) AS proof
  ORDER BY at DESC, place
  RETURN collect(place) AS logons, collect(proof) AS seen
}
CALL (user, began, ended) {
  MATCH (client:User|Host {key: user})
  MATCH (client)-[ticket:REQUESTED_TICKET]->(service:User|Host)
  WHERE ticket.bucket >= began - $near - 86400000 AND ticket.bucket <= ended AND ticket.source <> ''
    AND ticket.last_seen >= began - $near AND ticket.first_seen <= ended
  RETURN collect(DISTINCT ticket.source) AS asked
}
WITH user, machine, target, rights, times, began, ended, CASE WHEN size(logons) > 0 THEN logons ELSE asked END AS source,
     seen, proof
WHERE size($scope) = 0 OR user IN $scope OR target IN $scope OR any(one IN source WHERE one IN $scope)
RETURN user AS user,
       source AS source,
       target AS target,
       reduce(names = [], text IN rights | names + [part IN split(text, ', ') WHERE part STARTS WITH 'DS-' AND NOT part IN names]) AS rights,
       times AS times,
       began AS first_seen,
       ended AS last_seen,
       CASE WHEN any(right IN rights WHERE right CONTAINS 'Get-Changes-All') THEN 90 WHEN machine = 1 THEN 40 ELSE 60 END AS score,
       proof + seen AS evidence
ORDER BY score DESC, first_seen, user
