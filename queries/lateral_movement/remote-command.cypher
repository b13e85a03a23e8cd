// id = "remote-command"
// title = "Windows' own tool told to act on another machine"
// description = """
// Windows brings what it takes to run code on other machines: sc, schtasks, at, wmic, winrs, reg, and PowerShell. Their command lines
// name the machine. This is the view from the source, which shows moves whose target records nothing, and tries that fail. Misses
// tools that are not Windows' own, and code that calls the same interfaces. It is also how administrators work: a user who does so
// against many machines is weighed down.
// """
// hypothesis = "Somebody uses administrative tools to run code on other hosts."
// attack = ["T1569.002", "T1053.005", "T1047", "T1021.006"]
// level = "medium"
// needs = ["process_started"]
// summary = "{user} on {source} told {program} to act on {targets|another machine}: {commands}"
// benign = ["it is the user's work to administer these machines", "a script of the management does so"]
// rule_out = ["does the user do so every day?", "what was made or run on the target (remote-service, remote-task, remote-execution)?"]
// false_positives = ["administrators' consoles and scripts"]
// response = ["look at the target around that time", "look at what else the session on the source ran", "reset the account if its owner does not know of it"]
// references = ["https://attack.mitre.org/techniques/T1569/002/", "https://attack.mitre.org/techniques/T1053/005/", "https://attack.mitre.org/techniques/T1047/"]
// [parameters.many]
// type = "integer"
// default = 10
// help = "a user who does so more often than this on a day has it for his work"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host"
// role = "source"
// [entities.targets]
// label = "Host"
// role = "target"
MATCH (user:User)-[ran:RAN]->(tool:Process)
WHERE ran.first_seen >= $since AND ran.first_seen < $until
  AND tool.name IN ['sc.exe', 'schtasks.exe', 'at.exe', 'wmic.exe', 'winrs.exe', 'reg.exe', 'powershell.exe', 'pwsh.exe']
WITH user.key AS user, tool.host AS source, tool.name AS program, replace(coalesce(tool.command_line, ''), '"', '') AS command,
     ran.first_seen AS at, ran.evidence AS evidence
WITH user, source, program, command, toLower(command) AS lower, at, evidence
// What follows the mark is the machine's name.
WITH user, source, program, command, at, evidence, lower,
     CASE WHEN program IN ['sc.exe', 'at.exe', 'reg.exe'] AND lower CONTAINS ' \\\\' THEN ' \\\\'
          WHEN program = 'schtasks.exe' AND lower =~ '.*\\s/s\\s.*' THEN ' /s '
          WHEN program = 'wmic.exe' AND lower CONTAINS '/node:' THEN '/node:'
          WHEN program = 'winrs.exe' AND lower CONTAINS '-r:' THEN '-r:'
          WHEN program = 'winrs.exe' AND lower CONTAINS '/r:' THEN '/r:'
          WHEN program = 'winrs.exe' AND lower CONTAINS '-remote:' THEN '-remote:'
          WHEN program IN ['powershell.exe', 'pwsh.exe'] AND lower =~ '.*(invoke-command|icm|enter-pssession|new-pssession|invoke-wmimethod|invoke-cimmethod)\\s.*-(computername|cn)\\s.*' THEN '-c'
          END AS mark
WHERE mark IS NOT NULL
  // Asking is not acting.
  AND (program <> 'sc.exe' OR lower =~ '.*\\s(create|config|start|failure)\\s.*')
  AND (program <> 'schtasks.exe' OR lower =~ '.*/(create|change|run)\\b.*')
  AND (program <> 'wmic.exe' OR lower =~ '.*\\s(call|create|delete)\\s.*')
  AND (program <> 'reg.exe' OR lower =~ '.*\\s(add|save|import|copy|restore)\\s.*')
WITH user, source, program, command, at, evidence,
     CASE WHEN mark = '-c' THEN split(lower, CASE WHEN lower CONTAINS '-computername ' THEN '-computername ' ELSE '-cn ' END)[1]
          ELSE split(lower, mark)[1] END AS rest
WITH user, source, program, command, at, evidence, replace(split(split(split(split(trim(rest), ' ')[0], ',')[0], '\\')[0], '.')[0], "'", '') AS short
WHERE NOT short IN ['localhost', '127', split(source, '.')[0], '', '$env:computername']
OPTIONAL MATCH (target:Host)
WHERE target.short_name = short
WITH user, source, program, command, at, evidence, short, min(target.key) AS target
WHERE size($scope) = 0 OR user IN $scope OR source IN $scope OR target IN $scope OR short IN $scope
ORDER BY at, command
WITH user, source, at / 86400000 AS day, collect(DISTINCT program) AS programs, collect(DISTINCT coalesce(target, short)) AS targets,
     collect(DISTINCT command) AS commands, min(at) AS first, max(at) AS last, count(DISTINCT at) AS times, collect(evidence) AS evidence
WHERE times <= $many
RETURN user AS user,
       source AS source,
       targets AS targets,
       programs AS program,
       commands[0..5] AS commands,
       first AS first_seen,
       last AS last_seen,
       55 - 3 * times AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, user, source
