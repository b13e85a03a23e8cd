// id = "forced-authentication"
// title = "Machine asked to authenticate elsewhere"
// description = """
// By the print spooler (PrinterBug), the encrypting file system (PetitPotam), DFS or shadow copies of shares, any account can
// have a machine authenticate to an address of the attacker's choice, to relay or crack what it sends. Told is the first time that
// an account opens one of these pipes on a machine over the network; a domain controller, which nobody prints on, weighs more. Misses other
// protocols, and machines that do not log pipes. Print servers are asked by everybody and left out; a user who prints on a
// colleague's shared printer looks the same.
// """
// hypothesis = "Somebody has a machine authenticate to them."
// attack = ["T1187", "T1557.001"]
// level = "low"
// needs = ["share_access"]
// helps = ["logon", "connection"]
// summary = "{user} opened {pipes} on {target} from {source} for the first time"
// benign = ["a user prints on a shared printer of that machine", "an administrator looks at shares or shadow copies"]
// rule_out = ["does the machine share printers?", "did it log on to the source, or to anything new, right after?"]
// response = ["look for logons of the machine's own account from the source: hunt pass-the-hash", "stop the spooler on controllers; require signing of SMB and LDAP"]
// references = ["https://attack.mitre.org/techniques/T1187/"]
// [parameters.pipes]
// type = "list"
// default = ["spoolss", "efsrpc", "netdfs", "fssagentrpc"]
// help = "pipes that make a machine authenticate"
// [parameters.few]
// type = "integer"
// default = 5
// help = "accounts that may open them on a machine, from which on it serves everybody"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
MATCH (asker:User)-[access:ACCESSED_SHARE]->(host:Host)
WHERE access.bucket < $until AND toLower(access.share) IN $pipes AND access.source <> ''
WITH host, asker.key AS user, access.source AS source, toLower(access.share) AS pipe, access.first_seen AS at, access.last_seen AS until,
     access.evidence[0] AS proof
ORDER BY at, pipe
WITH host, user, collect({source: source, pipe: pipe, at: at, until: until, proof: proof}) AS asks
WITH host.key AS target, coalesce(host.role, '') AS role, collect({user: user, asks: asks}) AS askers
WHERE size(askers) <= $few
UNWIND askers AS one
WITH target, role, one.user AS user, one.asks AS asks, one.asks[0] AS first
WHERE first.at >= $since AND (size($scope) = 0 OR user IN $scope OR first.source IN $scope OR target IN $scope)
RETURN user AS user,
       first.source AS source,
       target AS target,
       reduce(found = [], ask IN asks | CASE WHEN ask.pipe IN found THEN found ELSE found + [ask.pipe] END) AS pipes,
       first.at AS first_seen,
       first.until AS last_seen,
       CASE WHEN role = 'domain_controller' THEN 'medium' ELSE 'low' END AS level,
       CASE WHEN role = 'domain_controller' THEN 55 ELSE 35 END AS score,
       [first.proof] AS evidence
ORDER BY score DESC, first_seen, target, user
