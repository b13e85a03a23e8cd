// id = "external-forwarding"
// title = "Mail forwarded to an address outside"
// description = """
// Whoever has got into a mailbox keeps reading it after the password is changed: an inbox rule or the mailbox's own setting
// sends its mail on to an address outside. Told is each first forwarding to a domain in which the organisation has no
// mailbox; several mailboxes that forward to one domain, and a rule that also deletes, weigh more. Misses forwarding to a
// mailbox inside that is read by the attacker, transport rules without a named rule, and mail that a program fetches.
// People who send their mail home, shared services and ticket systems look the same.
// """
// hypothesis = "Somebody has the organisation's mail sent to an address of theirs."
// attack = ["T1114.003"]
// level = "high"
// needs = [["mail_forwarding", "inbox_rule"]]
// helps = ["sign_in"]
// summary = "{mailbox} forwards its mail to {outside} by {means}; {user|its owner} last signed in from {source|an address that no log names}"
// benign = ["the owner sends mail to a private address, with or without leave", "a ticket system, fax or archive service outside takes the mail"]
// rule_out = ["ask the owner by telephone, not by mail", "is the domain a partner's or a service's that others here use?", "was the address of that sign-in the owner's before?"]
// response = ["remove the forwarding", "end the account's sessions and reset it", "list what was forwarded since (message trace to the address)", "look for other mailboxes that forward to the same domain"]
// references = ["https://attack.mitre.org/techniques/T1114/003/"]
// [parameters.allowed]
// type = "list"
// default = []
// help = "domains outside that mail may be forwarded to"
// [parameters.before]
// type = "duration"
// default = "24h"
// help = "how long before it the owner's last sign-in may have been"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "IP"
// role = "source"
// [entities.mailbox]
// label = "Mailbox"
// role = "target"
// [entities.outside]
// label = "Mailbox"
// role = "forwarded to"
MATCH (own:Mailbox)
WHERE own.internal = true
WITH collect(DISTINCT own.domain) AS inside
MATCH (via:MailRule|Mailbox)-[forward:FORWARDS_TO]->(outside:Mailbox)
WHERE forward.first_seen >= $since AND forward.first_seen < $until
  AND NOT outside.domain IN inside AND NOT outside.domain IN $allowed
WITH via.key AS via, via.actions AS actions, outside.key AS outside, outside.domain AS domain, forward.first_seen AS at,
     forward.last_seen AS until, forward.reason AS reason, forward.evidence AS evidence
OPTIONAL MATCH (rule:MailRule {key: via})-[:ON]->(box:Mailbox)
WITH via, actions, outside, domain, at, until, reason, evidence, coalesce(box.key, via) AS mailbox
OPTIONAL MATCH (owner:User)-[:OWNS]->(box:Mailbox {key: mailbox})
WITH mailbox, actions, outside, domain, at, until, reason, evidence, min(owner.key) AS user
OPTIONAL MATCH (account:User {key: user})-[entry:SIGNED_IN_FROM]->(address:IP)
WHERE entry.outcome = 'success' AND entry.first_seen <= at AND entry.last_seen >= at - $before
WITH mailbox, actions, outside, domain, at, until, reason, evidence, user, address.key AS address, entry.evidence AS proof,
     CASE WHEN entry.last_seen <= at THEN entry.last_seen ELSE entry.first_seen END AS entered
ORDER BY entered DESC, address
WITH mailbox, actions, outside, domain, at, until, reason, evidence, user, head(collect(address)) AS source,
     head(collect(proof)) AS proof
ORDER BY at, mailbox, outside
WITH domain, collect(DISTINCT mailbox) AS together,
     collect([mailbox, actions, outside, at, until, reason, evidence, user, source, proof]) AS forwards
UNWIND forwards AS one
WITH together, one[0] AS mailbox, coalesce(one[1], '') AS actions, one[2] AS outside, one[3] AS at, one[4] AS until,
     one[5] AS reason, one[6] AS evidence, one[7] AS user, one[8] AS source, one[9] AS proof
WHERE size($scope) = 0 OR user IN $scope OR mailbox IN $scope OR outside IN $scope OR source IN $scope
RETURN user AS user,
       source AS source,
       mailbox AS mailbox,
       outside AS outside,
       CASE WHEN reason = 'rule' THEN 'an inbox rule' ELSE 'its own setting' END AS means,
       size(together) AS mailboxes_to_domain,
       at AS first_seen,
       until AS last_seen,
       50 + CASE WHEN size(together) > 1 THEN 20 ELSE 0 END + CASE WHEN actions CONTAINS 'delete' THEN 15 ELSE 0 END AS score,
       evidence + coalesce(proof, []) AS evidence
ORDER BY score DESC, first_seen, mailbox, outside
