// id = "external-sends"
// title = "Much mail to an address outside that nobody wrote to"
// description = """
// What was found is mailed out, to a mailbox of the attacker's or of the leaver's own. Told is a mailbox that within a day sends
// many messages to a domain outside to which nobody of the organisation wrote before, more than it sends to any one domain
// on its other days; attachments weigh more. Misses a few large messages, mail to domains that are used anyway (the
// large free providers, once anyone wrote there), and what leaves by other ways. A new customer or supplier looks the same,
// but is seldom sent so much at once and answers.
// """
// hypothesis = "Somebody mails what they gathered out of the organisation."
// attack = ["T1048.003", "T1567"]
// level = "medium"
// needs = ["mail"]
// baseline = true
// summary = "{sender} sent {messages} messages to {domain} within a day ({attachments} with attachments), where nobody had written before; its busiest other day with one domain: {usual}"
// benign = ["work with a new customer, supplier or authority", "a newsletter's or a survey's recipients"]
// rule_out = ["did the other side write first, or answer?", "ask the sender's superior what was sent", "what do the attachments hold, by name and size?"]
// response = ["list subjects and attachments of what was sent", "stop mail to the domain", "look at the sender's sign-ins and rules: hunts phished-sign-in, external-forwarding"]
// references = ["https://attack.mitre.org/techniques/T1048/003/", "https://attack.mitre.org/techniques/T1567/"]
// [parameters.minimum]
// type = "integer"
// default = 10
// help = "messages to the new domain within a day below which nothing is told"
// [parameters.weight]
// type = "integer"
// default = 2
// help = "messages that one with attachments counts for"
// [parameters.factor]
// type = "number"
// default = 2
// help = "times what the mailbox sent to any one domain on another day"
// [parameters.day]
// type = "duration"
// default = "1d"
// help = "the span that messages are counted over"
// [parameters.known]
// type = "duration"
// default = "3d"
// help = "how much mail there must be before, for a domain to be new"
// [parameters.allowed]
// type = "list"
// default = []
// help = "domains outside that nothing is told of"
// [entities.user]
// label = "User"
// role = "account"
// [entities.sender]
// label = "Mailbox"
// role = "sender"
// [entities.recipients]
// label = "Mailbox"
// role = "recipient"
MATCH (own:Mailbox)
WHERE own.internal = true
WITH collect(DISTINCT own.domain) AS inside
MATCH (author:Mailbox)-[wrote:SENT]->(mail:Message)
WHERE wrote.first_seen >= $baseline_since AND wrote.first_seen < $until AND author.domain IN inside
WITH inside, author.key AS sender, mail, wrote.first_seen AS at, wrote.evidence[0] AS proof
MATCH (mail)-[arrival:DELIVERED_TO]->(box:Mailbox)
WHERE NOT box.domain IN inside AND box.domain <> '' AND NOT box.domain IN $allowed
WITH sender, mail.key AS message, mail, at, proof, box.key AS recipient, box.domain AS domain
OPTIONAL MATCH (mail)-[:ATTACHED]->(part:File)
WITH sender, message, at, proof, domain, count(part) AS parts, collect(DISTINCT recipient) AS recipients
WITH sender, message, at, proof, domain, parts > 0 AS attached, recipients
ORDER BY at, message
WITH domain, min(at) AS opened, collect({sender: sender, at: at, proof: proof, attached: attached, recipients: recipients}) AS mails
UNWIND mails AS one
WITH domain, opened, one.sender AS sender, one.at / $day AS day, one AS mail
WITH domain, opened, sender, day, count(mail) AS messages, sum(CASE WHEN mail.attached THEN 1 ELSE 0 END) AS attachments,
     min(mail.at) AS first, max(mail.at) AS last, min(mail.proof) AS earliest, max(mail.proof) AS latest,
     collect(mail.recipients) AS boxes
ORDER BY day, domain
WITH min(opened) AS begun, collect({domain: domain, opened: opened, sender: sender, day: day, messages: messages,
     attachments: attachments, first: first, last: last, proof: [earliest, latest], boxes: boxes}) AS rows
UNWIND rows AS one
WITH begun, one.sender AS sender, collect(one) AS days
UNWIND days AS busy
WITH begun, sender, busy,
     reduce(most = 0, other IN days | CASE WHEN other.day <> busy.day AND other.messages > most THEN other.messages ELSE most END)
       AS usual
WHERE busy.first >= $since AND busy.opened >= busy.first AND busy.opened - $known >= begun
  AND busy.messages + ($weight - 1) * busy.attachments >= $minimum AND busy.messages >= $factor * usual
WITH sender, busy, usual,
     reduce(found = [], some IN busy.boxes | found + [box IN some WHERE NOT box IN found]) AS recipients
CALL (sender) {
  OPTIONAL MATCH (owner:User)-[:OWNS]->(box:Mailbox {key: sender})
  WITH collect(DISTINCT owner.key) AS owners
  OPTIONAL MATCH (namesake:User {key: sender})
  RETURN CASE WHEN size(owners) > 0 THEN owners[0] ELSE namesake.key END AS user
}
WITH sender, busy, usual, recipients, user
WHERE size($scope) = 0 OR sender IN $scope OR user IN $scope OR any(box IN recipients WHERE box IN $scope)
RETURN user AS user,
       sender AS sender,
       recipients AS recipients,
       busy.domain AS domain,
       busy.messages AS messages,
       busy.attachments AS attachments,
       usual AS usual,
       busy.first AS first_seen,
       busy.last AS last_seen,
       40 + CASE WHEN 2 * busy.attachments >= busy.messages THEN 20 ELSE 0 END + CASE WHEN usual = 0 THEN 0 ELSE 10 END AS score,
       busy.proof AS evidence
ORDER BY score DESC, first_seen, sender, domain
