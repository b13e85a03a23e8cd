// id = "app-consent"
// title = "Application first consented to, or given a credential"
// description = """
// An application that a person consents to reads their mail without a password or second factor, and goes on after a reset; a
// credential added to an existing application gives an attacker all its rights. Told are the first consent to an application
// that nobody consented to before, and the first credential a person ever added to an application; rights over mail, files or
// the directory, and consent for everybody, weigh more. Misses applications known already. Every new tool fires it once.
// """
// hypothesis = "Somebody gives an application of theirs a lasting way in."
// attack = ["T1528", "T1098.001"]
// level = "medium"
// needs = ["app_consent"]
// helps = ["sign_in"]
// baseline = true
// summary = "{user} {what} {app} for the first time ({details|rights not told}); accounts that did so far: {people}; last signed in from {source|an address that is not known}"
// benign = ["a new tool that the organisation took into use", "developers and administrators who set up applications, and renew their secrets"]
// rule_out = ["is the publisher verified, and the application known?", "does the person know of it, and was a link clicked just before?", "do administrators of applications do this as their work?"]
// response = ["revoke the consent or credential, and disable the application's service principal", "look at what the application read: the mailbox and application sign-in logs", "find who else consented to it", "let only administrators consent"]
// references = ["https://attack.mitre.org/techniques/T1528/", "https://attack.mitre.org/techniques/T1098/001/"]
// [parameters.wide]
// type = "text"
// default = "(?is).*(mail|files|directory|full_access|user\\.readwrite|application\\.readwrite|sites\\.|all principals|admin consent|gmail|drive).*"
// help = "what in the rights makes a finding weigh more, as a pattern"
// [entities.user]
// label = "User"
// role = "account"
// [entities.app]
// label = "App"
// role = "application"
// [entities.source]
// label = "IP"
// role = "source"
MATCH (account:User)-[grant:CONSENTED_TO]->(app:App)
WHERE grant.first_seen < $until AND NOT grant.operation IN ['deleted', 'disabled', 'member_removed']
WITH account.key AS user, app.key AS app, grant.operation = 'consented' AS consent, grant.first_seen AS at,
     grant.details AS details, grant.evidence AS proof
ORDER BY at, user
WITH app, consent, CASE WHEN consent THEN '' ELSE user END AS by,
     collect({user: user, at: at, details: details, proof: proof}) AS grants, count(DISTINCT user) AS people
WITH app, consent, grants[0] AS first, grants, people
WHERE first.at >= $since AND (size($scope) = 0 OR first.user IN $scope OR app IN $scope)
// One act is recorded as several: the consent itself, and each right that it gives.
WITH app, consent, first, people, [one IN grants WHERE one.user = first.user AND one.at <= first.at + 3600000] AS acts
WITH app, consent, first, people, acts, reduce(told = '', one IN acts | CASE WHEN one.details = '' OR told = one.details THEN told
     WHEN told = '' THEN one.details ELSE told + '; ' + one.details END) AS details
WITH app, consent, first, people, acts, details, first.user AS user, details =~ $wide AS wide
CALL (user, first) {
  MATCH (person:User {key: user})
  MATCH (person)-[entry:SIGNED_IN_FROM]->(address:IP)
  WHERE entry.outcome = 'success' AND entry.first_seen <= first.at
  WITH address.key AS source, max(entry.first_seen) AS latest
  ORDER BY latest DESC, source
  RETURN head(collect(source)) AS source
}
RETURN user AS user,
       app AS app,
       source AS source,
       CASE WHEN consent THEN 'consented to' ELSE 'added a credential to' END AS what,
       details AS details,
       people AS people,
       first.at AS first_seen,
       acts[size(acts) - 1].at AS last_seen,
       CASE WHEN wide THEN 'medium' ELSE 'low' END AS level,
       CASE WHEN wide THEN 50 ELSE 25 END + CASE WHEN consent THEN 0 ELSE 10 END AS score,
       reduce(proofs = [], one IN acts | proofs + one.proof) AS evidence
ORDER BY score DESC, first_seen, user, app
