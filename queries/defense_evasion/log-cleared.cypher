// id = "log-cleared"
// title = "Event log cleared around a logon from elsewhere"
// description = """
// Having moved to a machine, an attacker clears its event logs. Told is who cleared which logs of a machine within a day, and
// the logons to it from other machines around that time, and by the same account to others: the path whose traces are
// gone. A single log of an application, cleared at the machine itself, is left out, as is clearing by the machine's own
// account without such a logon (set-up, imaging). Since clearing takes away the very logons before it, the path is often
// seen only in other machines' logs. Misses logs that are stopped, filled, deleted as files or edited.
// """
// hypothesis = "Somebody removes the traces of how they came."
// attack = ["T1070.001"]
// level = "high"
// needs = ["log_cleared"]
// helps = ["logon", "explicit_credentials", "service_ticket"]
// summary = "{user} cleared {log} on {host}; around that time logons came from {source|no other machine that is seen}"
// benign = ["a machine was set up, imaged or handed over", "support cleared a log to watch an error afresh", "a laboratory starts a recording"]
// rule_out = ["is there a ticket, and was the log saved before?", "do forwarded events or the domain controllers show logons to the machine just before?"]
// response = ["take what the collector and other machines hold for the time before", "keep the machine as it is, and carve its log files", "follow the account: hunts first-logon, bridge"]
// references = ["https://attack.mitre.org/techniques/T1070/001/", "https://learn.microsoft.com/windows/security/threat-protection/auditing/event-1102"]
// [parameters.around]
// type = "duration"
// default = "24h"
// help = "how long before and after it logons belong to the path"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.host]
// label = "Host"
// role = "target"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.came_as]
// label = "User"
// role = "logged on around it"
MATCH (actor:User|Host)-[cleared:CLEARED_LOG]->(machine:Host)
WHERE cleared.first_seen >= $since AND cleared.first_seen < $until
WITH actor, machine, cleared
ORDER BY cleared.first_seen, cleared.log
WITH actor.key AS user, machine.key AS host, cleared.first_seen - cleared.first_seen % 86400000 AS day,
     collect(DISTINCT cleared.log) AS log, min(cleared.first_seen) AS began, max(cleared.last_seen) AS ended,
     collect(cleared.evidence) AS proof
CALL (host, began, ended) {
  MATCH (machine:Host {key: host})
  MATCH (origin:Host|IP)-[hop:LOGON_TO]->(machine)
  WHERE hop.outcome = 'success' AND hop.bucket >= began - $around - 86400000 AND hop.bucket <= ended + $around
    AND hop.last_seen >= began - $around AND hop.first_seen <= ended + $around
  WITH hop.user AS who, hop, origin
  MATCH (account:User {key: who})
  WITH account, origin, hop
  ORDER BY hop.first_seen, origin.key, account.key
  RETURN collect(DISTINCT origin.key) AS source, collect(DISTINCT account.key) AS came_as, collect(hop.evidence) AS arrivals
}
CALL (user, host, began, ended) {
  MATCH (account:User {key: user})
  MATCH (account)-[logon:LOGGED_ON]->(other:Host)
  WHERE logon.outcome = 'success' AND other.key <> host AND logon.last_seen >= began - $around AND logon.first_seen <= ended + $around
  RETURN count(DISTINCT other.key) AS others
}
WITH user, host, log, began, ended, source, came_as, arrivals, others, proof
WHERE (size($scope) = 0 OR user IN $scope OR host IN $scope OR any(one IN source + came_as WHERE one IN $scope))
  AND (size(source) > 0 OR (user <> host AND (size(log) > 1 OR others > 0
    OR any(name IN log WHERE toLower(name) IN ['security', 'system']
      OR toLower(name) =~ '.*(sysmon|powershell|taskscheduler|terminalservices|winrm|wmi-activity|smbserver).*'))))
RETURN user AS user,
       host AS host,
       source AS source,
       came_as AS came_as,
       log AS log,
       others AS others,
       began AS first_seen,
       ended AS last_seen,
       30 + CASE WHEN any(name IN log WHERE toLower(name) = 'security') THEN 15 ELSE 0 END
         + CASE WHEN size(source) > 0 THEN 25 ELSE 0 END + CASE WHEN user IN came_as THEN 20 ELSE 0 END
         + CASE WHEN size(log) > 1 THEN 5 ELSE 0 END + CASE WHEN others > 0 THEN 5 ELSE 0 END AS score,
       proof + arrivals[0..10] AS evidence
ORDER BY score DESC, first_seen, host
