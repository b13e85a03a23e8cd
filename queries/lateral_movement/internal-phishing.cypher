// id = "internal-phishing"
// title = "Burst of internal mail with one link"
// description = """
// Whoever holds a mailbox uses its name to phish colleagues, who trust it. Told is a mailbox that within an hour sends many
// colleagues mail with links to one site, far more of them than it writes to in its other hours, where no colleague mailed
// links to that site before. A sign-in from a place new to the owner within a day before, or an inbox rule made then, raises
// it. Misses mail with attachments only, links to sites that the organisation uses (a shared document there), and a burst
// that goes to a list's one address. Newsletters of personnel or the works council with a link to a new survey look the same.
// """
// hypothesis = "Somebody in a colleague's mailbox phishes the organisation from inside."
// attack = ["T1534", "T1566.002"]
// level = "high"
// needs = ["mail", "mail_link"]
// helps = ["sign_in", "inbox_rule"]
// baseline = true
// summary = "{sender} mailed {reached} colleagues a link to {site} within an hour ({subject|no subject}); its other hours reached at most {usual}; before it: {sign|nothing odd}"
// benign = ["a survey, invitation or newsletter went out from a person's mailbox", "a new internal service was announced by its address"]
// rule_out = ["is the site the organisation's, or a service's that it uses?", "ask the sender by telephone", "did the mail come from the sender's usual client and address?"]
// response = ["remove the message from all mailboxes (list: hunt phishing-campaign)", "end the sender's sessions and reset the account", "find who opened the link: hunt phished-sign-in", "look at the mailbox's rules and forwarding"]
// references = ["https://attack.mitre.org/techniques/T1534/"]
// [parameters.minimum]
// type = "integer"
// default = 10
// help = "colleagues reached within an hour below which nobody is looked at"
// [parameters.factor]
// type = "number"
// default = 3
// help = "times the most colleagues that another hour of the sender's reached"
// [parameters.hour]
// type = "duration"
// default = "1h"
// help = "the span that colleagues are counted over"
// [parameters.before]
// type = "duration"
// default = "24h"
// help = "how long before the burst a sign of compromise counts"
// [entities.user]
// label = "User"
// role = "account"
// [entities.sender]
// label = "Mailbox"
// role = "sender"
// [entities.source]
// label = "IP"
// role = "source"
// [entities.urls]
// label = "Url"
// role = "link"
// [entities.recipients]
// label = "Mailbox"
// role = "recipient"
MATCH (author:Mailbox)-[wrote:SENT]->(mail:Message)
WHERE wrote.first_seen >= $baseline_since AND wrote.first_seen < $until AND author.internal = true
WITH author.key AS sender, mail, wrote.first_seen AS at, wrote.evidence[0] AS proof
MATCH (mail)-[arrival:DELIVERED_TO]->(box:Mailbox)
WHERE box.internal = true AND box.key <> sender
WITH sender, mail, at, proof, collect(DISTINCT box.key) AS boxes
OPTIONAL MATCH (mail)-[:LINKS_TO]->(link:Url)
WITH sender, at, proof, boxes, mail.subject AS subject, coalesce(link.host, '') AS site, link.key AS url
// One row for each hour and site; the row of mail without links counts for what is usual.
UNWIND boxes AS box
WITH sender, at, proof, subject, site, url, box
ORDER BY box, url
WITH sender, at / $hour AS slot, site, count(DISTINCT box) AS reached, collect(DISTINCT box) AS boxes,
     collect(DISTINCT url) AS urls, min(at) AS first, max(at) AS last, min(proof) AS earliest, max(proof) AS latest,
     min(subject) AS subject
ORDER BY slot
WITH site, collect(DISTINCT sender) AS senders, min(first) AS opened,
     collect({sender: sender, slot: slot, reached: reached, boxes: boxes, urls: urls, first: first, last: last,
              proof: [earliest, latest], subject: subject}) AS slots
UNWIND slots AS one
WITH site, senders, one, one.sender AS sender, size([other IN slots WHERE other.sender <> one.sender AND other.first < one.first]) AS others
ORDER BY one.slot, site
WITH sender, collect({site: site, one: one, others: others}) AS own
UNWIND own AS burst
WITH sender, burst.site AS site, burst.one AS one, burst.others AS others,
     reduce(most = 0, other IN own | CASE WHEN other.one.slot <> burst.one.slot AND other.one.reached > most
                                          THEN other.one.reached ELSE most END) AS usual
WHERE site <> '' AND others = 0 AND one.first >= $since AND one.reached >= $minimum AND one.reached >= $factor * usual
WITH sender, site, usual, one, one.first AS at
CALL (sender) {
  OPTIONAL MATCH (owner:User)-[:OWNS]->(box:Mailbox {key: sender})
  WITH collect(DISTINCT owner.key) AS owners
  OPTIONAL MATCH (namesake:User {key: sender})
  RETURN CASE WHEN size(owners) > 0 THEN owners[0] ELSE namesake.key END AS user
}
CALL (user, at) {
  MATCH (account:User)-[entry:SIGNED_IN_FROM]->(address:IP)
  WHERE account.key = user AND entry.outcome = 'success' AND entry.first_seen < at
  WITH address.key AS source, min(entry.first_seen) AS began, max(entry.last_seen) AS ended, min(entry.evidence[0]) AS proof
  ORDER BY began DESC, source
  RETURN collect({source: source, began: began, ended: ended, proof: proof}) AS entries
}
CALL (user, at) {
  MATCH (account:User)-[made:CREATED_RULE]->(rule:MailRule)
  WHERE account.key = user AND made.first_seen < at AND made.first_seen >= at - $before
  RETURN count(rule) AS rules, min(made.evidence[0]) AS rule_proof
}
WITH sender, user, site, usual, one, at, rules, rule_proof,
     [entry IN entries WHERE entry.began >= at - $before AND any(other IN entries WHERE other.began < at - $before)] AS odd
WHERE size($scope) = 0 OR sender IN $scope OR user IN $scope OR any(url IN one.urls WHERE url IN $scope)
   OR any(entry IN odd WHERE entry.source IN $scope)
RETURN user AS user,
       sender AS sender,
       [entry IN odd | entry.source] AS source,
       one.urls AS urls,
       one.boxes AS recipients,
       site AS site,
       one.subject AS subject,
       one.reached AS reached,
       usual AS usual,
       CASE WHEN size(odd) > 0 THEN 'a sign-in from a new place' WHEN rules > 0 THEN 'a rule made' END AS sign,
       at AS first_seen,
       one.last AS last_seen,
       CASE WHEN size(odd) > 0 OR rules > 0 THEN 'high' ELSE 'medium' END AS level,
       45 + CASE WHEN size(odd) > 0 THEN 30 ELSE 0 END + CASE WHEN rules > 0 THEN 15 ELSE 0 END AS score,
       one.proof + [entry IN odd | entry.proof] + CASE WHEN rules > 0 THEN [rule_proof] ELSE [] END AS evidence
ORDER BY score DESC, first_seen, sender, site
