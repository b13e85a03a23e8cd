// id = "kerberoast"
// title = "Service tickets gathered for cracking"
// description = """
// Any account of the domain may ask for a ticket to any service, and part of the ticket is encrypted with the service
// account's password, to be guessed offline; RC4 tickets are the quickest to guess, so attackers ask for those. Told is
// an account that, within an hour, asks tickets for several service accounts it never asked for before (people's
// accounts with a service name, not machines), in RC4 or in number, or that asks RC4 just once for a service whose other
// clients, or a client whose other tickets, use AES, or, where RC4 is rare, for a service that nobody else asks for so.
// Misses slow gathering in AES, and tickets asked on behalf of an account that uses those services anyway. An old client
// or appliance that knows only RC4 looks like it, but asks for the same service again and again; scanners and monitors
// ask for many, from the same account every day.
// """
// hypothesis = "Somebody gathers service tickets to crack the service accounts' passwords offline."
// attack = ["T1558.003"]
// level = "high"
// needs = ["service_ticket"]
// summary = "{user} asked tickets for {services} service accounts within {span:duration} from {source|a machine not known}, {weak} of them in RC4 ({lowered} of services that others reach with AES): {service}"
// benign = ["a monitoring or audit system checks every service", "an old client, appliance or keytab knows only RC4"]
// rule_out = ["did the account use the services after it had the tickets (logons on their hosts)?", "does it ask for the same services on other days?"]
// response = ["find what asked for the tickets on the source, in process and PowerShell logs", "change the passwords of the service accounts, long and random, or make them group-managed", "allow only AES for them (msDS-SupportedEncryptionTypes)", "watch the service accounts: hunt service-account-logon"]
// references = ["https://attack.mitre.org/techniques/T1558/003/", "https://learn.microsoft.com/windows/security/threat-protection/auditing/event-4769"]
// [parameters.min_weak]
// type = "integer"
// default = 3
// help = "service accounts asked for in RC4 or DES, for the first time, within an hour (the graph's bucket)"
// [parameters.min_services]
// type = "integer"
// default = 10
// help = "service accounts asked for with any cipher, for the first time, within an hour"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.service]
// label = "User"
// role = "service account"
CALL () {
  MATCH (client:User|Host)-[any_ticket:REQUESTED_TICKET]->(service:User)
  WHERE any_ticket.bucket < $until AND any_ticket.kind = 'ticket_service' AND any_ticket.outcome = 'success'
    AND NOT service.key ENDS WITH '\\krbtgt'
  RETURN count(any_ticket) AS tickets, sum(CASE WHEN any_ticket.encryption IN ['rc4', 'des'] THEN 1 ELSE 0 END) AS weak_tickets
}
WITH tickets < 20 OR weak_tickets <= 0.2 * tickets AS weak_is_rare
MATCH (client:User|Host)-[ticket:REQUESTED_TICKET]->(service:User)
WHERE ticket.bucket >= $since AND ticket.bucket < $until AND ticket.kind = 'ticket_service'
  AND ticket.outcome = 'success' AND NOT service.key ENDS WITH '\\krbtgt' AND client.key <> service.key
WITH weak_is_rare, client.key AS user, ticket.bucket AS hour, service.key AS service,
     max(CASE WHEN ticket.encryption IN ['rc4', 'des'] THEN 1 ELSE 0 END) AS weak,
     min(ticket.first_seen) AS began, max(ticket.last_seen) AS ended,
     collect(DISTINCT ticket.source) AS sources, collect(ticket.evidence) AS proof
WITH weak_is_rare, user, hour, count(service) AS services, sum(weak) AS weak,
     collect({service: service, weak: weak, began: began, ended: ended, sources: sources, proof: proof}) AS asked
WHERE weak > 0 OR services >= $min_services
CALL (user) {
  MATCH (client:User|Host {key: user})
  MATCH (client)-[habit:REQUESTED_TICKET]->(service:User|Host)
  WHERE habit.bucket < $until AND habit.kind = 'ticket_service' AND habit.outcome = 'success'
  WITH service.key AS service, min(habit.bucket) AS first_hour, count(DISTINCT habit.bucket) AS hours,
       max(CASE WHEN habit.encryption STARTS WITH 'aes' THEN 1 ELSE 0 END) AS strong
  RETURN collect({service: service, first_hour: first_hour, hours: hours}) AS habits, max(strong) AS client_strong
}
UNWIND asked AS one
WITH weak_is_rare, user, hour, one, client_strong, [habit IN habits WHERE habit.service = one.service] AS own
WHERE all(habit IN own WHERE habit.first_hour >= hour)
MATCH (service:User {key: one.service})
CALL (service, user) {
  MATCH (other:User|Host)-[usual:REQUESTED_TICKET]->(service)
  WHERE usual.bucket < $until AND usual.kind = 'ticket_service' AND usual.outcome = 'success' AND other.key <> user
  RETURN sum(CASE WHEN usual.encryption STARTS WITH 'aes' THEN 1 ELSE 0 END) AS strong,
         sum(CASE WHEN usual.encryption IN ['rc4', 'des'] THEN 1 ELSE 0 END) AS others_weak
}
WITH weak_is_rare, user, hour, one, client_strong, strong, others_weak, all(habit IN own WHERE habit.hours < 2) AS once
ORDER BY one.began, one.service
WITH user, hour, collect(one.service) AS service, count(one) AS services, sum(one.weak) AS weak,
     sum(CASE WHEN one.weak = 1 AND strong > 0 THEN 1 ELSE 0 END) AS lowered,
     sum(CASE WHEN one.weak = 1 AND once AND (strong > 0 OR client_strong = 1 OR (weak_is_rare AND others_weak = 0)) THEN 1 ELSE 0 END) AS odd,
     min(one.began) AS began, max(one.ended) AS ended,
     collect(one.sources) AS places, collect(one.proof) AS proof
WHERE weak >= $min_weak OR odd > 0 OR services >= $min_services
WITH user, service, services, weak, lowered, odd, began, ended, proof,
     reduce(seen = [], some IN places | seen + [place IN some WHERE place <> '' AND NOT place IN seen]) AS source
WHERE size($scope) = 0 OR user IN $scope OR any(one IN source + service WHERE one IN $scope)
RETURN user AS user,
       source AS source,
       service[0..50] AS service,
       services AS services,
       weak AS weak,
       lowered AS lowered,
       ended - began AS span,
       began AS first_seen,
       ended AS last_seen,
       20 + 10 * CASE WHEN weak > 5 THEN 5 ELSE weak END + 2 * CASE WHEN services > 10 THEN 10 ELSE services END
         + CASE WHEN odd > 0 THEN 10 ELSE 0 END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, user
