// id = "new-admin"
// title = "Account made a member of a privileged group"
// description = """
// Having come to a machine, an attacker gives an account of theirs lasting rights: a new one, or one that exists, is made an
// administrator. Told is each account that is put into a group that rules the machine or the domain, and what makes it
// weigh: the actor came to the machine from a place it never came from before, the account was made just before, or it
// put itself in. Misses rights that are given otherwise (delegation, ownership, certificates) and groups of one's own
// that rule. Administrators do it too; one who put members into the same group on several earlier days is left out.
// """
// hypothesis = "Somebody who got into a machine gives an account of theirs lasting rights."
// attack = ["T1098", "T1136", "T1078"]
// level = "medium"
// needs = ["group_change"]
// helps = ["logon", "account_change"]
// summary = "{user} made {member} a member of {group} on {host}; {user} came from {source|no new place}, and {member} was {age}"
// benign = ["a new administrator, or an installer that makes its own account", "a machine is set up"]
// rule_out = ["is there a ticket or a change in the personnel system?", "does the actor do this work?"]
// response = ["take the account out of the group", "disable the account if it was made for it, and reset the actor's", "follow how the actor came: hunts first-logon, bridge, explicit-credentials"]
// references = ["https://attack.mitre.org/techniques/T1098/", "https://learn.microsoft.com/windows-server/identity/ad-ds/plan/security-best-practices/appendix-b--privileged-accounts-and-groups-in-active-directory"]
// [parameters.before]
// type = "duration"
// default = "24h"
// help = "how long before it the actor's first logon from a place, or the account's making, counts"
// [parameters.usual]
// type = "integer"
// default = 3
// help = "earlier days on which the actor put members into the group, from which on it is the actor's work"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.member]
// label = "User|Host"
// role = "member"
// [entities.group]
// label = "Group"
// role = "group"
// [entities.host]
// label = "Host"
// role = "target"
// [entities.source]
// label = "Host|IP"
// role = "source"
MATCH (actor:User|Host)-[change:CHANGED]->(group:Group)
WHERE change.first_seen >= $since AND change.first_seen < $until AND change.operation = 'member_added'
  AND (coalesce(group.privileged, false)
    OR coalesce(group.sid, '') =~ 'S-1-5-32-(544|548|549|550|551|552)'
    OR coalesce(group.sid, '') =~ 'S-1-5-21-[0-9-]+-(498|512|516|518|519|520|521|526|527)'
    OR toLower(last(split(group.name, '\\'))) IN ['dnsadmins', 'organization management', 'exchange trusted subsystem', 'exchange windows permissions', 'global administrator', 'privileged role administrator'])
WITH actor, change, group
MATCH (member:User|Host)-[given:MEMBER_OF]->(group)
WHERE given.first_seen <= change.first_seen AND given.last_seen >= change.first_seen
  AND any(id IN change.evidence WHERE id IN given.evidence)
WITH actor.key AS user, actor, change, group, member
CALL (actor, group, change) {
  MATCH (actor)-[earlier:CHANGED]->(group)
  WHERE earlier.operation = 'member_added' AND earlier.first_seen < change.first_seen - change.first_seen % 86400000
  RETURN count(DISTINCT earlier.first_seen - earlier.first_seen % 86400000) AS days
}
WITH user, change, group, member, days
WHERE days < $usual
CALL (member, change) {
  MATCH (maker:User|Host)-[made:CHANGED]->(member)
  WHERE made.operation = 'created' AND made.first_seen >= change.first_seen - $before AND made.first_seen <= change.first_seen
  RETURN count(made) AS made, collect(made.evidence) AS births
}
CALL (user, change) {
  MATCH (account:User {key: user})
  MATCH (account)-[logon:LOGGED_ON]->(place:Host)
  WHERE place.key = change.host AND logon.outcome = 'success' AND logon.source <> '' AND logon.first_seen <= change.first_seen
  WITH logon.source AS source, min(logon.first_seen) AS at, max(logon.last_seen) AS until, collect(logon.evidence) AS proof
  WHERE at >= change.first_seen - $before
  WITH source, proof
  ORDER BY source
  RETURN collect(source) AS source, collect(proof) AS steps
}
WITH user, change, group, member, made, source, births, steps
ORDER BY change.first_seen, group.key
WITH user, change.host AS host, change.first_seen - change.first_seen % 86400000 AS day, member.key AS member, collect(DISTINCT group.key) AS group, min(change.first_seen) AS began, max(change.first_seen) AS ended,
     max(made) AS made, source, collect(change.evidence) + collect(births) + collect(steps) AS proof
WHERE size($scope) = 0 OR any(one IN [user, host, member] + group + source WHERE one IN $scope)
RETURN user AS user,
       member AS member,
       group AS group,
       host AS host,
       source AS source,
       CASE WHEN made > 0 THEN 'made just before' ELSE 'there already' END AS age,
       began AS first_seen,
       ended AS last_seen,
       20 + CASE WHEN size(source) > 0 THEN 35 ELSE 0 END + CASE WHEN made > 0 THEN 25 ELSE 0 END + CASE WHEN user = member THEN 20 ELSE 0 END
         + CASE WHEN size(group) > 1 THEN 5 ELSE 0 END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, user, member
