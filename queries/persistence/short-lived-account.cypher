// id = "short-lived-account"
// title = "Account made and deleted again within a day"
// description = """
// An attacker makes an account, works with it, and deletes it to leave few traces. Told is each account that was made and
// deleted within a day, with who did it and where the account logged on meanwhile. Misses accounts that are left in place,
// or disabled. Tests of a provisioning system look like it; an actor who does so on several days is taken for one.
// """
// hypothesis = "Somebody works with an account that they remove afterwards."
// attack = ["T1136", "T1070"]
// level = "medium"
// needs = ["account_change"]
// helps = ["logon"]
// summary = "{user} made {member} on {host} and {remover} deleted it {life:duration} later; meanwhile it logged on to {target|no machine that is seen}"
// benign = ["a provisioning system, or its test", "a name was mistyped and made anew"]
// rule_out = ["was an account of nearly the same name made just after?", "did the account log on at all, or get rights?"]
// response = ["ask the one who made it", "follow what the account did while it lived", "look at what else the actor did: hunts new-admin, first-logon"]
// references = ["https://attack.mitre.org/techniques/T1136/"]
// [parameters.life]
// type = "duration"
// default = "24h"
// help = "how long an account may live and still be called short-lived"
// [parameters.usual]
// type = "integer"
// default = 3
// help = "days on which the actor did so, from which on it is the actor's work"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.member]
// label = "User|Host"
// role = "made account"
// [entities.remover]
// label = "User|Host"
// role = "remover"
// [entities.host]
// label = "Host"
// role = "recorder"
// [entities.target]
// label = "Host"
// role = "target"
MATCH (actor:User|Host)-[made:CHANGED]->(account:User)
WHERE made.first_seen >= $baseline_since AND made.first_seen < $until AND made.operation = 'created' AND made.object_kind = 'account'
WITH actor, made, account
MATCH (remover:User|Host)-[gone:CHANGED]->(account)
WHERE gone.operation = 'deleted' AND gone.first_seen >= made.first_seen AND gone.first_seen <= made.first_seen + $life
WITH actor.key AS user, collect({member: account.key, remover: remover.key, host: made.host, began: made.first_seen, ended: gone.first_seen, proof: made.evidence + gone.evidence}) AS lives,
     count(DISTINCT made.first_seen - made.first_seen % 86400000) AS days
WHERE days < $usual
UNWIND lives AS life
WITH user, life.member AS member, life.remover AS remover, life.host AS host, life.began AS began, life.ended AS ended, life.proof AS proof
WHERE ended >= $since
CALL (member, began, ended) {
  MATCH (account:User {key: member})
  MATCH (account)-[logon:LOGGED_ON]->(place:Host)
  WHERE logon.outcome = 'success' AND logon.first_seen >= began AND logon.first_seen <= ended
  WITH place, logon
  ORDER BY logon.first_seen, place.key
  RETURN collect(DISTINCT place.key) AS target, collect(logon.evidence) AS steps
}
WITH user, member, remover, host, began, ended, target, proof, steps
WHERE size($scope) = 0 OR any(one IN [user, member, remover, host] + target WHERE one IN $scope)
RETURN user AS user,
       member AS member,
       remover AS remover,
       host AS host,
       target AS target,
       ended - began AS life,
       began AS first_seen,
       ended AS last_seen,
       30 + CASE WHEN size(target) > 0 THEN 40 ELSE 0 END + CASE WHEN user = remover THEN 10 ELSE 0 END AS score,
       proof + steps AS evidence
ORDER BY score DESC, first_seen, user, member
