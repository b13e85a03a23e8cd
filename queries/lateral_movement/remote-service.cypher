// id = "remote-service"
// title = "Service installed right after a network logon"
// description = """
// An attacker with administrator rights on a host logs on to it over the network, copies a program to ADMIN$ and has the
// service control manager run it (PsExec, Impacket psexec and smbexec, Metasploit, Cobalt Strike jump, sc.exe). Misses
// services that are made by code already on the host, and existing services whose program is changed by registry alone.
// Software deployment and remote support look the same.
// """
// hypothesis = "Somebody runs code on other hosts as a service, with stolen or abused administrator rights."
// attack = ["T1569.002", "T1543.003", "T1021.002"]
// level = "high"
// needs = ["logon", "service_installed"]
// helps = ["share_access"]
// summary = "{user} logged on to {target} from {source|an unknown machine}, and {gap:duration} later the service {service} was installed there: {path|program unknown}"
// benign = ["a deployment system (SCCM, PDQ) or remote support installs its agent"]
// rule_out = ["is the account the deployment system's, the source its server, and the service's program signed and usual?"]
// response = ["fetch the service's program and its hash from the host"]
// references = ["https://attack.mitre.org/techniques/T1569/002/"]
// [parameters.within]
// type = "duration"
// default = "5m"
// help = "how long after the logon a service counts"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
// [entities.service]
// label = "Persistence"
// role = "service"
MATCH (actor:User|Host)-[made:CREATED]->(service:Persistence)
WHERE made.first_seen >= $since AND made.first_seen < $until AND service.kind = 'service' AND made.operation = 'created'
WITH service, made
MATCH (origin:Host|IP)-[hop:LOGON_TO]->(host:Host {key: service.host})
WHERE hop.bucket >= $since - $within AND hop.bucket < $until
  AND made.first_seen - hop.last_seen <= $within AND made.first_seen >= hop.first_seen
WITH service, made, origin, hop, host
WHERE size($scope) = 0 OR hop.user IN $scope OR origin.key IN $scope OR host.key IN $scope
RETURN hop.user AS user,
       origin.key AS source,
       host.key AS target,
       service.key AS service,
       service.path AS path,
       made.first_seen - hop.first_seen AS gap,
       hop.first_seen AS first_seen,
       made.first_seen AS last_seen,
       hop.evidence + made.evidence AS evidence
