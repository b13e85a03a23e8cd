// id = "ssh-chain"
// title = "SSH to a host, and on from there as somebody else"
// description = """
// On Unix an attacker goes from machine to machine by SSH, with whatever key or password the last one held, so that the account
// changes on the way. Told is an arrival by SSH that was never seen before, followed by a first departure by SSH from the same
// host under another name; a departure as root, and by a key, weighs more. Misses chains that keep one name (hunt bridge),
// jump hosts that many go on from, and hops from machines that no telemetry names. Administrators who go on as root or as a
// deployment's account, and two people who share a server, look the same.
// """
// hypothesis = "Somebody takes keys or passwords from a machine he reached by SSH, and goes on with them."
// attack = ["T1021.004", "T1078"]
// level = "medium"
// needs = ["ssh_session"]
// baseline = true
// summary = "{user} came by SSH from {source} to {middle}, and {gap:duration} later went on from there as {next_user} to {target} ({method}), both for the first time"
// benign = ["an administrator goes on as root or as a service's account", "the host serves many people, and these two have nothing to do with each other"]
// rule_out = ["do both accounts belong to one person?", "did su or sudo on the host in the middle stand between the two?", "whose is the key, and should it lie on that host?"]
// response = ["run blast-radius from the source at the first hop", "look at the host in the middle: shell history, keys, agents", "revoke the keys that lay there, and change the accounts' passwords"]
// references = ["https://attack.mitre.org/techniques/T1021/004/"]
// [parameters.within]
// type = "duration"
// default = "12h"
// help = "the longest time between the two hops"
// [parameters.crowd]
// type = "integer"
// default = 10
// help = "a host that more accounts go on from by SSH is a jump host"
// [parameters.methods]
// type = "list"
// default = ["publickey", "password", "keyboard-interactive", "keyboard-interactive/pam", "hostbased", "gssapi-with-mic"]
// help = "how SSH proves who one is; a logon by one of these is SSH's"
// [entities.user]
// label = "User"
// role = "account"
// [entities.next_user]
// label = "User"
// role = "second account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.middle]
// label = "Host"
// role = "middle"
// [entities.target]
// label = "Host"
// role = "target"
MATCH (origin:Host|IP)-[hop:LOGON_TO]->(place:Host)
WHERE hop.bucket < $until AND hop.outcome = 'success' AND hop.via = 'logon' AND hop.package IN $methods AND hop.user <> ''
WITH origin.key AS source, place.key AS target, hop.user AS user, hop.first_seen AS at, hop.package AS method,
     hop.evidence AS proof
ORDER BY at, method
WITH source, target, user, min(at) AS at, collect(method) AS methods, collect(proof) AS proofs
WITH {source: source, target: target, user: user, name: last(split(user, '\\')), at: at, method: methods[0],
      proof: proofs[0]} AS step
UNWIND [step.source, step.target] AS middle
WITH middle, collect(CASE WHEN step.target = middle THEN step END) AS arrivals,
     collect(CASE WHEN step.source = middle THEN step END) AS departures
WHERE size(arrivals) > 0 AND size(departures) > 0
WITH middle, arrivals, departures,
     reduce(names = [], step IN departures | CASE WHEN step.name IN names THEN names ELSE names + [step.name] END) AS names
WHERE size(names) <= $crowd
UNWIND departures AS onward
WITH middle, onward, size(names) AS names, [step IN arrivals WHERE step.at >= $since AND step.at <= onward.at
       AND onward.at - step.at <= $within AND step.source <> onward.target] AS before, arrivals
// The last to arrive is the likeliest to have gone on; who was at home there under the second name is no change.
WHERE onward.at >= $since AND size(before) > 0
  AND none(step IN arrivals WHERE step.name = onward.name AND step.at <= onward.at)
WITH middle, onward, names,
     reduce(last = before[0], step IN before | CASE WHEN step.at > last.at THEN step ELSE last END) AS arrival
WHERE size($scope) = 0 OR middle IN $scope OR arrival.source IN $scope OR onward.target IN $scope
   OR arrival.user IN $scope OR onward.user IN $scope
RETURN arrival.user AS user,
       onward.user AS next_user,
       arrival.source AS source,
       middle AS middle,
       onward.target AS target,
       onward.at - arrival.at AS gap,
       onward.method AS method,
       names AS users_going_on,
       arrival.at AS first_seen,
       onward.at AS last_seen,
       CASE WHEN names < 3 THEN 50 ELSE 35 END + CASE WHEN onward.name = 'root' THEN 10 ELSE 0 END
         + CASE WHEN onward.method = 'publickey' THEN 5 ELSE 0 END AS score,
       arrival.proof + onward.proof AS evidence
ORDER BY score DESC, first_seen, user, next_user, target
