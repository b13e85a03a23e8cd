// id = "hiding-inbox-rule"
// title = "Inbox rule that hides mail"
// description = """
// Before a compromised mailbox is used for fraud, a rule deletes or moves away the answers and warnings, so that its owner
// sees nothing. Told is each inbox rule made or changed that deletes, moves or marks as read; one made from an address
// that the account did not sign in from until shortly before weighs more, and so does one without a telling name. Misses
// rules kept in the program alone, hidden folders, and rules whose making was not audited. People tidy their mail by
// rules all the time, but from the addresses they always use.
// """
// hypothesis = "Somebody hides answers to the mail they send from another's mailbox."
// attack = ["T1564.008"]
// level = "medium"
// needs = ["inbox_rule"]
// helps = ["sign_in"]
// summary = "{user} made the rule {name} ({actions}; {conditions|on every message}) from {source|an address that no log names}, {place}"
// benign = ["the owner tidies newsletters or notices away", "the owner travels or has a new line"]
// rule_out = ["do the words it looks for speak of payment, fraud, or a person?", "was the address the owner's before, and is it after?", "where does it move the mail to: RSS feeds, archive, deleted items?"]
// response = ["remove the rule, and look for what it hid", "end the account's sessions and reset it", "list what the mailbox sent since", "look for rules of the same name or address elsewhere"]
// references = ["https://attack.mitre.org/techniques/T1564/008/"]
// [parameters.fresh]
// type = "duration"
// default = "24h"
// help = "an address that the account first came from within this time before the rule is new"
// [parameters.least]
// type = "integer"
// default = 30
// help = "the score below which a rule is not shown"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "IP"
// role = "source"
// [entities.mailbox]
// label = "Mailbox"
// role = "target"
MATCH (account:User)-[made:CREATED_RULE]->(rule:MailRule)
WHERE made.first_seen >= $since AND made.first_seen < $until AND made.operation IN ['rule_created', 'rule_changed']
  AND rule.actions =~ '(?i).*(delete|move|mark_read).*'
WITH account.key AS user, rule, made.first_seen AS at, made.source AS source, made.evidence AS evidence
OPTIONAL MATCH (rule)-[:ON]->(box:Mailbox)
WITH user, rule.name AS name, rule.actions AS actions, rule.conditions AS conditions, box.key AS mailbox, at, source, evidence
OPTIONAL MATCH (account:User {key: user})-[entry:SIGNED_IN_FROM]->(address:IP)
WHERE entry.outcome = 'success' AND entry.first_seen <= at
WITH user, name, actions, conditions, mailbox, at, source, evidence,
     min(CASE WHEN address.key = source THEN entry.first_seen END) AS since_when,
     min(CASE WHEN address.key <> source THEN entry.first_seen END) AS known_before
WITH user, name, actions, conditions, mailbox, at, source, evidence,
     source <> '' AND known_before IS NOT NULL AND known_before < at - $fresh
       AND (since_when IS NULL OR since_when >= at - $fresh) AS fresh,
     NOT coalesce(name, '') =~ '.*[A-Za-z0-9].*[A-Za-z0-9].*[A-Za-z0-9].*' OR name = '(no name)' AS nameless
WITH user, name, actions, conditions, mailbox, at, source, evidence, fresh,
     CASE WHEN actions CONTAINS 'delete' THEN 30 ELSE 15 END + CASE WHEN fresh THEN 35 ELSE 0 END
       + CASE WHEN nameless THEN 15 ELSE 0 END
       + CASE WHEN coalesce(conditions, '') =~ '(?i).*(invoice|payment|bank|wire|transfer|phish|hack|fraud|virus|password|docusign).*'
              THEN 15 ELSE 0 END AS score
WHERE score >= $least
  AND (size($scope) = 0 OR user IN $scope OR mailbox IN $scope OR source IN $scope)
RETURN user AS user,
       source AS source,
       mailbox AS mailbox,
       name AS name,
       actions AS actions,
       conditions AS conditions,
       CASE WHEN fresh THEN 'which the account had not come from before' ELSE 'which is not known to be new' END AS place,
       at AS first_seen,
       at AS last_seen,
       CASE WHEN fresh THEN 'high' ELSE 'medium' END AS level,
       score AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, user, name
