// id = "pass-the-ticket"
// title = "Kerberos ticket made from a hash, or used where it was not asked for"
// description = """
// From a hash an attacker asks for a ticket-granting ticket himself (overpass the hash); tools then ask with RC4 where Windows asks
// with AES. Or he takes tickets from one machine and uses them on another: then a service ticket is asked for from an address that
// never asked for the account's ticket-granting ticket. Shown are (1) RC4 or DES requests for a ticket-granting ticket by an account
// that uses AES otherwise, or in a domain where RC4 is rare, and (2) service tickets from a machine without a ticket-granting
// ticket in ten hours, where the account's others and the machine's own are on record. Misses requests with AES keys. Old clients, and domain
// controllers whose log is missing, look the same.
// """
// hypothesis = "Somebody uses Kerberos with keys or tickets that were stolen."
// attack = ["T1550.003", "T1550.002"]
// level = "high"
// needs = ["ticket_granting_ticket"]
// helps = ["service_ticket"]
// baseline = true
// summary = "{user} {how} from {source|the domain controller itself} for {services|a ticket-granting ticket}"
// benign = ["an old client or appliance knows no AES", "the account's AES keys are missing, as it never changed its password since", "a domain controller's log is not collected"]
// rule_out = ["does the source always ask so?", "are all domain controllers' logs loaded for that time?", "did anything read LSASS on the source before?"]
// false_positives = ["appliances and Java programs with RC4 keytabs", "logs of only some domain controllers"]
// response = ["take the source off the network", "reset the account, twice if it is krbtgt", "look where else the ticket was used (the account's logons after that time)"]
// references = ["https://attack.mitre.org/techniques/T1550/003/", "https://attack.mitre.org/techniques/T1550/002/"]
// [parameters.lifetime]
// type = "duration"
// default = "10h"
// help = "how long a ticket-granting ticket lasts"
// [parameters.rare]
// type = "number"
// default = 0.05
// help = "the share of requests below which RC4 is rare in the domain"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.services]
// label = "User|Host"
// role = "service"
MATCH (user:User)-[ticket:REQUESTED_TICKET]->(service:User|Host)
WHERE ticket.outcome = 'success' AND ticket.bucket >= $baseline_since AND ticket.bucket < $until
WITH user.key AS user, ticket.source AS source, ticket.kind AS kind, ticket.encryption IN ['rc4', 'des'] AS weak, ticket.bucket AS bucket,
     min(ticket.first_seen) AS first, max(ticket.last_seen) AS last, sum(ticket.count) AS count,
     collect(DISTINCT service.key) AS services, collect(ticket.evidence) AS evidence
WITH user, collect({source: source, kind: kind, weak: weak, first: first, last: last, count: count, services: services, evidence: evidence}) AS tickets
WITH user, tickets, [one IN tickets WHERE one.kind = 'ticket_granting' AND one.weak] AS weak,
     [one IN tickets WHERE one.kind = 'ticket_granting'] AS granted
WITH collect([user, tickets, weak, granted]) AS accounts,
     sum(reduce(n = 0, one IN granted | n + one.count)) AS all_granted, sum(reduce(n = 0, one IN weak | n + one.count)) AS all_weak
UNWIND accounts AS account
WITH account[0] AS user, account[1] AS tickets, account[2] AS weak, account[3] AS granted, all_granted, all_weak
WITH user,
     [one IN weak WHERE one.first >= $since AND (all_weak <= all_granted * $rare OR all_granted < 20 OR size(granted) > size(weak)) |
      {source: one.source, how: 'asked by RC4 or DES', services: [], first: one.first, last: one.last,
       score: CASE WHEN size(granted) > size(weak) THEN 70 WHEN all_granted < 20 THEN 50 ELSE 60 END, evidence: one.evidence}]
     + [one IN tickets WHERE one.kind = 'ticket_service' AND one.source <> '' AND one.first >= $since
          AND one.first - $lifetime >= $baseline_since
          AND none(own IN granted WHERE own.source = one.source AND own.last >= one.first - $lifetime AND own.first <= one.last + 60000)
          AND any(own IN granted WHERE own.source <> '' AND own.source <> one.source AND own.last >= one.first - $lifetime AND own.first <= one.last) |
        {source: one.source, how: 'used a ticket that was asked for elsewhere,', services: one.services, first: one.first, last: one.last,
         score: 55, evidence: one.evidence}] AS odd
UNWIND odd AS one
WITH user, one.source AS source, one.how AS how, one.first / 86400000 AS day, one.services AS services, one.first AS first, one.last AS last,
     one.score AS score, one.evidence AS evidence
WHERE size($scope) = 0 OR user IN $scope OR source IN $scope
WITH user, source, how, day, min(first) AS first, max(last) AS last, max(score) AS score, collect(services) AS services, collect(evidence) AS evidence
// Where the machine's own ticket-granting tickets are not on record, a domain controller's log is missing.
OPTIONAL MATCH (:Host {key: source})-[machine:REQUESTED_TICKET]->(:User)
WHERE machine.kind = 'ticket_granting' AND machine.source = source AND machine.last_seen >= first - $lifetime AND machine.first_seen <= last
WITH user, source, how, first, last, score, services, evidence, count(machine) AS machine
WHERE how STARTS WITH 'asked' OR machine > 0
RETURN user AS user,
       source AS source,
       reduce(listed = [], some IN services | listed + some) AS services,
       how AS how,
       first AS first_seen,
       last AS last_seen,
       score AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, user, source
