// id = "asrep-roast"
// title = "Ticket taken for an account without pre-authentication"
// description = """
// An account that need not pre-authenticate gets a ticket-granting ticket for anyone who names it, and part of the answer
// is encrypted with its password, to be guessed offline. Told are such tickets (4768 with pre-authentication type 0)
// that were never used: whoever does not know the password cannot ask a service's ticket with it. Misses a ticket taken
// from the machine that the account itself works on at that time. Old Unix and Java clients that need no
// pre-authentication look like it, but they go on to ask for service tickets.
// """
// hypothesis = "Somebody takes encrypted answers for accounts without pre-authentication, to crack their passwords."
// attack = ["T1558.004"]
// level = "high"
// needs = ["ticket_granting_ticket"]
// helps = ["service_ticket"]
// summary = "Tickets for {user} were given to {source|a machine not known} without pre-authentication, and not used ({weak} in RC4)"
// benign = ["an appliance or script checks that the domain controller answers"]
// rule_out = ["does the account ask for service tickets from the same source at other times?", "was the ticket asked for in RC4, while the domain uses AES?"]
// response = ["require pre-authentication for the account", "change its password, long and random", "find what asked on the source", "look for accounts that do not exist, asked for by the same source: hunt user-enumeration"]
// references = ["https://attack.mitre.org/techniques/T1558/004/", "https://learn.microsoft.com/windows/security/threat-protection/auditing/event-4768"]
// [parameters.within]
// type = "duration"
// default = "10h"
// help = "how long a ticket may lie before it is used"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
MATCH (account:User)-[given:REQUESTED_TICKET]->(service:User|Host)
WHERE given.bucket >= $since AND given.bucket < $until AND given.kind = 'ticket_granting'
  AND given.outcome = 'success' AND given.preauth = 0
WITH account, given
WHERE size($scope) = 0 OR account.key IN $scope OR given.source IN $scope
CALL (account, given) {
  MATCH (account)-[use:REQUESTED_TICKET]->(service:User|Host)
  WHERE use.kind = 'ticket_service' AND use.outcome = 'success' AND use.source = given.source
    AND use.last_seen >= given.first_seen AND use.first_seen <= given.last_seen + $within
  RETURN count(use) AS uses
}
WITH account, given, uses
WHERE uses = 0
WITH account, given
ORDER BY given.first_seen, account.key
WITH given.source AS source, count(DISTINCT account.key) AS accounts, collect(DISTINCT account.key) AS user,
     sum(CASE WHEN given.encryption IN ['rc4', 'des'] THEN 1 ELSE 0 END) AS weak,
     min(given.first_seen) AS began, max(given.last_seen) AS ended, collect(given.evidence) AS proof
RETURN user AS user,
       source AS source,
       accounts AS accounts,
       weak AS weak,
       began AS first_seen,
       ended AS last_seen,
       40 + CASE WHEN weak > 0 THEN 20 ELSE 0 END + 10 * CASE WHEN accounts > 4 THEN 4 ELSE accounts END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, source
