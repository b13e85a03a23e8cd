// id = "mail-items-accessed"
// title = "Far more mail read than usual"
// description = """
// Who steals mail reads much of it in a short time, or has whole folders synchronised to a program of their own. Each account
// in each mailbox is compared with its own other days: the median of how many reads are recorded, and how far its days stray
// from that (MAD); a synchronisation of folders from an address that the mailbox was never used from is told whatever the
// number. Misses slow readers. The service stops recording above a thousand reads a day, so a day is never more than it says.
// Moving to a new computer, which fetches the mailbox anew, and searches for a case at law look the same.
// """
// hypothesis = "Somebody copies a mailbox."
// attack = ["T1114.002"]
// level = "high"
// needs = ["mailbox_access"]
// helps = ["sign_in"]
// baseline = true
// summary = "{user} read in {mailbox} {reads} times in a day from {source|an address that no log names} ({how}); the usual day: {usual|not known}"
// benign = ["the mailbox was set up on a new computer or telephone", "a search for a case at law, or a migration"]
// rule_out = ["is the address the owner's, and the program their mail program?", "did the owner change computers that day?"]
// response = ["end the account's sessions and reset it", "list the messages that were read (the records name them), and whose data they hold", "look for rules, forwarding and consents in the same mailbox"]
// references = ["https://attack.mitre.org/techniques/T1114/002/", "https://learn.microsoft.com/purview/audit-log-investigate-accounts"]
// [parameters.minimum]
// type = "integer"
// default = 100
// help = "recorded reads in a day below which nothing is looked at"
// [parameters.factor]
// type = "number"
// default = 6
// help = "how many deviations above the usual day counts"
// [parameters.day]
// type = "duration"
// default = "1d"
// help = "the span that reads are counted over"
// [parameters.known]
// type = "duration"
// default = "3d"
// help = "how long the mailbox must have been seen in use for an address to be new to it"
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
WHERE use.bucket >= $baseline_since AND use.bucket < $until AND use.outcome <> 'failure'
WITH box.key AS mailbox, account.key AS user, use.bucket / $day AS day, use.source AS source, use.operation AS operation,
     use.count AS times, use.first_seen AS at, use.last_seen AS until, use.evidence[0] AS proof
ORDER BY at, source
WITH mailbox, min(at) AS known_since,
     collect([user, day, source, CASE WHEN operation IN ['access', 'sync'] THEN times ELSE 0 END, operation, at, until, proof]) AS uses
UNWIND uses AS one
WITH mailbox, known_since, one[0] AS user, one[1] AS day, one[2] AS source, one[3] AS times, one[4] AS operation, one[5] AS at,
     one[6] AS until, one[7] AS proof
WITH mailbox, known_since, user, day, sum(times) AS reads, min(at) AS first, max(until) AS last, min(proof) AS earliest,
     max(proof) AS latest, collect(DISTINCT source) AS sources,
     collect(DISTINCT CASE WHEN operation = 'sync' THEN source END) AS synced
ORDER BY reads
WITH mailbox, known_since, user,
     collect({day: day, reads: reads, first: first, last: last, proof: [earliest, latest], sources: sources, synced: synced}) AS days
UNWIND days AS busy
WITH mailbox, known_since, user, busy, [other IN days WHERE other.day <> busy.day | other.reads] AS others,
     [other IN days WHERE other.day < busy.day | other.sources] AS before
WITH mailbox, known_since, user, busy, others,
     [source IN busy.synced WHERE source <> '' AND none(known IN before WHERE source IN known)] AS fetched
WHERE busy.last >= $since
  AND (busy.reads >= $minimum OR (size(fetched) > 0 AND known_since <= busy.first - $known))
WITH mailbox, known_since, user, busy, others, fetched,
     CASE WHEN size(others) < 3 THEN null ELSE others[size(others) / 2] END AS usual
UNWIND CASE WHEN usual IS NULL THEN [0] ELSE others END AS other
WITH mailbox, known_since, user, busy, fetched, usual, CASE WHEN usual IS NULL THEN 0 ELSE abs(other - usual) END AS strays
ORDER BY strays
WITH mailbox, known_since, user, busy, fetched, usual, collect(strays) AS strays
WITH mailbox, user, busy, usual, 1.0 + 1.4826 * strays[size(strays) / 2] AS deviation,
     CASE WHEN known_since <= busy.first - $known THEN fetched ELSE [] END AS fetched
WITH mailbox, user, busy, usual, fetched, busy.reads >= $minimum AND usual IS NOT NULL AND busy.reads >= usual + $factor * deviation AS much
WHERE (much OR size(fetched) > 0)
  AND (size($scope) = 0 OR user IN $scope OR mailbox IN $scope OR any(source IN busy.sources WHERE source IN $scope))
RETURN user AS user,
       CASE WHEN size(fetched) > 0 THEN fetched ELSE [source IN busy.sources WHERE source <> ''] END AS source,
       mailbox AS mailbox,
       busy.reads AS reads,
       usual AS usual,
       CASE WHEN size(fetched) > 0 THEN 'folders synchronised to a new place' ELSE 'far above its habit' END AS how,
       busy.first AS first_seen,
       busy.last AS last_seen,
       CASE WHEN size(fetched) > 0 THEN 'high' ELSE 'medium' END AS level,
       40 + CASE WHEN size(fetched) > 0 THEN 15 ELSE 0 END + CASE WHEN much THEN 20 ELSE 0 END AS score,
       busy.proof AS evidence
ORDER BY score DESC, first_seen, mailbox, user
