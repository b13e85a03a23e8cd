// id = "user-enumeration"
// title = "Names of accounts guessed from one source"
// description = """
// An attacker who does not know the accounts yet tries names from a list: the domain controller answers that the user is
// unknown, and those names that are answered otherwise exist. Counted are the distinct unknown names from a source
// within a day, over Kerberos (4768), NTLM and network logons, and cloud sign-ins; accounts that do exist and were met
// by the same source on that day are the harvest. Misses enumeration that leaves no failed logon, such as LDAP or SAMR
// queries, and lists tried from many addresses. A proxy or gateway where many people mistype their names looks like it,
// but most of those who use it are let in.
// """
// hypothesis = "Somebody finds out which accounts exist by trying names."
// attack = ["T1087.002", "T1110"]
// level = "medium"
// needs = [["failed_logon", "sign_in", "remote_sign_in"]]
// helps = ["ticket_granting_ticket"]
// summary = "{names} names that no account bears were tried from {source} within {span:duration}; {met:count|no} accounts that exist were met there"
// benign = ["a gateway, proxy or web server stands between many people and the log", "a directory migration left old names in scripts and services"]
// rule_out = ["do the names look like a list (alphabetic, test names, other companies' names) or like mistyped names of colleagues?", "which machine has the address, and who was logged on?"]
// response = ["isolate or block the source", "watch the accounts that were met: hunts password-spray, asrep-roast, brute-force", "set a strong password and pre-authentication on those without"]
// references = ["https://attack.mitre.org/techniques/T1087/002/"]
// [parameters.min_names]
// type = "integer"
// default = 8
// help = "unknown names from one source within a day"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
// [entities.met]
// label = "User"
// role = "existing account"
CALL () {
  MATCH (origin:Host|IP)-[attempt:LOGON_TO]->(place:Host)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
    AND attempt.reason = 'unknown_user'
  RETURN origin.key AS source, attempt.user AS name, place.key AS target, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof
  UNION ALL
  MATCH (account:User|Host)-[attempt:REQUESTED_TICKET]->(service:User|Host)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
    AND attempt.kind = 'ticket_granting' AND attempt.reason = 'unknown_user' AND attempt.source <> ''
  RETURN attempt.source AS source, account.key AS name, '' AS target, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof
  UNION ALL
  MATCH (account:User|Host)-[attempt:VALIDATED]->(authority:Host)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
    AND attempt.reason = 'unknown_user' AND attempt.source <> ''
  RETURN attempt.source AS source, account.key AS name, '' AS target, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof
  UNION ALL
  MATCH (account:User)-[attempt:SIGNED_IN_FROM]->(address:IP)
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
    AND attempt.reason = 'unknown_user'
  RETURN address.key AS source, account.key AS name, '' AS target, attempt.count AS times,
         attempt.first_seen AS began, attempt.last_seen AS ended, attempt.evidence AS proof
}
WITH source, name, target, times, began, ended, proof
ORDER BY began, name
WITH source, began - began % 86400000 AS day, count(DISTINCT name) AS names, collect(DISTINCT target) AS targets,
     sum(times) AS tries, min(began) AS began, max(ended) AS ended, collect(proof) AS proof
WHERE names >= $min_names AND (size($scope) = 0 OR source IN $scope)
CALL (source, day) {
  MATCH (origin:Host|IP {key: source})
  MATCH (origin)-[entry:LOGON_TO]->(place:Host)
  WHERE entry.bucket >= day AND entry.bucket < day + 86400000 AND entry.reason <> 'unknown_user'
  WITH entry.user AS user, max(CASE WHEN entry.outcome = 'success' THEN 1 ELSE 0 END) AS opened
  MATCH (account:User {key: user})
  WITH user, opened
  ORDER BY user
  RETURN collect(user) AS known, sum(opened) AS opened
}
CALL (source, day) {
  MATCH (account:User)-[entry:REQUESTED_TICKET]->(service:User|Host)
  WHERE entry.bucket >= day AND entry.bucket < day + 86400000 AND entry.source = source
    AND entry.kind = 'ticket_granting' AND entry.reason <> 'unknown_user'
  WITH account.key AS user, max(CASE WHEN entry.outcome = 'success' THEN 1 ELSE 0 END) AS opened
  ORDER BY user
  RETURN collect(user) AS asked, sum(opened) AS given
}
CALL (source, day) {
  MATCH (account:User)-[entry:SIGNED_IN_FROM]->(address:IP {key: source})
  WHERE entry.bucket >= day AND entry.bucket < day + 86400000 AND entry.reason <> 'unknown_user'
  WITH account.key AS user, max(CASE WHEN entry.outcome = 'success' THEN 1 ELSE 0 END) AS opened
  ORDER BY user
  RETURN collect(user) AS signed, sum(opened) AS admitted
}
WITH source, names, targets, tries, began, ended, proof, known + [user IN asked + signed WHERE NOT user IN known] AS met,
     opened + given + admitted AS let_in
WHERE let_in < names
RETURN source AS source,
       [one IN targets WHERE one <> ''] AS target,
       met[0..50] AS met,
       names AS names,
       tries AS tries,
       ended - began AS span,
       began AS first_seen,
       ended AS last_seen,
       20 + CASE WHEN names > 40 THEN 40 ELSE names END + CASE WHEN size(met) > 0 THEN 20 ELSE 0 END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, source
