// id = "forged-ticket"
// title = "Kerberos logon for which no ticket was given"
// description = """
// With a service's or machine's key an attacker makes service tickets (silver ticket), with krbtgt's key any ticket (golden
// ticket), without asking a domain controller. Told is a Kerberos logon on a machine by an account that no controller
// gave a ticket for that machine within the life of a ticket before, while it did for others; and a service ticket given to
// an account that was given no ticket-granting ticket within that time anywhere, while others were. Misses forgeries
// where a true ticket was given too, and the first hours of telemetry. Sees wrong where a controller's log is missing:
// all controllers' tickets must be loaded, or each logon whose ticket another controller gave is told.
// """
// hypothesis = "Somebody uses Kerberos tickets that no domain controller made."
// attack = ["T1558.001", "T1558.002"]
// level = "high"
// needs = ["service_ticket", "ticket_granting_ticket", "logon"]
// baseline = true
// summary = "{user} {how} on {target} from {source|a machine not known}, and no domain controller gave {what} in the {life:duration} before"
// benign = ["a domain controller's log is missing", "delegation: a server asked for the ticket in the user's name", "tickets renewed for longer than usual"]
// rule_out = ["are the 4768 and 4769 of every controller loaded, for this time?", "is the ticket's cipher RC4, or its user unknown to the directory?"]
// response = ["isolate the source", "change the key of the target's account (twice), for golden tickets krbtgt's", "look how the key was taken: hunts dcsync, lsass-access, kerberoast"]
// references = ["https://attack.mitre.org/techniques/T1558/001/", "https://attack.mitre.org/techniques/T1558/002/"]
// [parameters.life]
// type = "duration"
// default = "10h"
// help = "the life of a ticket"
// [parameters.others]
// type = "integer"
// default = 3
// help = "accounts that were given such tickets, for the controllers' logs to be taken for there"
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
  MATCH (client:User|Host)-[ticket:REQUESTED_TICKET]->(service:User|Host)
  WHERE ticket.kind = 'ticket_granting' AND ticket.outcome = 'success'
  RETURN min(ticket.first_seen) AS known_since, count(DISTINCT client.key) AS clients
}
WITH known_since, clients
WHERE clients >= $others
CALL (known_since) {
  MATCH (account:User)-[logon:LOGGED_ON]->(place:Host)
  WHERE logon.package = 'Kerberos' AND logon.logon_type = 'network' AND logon.outcome = 'success' AND logon.source <> ''
    AND logon.first_seen >= $since AND logon.first_seen < $until AND logon.first_seen >= known_since + $life
  WITH account, logon, place
  CALL (account, logon, place) {
    MATCH (account)-[ticket:REQUESTED_TICKET]->(place)
    WHERE ticket.kind = 'ticket_service' AND ticket.first_seen <= logon.first_seen + 60000
      AND ticket.last_seen >= logon.first_seen - $life
    RETURN count(ticket) AS given
  }
  WITH account, logon, place, given
  WHERE given = 0
  CALL (place) {
    MATCH (other:User)-[ticket:REQUESTED_TICKET]->(place)
    WHERE ticket.kind = 'ticket_service' AND ticket.outcome = 'success'
    RETURN count(DISTINCT other.key) AS others
  }
  WITH account, logon, place, others
  WHERE others >= $others
  RETURN account.key AS user, logon.source AS source, place.key AS target, 'logged on with Kerberos' AS how, 'it a ticket for that machine' AS what,
         logon.first_seen AS began, logon.last_seen AS ended, logon.evidence AS proof, 50 AS weight
  UNION ALL
  MATCH (account:User)-[ticket:REQUESTED_TICKET]->(service:User|Host)
  WHERE ticket.bucket >= $since AND ticket.bucket < $until AND ticket.kind = 'ticket_service' AND ticket.outcome = 'success'
    AND ticket.first_seen >= known_since + $life
  WITH account, ticket, service
  CALL (account, ticket) {
    MATCH (account)-[grant:REQUESTED_TICKET]->(authority:User|Host)
    WHERE grant.kind = 'ticket_granting' AND grant.first_seen <= ticket.first_seen + 60000
      AND grant.last_seen >= ticket.first_seen - $life
    RETURN count(grant) AS given
  }
  WITH account, ticket, service, given
  WHERE given = 0
  RETURN account.key AS user, ticket.source AS source, CASE WHEN service:Host THEN service.key ELSE '' END AS target,
         'asked for service tickets' AS how, 'it a ticket-granting ticket' AS what, ticket.first_seen AS began, ticket.last_seen AS ended, ticket.evidence AS proof,
         CASE WHEN ticket.encryption IN ['rc4', 'des'] THEN 60 ELSE 30 END AS weight
}
WITH user, source, target, how, what, began, ended, proof, weight
ORDER BY began, target
WITH user, source, began - began % 86400000 AS day, how, what, collect(DISTINCT target) AS target, min(began) AS began, max(ended) AS ended,
     collect(proof) AS proof, max(weight) AS weight
WHERE size($scope) = 0 OR user IN $scope OR source IN $scope OR any(one IN target WHERE one IN $scope)
RETURN user AS user,
       source AS source,
       [one IN target WHERE one <> ''] AS target,
       how AS how,
       what AS what,
       $life AS life,
       began AS first_seen,
       ended AS last_seen,
       weight AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, user
