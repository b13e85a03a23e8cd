// id = "account-made"
// title = "Account made by somebody who makes none"
// description = """
// An attacker makes an account of their own to come back with. Told is each account made by an account that had made none before,
// and each whose name is made to be overlooked (it ends in $ like a machine's) or that only the registry shows, which lists of
// accounts do not. Misses accounts made by whoever makes them all day, and accounts that existed and were enabled again. A
// help desk's new colleague, and an installer's service account, look the same.
// """
// hypothesis = "Somebody makes an account of their own."
// attack = ["T1136.001", "T1136.002"]
// level = "low"
// needs = [["account_change", "run_key"]]
// summary = "{user} made the account {member} on {host|the domain} ({how})"
// benign = ["a new colleague of the help desk", "an installer's service account"]
// rule_out = ["is there a request for the account?", "was it made a member of a privileged group: hunt new-admin?", "has it logged on since?"]
// response = ["disable the account", "look what its maker did before and since", "list its logons"]
// references = ["https://attack.mitre.org/techniques/T1136/"]
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.member]
// label = "User|Host"
// role = "made account"
// [entities.host]
// label = "Host"
// role = "host"
CALL () {
  MATCH (actor:User|Host)-[made:CHANGED]->(account:User|Host)
  WHERE made.first_seen < $until AND made.operation = 'created' AND made.object_kind = 'account'
  WITH actor, account, made
  ORDER BY made.first_seen, account.key
  WITH actor.key AS user, collect([account.key, account.name, made.host, made.first_seen, made.evidence]) AS making
  UNWIND making AS one
  WITH user, one, size([other IN making WHERE other[3] < one[3] - 86400000]) AS before
  WHERE one[3] >= $since AND (before = 0 OR one[1] ENDS WITH '$')
  RETURN user AS user, one[0] AS member, one[2] AS host, one[3] AS at, one[4] AS proof,
         CASE WHEN one[1] ENDS WITH '$' THEN 'its name is like a machine account' ELSE 'who had made none before' END AS how
  UNION
  MATCH (actor:User|Host)-[made:CREATED]->(thing:Persistence)
  WHERE made.first_seen >= $since AND made.first_seen < $until AND thing.kind = 'registry'
    AND toLower(thing.name) =~ '.*\\\\sam\\\\domains\\\\account\\\\users\\\\names\\\\[^\\\\]+(\\\\[(]default[)])?'
  RETURN actor.key AS user, '' AS member, thing.host AS host, made.first_seen AS at, made.evidence AS proof,
         'as the registry shows: ' + split(split(toLower(thing.name), '\\users\\names\\')[1], '\\')[0] AS how
}
WITH user, member, host, how, at, proof
WHERE size($scope) = 0 OR user IN $scope OR member IN $scope OR host IN $scope
RETURN user AS user,
       member AS member,
       host AS host,
       how AS how,
       at AS first_seen,
       at AS last_seen,
       CASE WHEN how CONTAINS 'machine account' OR how ENDS WITH '$' THEN 'medium' ELSE 'low' END AS level,
       CASE WHEN how CONTAINS 'machine account' OR how ENDS WITH '$' THEN 50 ELSE 25 END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, user, member
