// id = "mailbox-client"
// title = "Mailbox read by a program it never was"
// description = """
// With a stolen password or token, an attacker reads a mailbox by a program that fetches mail: EWS (SOAP), IMAP, POP, Graph or
// REST with an application or a script of their own. Told is the first use of a program on a mailbox that was used for days,
// where next to no other mailbox is used by that program; a bare scripting library, a protocol that the mailbox never
// spoke, and an address that it was never used from weigh more. Misses attackers who use Outlook on the web, or a program that
// many use here. A new telephone, a new add-in and a migration look the same.
// """
// hypothesis = "Somebody fetches another's mail with a program of their own."
// attack = ["T1114.002"]
// level = "medium"
// needs = ["mailbox_client"]
// baseline = true
// summary = "{user} used {program} ({protocol|protocol not known}) on the mailbox {mailbox} from {source|an address that no log names} for the first time; {users_of_it} mailboxes are used by it, before it was {before}"
// benign = ["the owner has a new telephone, mail program or add-in", "a migration, archive or backup reads mailboxes"]
// rule_out = ["did the owner set it up, from that address?", "is the application registered here, and who consented: hunt app-consent", "how much was read: hunt mail-items-accessed"]
// response = ["end the account's sessions, revoke the application's consent, reset the account", "list what was read in that session", "turn off EWS, IMAP and POP where nobody needs them"]
// references = ["https://attack.mitre.org/techniques/T1114/002/"]
// [parameters.known]
// type = "duration"
// default = "3d"
// help = "how long the mailbox must have been seen in use before"
// [parameters.rare]
// type = "integer"
// default = 2
// help = "mailboxes that may be used by the program"
// [parameters.fetching]
// type = "list"
// default = ["ews", "graph", "rest", "imap", "pop"]
// help = "protocols that programs fetch mail by"
// [parameters.scripts]
// type = "list"
// default = ["python", "curl", "powershell", "go-http-client", "java/", "okhttp", "axios", "node", "ruby", "perl", "postman", "libwww"]
// help = "words in the names of scripting libraries"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "IP"
// role = "source"
// [entities.mailbox]
// label = "Mailbox"
// role = "target"
MATCH (account:User)-[use:ACCESSED_MAILBOX]->(box:Mailbox)
WHERE use.bucket >= $baseline_since AND use.bucket < $until AND use.client <> '' AND use.outcome <> 'failure'
  AND use.logon_kind <> 'admin'
// A browser's or program's version is no other program: what stands before the first slash names it.
WITH account.key AS user, box.key AS mailbox, use.protocol AS protocol, use.source AS source,
     use.protocol + ' ' + split(use.client, '/')[0] AS program, use.client AS client, use.first_seen AS at,
     use.evidence[0] AS proof
ORDER BY at, source
WITH mailbox, program, collect([at, user, protocol, source, client, proof]) AS uses
WITH program, count(mailbox) AS boxes, collect({mailbox: mailbox, uses: uses}) AS own
WITH collect({program: program, boxes: boxes, own: own}) AS programs, collect(own) AS owned
WITH programs, size(reduce(found = [], some IN owned | found + [one IN some WHERE NOT one.mailbox IN found | one.mailbox])) AS total
UNWIND programs AS told
UNWIND told.own AS one
WITH one.mailbox AS mailbox, told.program AS program, told.boxes AS boxes, one.uses AS uses, total
ORDER BY program
WITH mailbox, total, collect({program: program, boxes: boxes, uses: uses, at: uses[0][0]}) AS programs
UNWIND programs AS one
WITH mailbox, total, one.program AS program, one.boxes AS boxes, one.at AS at, one.uses[0] AS use,
     [other IN programs WHERE other.at < one.at | other] AS earlier
// Among few mailboxes, one that nobody else's program reads is rare, two are many.
WHERE at >= $since AND (boxes = 1 OR (boxes <= $rare AND 10 * boxes <= total)) AND use[2] IN $fetching
  AND any(other IN earlier WHERE other.at <= at - $known)
WITH mailbox, program, boxes, at, use[1] AS user, use[2] AS protocol, use[3] AS source, use[4] AS client, use[5] AS proof,
     earlier, [other IN earlier | other.program] AS before
WITH mailbox, program, boxes, at, user, protocol, source, client, proof, before,
     any(word IN $scripts WHERE toLower(client) CONTAINS word) AS scripted,
     none(other IN earlier WHERE any(known IN other.uses WHERE known[2] = protocol)) AS new_protocol,
     source <> '' AND none(other IN earlier WHERE any(known IN other.uses WHERE known[3] = source)) AS new_source
WHERE (scripted OR new_protocol OR new_source)
  AND (size($scope) = 0 OR user IN $scope OR mailbox IN $scope OR source IN $scope)
RETURN user AS user,
       source AS source,
       mailbox AS mailbox,
       client AS program,
       protocol AS protocol,
       boxes AS users_of_it,
       before AS before,
       new_source AS new_source,
       at AS first_seen,
       at AS last_seen,
       CASE WHEN scripted AND new_source THEN 'high' WHEN scripted OR new_source THEN 'medium' ELSE 'low' END AS level,
       25 + CASE WHEN scripted THEN 25 ELSE 0 END + CASE WHEN new_source THEN 20 ELSE 0 END
          + CASE WHEN new_protocol THEN 10 ELSE 0 END AS score,
       [proof] AS evidence
ORDER BY score DESC, first_seen, mailbox, program
