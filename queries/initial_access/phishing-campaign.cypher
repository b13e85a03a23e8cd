// id = "phishing-campaign"
// title = "Others got what was recognised as phishing"
// description = """
// A filter stops a message for some, or takes it back from them, and others keep it: another address of the same message,
// another message with the same link, attachment or sender, or through the same relay. Told is, for each sender whose
// mail was recognised (blocked, quarantined, taken back, a link blocked when opened, or named by `seed`), everybody who has
// mail that shares something with it and was not recognised, and who opened its link. What many senders share (a
// tracker's link, a logo, a large provider's relay) joins nothing, nor does a sender who wrote long before. Misses campaigns
// that no filter recognised anything of. Newsletters that are junk to some and mail to others look the same.
// """
// hypothesis = "The phishing that was stopped for some is in others' mailboxes."
// attack = ["T1566"]
// level = "medium"
// needs = ["mail"]
// helps = ["mail_link", "url_click"]
// summary = "{sender}: {recognised} of its messages were recognised ({subject|no subject}), and {kept} that share {shared} lie with {recipients}; opened by {user|nobody}"
// benign = ["a newsletter or invoice that a filter took for phishing"]
// rule_out = ["look at the message's link and attachment in a sandbox", "does anyone here do business with the sender?"]
// response = ["remove the messages from all mailboxes", "block sender, link and attachment", "reset who opened the link or the attachment, and look at their sign-ins: hunt phished-sign-in"]
// references = ["https://attack.mitre.org/techniques/T1566/"]
// [parameters.caught]
// type = "list"
// default = ["blocked", "quarantined", "deleted"]
// help = "what becomes of a message that was recognised"
// [parameters.seed]
// type = "list"
// default = []
// help = "message ids, links, attachments' hashes, senders or relays to begin from besides"
// [parameters.common]
// type = "integer"
// default = 2
// help = "senders that may share a link, attachment or relay"
// [parameters.known]
// type = "duration"
// default = "7d"
// help = "a sender who wrote this long before is known"
// [parameters.within]
// type = "duration"
// default = "3d"
// help = "how far apart in time mail of one campaign may be"
// [entities.sender]
// label = "Mailbox"
// role = "sender"
// [entities.user]
// label = "User"
// role = "account"
// [entities.recipients]
// label = "Mailbox"
// role = "recipient"
// [entities.messages]
// label = "Message"
// role = "message"
// [entities.urls]
// label = "Url"
// role = "link"
MATCH (mail:Message)-[arrival:DELIVERED_TO]->(box:Mailbox)
WHERE arrival.first_seen >= $since AND arrival.first_seen < $until
WITH mail, min(arrival.first_seen) AS at, collect(DISTINCT arrival.action) AS actions, min(arrival.evidence[0]) AS proof
OPTIONAL MATCH (mail)-[:LINKS_TO]->(link:Url)
WITH mail, at, actions, proof, link
ORDER BY link.key
WITH mail, at, actions, proof, collect(DISTINCT link.key) AS links
OPTIONAL MATCH (mail)-[:ATTACHED]->(part:File)
WITH mail, at, actions, proof, links, collect(DISTINCT part.key) AS parts
OPTIONAL MATCH (relay:IP)-[:RELAYED]->(mail)
WITH mail.key AS message, mail.subject AS subject, mail.sender AS sender, at, actions, proof, links, parts,
     collect(DISTINCT relay.key) AS relays
OPTIONAL MATCH (person:User)-[click:CLICKED]->(link:Url)
WHERE click.message = message AND click.action = 'blocked'
WITH message, subject, sender, at, actions, proof, links, parts, relays, count(click) AS stopped
WHERE any(action IN actions WHERE action IN $caught) OR stopped > 0
   OR message IN $seed OR sender IN $seed OR any(one IN links + parts + relays WHERE one IN $seed)
MATCH (author:Mailbox {key: sender})-[wrote:SENT]->(letter:Message)
WITH sender, message, subject, at, proof, links, parts, relays, min(wrote.first_seen) AS began
WHERE began >= at - $known OR sender IN $seed
WITH sender, message, subject, at, proof, links, parts, relays
ORDER BY at, message
WITH sender, collect(message) AS recognised, min(subject) AS subject, min(at) AS at, collect(proof) AS proofs,
     collect(links) AS link_lists, collect(parts) AS part_lists, collect(relays) AS relay_lists
WITH sender, recognised, subject, at, proofs,
     reduce(all_links = [], some IN link_lists | all_links + some) AS links,
     reduce(all_parts = [], some IN part_lists | all_parts + some) AS parts,
     reduce(all_relays = [], some IN relay_lists | all_relays + some) AS relays
CALL (sender, links, parts, relays, recognised) {
  OPTIONAL MATCH (one:Message)-[:LINKS_TO]->(link:Url)
  WHERE link.key IN links
  WITH sender, links, parts, relays, recognised, link.key AS link, count(DISTINCT one.sender) AS senders,
       collect(DISTINCT one.key) AS found
  WITH sender, parts, relays, recognised, collect(CASE WHEN senders <= $common THEN found ELSE [] END) AS by_link
  OPTIONAL MATCH (one:Message)-[:ATTACHED]->(part:File)
  WHERE part.key IN parts
  WITH sender, relays, recognised, by_link, part.key AS part, count(DISTINCT one.sender) AS senders,
       collect(DISTINCT one.key) AS found
  WITH sender, relays, recognised, by_link, collect(CASE WHEN senders <= $common THEN found ELSE [] END) AS by_part
  OPTIONAL MATCH (relay:IP)-[:RELAYED]->(one:Message)
  WHERE relay.key IN relays
  WITH sender, recognised, by_link, by_part, relay.key AS relay, count(DISTINCT one.sender) AS senders,
       collect(DISTINCT one.key) AS found
  WITH sender, recognised, by_link, by_part, collect(CASE WHEN senders <= $common THEN found ELSE [] END) AS by_relay
  OPTIONAL MATCH (author:Mailbox {key: sender})-[:SENT]->(one:Message)
  WITH recognised, by_link, by_part, by_relay, collect(DISTINCT one.key) AS by_sender
  RETURN reduce(ids = [], some IN by_link | ids + some) AS by_link, reduce(ids = [], some IN by_part | ids + some) AS by_part,
         reduce(ids = [], some IN by_relay | ids + some) AS by_relay, by_sender AS by_sender
}
WITH sender, recognised, subject, at, proofs, links, by_link, by_part, by_relay, by_sender,
     by_link + by_part + by_relay + by_sender + recognised AS related
MATCH (mail:Message)-[arrival:DELIVERED_TO]->(box:Mailbox)
WHERE mail.key IN related AND arrival.first_seen >= at - $within AND arrival.first_seen <= at + $within
WITH sender, recognised, subject, at, proofs, links, by_link, by_part, by_relay, mail.key AS message, box.key AS recipient,
     collect(DISTINCT arrival.action) AS actions, max(arrival.last_seen) AS last, min(arrival.evidence[0]) AS proof
WHERE none(action IN actions WHERE action IN $caught OR action IN ['junked', 'bounced'])
WITH sender, recognised, subject, at, proofs, links, by_link, by_part, by_relay, message, recipient, last, proof
ORDER BY message, recipient
WITH sender, recognised, subject, at, proofs, links, by_link, by_part, by_relay, collect(DISTINCT message) AS kept,
     collect(DISTINCT recipient) AS recipients, max(last) AS last, collect(proof) AS kept_proofs
OPTIONAL MATCH (person:User)-[click:CLICKED]->(link:Url)
WHERE link.key IN links AND click.action <> 'blocked' AND click.first_seen >= at - $within AND click.first_seen <= at + $within
WITH sender, recognised, subject, at, proofs, links, by_link, by_part, by_relay, kept, recipients, last, kept_proofs, person, click
ORDER BY person.key
WITH sender, recognised, subject, at, proofs, links, by_link, by_part, by_relay, kept, recipients, last, kept_proofs,
     collect(DISTINCT person.key) AS openers, collect(click.evidence[0]) AS click_proofs
WHERE size($scope) = 0 OR sender IN $scope OR any(one IN recipients + openers + kept + links WHERE one IN $scope)
RETURN sender AS sender,
       openers AS user,
       recipients AS recipients,
       kept AS messages,
       links[0..5] AS urls,
       subject AS subject,
       size(recognised) AS recognised,
       size(kept) AS kept,
       CASE WHEN any(one IN kept WHERE one IN recognised) THEN 'the message itself'
            WHEN any(one IN kept WHERE one IN by_part) THEN 'an attachment'
            WHEN any(one IN kept WHERE one IN by_link) THEN 'a link'
            WHEN any(one IN kept WHERE one IN by_relay) THEN 'the relay' ELSE 'the sender' END AS shared,
       at AS first_seen,
       last AS last_seen,
       CASE WHEN size(openers) > 0 THEN 'high' ELSE 'medium' END AS level,
       35 + CASE WHEN size(openers) > 0 THEN 30 ELSE 0 END + CASE WHEN size(recipients) >= 10 THEN 15 ELSE 0 END AS score,
       proofs + kept_proofs + click_proofs AS evidence
ORDER BY score DESC, first_seen, sender
