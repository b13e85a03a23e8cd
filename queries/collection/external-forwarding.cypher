// id = "external-forwarding"
// title = "Mail forwarded to an address outside"
// description = """
// Whoever has got into a mailbox keeps reading it after the password is changed: an inbox rule or the mailbox's own setting
// sends its mail on to an address outside. Told is each first forwarding to a domain in which the organisation has no
// mailbox, with who set it, the owner or another; several mailboxes that forward to one domain, and a rule that also deletes,
// weigh more. Misses forwarding to a mailbox inside that is read by the attacker, and mail that a program fetches; the
// organisation's own rules are transport-rule's.
// People who send their mail home, shared services and ticket systems look the same.
// """
// hypothesis = "Somebody has the organisation's mail sent to an address of theirs."
// attack = ["T1114.003"]
// level = "high"
// needs = [["mail_forwarding", "inbox_rule"]]
// helps = ["sign_in"]
// summary = "{mailbox} forwards its mail to {outside} by {means}, which {user|somebody whom no log names} set from {source|an address that no log names}"
// benign = ["the owner sends mail to a private address, with or without leave", "a ticket system, fax or archive service outside takes the mail"]
// rule_out = ["ask the owner by telephone, not by mail", "is the domain a partner's or a service's that others here use?", "had the one who set it come from that address before?"]
// response = ["remove the forwarding", "end the account's sessions and reset it", "list what was forwarded since (message trace to the address)", "look for other mailboxes that forward to the same domain"]
// references = ["https://attack.mitre.org/techniques/T1114/003/"]
// [parameters.allowed]
// type = "list"
// default = []
// help = "domains outside that mail may be forwarded to"
// [parameters.before]
// type = "duration"
// default = "24h"
// help = "where the event names no address: how long before it the account's last sign-in may have been"
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
WHERE forward.first_seen < $until AND NOT outside.domain IN inside AND NOT outside.domain IN $allowed
WITH via.key AS via, via.actions AS actions, outside.key AS outside, outside.domain AS domain, forward.reason AS reason,
     forward.first_seen AS at, forward.actor AS actor, forward.source AS source, forward.evidence AS evidence
ORDER BY at, actor
WITH via, actions, outside, domain, reason, collect([at, actor, source, evidence]) AS times
WHERE times[0][0] >= $since
WITH via, actions, outside, domain, reason, times[0][0] AS at, times[size(times) - 1][0] AS until, times[0][1] AS actor,
     times[0][2] AS named, times[0][3] AS evidence
OPTIONAL MATCH (maker:User)-[made:CREATED_RULE]->(rule:MailRule {key: via})
WHERE made.operation IN ['transport_rule_created', 'transport_rule_changed']
WITH via, actions, outside, domain, reason, at, until, actor, named, evidence, count(made) AS of_all
WHERE of_all = 0
OPTIONAL MATCH (rule:MailRule {key: via})-[:ON]->(box:Mailbox)
WITH via, actions, outside, domain, reason, at, until, actor, named, evidence, coalesce(box.key, via) AS mailbox
OPTIONAL MATCH (owner:User)-[:OWNS]->(box:Mailbox {key: mailbox})
WITH mailbox, actions, outside, domain, reason, at, until, actor, named, evidence, min(owner.key) AS owner
WITH mailbox, actions, outside, domain, reason, at, until, named, evidence, owner,
     CASE WHEN actor <> '' THEN actor ELSE owner END AS user
OPTIONAL MATCH (account:User {key: user})-[entry:SIGNED_IN_FROM]->(address:IP)
WHERE named = '' AND entry.outcome = 'success' AND entry.first_seen <= at AND entry.last_seen >= at - $before
WITH mailbox, actions, outside, domain, reason, at, until, named, evidence, owner, user, address.key AS address,
     entry.evidence AS proof, CASE WHEN entry.last_seen <= at THEN entry.last_seen ELSE entry.first_seen END AS entered
ORDER BY entered DESC, address
WITH mailbox, actions, outside, domain, reason, at, until, named, evidence, owner, user,
     head(collect(address)) AS address, head(collect(proof)) AS proof
ORDER BY at, mailbox, outside
WITH domain, collect(DISTINCT mailbox) AS together,
     collect({mailbox: mailbox, actions: coalesce(actions, ''), outside: outside, reason: reason, at: at, until: until,
              evidence: evidence, owner: owner, user: user, source: CASE WHEN named <> '' THEN named ELSE address END,
              proof: coalesce(proof, [])}) AS forwards
UNWIND forwards AS one
WITH together, one, one.user AS user, one.source AS source, one.mailbox AS mailbox, one.outside AS outside
WHERE size($scope) = 0 OR user IN $scope OR mailbox IN $scope OR outside IN $scope OR source IN $scope
RETURN user AS user,
       source AS source,
       mailbox AS mailbox,
       outside AS outside,
       CASE WHEN one.reason = 'rule' THEN 'an inbox rule' ELSE 'its own setting' END AS means,
       CASE WHEN one.owner IS NULL THEN 'not known' WHEN one.owner = user THEN 'the owner' ELSE 'another than the owner' END
         AS set_by,
       size(together) AS mailboxes_to_domain,
       one.at AS first_seen,
       one.until AS last_seen,
       50 + CASE WHEN size(together) > 1 THEN 20 ELSE 0 END + CASE WHEN one.actions CONTAINS 'delete' THEN 15 ELSE 0 END
         AS score,
       one.evidence + one.proof AS evidence
ORDER BY score DESC, first_seen, mailbox, outside
