// id = "new-mfa-method"
// title = "Second factor added after a risky sign-in"
// description = """
// Who is inside a stolen account enrols a telephone or key of their own, and so comes back after the password is reset. Told is a
// second factor made or changed soon after a sign-in that the provider called risky, a warning about the account, or a
// sign-in from an address where the account never was before. Misses factors added long after, and by whoever comes from an address
// the account knows. New staff enrolling, and a new telephone set up while travelling, look the same; accounts without
// any earlier sign-in are told only with a risk or a warning.
// """
// hypothesis = "Somebody who is in another's account adds a second factor of their own."
// attack = ["T1098.005"]
// level = "high"
// needs = ["mfa_method", ["sign_in", "sign_in_risk"]]
// helps = ["second_factor"]
// summary = "{actor} added a second factor to {user} ({method|kind not told}), {gap:duration} after {why}; odd sign-ins from {source|nowhere}; warnings: {warnings|none}"
// benign = ["the owner has a new telephone, and is travelling", "a help desk set the factor anew, at the owner's request"]
// rule_out = ["ask the owner, not by mail: is the factor yours?", "is there a ticket of the help desk?", "is the address the owner's usual country or network?"]
// response = ["remove the factor, end the account's sessions, and reset its password", "look at what else the sign-in did: hunts hiding-inbox-rule, external-forwarding, app-consent", "look for the same telephone or device at other accounts"]
// references = ["https://attack.mitre.org/techniques/T1098/005/"]
// [parameters.within]
// type = "duration"
// default = "24h"
// help = "how long before the new factor the sign-in or warning may be"
// [parameters.risks]
// type = "list"
// default = ["medium", "high"]
// help = "what the provider must call a sign-in"
// [entities.user]
// label = "User"
// role = "account"
// [entities.actor]
// label = "User"
// role = "actor"
// [entities.source]
// label = "IP"
// role = "source"
MATCH (actor:User)-[change:CHANGED]->(account:User)
WHERE change.first_seen >= $since AND change.first_seen < $until
  AND change.object_kind = 'mfa_method' AND change.operation IN ['created', 'changed', 'enabled']
  AND (size($scope) = 0 OR actor.key IN $scope OR account.key IN $scope)
WITH actor.key AS actor, account.key AS user, change.first_seen AS at, change.details AS method, change.evidence AS proof
CALL (actor, at) {
  MATCH (person:User {key: actor})
  MATCH (person)-[entry:SIGNED_IN_FROM]->(address:IP)
  WHERE entry.outcome = 'success' AND entry.first_seen <= at
  WITH entry, address
  ORDER BY entry.first_seen, address.key
  RETURN collect({source: address.key, began: entry.first_seen, ended: entry.last_seen, risk: entry.risk,
                  proof: entry.evidence}) AS entries
}
CALL (user, at) {
  MATCH (warning:Alert)-[told:ALERTED_ON]->(account:User {key: user})
  WHERE told.first_seen <= at AND told.last_seen >= at - $within
  WITH warning.name AS warning, told.evidence AS proof, told.first_seen AS seen
  ORDER BY warning
  RETURN collect(DISTINCT warning) AS warnings, collect(proof) AS told, min(seen) AS warned
}
WITH actor, user, at, method, proof, entries, warnings, told, warned,
     [one IN entries WHERE one.ended >= at - $within
        AND (one.risk IN $risks
             OR (any(other IN entries WHERE other.began < at - $within)
                 AND none(other IN entries WHERE other.source = one.source AND other.began < at - $within)))] AS odd
WHERE size(odd) > 0 OR size(warnings) > 0
WITH actor, user, at, method, proof, warnings, told, warned, odd, any(one IN odd WHERE one.risk IN $risks) AS risky
ORDER BY at, method
WITH actor, user, at / 86400000 AS day,
     collect({at: at, method: method, proof: proof, warnings: warnings, told: told, warned: warned, odd: odd, risky: risky}) AS changes
WITH actor, user, changes[0] AS first, changes
WITH actor, user, first, changes, CASE WHEN size(first.odd) > 0 THEN first.odd[0].began ELSE first.warned END AS began
RETURN user AS user,
       actor AS actor,
       [one IN first.odd | one.source] AS source,
       first.method AS method,
       first.warnings AS warnings,
       first.at - began AS gap,
       CASE WHEN first.risky THEN 'a sign-in that was called risky'
            WHEN size(first.odd) > 0 THEN 'a sign-in from where it never was before' ELSE 'a warning' END AS why,
       began AS first_seen,
       changes[size(changes) - 1].at AS last_seen,
       CASE WHEN first.risky OR size(first.warnings) > 0 THEN 'high' ELSE 'medium' END AS level,
       CASE WHEN first.risky AND size(first.warnings) > 0 THEN 85 WHEN first.risky OR size(first.warnings) > 0 THEN 70
            ELSE 45 END AS score,
       reduce(proofs = first.told, one IN changes | proofs + one.proof)
         + reduce(proofs = [], one IN first.odd | proofs + one.proof) AS evidence
ORDER BY score DESC, first_seen, user, actor
