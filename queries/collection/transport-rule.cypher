// id = "transport-rule"
// title = "Transport rule that sends mail outside"
// description = """
// With an Exchange administrator's account, an attacker makes a rule of the organisation's transport that copies or redirects
// everybody's mail; no mailbox shows it. Told is each such rule made or changed that names an address in a domain where the
// organisation has no mailbox; redirecting, and an actor who made no transport rule before, weigh more. Misses rules to a
// mailbox inside, journaling, connectors, and rules made before the telemetry begins. Archives and filters outside look the same.
// """
// hypothesis = "Somebody has the mail of many mailboxes sent to an address of theirs."
// attack = ["T1114.003"]
// level = "high"
// needs = ["transport_rule"]
// summary = "{user} made or changed the transport rule {name} ({actions}; {conditions|on every message}), which sends mail to {outside}, from {source|an address that no log names}"
// benign = ["an archive, fax or filter service outside takes the mail", "mail is moved to another provider"]
// rule_out = ["is there a change request for it?", "is the address a contractor's or a service's that is known here?", "does the actor look after mail?"]
// response = ["disable the rule", "end the actor's sessions and reset the account", "list what went to the address (message trace)", "look at what else the actor changed"]
// references = ["https://attack.mitre.org/techniques/T1114/003/"]
// [parameters.allowed]
// type = "list"
// default = []
// help = "domains outside that mail may be sent to"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "IP"
// role = "source"
// [entities.outside]
// label = "Mailbox"
// role = "forwarded to"
MATCH (own:Mailbox)
WHERE own.internal = true
WITH collect(DISTINCT own.domain) AS inside
MATCH (account:User)-[made:CREATED_RULE]->(rule:MailRule)
WHERE made.first_seen >= $since AND made.first_seen < $until
  AND made.operation IN ['transport_rule_created', 'transport_rule_changed']
WITH inside, account.key AS user, rule, made.first_seen AS at, made.source AS source, made.evidence AS evidence
MATCH (rule)-[forward:FORWARDS_TO]->(box:Mailbox)
WHERE forward.first_seen <= at
WITH inside, user, rule.name AS name, coalesce(rule.actions, '') AS actions, rule.conditions AS conditions, at, source,
     evidence, max(forward.first_seen) AS latest, collect([box.key, box.domain, forward.first_seen]) AS addresses
// A change that names addresses replaces those before it; one that names none leaves them.
UNWIND [one IN addresses WHERE one[2] = latest] AS one
WITH inside, user, name, actions, conditions, at, source, evidence, one[0] AS outside, one[1] AS domain
WHERE NOT domain IN inside AND NOT domain IN $allowed
OPTIONAL MATCH (account:User {key: user})-[earlier:CREATED_RULE]->(other:MailRule)
WHERE earlier.first_seen < at AND earlier.operation IN ['transport_rule_created', 'transport_rule_changed']
WITH user, name, actions, conditions, at, source, evidence, outside, count(other) AS rules_before
WHERE size($scope) = 0 OR user IN $scope OR source IN $scope OR outside IN $scope
RETURN user AS user,
       source AS source,
       outside AS outside,
       name AS name,
       actions AS actions,
       conditions AS conditions,
       rules_before AS rules_before,
       at AS first_seen,
       at AS last_seen,
       60 + CASE WHEN actions CONTAINS 'redirect' THEN 15 ELSE 0 END + CASE WHEN rules_before = 0 THEN 10 ELSE 0 END AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, user, name, outside
