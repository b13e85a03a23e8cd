// id = "session-hijack"
// title = "Remote desktop session of another user taken over"
// description = """
// As SYSTEM, tscon connects to any user's session on the machine without a password, disconnected ones too: the attacker sits at that
// user's desktop. tscon run by the system itself, or set as a service's program to that end. Misses takeover by other programs.
// Administrators use tscon as themselves, which asks for a password, or not at all.
// """
// hypothesis = "Somebody takes over the desktop of a more powerful user."
// attack = ["T1563.002"]
// level = "high"
// needs = [["process_started", "service_installed"]]
// helps = ["rdp_session"]
// summary = "The system itself took over a session on {target}: {command}"
// benign = ["a script returns a session to the console, so that a kiosk or test machine keeps its screen"]
// rule_out = ["does the command connect to the console, and does the machine do so every day?", "who was logged on then (LocalSessionManager 24, 25; Security 4778)?"]
// false_positives = ["test machines that keep their console"]
// response = ["see whose sessions were open and what was done in them after that", "reset the accounts of these sessions", "look for how SYSTEM rights were got"]
// references = ["https://attack.mitre.org/techniques/T1563/002/"]
// [entities.target]
// label = "Host"
// role = "target"
CALL () {
  MATCH (system:Host)-[ran:RAN]->(process:Process)
  WHERE ran.first_seen >= $since AND ran.first_seen < $until AND process.name = 'tscon.exe'
  RETURN process.host AS target, coalesce(process.command_line, process.name) AS command, ran.first_seen AS at, ran.evidence AS evidence
  UNION ALL
  MATCH (creator:User|Host)-[made:CREATED]->(service:Persistence)
  WHERE made.first_seen >= $since AND made.first_seen < $until AND service.kind = 'service' AND made.operation IN ['created', 'changed']
    AND toLower(coalesce(service.path, '')) CONTAINS 'tscon'
  RETURN service.host AS target, service.path AS command, made.first_seen AS at, made.evidence AS evidence
}
WITH target, command, at, evidence
WHERE size($scope) = 0 OR target IN $scope
ORDER BY at, command
WITH target, at / 86400000 AS day, collect(DISTINCT command) AS command, min(at) AS first, max(at) AS last, collect(evidence) AS evidence
RETURN target AS target,
       command AS command,
       first AS first_seen,
       last AS last_seen,
       evidence AS evidence
ORDER BY first_seen, target
