// id = "mailbox-delegation"
// title = "Right given on another's mailbox"
// description = """
// With an administrator's or the owner's account, an attacker gives an account of theirs the right to open or send from a
// mailbox, and keeps it after the password is changed. Told is each full access, send-as or ownership that was given for
// the first time; opening the mailbox with it, and one account that was given many, weigh more. Misses rights on single
// folders, rights of applications, and rights given before the telemetry begins. Assistants, shared mailboxes and leavers'
// mailboxes are given in the same way; one who gave rights on several earlier days is left out.
// """
// hypothesis = "Somebody gives an account of theirs lasting access to another's mail."
// attack = ["T1098.002"]
// level = "medium"
// needs = ["mailbox_permission"]
// helps = ["mailbox_access"]
// summary = "{user} gave {grantee} {rights} on {mailbox}"
// benign = ["an assistant or deputy is set up", "a shared mailbox, or that of one who left"]
// rule_out = ["is there a request for it?", "did the grantee open the mailbox, and from where?", "does the actor do this work?"]
// response = ["take the right away", "look at what was opened with it", "reset the actor's account and the grantee's"]
// references = ["https://attack.mitre.org/techniques/T1098/002/"]
// [parameters.usual]
// type = "integer"
// default = 3
// help = "earlier days on which the actor gave rights, from which on it is the actor's work"
// [entities.user]
// label = "User"
// role = "account"
// [entities.mailbox]
// label = "Mailbox"
// role = "target"
MATCH (actor:User)-[given:GRANTED]->(box:Mailbox)
WHERE given.first_seen >= $since AND given.first_seen < $until AND given.operation = 'permission_granted'
  AND given.rights =~ '(?i).*(fullaccess|sendas|changeowner|changepermission).*' AND given.grantee <> ''
  AND NOT given.grantee =~ '(?i)nt authority.*'
WITH actor.key AS user, box.key AS mailbox, given.grantee AS grantee, given.rights AS rights, given.first_seen AS at, given.evidence AS evidence
OPTIONAL MATCH (actor:User {key: user})-[earlier:GRANTED]->(:Mailbox)
WHERE earlier.first_seen < at - at % 86400000
WITH user, mailbox, grantee, rights, at, evidence, count(DISTINCT earlier.first_seen / 86400000) AS days
WHERE days < $usual AND (size($scope) = 0 OR user IN $scope OR mailbox IN $scope OR grantee IN $scope)
OPTIONAL MATCH (visitor:User {key: grantee})-[opened:ACCESSED_MAILBOX]->(:Mailbox {key: mailbox})
WHERE opened.outcome = 'success' AND opened.last_seen >= at
WITH user, mailbox, grantee, rights, at, evidence, count(opened) AS used
RETURN user AS user,
       mailbox AS mailbox,
       grantee AS grantee,
       rights AS rights,
       at AS first_seen,
       at AS last_seen,
       40 + CASE WHEN used > 0 THEN 20 ELSE 0 END + CASE WHEN user = grantee THEN 25 ELSE 0 END AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, mailbox, grantee
