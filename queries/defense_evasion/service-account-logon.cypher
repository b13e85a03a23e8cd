// id = "service-account-logon"
// title = "Service account used by hand, or from a new machine"
// description = """
// Service accounts have lasting passwords and wide rights, and nobody watches them: an attacker who has one logs on with it at
// a desktop, or from a machine it never came from. What is a service account is told by its use, not its name: it
// starts as a service, or service tickets are asked for to it, and hardly anybody works at a screen with it. Misses
// service accounts that people use every day, and use from the machines they always come from. The first days of an
// account, a moved service and a new cluster node look like it.
// """
// hypothesis = "Somebody uses a service account as a person would."
// attack = ["T1078.002"]
// level = "medium"
// needs = ["logon"]
// helps = ["service_ticket", "rdp_session"]
// summary = "The service account {user} {how} on {target} from {source|its own screen} ({hands} times by hand, {services} as a service)"
// benign = ["the service was set up, moved or repaired by hand", "a cluster or farm has a new node"]
// rule_out = ["is there a change ticket, and does the person at the source know of it?", "did the service's own host or version change that day?"]
// response = ["ask the service's owner", "change the account's password and make it group-managed", "deny it interactive and remote desktop logon", "look where it went from there: hunts first-logon, bridge"]
// references = ["https://attack.mitre.org/techniques/T1078/002/"]
// baseline = true
// [parameters.share]
// type = "number"
// default = 0.5
// help = "logons by hand for each service logon; above it the account is taken for a person's"
// [parameters.settle]
// type = "duration"
// default = "3d"
// help = "how long an account must be known before a new machine is told"
// [parameters.max_sources]
// type = "integer"
// default = 5
// help = "machines a service account may come from and still be called steady"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
CALL () {
  MATCH (account:User)-[start:LOGGED_ON]->(place:Host)
  WHERE start.logon_type = 'service' AND start.outcome = 'success' AND start.first_seen < $until
  RETURN DISTINCT account.key AS user
  UNION
  MATCH (client:User|Host)-[ticket:REQUESTED_TICKET]->(account:User)
  WHERE ticket.kind = 'ticket_service' AND ticket.outcome = 'success' AND ticket.bucket < $until
    AND client.key <> account.key AND NOT account.key ENDS WITH '\\krbtgt'
  RETURN DISTINCT account.key AS user
  UNION
  MATCH (account:User)
  WHERE account.kind = 'service'
  RETURN account.key AS user
}
MATCH (account:User {key: user})
CALL (account) {
  MATCH (account)-[logon:LOGGED_ON]->(place:Host)
  WHERE logon.outcome = 'success' AND logon.first_seen < $until
  RETURN sum(CASE WHEN logon.logon_type IN ['interactive', 'remote_interactive', 'unlock', 'cached'] THEN logon.count ELSE 0 END) AS hands,
         sum(CASE WHEN logon.logon_type IN ['service', 'batch'] THEN logon.count ELSE 0 END) AS services,
         sum(logon.count) AS total, min(logon.first_seen) AS known_since
}
WITH user, account, hands, services, total, known_since
WHERE hands <= $share * services OR hands <= 0.05 * total
CALL (account, hands, known_since) {
  MATCH (account)-[logon:LOGGED_ON]->(place:Host)
  WHERE logon.outcome = 'success' AND logon.first_seen >= $since AND logon.first_seen < $until
    AND logon.logon_type IN ['interactive', 'remote_interactive', 'unlock', 'cached'] AND logon.first_seen > known_since
  RETURN 'worked by hand' AS how, logon.source AS source, place.key AS target, logon.first_seen AS began,
         logon.last_seen AS ended, logon.evidence AS proof, 60 AS weight
  UNION ALL
  MATCH (account)-[logon:LOGGED_ON]->(place:Host)
  WHERE logon.outcome = 'success' AND logon.source <> '' AND logon.first_seen < $until
  WITH logon.source AS source, min(logon.first_seen) AS began, max(logon.last_seen) AS ended,
       collect(place.key) AS targets, collect(logon.evidence) AS proof
  WITH collect({source: source, began: began, ended: ended, targets: targets, proof: proof}) AS sources
  UNWIND sources AS one
  WITH one, size([other IN sources WHERE other.began < known_since + $settle]) AS settled
  WHERE one.began >= $since AND one.began >= known_since + $settle AND settled > 0 AND settled <= $max_sources
  UNWIND one.targets AS target
  RETURN 'came from a new machine' AS how, one.source AS source, target AS target, one.began AS began, one.ended AS ended,
         one.proof AS proof, 30 AS weight
}
WITH user, hands, services, source, how, target, began, ended, proof, weight
ORDER BY weight DESC, began, target
WITH user, hands, services, source, collect(DISTINCT how) AS how, collect(DISTINCT target) AS target, min(began) AS began, max(ended) AS ended,
     collect(proof) AS proof, max(weight) AS weight
WHERE size($scope) = 0 OR user IN $scope OR source IN $scope OR any(one IN target WHERE one IN $scope)
RETURN user AS user,
       source AS source,
       target AS target,
       reduce(text = '', one IN how | text + CASE WHEN text = '' THEN '' ELSE ' and ' END + one) AS how,
       hands AS hands,
       services AS services,
       began AS first_seen,
       ended AS last_seen,
       weight + CASE WHEN size(how) > 1 THEN 20 ELSE 0 END + 2 * CASE WHEN size(target) > 5 THEN 5 ELSE size(target) END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, user
