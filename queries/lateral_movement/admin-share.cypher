// id = "admin-share"
// title = "Administrative share or control pipe opened by an account that never did"
// description = """
// ADMIN$, C$ and the pipes of the service control manager, the task scheduler and the remote registry are how tools run code on,
// copy programs to, and take secrets from other hosts. Who opens them on a host for the first time, from another machine. Pipes
// that remote shells make to carry input and output weigh most. Misses accounts that do so every day, and SMB without auditing.
// Administrators who help on a machine for the first time look the same; those who reach many machines so are weighed down.
// """
// hypothesis = "Somebody tries, or uses, administrator rights on hosts that are not his to administer."
// attack = ["T1021.002", "T1570"]
// level = "medium"
// needs = ["share_access"]
// baseline = true
// summary = "{user} {how} {opened} on {target} from {source} for the first time"
// benign = ["an administrator helps out", "a new management server starts its work", "a backup or inventory account gets a new host"]
// rule_out = ["is it the account's work to administer that host?", "was a program written (objects), and was it run (remote-service, remote-task)?"]
// false_positives = ["new hosts in the care of an administrator", "inventory and backup software"]
// response = ["list the files that were written to the host", "look at what started on the host right after", "reset the account if nobody knows of it"]
// references = ["https://attack.mitre.org/techniques/T1021/002/", "https://attack.mitre.org/techniques/T1570/"]
// [parameters.pipes]
// type = "list"
// default = ["svcctl", "atsvc", "winreg", "psexesvc"]
// help = "pipes over which a host is controlled"
// [parameters.known]
// type = "duration"
// default = "1d"
// help = "how long the telemetry must reach back before the first time, where there is history"
// [parameters.least]
// type = "number"
// default = 16
// help = "the score below which nothing is shown"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
MATCH (user:User)-[access:ACCESSED_SHARE]->(host:Host)
WHERE access.bucket < $until AND access.source <> ''
  AND (access.share =~ '(?i)(admin|[a-z])\\$' OR toLower(access.share) IN $pipes OR toLower(access.share) =~ '.*(stdin|stdout|stderr|communicat).*')
WITH user, host, access
ORDER BY access.first_seen, access.share, access.object
WITH user.key AS user, host.key AS target, access.source AS source, min(access.first_seen) AS first, max(access.last_seen) AS last,
     collect(DISTINCT access.share) AS opened, collect(DISTINCT access.object) AS objects, collect(access.evidence) AS evidence,
     max(CASE WHEN access.outcome = 'success' THEN 1 ELSE 0 END) AS let_in,
     max(CASE WHEN toLower(access.share) =~ '.*(stdin|stdout|stderr|communicat).*' THEN 40
              WHEN toLower(access.share) IN $pipes THEN 20 ELSE 0 END) AS control,
     max(CASE WHEN toLower(access.object) =~ '.*[.](exe|dll|bat|cmd|ps1|vbs|scr|sys|hta|msi)' THEN 25 ELSE 0 END) AS program
ORDER BY first
WITH user, target, collect([source, first, last, opened, objects, evidence, control, program, let_in]) AS sources
// The habit of an administrator: on how many hosts the account did so.
WITH user, collect([target, sources[0]]) AS hosts
UNWIND hosts AS visited
WITH user, size([other IN hosts WHERE other[1][1] < visited[1][1]]) AS hosts_before, visited[0] AS target, visited[1] AS visit
WHERE visit[1] >= $since AND ($cold_start OR visit[1] >= $baseline_since + $known)
  AND (size($scope) = 0 OR user IN $scope OR target IN $scope OR visit[0] IN $scope)
WITH user, target, visit, 40 + visit[6] + visit[7] - CASE WHEN visit[8] = 1 THEN 0 ELSE 10 END - 12 * log(hosts_before + 1) AS score
WHERE score >= $least
RETURN user AS user,
       visit[0] AS source,
       target AS target,
       visit[3] AS opened,
       CASE WHEN visit[8] = 1 THEN 'opened' ELSE 'was refused' END AS how,
       visit[4][0..20] AS objects,
       visit[1] AS first_seen,
       visit[2] AS last_seen,
       score AS score,
       visit[5][0..20] AS evidence
ORDER BY score DESC, first_seen, target, user
