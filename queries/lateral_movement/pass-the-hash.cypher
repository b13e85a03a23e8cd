// id = "pass-the-hash"
// title = "Network logon with a hash, or with credentials put into a session"
// description = """
// With a password's hash an attacker needs no password: he puts it into a session of his own (a logon of type 9, new credentials,
// after which that machine speaks as another account), or answers NTLM challenges with it from a tool. Shown are (1) a session with
// new credentials after which another account goes out, or asks for a ticket, from the same machine, and (2) an NTLM network logon
// with administrator rights from a machine that the account never came from, by an account that uses Kerberos otherwise or by a
// local account. Misses hashes used from the account's own machine. runas /netonly and access by address look the same.
// """
// hypothesis = "Somebody uses stolen hashes or tickets instead of passwords."
// attack = ["T1550.002", "T1078"]
// level = "high"
// needs = ["logon"]
// helps = ["privileges", "service_ticket", "ticket_granting_ticket"]
// baseline = true
// summary = "{user} {how} on {source}, towards {targets|no host that is known}; other account: {other|none seen}"
// benign = ["an administrator uses runas /netonly", "a share is opened by its address, where Kerberos cannot be used", "a local administrator account is used for support"]
// rule_out = ["is the source the account's or its administrator's own machine?", "is NTLM usual between these two?", "did anything read LSASS on the source before?"]
// false_positives = ["runas /netonly", "management of machines outside the domain with local accounts"]
// response = ["take the source off the network", "look for access to LSASS on the source and on every host the account used lately", "reset the account, and local administrators' passwords (they may be the same everywhere)"]
// references = ["https://attack.mitre.org/techniques/T1550/002/"]
// [parameters.within]
// type = "duration"
// default = "10m"
// help = "how long after new credentials the other account's logon counts"
// [parameters.known]
// type = "duration"
// default = "1d"
// help = "how long the telemetry must reach back before an account is new to a source, where there is history"
// [entities.user]
// label = "User"
// role = "account"
// [entities.other]
// label = "User"
// role = "second account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.targets]
// label = "Host"
// role = "target"
CALL () {
  MATCH (caller:User)-[session:LOGGED_ON]->(host:Host)
  WHERE session.logon_type = 'new_credentials' AND session.outcome = 'success' AND session.first_seen >= $since AND session.first_seen < $until
    AND ($cold_start OR session.first_seen >= $baseline_since + $known)
  WITH caller.key AS user, host, host.key AS source, session.first_seen AS at, session.evidence AS evidence
  OPTIONAL MATCH (host)-[hop:LOGON_TO]->(target:Host)
  WHERE hop.user <> user AND hop.user <> source AND hop.outcome = 'success' AND hop.first_seen <= at + $within AND hop.last_seen >= at
  WITH user, source, at, evidence, collect([hop.user, target.key, hop.first_seen, hop.evidence[0]]) AS hops
  OPTIONAL MATCH (asker:User)-[ticket:REQUESTED_TICKET]->()
  WHERE ticket.source = source AND asker.key <> user AND ticket.outcome = 'success'
    AND ticket.first_seen <= at + $within AND ticket.last_seen >= at
  WITH user, source, at, evidence, hops, collect([asker.key, null, ticket.first_seen, ticket.evidence[0]]) AS asked
  UNWIND hops + asked AS move
  WITH user, source, at, evidence, move[0] AS other, move[1] AS target, move[2] AS moved, move[3] AS later
  WHERE other <> ''
  WITH user, source, at, evidence, other, target, moved, later
  ORDER BY moved, other, target
  WITH user, source, at, evidence, other, collect(DISTINCT target) AS targets, collect(later) AS later
  // Who went out from there before has nothing to do with the new session.
  OPTIONAL MATCH (:User {key: other})-[habit:LOGGED_ON]->(:Host)
  WHERE habit.source = source AND habit.first_seen < at
  WITH user, source, at, evidence, other, targets, later, count(habit) AS habits
  WHERE habits = 0
  RETURN user AS user, other AS other, source AS source, targets AS targets, 'took new credentials' AS how,
         at AS first, at AS last, 75 AS score, [evidence] + later AS evidence
  UNION ALL
  MATCH (caller:User)-[taken:ACTED_AS]->(other:User)
  WHERE taken.bucket < $until AND toLower(taken.process) = 'seclogo' AND taken.outcome = 'success'
  WITH caller.key AS user, other.key AS other, taken.host AS source, min(taken.first_seen) AS first, max(taken.last_seen) AS last,
       collect(taken.evidence) AS evidence
  WHERE first >= $since AND ($cold_start OR first >= $baseline_since + $known)
  RETURN user AS user, other AS other, source AS source, [] AS targets, 'took new credentials for the first time' AS how,
         first AS first, last AS last, 50 AS score, evidence AS evidence
  UNION ALL
  // With little telemetry what follows the session may lie outside it.
  MATCH (caller:User)-[session:LOGGED_ON]->(host:Host)
  WHERE $cold_start AND session.logon_type = 'new_credentials' AND session.outcome = 'success'
    AND session.first_seen >= $since AND session.first_seen < $until
  RETURN caller.key AS user, null AS other, host.key AS source, [] AS targets, 'took new credentials' AS how,
         session.first_seen AS first, session.last_seen AS last, 40 AS score, [session.evidence] AS evidence
  UNION ALL
  MATCH (origin:Host|IP)-[hop:LOGON_TO]->(target:Host)
  WHERE hop.bucket >= $since AND hop.bucket < $until AND hop.elevated AND hop.package = 'NTLM' AND hop.outcome = 'success'
    AND hop.logon_type = 'network' AND hop.user <> origin.key
  WITH origin, hop, target
  ORDER BY hop.first_seen, target.key
  WITH origin.key AS source, hop.user AS user, hop.bucket / 86400000 AS day, min(hop.first_seen) AS first, max(hop.last_seen) AS last,
       collect(DISTINCT target.key) AS targets, collect(DISTINCT target.short_name) AS shorts, collect(hop.evidence) AS evidence
  MATCH (account:User {key: user})
  OPTIONAL MATCH (account)-[habit:LOGGED_ON]->(:Host)
  WITH account, user, source, first, last, targets, shorts, evidence,
       sum(CASE WHEN habit.source = source AND habit.outcome = 'success' AND habit.first_seen < first THEN 1 ELSE 0 END) AS from_there,
       sum(CASE WHEN habit.package = 'Kerberos' AND habit.outcome = 'success' THEN 1 ELSE 0 END) AS by_kerberos
  WITH user, source, first, last, targets, evidence, from_there, by_kerberos, toLower(coalesce(account.domain, '')) IN shorts AS is_local
  WHERE from_there = 0 AND (is_local OR by_kerberos > 0)
  RETURN user AS user, null AS other, source AS source, targets AS targets,
         CASE WHEN is_local THEN 'used a local account by NTLM' ELSE 'used NTLM where it uses Kerberos otherwise' END AS how,
         first AS first, last AS last, 55 AS score, evidence AS evidence
}
WITH user, other, source, targets, how, first, last, score, evidence
ORDER BY score DESC, first, other
// The same session may show in several of these ways.
WITH user, source, first, collect([other, targets, how, last, score, evidence]) AS ways
WITH user, source, first, head(ways) AS best
WITH user, best[0] AS other, source, best[1] AS targets, best[2] AS how, first, best[3] AS last, best[4] AS score, best[5] AS evidence
WHERE size($scope) = 0 OR user IN $scope OR other IN $scope OR source IN $scope OR any(target IN targets WHERE target IN $scope)
RETURN user AS user,
       other AS other,
       source AS source,
       targets AS targets,
       how AS how,
       first AS first_seen,
       last AS last_seen,
       CASE WHEN score < 50 THEN 'low' WHEN score < 70 THEN 'medium' ELSE 'high' END AS level,
       score AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, user, source
