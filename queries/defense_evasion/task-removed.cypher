// id = "task-removed"
// title = "Scheduled task switched off or removed by somebody who did not make it"
// description = """
// Tasks of Windows make restore points, scan for malware and update; attackers switch them off before they encrypt, and
// remove their own when they are done. Told is a task that is disabled or deleted and that was not made within the day before, once for a
// machine and day, as information; several of them, or one of those that protect a machine, weigh more. Misses
// tasks that are changed to do nothing. Updates replace tasks all the time, on many machines: a task switched off on several
// machines is taken for theirs.
// """
// hypothesis = "Somebody switches off what protects a machine."
// attack = ["T1489", "T1053.005", "T1562.001"]
// level = "informational"
// needs = ["task_changed"]
// summary = "{user} switched off or removed on {host}: {tasks}"
// benign = ["an update or uninstaller replaces or removes its tasks", "an administrator or a tuning tool switches tasks off"]
// rule_out = ["what does the task do, and is it there again?", "what else did the account do on the machine that hour?"]
// response = ["switch the task on again", "look for what else was switched off: hunts tampering-command, security-setting"]
// references = ["https://attack.mitre.org/techniques/T1489/"]
// [parameters.usual]
// type = "integer"
// default = 3
// help = "machines that one task is removed on, from which on it is taken for an update"
// [parameters.young]
// type = "duration"
// default = "1d"
// help = "a task made so shortly before is its maker's own affair"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.host]
// label = "Host"
// role = "target"
// [entities.tasks]
// label = "Persistence"
// role = "task"
MATCH (actor:User|Host)-[removed:CREATED]->(task:Persistence)
WHERE removed.first_seen >= $since AND removed.first_seen < $until AND task.kind = 'task'
  AND removed.operation IN ['deleted', 'disabled']
WITH actor.key AS user, task.key AS task, task.host AS host, toLower(task.name) AS name, removed.first_seen AS at,
     removed.evidence AS proof
OPTIONAL MATCH (maker:User|Host)-[made:CREATED]->(thing:Persistence {key: task})
WHERE made.operation = 'created' AND made.first_seen <= at AND made.first_seen >= at - $young
WITH user, task, host, name, at, proof, count(made) AS young
WHERE young = 0
WITH name, collect({user: user, task: task, host: host, at: at, proof: proof}) AS rows, count(DISTINCT host) AS hosts
WHERE hosts < $usual
UNWIND rows AS one
WITH one.user AS user, one.host AS host, one.task AS task, one.at AS at, one.proof AS proof,
     CASE WHEN name =~ '.*\\\\(systemrestore|windows defender|windowsbackup|windows backup|updateorchestrator|windowsupdate|chkdsk|exploitguard)\\\\.*'
          THEN 1 ELSE 0 END AS protects
WHERE size($scope) = 0 OR user IN $scope OR host IN $scope OR task IN $scope
WITH user, host, task, at, proof, protects
ORDER BY at, task
WITH user, host, at / 86400000 AS day, collect(DISTINCT task) AS tasks, max(protects) AS protects, min(at) AS began,
     max(at) AS ended, collect(proof) AS proof
RETURN user AS user,
       host AS host,
       tasks AS tasks,
       began AS first_seen,
       ended AS last_seen,
       CASE WHEN protects = 1 OR size(tasks) >= 3 THEN 'low' ELSE 'informational' END AS level,
       20 + 20 * protects + CASE WHEN size(tasks) > 6 THEN 30 ELSE 5 * size(tasks) END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, host, user
