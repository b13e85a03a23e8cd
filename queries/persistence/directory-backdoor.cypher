// id = "directory-backdoor"
// title = "Directory object changed so that it gives power to somebody"
// description = """
// Who may write to an object of the directory needs no exploit: an access list that grants full control, a key that
// logs on as the object (shadow credentials), a right to act in everybody's name towards it (resource-based delegation), a
// service name that makes an account's ticket crackable, an identifier of an administrator in its history, the names of a
// controller on a workstation (DCShadow), or a policy that runs the attacker's code. Told is who changed such an attribute,
// on which objects. Misses changes where directory changes are not audited. Machines change their own; administrators
// delegate, edit policies and register services: who did so on several earlier days is left out.
// """
// hypothesis = "Somebody changes objects of the directory to keep or widen their power."
// attack = ["T1098", "T1222.001", "T1484.001", "T1207"]
// level = "medium"
// needs = ["directory_change"]
// helps = ["logon"]
// summary = "{user} changed {changes} on {host}; came from {source|no machine that is seen}"
// benign = ["an administrator delegated a task or edited a policy", "a service was registered", "enrolment of keys by the identity synchronisation"]
// rule_out = ["is there a ticket, and is it the actor's work?", "what does the new value grant, and to whom?"]
// response = ["set the attribute back", "reset the actor's account, and the one that the value names", "look for use of the new power: hunts dcsync, kerberoast, new-admin"]
// references = ["https://attack.mitre.org/techniques/T1098/", "https://attack.mitre.org/techniques/T1484/001/", "https://learn.microsoft.com/windows/security/threat-protection/auditing/event-5136"]
// [parameters.before]
// type = "duration"
// default = "4h"
// help = "how long before it the actor's logon to the recorder is named"
// [parameters.usual]
// type = "integer"
// default = 3
// help = "days on which the actor did so, from which on it is the actor's work"
// [entities.user]
// label = "User"
// role = "account"
// [entities.host]
// label = "Host"
// role = "target"
// [entities.source]
// label = "Host|IP"
// role = "source"
MATCH (actor:User)-[change:CHANGED]->(thing:User|Host)
WHERE change.first_seen >= $baseline_since AND change.first_seen < $until AND change.operation IN ['changed', 'created']
  AND change.object_kind IN ['directory', 'policy', 'account', 'computer']
WITH actor.key AS user, change, thing.key AS thing, toLower(change.details) AS what
WITH user, change, thing, what,
     CASE
       WHEN what =~ '(?s)ms-?ds-?(keycredentiallink|allowedtoactonbehalfofotheridentity).*' THEN 70
       WHEN what =~ '(?s)(sidhistory|msds-allowedtodelegateto).*' AND change.object_kind = 'directory' THEN 70
       WHEN what =~ '(?s).*serviceprincipalnames=.*e3514235-4b06-11d1-ab04-00c04fc2dcd2.*' THEN 80
       WHEN what =~ '(?s).*(allowedtodelegateto|sidhistory)=[^;-].*' AND change.object_kind IN ['account', 'computer'] THEN 60
       WHEN what =~ '(?s)(ntsecuritydescriptor|dscorepropagationdata).*adminsdholder.*' THEN 70
       WHEN what =~ '(?s)ntsecuritydescriptor of dc=.*' THEN 60
       WHEN what =~ '(?s)ntsecuritydescriptor.*' THEN 40
       WHEN what =~ '(?s)serviceprincipalname of cn=.*' THEN 40
       WHEN what =~ '(?s)(scriptpath|gplink|gpcfilesyspath|gpcmachineextensionnames|gpcuserextensionnames|msds-managedpassword).*' THEN 35
       WHEN change.object_kind = 'policy' THEN 25
       ELSE 0
     END AS weight
WHERE weight > 0
WITH user, change, what, weight
ORDER BY weight DESC, change.first_seen, what
WITH user, count(DISTINCT change.first_seen - change.first_seen % 86400000) AS days,
     collect({host: change.host, at: change.first_seen, what: left(change.details, 160), weight: weight, proof: change.evidence}) AS changes
WHERE days < $usual
UNWIND changes AS one
WITH user, one.host AS host, one.at - one.at % 86400000 AS day, collect(DISTINCT one.what) AS changes, max(one.weight) AS weight,
     min(one.at) AS began, max(one.at) AS ended, collect(one.proof) AS proof
WHERE ended >= $since
CALL (user, host, began) {
  MATCH (machine:Host {key: host})
  MATCH (origin:Host|IP)-[hop:LOGON_TO]->(machine)
  WHERE hop.user = user AND hop.outcome = 'success' AND hop.bucket >= began - $before - 86400000 AND hop.bucket <= began
    AND hop.first_seen <= began AND hop.last_seen >= began - $before
  WITH origin.key AS place, max(hop.last_seen) AS at, collect(hop.evidence) AS steps
  ORDER BY at DESC, place
  RETURN collect(place) AS source, collect(steps) AS steps
}
WITH user, host, changes, weight, began, ended, source, proof, steps
WHERE size($scope) = 0 OR user IN $scope OR host IN $scope OR any(one IN source WHERE one IN $scope)
RETURN user AS user,
       host AS host,
       source AS source,
       changes[0..10] AS changes,
       began AS first_seen,
       ended AS last_seen,
       weight AS score,
       proof + steps AS evidence
ORDER BY score DESC, first_seen, user
