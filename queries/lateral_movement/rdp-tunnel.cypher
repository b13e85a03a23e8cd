// id = "rdp-tunnel"
// title = "Remote desktop reached through the machine itself"
// description = """
// Where a firewall keeps remote desktop out, attackers tunnel it: a program on the host (plink, ssh, chisel, a web shell's proxy) takes
// the connection in, and passes it on to port 3389 of the same machine. Then the session seems to come from the machine itself.
// Sessions of remote desktop without another machine as their source, and connections of programs to the remote desktop port
// of their own machine. Misses tunnels that end on another machine. Some remote support and gateway software does the same.
// """
// hypothesis = "Somebody reaches desktops through a tunnel that bypasses the firewall."
// attack = ["T1572", "T1021.001"]
// level = "high"
// needs = [["logon", "rdp_session", "connection"]]
// helps = ["connection", "process_started"]
// summary = "{user|Somebody} reached the desktop of {target} through the machine itself{through|}"
// benign = ["remote support or gateway software that runs on the host", "a test of remote desktop on the machine itself"]
// rule_out = ["which program connected to port 3389 there?", "is that program known to the host's owner?", "what connected to that program from outside at that time?"]
// false_positives = ["remote support software"]
// response = ["find the program that passes the connection on, and where it is reached from", "end the session", "reset the account"]
// references = ["https://attack.mitre.org/techniques/T1572/"]
// [parameters.sessions]
// type = "integer"
// default = 5
// help = "with fewer sessions than this in all, those without a source count however many they are"
// [entities.user]
// label = "User"
// role = "account"
// [entities.target]
// label = "Host"
// role = "target"
// [entities.processes]
// label = "Process"
// role = "process"
CALL () {
  MATCH (user:User)-[desk:LOGGED_ON]->(host:Host)
  WHERE desk.logon_type = 'remote_interactive' AND desk.outcome = 'success' AND desk.first_seen < $until
  WITH collect(CASE WHEN desk.source = '' THEN {user: user.key, target: host.key, first: desk.first_seen, last: desk.last_seen,
                                               evidence: desk.evidence} END) AS unsourced, count(desk) AS sessions
  // Where most sessions have no source, the telemetry does not tell it, as LANL's does not.
  WHERE sessions <= $sessions OR 2 * size(unsourced) <= sessions
  UNWIND unsourced AS one
  WITH one
  WHERE one.first >= $since
  RETURN one.user AS user, one.target AS target, null AS process, null AS program, one.first AS first, one.last AS last,
         one.evidence AS evidence
  UNION ALL
  MATCH (process:Process)-[reached:CONNECTED_TO]->(host:Host)
  WHERE reached.bucket >= $since AND reached.bucket < $until AND reached.port = 3389 AND process.host = host.key
  RETURN null AS user, host.key AS target, process.key AS process, process.name AS program, reached.first_seen AS first,
         reached.last_seen AS last, reached.evidence AS evidence
}
WITH user, target, process, program, first, last, evidence
WHERE size($scope) = 0 OR user IN $scope OR target IN $scope
ORDER BY first, user, program
WITH target, first / 86400000 AS day, collect(DISTINCT user) AS users, collect(DISTINCT process) AS processes,
     collect(DISTINCT program) AS programs, min(first) AS first, max(last) AS last, collect(evidence) AS evidence
RETURN coalesce(users[0], '') AS user,
       target AS target,
       processes AS processes,
       CASE WHEN size(programs) = 0 THEN '' ELSE ', by ' + reduce(text = programs[0], one IN programs[1..5] | text + ', ' + one) END AS through,
       first AS first_seen,
       last AS last_seen,
       CASE WHEN size(users) > 0 AND size(programs) > 0 THEN 85 ELSE 65 END AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, target
