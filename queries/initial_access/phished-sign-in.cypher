// id = "phished-sign-in"
// title = "Link opened, then a sign-in from a new place"
// description = """
// A link in mail leads to a page that asks for the password, or passes the sign-in on; whoever runs the page signs in soon after,
// from a place of their own. Told is an account's first successful sign-in from an address within `within` of a link that its
// owner opened, where the address is none that the link was opened from: delivery, click and sign-in as one path. A network
// or country that is new to the account, and a sender who never wrote before, weigh more. Misses links that no log shows
// opened (a telephone's own browser, codes in pictures), and attackers who come from a network that the account uses. An owner who
// opens mail on one machine and signs in from a hotel on another looks the same.
// """
// hypothesis = "Somebody signs in with what an account's owner typed into a page that a mail led to."
// attack = ["T1566.002", "T1078.004"]
// level = "high"
// needs = ["url_click", ["sign_in", "remote_sign_in"]]
// helps = ["mail", "mail_link"]
// baseline = true
// summary = "{user} opened {url} from the message {subject|that no log shows} of {sender|an unknown sender} and {gap:duration} later signed in from {source} ({country|country not known}) for the first time"
// benign = ["the owner works on, from a new place or another network", "the link is one that leads to the organisation's own sign-in"]
// rule_out = ["ask the owner by telephone: where were they, and what did the page ask for?", "does the address belong to a hosting company or an anonymising network?", "did others who got the message sign in from the same address?"]
// response = ["end the account's sessions, reset it and its second factors", "look what the session did: hunts hiding-inbox-rule, external-forwarding, new-mfa-method, app-consent", "find everyone who got it: hunt phishing-campaign", "block the link and the address"]
// references = ["https://attack.mitre.org/techniques/T1566/002/"]
// [parameters.within]
// type = "duration"
// default = "24h"
// help = "how long after the click the sign-in counts"
// [parameters.egress]
// type = "list"
// default = ["vpn", "egress"]
// help = "tags of addresses that say nothing of where a person is"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "IP"
// role = "source"
// [entities.url]
// label = "Url"
// role = "link"
// [entities.message]
// label = "Message"
// role = "message"
// [entities.sender]
// label = "Mailbox"
// role = "sender"
MATCH (person:User)-[click:CLICKED]->(link:Url)
WHERE click.bucket < $until AND click.last_seen >= $since - $within AND click.action <> 'blocked'
WITH person.key AS user, link.key AS url, click.first_seen AS clicked, click.source AS place, click.message AS message,
     click.evidence AS click_proof
MATCH (account:User {key: user})-[entry:SIGNED_IN_FROM]->(address:IP)
WHERE entry.bucket < $until AND entry.first_seen >= $since AND entry.outcome = 'success'
  AND entry.first_seen >= clicked AND entry.first_seen <= clicked + $within AND address.key <> place
  AND none(tag IN split(coalesce(address.tags, ''), ',') WHERE tag IN $egress)
WITH user, url, clicked, message, click_proof, address.key AS source,
     CASE WHEN entry.network <> '' THEN entry.network ELSE coalesce(address.asn, '') END AS network,
     CASE WHEN entry.country <> '' THEN entry.country ELSE coalesce(address.country, '') END AS country,
     entry.first_seen AS at, entry.evidence AS entry_proof
ORDER BY at, clicked DESC, url
WITH user, source, network, country,
     collect({url: url, clicked: clicked, message: message, at: at, proof: click_proof + entry_proof}) AS pairs
WITH user, source, network, country, pairs[0] AS pair
WITH user, source, network, country, pair.url AS url, pair.clicked AS clicked, pair.message AS named, pair.at AS at,
     pair.proof AS proof
// An address is new where no sign-in came from it before, also none between the click and this one.
MATCH (account:User {key: user})-[earlier:SIGNED_IN_FROM]->(other:IP)
WHERE earlier.outcome = 'success' AND earlier.first_seen < at
WITH user, source, network, country, url, clicked, named, at, proof, collect(DISTINCT other.key) AS places,
     collect(DISTINCT CASE WHEN earlier.network <> '' THEN earlier.network ELSE coalesce(other.asn, '') END) AS networks,
     collect(DISTINCT CASE WHEN earlier.country <> '' THEN earlier.country ELSE coalesce(other.country, '') END) AS countries
WHERE NOT source IN places
WITH user, source, country, url, clicked, named, at, proof,
     network <> '' AND NOT network IN networks AS new_network, country <> '' AND NOT country IN countries AS new_country
CALL (user) {
  OPTIONAL MATCH (owner:User {key: user})-[:OWNS]->(box:Mailbox)
  RETURN collect(DISTINCT box.key) AS owned
}
CALL (user, owned, url, clicked, named) {
  MATCH (mail:Message)-[arrival:DELIVERED_TO]->(box:Mailbox)
  WHERE (box.key = user OR box.key IN owned) AND arrival.first_seen <= clicked
  WITH mail, arrival
  WHERE mail.key = named OR EXISTS { MATCH (mail)-[:LINKS_TO]->(link:Url) WHERE link.key = url }
  WITH mail.key AS message, mail.subject AS subject, mail.sender AS sender, arrival.first_seen AS delivered,
       arrival.evidence AS proof
  ORDER BY delivered DESC, message
  RETURN collect({message: message, subject: subject, sender: sender, delivered: delivered, proof: proof}) AS mails
}
WITH user, source, country, url, clicked, at, proof, new_network, new_country,
     CASE WHEN size(mails) > 0 THEN mails[0].message ELSE '' END AS message,
     CASE WHEN size(mails) > 0 THEN mails[0].subject END AS subject,
     CASE WHEN size(mails) > 0 THEN mails[0].sender END AS sender,
     CASE WHEN size(mails) > 0 THEN mails[0].delivered ELSE clicked END AS begun,
     CASE WHEN size(mails) > 0 THEN mails[0].proof ELSE [] END AS delivery
CALL (sender, begun) {
  MATCH (author:Mailbox)-[wrote:SENT]->(mail:Message)
  WHERE author.key = sender AND wrote.first_seen < begun
  RETURN count(mail) AS wrote_before
}
WITH user, source, country, url, clicked, at, proof + delivery AS evidence, new_network, new_country, message, subject,
     sender, begun, sender IS NOT NULL AND wrote_before = 0 AS new_sender
WHERE (new_network OR new_country OR new_sender)
  AND (size($scope) = 0 OR user IN $scope OR source IN $scope OR url IN $scope OR message IN $scope OR sender IN $scope)
RETURN user AS user,
       source AS source,
       url AS url,
       message AS message,
       sender AS sender,
       subject AS subject,
       country AS country,
       new_country AS new_country,
       new_sender AS new_sender,
       at - clicked AS gap,
       begun AS first_seen,
       at AS last_seen,
       CASE WHEN new_network OR new_country THEN 'high' ELSE 'medium' END AS level,
       50 + CASE WHEN new_country THEN 20 WHEN new_network THEN 10 ELSE 0 END + CASE WHEN new_sender THEN 15 ELSE 0 END
         AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, user, source
