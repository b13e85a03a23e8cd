// id = "remote-service"
// title = "Service installed from another machine"
// description = """
// An attacker with administrator rights on a host logs on to it over the network, and has its service control manager run a
// program (PsExec and its like, Impacket, Metasploit, sc.exe). The service's event names the account that made it; where it names
// none, an account counts that opened the service control pipe or ADMIN$, or that alone had logged on just before. Misses
// services made by code that runs on the host already, and existing services that are given another program. Software
// deployment and remote support look the same.
// """
// hypothesis = "Somebody runs code on other hosts as a service, with administrator rights that are stolen or abused."
// attack = ["T1569.002", "T1543.003", "T1021.002"]
// level = "high"
// needs = ["service_installed"]
// helps = ["logon", "share_access"]
// summary = "{user|Somebody} installed {services} on {target} from {source|a machine that no log names}: {programs|program not known}"
// benign = ["a deployment system or remote support installs its agent", "an administrator uses PsExec for an errand"]
// rule_out = ["is the account the deployment system's, and the source its server?", "is the program signed, in its usual folder, and on many machines for long?", "ask the administrator"]
// false_positives = ["software deployment by network logon", "administrators' use of PsExec"]
// response = ["fetch the service's program and its hash", "look for the same service, program or source on other hosts", "take the source off the network if nobody knows of it", "reset the account"]
// references = ["https://attack.mitre.org/techniques/T1569/002/", "https://attack.mitre.org/techniques/T1543/003/"]
// [parameters.within]
// type = "duration"
// default = "5m"
// help = "how long before the service the logon may have been"
// [parameters.skew]
// type = "duration"
// default = "5s"
// help = "how much later the logon may be recorded than the service"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
// [entities.services]
// label = "Persistence"
// role = "service"
MATCH (creator:User|Host)-[made:CREATED]->(service:Persistence)
WHERE made.first_seen >= $since AND made.first_seen < $until AND service.kind = 'service'
  AND (made.operation = 'created' OR (made.operation = 'changed' AND service.path IS NOT NULL))
WITH creator.key AS creator, service, service.host AS place, made.operation = 'created' AS made_new, made.first_seen AS at, made.evidence AS evidence
MATCH (host:Host {key: place})
OPTIONAL MATCH (origin:Host|IP)-[hop:LOGON_TO]->(host)
WHERE hop.outcome = 'success' AND hop.first_seen <= at + $skew AND hop.last_seen >= at - $within AND hop.user <> origin.key
  AND (hop.user = creator OR creator = host.key)
WITH creator, service, made_new, at, evidence, host, origin.key AS source, CASE WHEN hop IS NULL THEN creator ELSE hop.user END AS user,
     hop.evidence AS arrival,
     CASE WHEN hop IS NULL THEN null
          WHEN abs(at - hop.first_seen) <= abs(at - hop.last_seen) THEN abs(at - hop.first_seen)
          ELSE abs(at - hop.last_seen) END AS gap
// A service that no account is named for counts where the same account opened the service control manager or ADMIN$.
OPTIONAL MATCH (visitor:User {key: user})-[opened:ACCESSED_SHARE]->(host)
WHERE toLower(opened.share) IN ['svcctl', 'admin$'] AND opened.first_seen <= at + $skew AND opened.last_seen >= at - $within
WITH creator, service, made_new, at, evidence, host, source, user, gap, arrival, count(opened) > 0 AS opened
ORDER BY opened DESC, gap, source
WITH creator, service, made_new, at, evidence, host, collect(DISTINCT user) AS users, collect([user, source, gap, opened, arrival]) AS hops
WITH creator, service, made_new, at, evidence, host, users, head(hops) AS best
// A service whose program was only written anew, as Sysmon sees it in the registry, counts where the pipe was opened.
WHERE best[3] OR (made_new AND (creator <> host.key OR (size(users) = 1 AND best[2] <= 60000)))
WITH service, at, evidence + coalesce(best[4], []) AS evidence, host, best[0] AS user, coalesce(best[1], '') AS source,
     creator <> host.key AS named, best[3] AS opened
// Who sits at the machine installs software there, too; a desktop opened from the source brings a network logon with it.
OPTIONAL MATCH (:User {key: user})-[desk:LOGGED_ON]->(host)
WHERE desk.logon_type IN ['interactive', 'remote_interactive', 'unlock', 'cached'] AND desk.outcome = 'success'
  AND desk.first_seen <= at AND desk.last_seen >= at - 43200000
WITH service, at, evidence, host, user, source, named, opened, collect(desk.source) AS desks
WHERE opened OR NOT source IN desks
WITH service, at, evidence, host, user, source, named, opened, size(desks) > 0 AS at_home
WHERE source <> '' OR (user <> host.key AND NOT at_home)
// Nor does PsExec used on the machine itself come from another one.
OPTIONAL MATCH (:User {key: user})-[locally:ACCESSED_SHARE]->(host)
WHERE locally.source = '' AND locally.first_seen <= at + $skew AND locally.last_seen >= at - $within
WITH user, source, host, at, at_home, named, opened, service, evidence, count(locally) > 0 AS locally
WHERE source <> '' OR NOT locally
WITH user, source, host, at / 86400000 AS day, at_home, named, opened, service, at, evidence
WHERE size($scope) = 0 OR user IN $scope OR source IN $scope OR host.key IN $scope
ORDER BY at, service.key
WITH user, source, host.key AS target, day, min(at) AS first, max(at) AS last, collect(DISTINCT service.key) AS services,
     collect(DISTINCT service.path) AS programs, collect(evidence) AS evidence,
     max(CASE WHEN source = '' THEN 40 WHEN named AND opened THEN 90 WHEN named OR opened THEN 80 ELSE 45 END
         - CASE WHEN at_home THEN 30 ELSE 0 END) AS score
RETURN user AS user,
       source AS source,
       target AS target,
       services AS services,
       programs AS programs,
       first AS first_seen,
       last AS last_seen,
       CASE WHEN source = '' THEN 'medium' ELSE 'high' END AS level,
       score AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, target, user, source
