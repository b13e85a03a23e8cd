// id = "lsass-access"
// title = "LSASS memory read, then an account used that was new there"
// description = """
// The memory of lsass.exe holds the passwords, hashes and tickets of everybody logged on. An attacker with administrator
// rights reads it (mimikatz, comsvcs MiniDump, procdump, nanodump) and goes on with an account that was never used from
// that machine before. Told is each program that opened LSASS with the right to read its memory, or started a thread in
// it, and the first use of another account from the machine afterwards. Programs that open LSASS on several machines or
// day after day, and those under Program Files and Microsoft Defender's folder, are taken for security products. Misses
// readers that hide there, memory read through a driver, a handle that was duplicated, or a snapshot of the machine. A
// program that opens every process alike (a task list, monitoring) is told with a low score.
// """
// hypothesis = "Somebody reads the credentials in memory on one machine and uses them on others."
// attack = ["T1003.001", "T1078"]
// level = "high"
// needs = ["process_access"]
// helps = ["logon", "explicit_credentials", "share_access", "service_ticket"]
// summary = "{image} read the memory of LSASS on {host} ({rights}), run by {user|an account not known} from {source|the machine itself}; {next_user|no other account} was used from there for the first time, against {target|no other host}"
// benign = ["a security, backup or monitoring product that is new here", "an administrator looked at processes, or took a dump for support", "Windows error reporting after a crash of LSASS"]
// rule_out = ["is the program signed, and by whom?", "did it open many other processes in the same minute?", "is the account used afterwards the administrator's own?"]
// response = ["isolate the host", "reset every account that was logged on to it, the one used afterwards first", "look for a dump file and where it was copied: shares, outbound connections", "follow the account: hunts first-logon, bridge"]
// references = ["https://attack.mitre.org/techniques/T1003/001/", "https://learn.microsoft.com/windows/win32/procthread/process-security-and-access-rights"]
// [parameters.within]
// type = "duration"
// default = "8h"
// help = "how long after the access the use of another account counts"
// [parameters.before]
// type = "duration"
// default = "1h"
// help = "how long before it a logon to the machine from elsewhere is named"
// [parameters.usual_hosts]
// type = "integer"
// default = 3
// help = "machines on which a program opens LSASS, from which on it is taken for a security product"
// [parameters.usual_hours]
// type = "integer"
// default = 6
// help = "hours in which it does so on one machine, likewise"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.host]
// label = "Host"
// role = "host"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.process]
// label = "Process"
// role = "process"
// [entities.next_user]
// label = "User"
// role = "next account"
// [entities.target]
// label = "Host"
// role = "target"
MATCH (reader:Process)-[opened:ACCESSED]->(lsass:Process)
WHERE opened.bucket >= $since AND opened.bucket < $until AND toLower(lsass.image) ENDS WITH '\\lsass.exe'
  AND (opened.kind = 'thread' OR opened.rights =~ '(?i)0x[0-9a-f]*[13579bdf][0-9a-f]')
WITH reader, opened, toLower(reader.image) AS image
ORDER BY opened.first_seen, reader.key, opened.rights
WHERE NOT image =~ '[a-z]:\\\\(program files( \\(x86\\))?|programdata\\\\microsoft\\\\windows defender)\\\\.*'
  AND NOT image =~ '[a-z]:\\\\windows\\\\system32\\\\(csrss|wininit|smss|lsm)\\.exe'
WITH image, reader.host AS host, collect(DISTINCT reader.key) AS process, collect(DISTINCT opened.rights) AS rights,
     max(CASE WHEN opened.kind = 'thread' OR opened.rights =~ '(?i)0x[0-9a-f]*f{3}' THEN 1 ELSE 0 END) AS full,
     count(DISTINCT opened.bucket) AS hours, collect(DISTINCT opened.user) AS openers,
     min(opened.first_seen) AS began, max(opened.last_seen) AS ended,
     collect(opened.evidence) AS proof
WITH image, collect({host: host, process: process, rights: rights, full: full, hours: hours, openers: openers, began: began, ended: ended, proof: proof}) AS places
WHERE size(places) < $usual_hosts
UNWIND places AS place
WITH image, place.host AS host, place.process AS process, place.rights AS rights, place.full AS full, place.hours AS hours, place.openers AS openers,
     place.began AS began, place.ended AS ended, place.proof AS proof
WHERE hours < $usual_hours
CALL (process) {
  UNWIND process AS key
  MATCH (reader:Process {key: key})
  MATCH (reader)-[other:ACCESSED]->(touched:Process)
  RETURN count(DISTINCT touched.image) AS touched
}
CALL (process) {
  UNWIND process AS key
  MATCH (reader:Process {key: key})
  OPTIONAL MATCH (account:User|Host)-[ran:RAN]->(reader)
  RETURN collect(DISTINCT account.key) AS runners
}
CALL (host, began) {
  MATCH (machine:Host {key: host})
  MATCH (origin:Host|IP)-[hop:LOGON_TO]->(machine)
  WHERE hop.outcome = 'success' AND hop.bucket >= began - $before - 86400000 AND hop.bucket <= began AND hop.first_seen <= began
    AND hop.last_seen >= began - $before AND hop.user <> '' AND hop.user <> origin.key
  WITH origin, hop
  ORDER BY hop.last_seen DESC, origin.key, hop.user
  RETURN collect(DISTINCT origin.key) AS source, collect(DISTINCT hop.user) AS came_as
}
CALL (host, began) {
  MATCH (origin:Host {key: host})
  MATCH (origin)-[hop:LOGON_TO]->(place:Host)
  WHERE hop.outcome = 'success' AND hop.bucket <= began AND hop.first_seen < began
  RETURN collect(DISTINCT hop.user) AS known
}
CALL (host, began, ended, known) {
  MATCH (origin:Host {key: host})
  MATCH (origin)-[hop:LOGON_TO]->(place:Host)
  WHERE hop.outcome = 'success' AND hop.bucket >= began - 86400000 AND hop.bucket <= ended + $within AND hop.bucket < $until
    AND hop.last_seen >= began AND hop.first_seen >= began AND hop.first_seen <= ended + $within
    AND hop.user <> '' AND hop.user <> host AND NOT hop.user IN known
  WITH hop.user AS who, hop, place
  MATCH (account:User {key: who})
  WITH account, place, hop
  ORDER BY hop.first_seen, account.key, place.key
  RETURN collect(DISTINCT account.key) AS next_user, collect(DISTINCT place.key) AS target,
         max(hop.first_seen) AS moved, collect(hop.evidence) AS steps
}
WITH image, host, process, rights, full, touched, runners + [one IN openers WHERE one <> '' AND one <> host AND NOT one IN runners] AS user, source, came_as, next_user, target, began, ended, moved, proof, steps
WHERE size($scope) = 0 OR host IN $scope OR any(one IN user + source + next_user + target WHERE one IN $scope)
RETURN user AS user,
       host AS host,
       CASE WHEN size(user) = 0 OR any(one IN user WHERE one IN came_as) THEN source ELSE [] END AS source,
       process[0..5] AS process,
       next_user AS next_user,
       target AS target,
       image AS image,
       rights AS rights,
       touched AS touched,
       began AS first_seen,
       CASE WHEN moved IS NULL OR moved < ended THEN ended ELSE moved END AS last_seen,
       CASE WHEN size(next_user) > 0 THEN 50 ELSE 10 END + CASE WHEN full = 1 THEN 20 ELSE 10 END
         + CASE WHEN touched > 8 THEN 0 ELSE 20 END AS score,
       steps + proof AS evidence
ORDER BY score DESC, first_seen, host
