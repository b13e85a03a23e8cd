// id = "remote-task"
// title = "Scheduled task made from another machine"
// description = """
// With administrator rights on a host, an attacker registers a task there over the network, has it run, and often deletes it at once
// (schtasks /s, atexec, SharpTask). A task made by an account that logged on over the network just before, and that does not sit
// at the machine. Misses tasks made by code that runs on the host already, and tasks changed without an event. Software
// deployment and group policy run by administrators look the same.
// """
// hypothesis = "Somebody runs code on other hosts as a scheduled task."
// attack = ["T1053.005", "T1021.002"]
// level = "high"
// needs = ["task_changed", ["logon", "share_access", "service_ticket"]]
// helps = ["share_access"]
// summary = "{user} {operations} the task {tasks} on {target} from {source}: {programs|program not known}"
// benign = ["an administrator schedules maintenance on servers", "a deployment system uses tasks"]
// rule_out = ["does the task still exist, and does its name say what it is for?", "is its program signed and in its usual folder?", "ask the administrator"]
// false_positives = ["administration by schtasks /s and by PowerShell remoting"]
// response = ["fetch the task's file and the program it runs", "look for tasks of the same name or program on other hosts", "take the source off the network if nobody knows of it", "reset the account"]
// references = ["https://attack.mitre.org/techniques/T1053/005/"]
// [parameters.within]
// type = "duration"
// default = "5m"
// help = "how long before the task the logon may have been"
// [parameters.skew]
// type = "duration"
// default = "5s"
// help = "how much later the logon may be recorded than what followed it"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
// [entities.tasks]
// label = "Persistence"
// role = "task"
MATCH (user:User)-[made:CREATED]->(task:Persistence)
WHERE made.first_seen >= $since AND made.first_seen < $until AND task.kind = 'task'
  AND made.operation IN ['created', 'changed', 'deleted', 'enabled']
WITH user.key AS user, task.host AS place, task, made.operation AS operation, made.first_seen AS at, made.evidence AS evidence
MATCH (origin:Host|IP)-[hop:LOGON_TO]->(host:Host {key: place})
WHERE hop.user = user AND hop.outcome = 'success' AND hop.first_seen <= at + $skew AND hop.last_seen >= at - $within
  AND hop.logon_type <> 'remote_interactive'
  AND (size($scope) = 0 OR user IN $scope OR origin.key IN $scope OR place IN $scope)
WITH user, host, task, operation, at, evidence, origin.key AS source, hop.evidence AS arrival,
     CASE WHEN abs(at - hop.first_seen) <= abs(at - hop.last_seen) THEN abs(at - hop.first_seen)
          ELSE abs(at - hop.last_seen) END AS gap
ORDER BY gap, source
WITH user, host, task, operation, at, evidence, head(collect([source, arrival])) AS best
OPTIONAL MATCH (:User {key: user})-[opened:ACCESSED_SHARE]->(host)
WHERE toLower(opened.share) IN ['atsvc', 'admin$'] AND opened.source <> ''
  AND opened.first_seen <= at + $skew AND opened.last_seen >= at - $within
WITH user, host, task, operation, at, evidence + best[1] AS evidence, best[0] AS source, count(opened) > 0 AS opened
// Who sits at the machine schedules there, too; a desktop opened from the source brings a network logon with it.
OPTIONAL MATCH (:User {key: user})-[desk:LOGGED_ON]->(host)
WHERE desk.logon_type IN ['interactive', 'remote_interactive', 'unlock', 'cached'] AND desk.outcome = 'success'
  AND desk.first_seen <= at AND desk.last_seen >= at - 43200000
WITH user, host.key AS target, task, operation, at, evidence, source, opened, collect(desk.source) AS desks
WHERE opened OR NOT source IN desks
WITH user, target, task, operation, at, evidence, source, opened, size(desks) > 0 AS at_home
ORDER BY at, operation, task.key
WITH user, source, target, at / 86400000 AS day, min(at) AS first, max(at) AS last,
     collect(DISTINCT task.key) AS tasks, collect(DISTINCT task.path) AS programs, collect(DISTINCT operation) AS operations,
     collect(evidence) AS evidence,
     max(CASE WHEN operation = 'created' THEN 75 ELSE 60 END + CASE WHEN opened THEN 10 ELSE 0 END
         - CASE WHEN at_home THEN 30 ELSE 0 END) AS score
RETURN user AS user,
       source AS source,
       target AS target,
       tasks AS tasks,
       programs AS programs,
       operations AS operations,
       first AS first_seen,
       last AS last_seen,
       // Made and removed at once: nobody schedules maintenance that way.
       CASE WHEN 'created' IN operations AND 'deleted' IN operations AND last - first <= $within THEN score + 10 ELSE score END AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, target, user, source
