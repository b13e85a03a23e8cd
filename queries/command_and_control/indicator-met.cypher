// id = "indicator-met"
// title = "Indicator met, and who had to do with it"
// description = """
// An address, link, domain, hash or mail address that threat intelligence names was met in what was loaded, also long before
// anyone named it. Told is each such indicator with the accounts, hosts, mailboxes and messages within two steps of what
// was met, in order of time; the more of them, the higher the score (the radius from there: `graph-hunt blast-radius`).
// Misses file names and subjects, which are met in events only, and what lies behind an address that an attacker shares with
// others. Shared hosting, sinkholes and old indicators name harmless things too.
// """
// hypothesis = "Somebody here has had to do with what is known to be an attacker's."
// attack = ["T1071", "T1566", "T1204"]
// level = "high"
// needs = [["connection", "sign_in", "remote_sign_in", "logon", "mail", "url_click", "process_started"]]
// summary = "{indicator} ({kind}, from {told_by|an unnamed source}) was met {times} times; within two steps: {accounts} accounts ({user|none}), {hosts} hosts ({host|none}), {mailboxes} mailboxes ({mailbox|none})"
// benign = ["the address or domain is shared with others, or was given up since", "a scanner or sandbox of the organisation's own looked at it", "the indicator is old, or wrong"]
// rule_out = ["when was the indicator good, and was it met within that time?", "did a connection succeed, and how much was sent?", "what else does the source say of it?"]
// response = ["block it", "from each account and host look on: graph-hunt hunt --around ENTITY", "trace the blast radius from the first of them: graph-hunt blast-radius", "let pass what is harmless: graph-hunt indicator allow"]
// references = ["https://attack.mitre.org/techniques/T1071/"]
// [entities.met]
// label = "IP|Url|Domain|File|Mailbox|Message"
// role = "indicator"
// [entities.others]
// label = "IP|Url|Domain|File|Mailbox|Message"
// role = "indicator"
// [entities.user]
// label = "User"
// role = "account"
// [entities.host]
// label = "Host"
// role = "host"
// [entities.mailbox]
// label = "Mailbox"
// role = "recipient"
// [entities.message]
// label = "Message"
// role = "message"
MATCH (indicator:Indicator)-[hit:MATCHES]->(thing:IP|Url|Domain|File|Mailbox|Message)
WHERE hit.last_seen >= $since AND hit.first_seen < $until
WITH indicator.key AS key, indicator.value AS value, indicator.kind AS kind, indicator.source AS told_by, thing,
     hit.first_seen AS first, hit.last_seen AS last, hit.count AS times, hit.evidence AS evidence
OPTIONAL MATCH (thing)-[edge:SIGNED_IN_FROM|LOGON_TO|CONNECTED_TO|HAD_IP|RELAYED|LINKS_TO|CLICKED|LOOKED_UP|ATTACHED|SENT|DELIVERED_TO|FORWARDS_TO|IN_DOMAIN|ALERTED_ON]-(near:User|Host|Mailbox|Message|Process|Url|MailRule)
WHERE edge.last_seen >= $since AND edge.first_seen < $until
WITH key, value, kind, told_by, thing, first, last, times, evidence, near, min(edge.first_seen) AS at
CALL (near) {
  OPTIONAL MATCH (near)-[edge:DELIVERED_TO|SENT|CLICKED|LINKS_TO|RAN|RAN_ON|CREATED_RULE|ON]-(far:User|Host|Mailbox|Message)
  WHERE (near:Message OR near:Url OR near:Process OR near:MailRule) AND edge.last_seen >= $since AND edge.first_seen < $until
  RETURN collect(DISTINCT [labels(far)[0], far.key, edge.first_seen]) AS beyond
}
WITH key, value, kind, told_by, thing.key AS met, first, last, times, evidence,
     collect(CASE WHEN near IS NULL THEN null ELSE [labels(near)[0], near.key, at] END) AS ones, collect(beyond) AS others
WITH key, value, kind, told_by, met, first, last, times, evidence,
     reduce(found = ones, some IN others | found + [one IN some WHERE one[1] IS NOT NULL]) AS around
UNWIND CASE WHEN size(around) = 0 THEN [['', '', first]] ELSE around END AS one
WITH key, value, kind, told_by, met, first, last, times, evidence, one[0] AS label, one[1] AS other, min(one[2]) AS at
ORDER BY at, label, other
WITH key, value, kind, told_by, met, first, last, times, evidence, collect([at, label, other]) AS around
WITH key, value, kind, told_by, collect({met: met, first: first, last: last, times: times, evidence: evidence}) AS matches,
     collect(around) AS lists
ORDER BY key
WITH key, value, kind, told_by, matches, reduce(found = [], some IN lists | found + [one IN some WHERE NOT one IN found]) AS around
WITH value, kind, told_by, matches, [one IN matches | one.met] AS met, around,
     [one IN around WHERE one[1] = 'User' | one[2]] AS accounts, [one IN around WHERE one[1] = 'Host' | one[2]] AS hosts,
     [one IN around WHERE one[1] = 'Mailbox' | one[2]] AS boxes, [one IN around WHERE one[1] = 'Message' | one[2]] AS messages
CALL (messages) {
  OPTIONAL MATCH (mail:Message)-[:DELIVERED_TO]->(box:Mailbox)
  WHERE mail.key IN messages
  WITH box.key AS box
  ORDER BY box
  RETURN collect(DISTINCT box) AS recipients
}
WITH value, kind, told_by, matches, met, around, accounts, hosts, messages,
     [box IN recipients + boxes WHERE NOT box IN met] AS mailboxes
UNWIND CASE WHEN size(mailboxes) = 0 THEN [''] ELSE mailboxes END AS box
WITH value, kind, told_by, matches, met, around, accounts, hosts, messages, box
ORDER BY box
WITH value, kind, told_by, matches, met, around, accounts, hosts, messages,
     collect(DISTINCT CASE WHEN box <> '' THEN box END) AS mailboxes
WHERE size($scope) = 0 OR any(one IN met + accounts + hosts + mailboxes + messages WHERE one IN $scope)
RETURN met[0] AS met,
       met[1..50] AS others,
       accounts[0..50] AS user,
       hosts[0..50] AS host,
       mailboxes[0..50] AS mailbox,
       messages[0..50] AS message,
       value AS indicator,
       kind AS kind,
       told_by AS told_by,
       size(accounts) AS accounts,
       size(hosts) AS hosts,
       size(mailboxes) AS mailboxes,
       [one IN around WHERE one[1] IN ['User', 'Host', 'Mailbox', 'Message']][0..50] AS in_order,
       reduce(total = 0, one IN matches | total + one.times) AS times,
       reduce(at = matches[0].first, one IN matches | CASE WHEN one.first < at THEN one.first ELSE at END) AS first_seen,
       reduce(at = matches[0].last, one IN matches | CASE WHEN one.last > at THEN one.last ELSE at END) AS last_seen,
       CASE WHEN size(accounts) + size(hosts) + size(mailboxes) = 0 THEN 'medium' ELSE 'high' END AS level,
       30 + 10 * log(1.0 + size(accounts) + size(hosts) + size(mailboxes)) AS score,
       reduce(proofs = [], one IN matches | proofs + one.evidence) AS evidence
ORDER BY score DESC, first_seen, indicator
