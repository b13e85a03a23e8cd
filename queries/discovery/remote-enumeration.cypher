// id = "remote-enumeration"
// title = "Accounts, shares or sessions asked for over a pipe"
// description = """
// Tools that map a network (SharpHound, net view, Invoke-UserHunter) ask each machine over named pipes: srvsvc for shares and
// sessions, wkssvc for who is logged on, samr and lsarpc for accounts and groups. Told is the first time that an account asks
// a machine so, as information, low where it asks by three pipes or more within an hour. Misses what is asked by LDAP, and
// machines that do not log their pipes; machines' own accounts, which ask all day, are left out. Windows itself asks controllers and file servers by samr, lsarpc and srvsvc all day: a
// machine that many accounts ask is left out.
// """
// hypothesis = "Somebody maps the network by asking its machines."
// attack = ["T1049", "T1135", "T1087.002", "T1069.001", "T1021.002"]
// level = "informational"
// needs = [["share_access", "named_pipe"]]
// helps = ["connection"]
// summary = "{user|Somebody whom no log names} asked {target} by {pipes} from {source|a place that no log names} for the first time"
// benign = ["a user opens the server's list of shares, or an administrator its management console", "an inventory or scanner"]
// rule_out = ["how many machines did the account ask: hunt host-enumeration?", "is the source an administrator's machine?"]
// response = ["look what the account did next: hunts admin-share, first-logon", "find the program on the source"]
// references = ["https://attack.mitre.org/techniques/T1049/", "https://attack.mitre.org/techniques/T1135/"]
// [parameters.pipes]
// type = "list"
// default = ["srvsvc", "wkssvc", "samr", "lsarpc", "netlogon"]
// help = "pipes that questions are asked by"
// [parameters.few]
// type = "integer"
// default = 5
// help = "accounts that may ask a machine, from which on it is one that everybody asks"
// [parameters.hour]
// type = "duration"
// default = "1h"
// help = "the span that pipes are counted over"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
MATCH (asker:User|Host)-[access:ACCESSED_SHARE]->(host:Host)
WHERE access.bucket < $until AND toLower(access.share) IN $pipes
  AND ((asker:User AND access.source <> '') OR (asker.key = host.key AND access.source = ''))
WITH host.key AS target, asker.key AS asker, access.source AS source, toLower(access.share) AS pipe, access.first_seen AS at,
     access.last_seen AS until, access.evidence[0] AS proof
ORDER BY at, pipe
WITH target, asker, collect({source: source, pipe: pipe, at: at, until: until, proof: proof}) AS asks
WITH target, collect({asker: asker, asks: asks}) AS askers
WHERE size([one IN askers WHERE one.asker <> target]) <= $few
UNWIND askers AS one
WITH target, one.asker AS asker, one.asks AS asks, one.asks[0] AS first
WITH target, asker, first, [ask IN asks WHERE ask.at <= first.at + $hour] AS asks
WHERE first.at >= $since
CALL (target, asker, first) {
  OPTIONAL MATCH (origin:Host|IP)-[tcp:CONNECTED_TO]->(host:Host {key: target})
  WHERE asker = target AND tcp.port IN [139, 445] AND tcp.first_seen <= first.at + 60000 AND tcp.last_seen >= first.at - 60000
  WITH origin.key AS origin
  ORDER BY origin
  RETURN head(collect(origin)) AS origin
}
CALL (target) {
  OPTIONAL MATCH (any_origin:Host|IP)-[tcp:CONNECTED_TO]->(host:Host {key: target})
  RETURN count(tcp) AS connections
}
WITH target, asker, first, asks, origin, connections
// Where connections are logged and none came in just then, the pipe was opened on the machine itself.
WHERE asker <> target OR origin IS NOT NULL OR connections = 0
WITH target, CASE WHEN asker = target THEN '' ELSE asker END AS user, coalesce(origin, first.source) AS source, first, asks,
     reduce(found = [], ask IN asks | CASE WHEN ask.pipe IN found THEN found ELSE found + [ask.pipe] END) AS pipes
WHERE size($scope) = 0 OR user IN $scope OR source IN $scope OR target IN $scope
RETURN user AS user,
       source AS source,
       target AS target,
       pipes AS pipes,
       first.at AS first_seen,
       reduce(last = first.until, ask IN asks | CASE WHEN ask.until > last THEN ask.until ELSE last END) AS last_seen,
       CASE WHEN size(pipes) >= 3 THEN 'low' ELSE 'informational' END AS level,
       15 + 10 * size(pipes) AS score,
       [ask IN asks | ask.proof] AS evidence
ORDER BY score DESC, first_seen, target, user
