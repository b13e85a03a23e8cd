// id = "samaccountname-spoofing"
// title = "Machine account renamed to pass for a domain controller"
// description = """
// A machine account whose name lacks the closing dollar sign can be named like a domain controller; a ticket that it then
// asks for is, once it is renamed back, filled in for the controller itself (CVE-2021-42278 and 42287, noPac). Told is every
// machine account that is given a name without the dollar sign, with the tickets that were asked for under that name and
// the controller that bears it. Misses domains that are patched against it only in part and log nothing, and renames that
// leave the dollar sign in place. Renaming a computer keeps the dollar sign, and renaming a person's account is no
// machine's; hardly anything benign looks like it.
// """
// hypothesis = "Somebody names a machine account like a domain controller to be given its rights."
// attack = ["T1068", "T1098"]
// level = "critical"
// needs = ["account_change"]
// helps = ["ticket_granting_ticket", "service_ticket"]
// summary = "{user} renamed a machine account to {name} on {host}; {controller|no machine that is known} bears that name, and {tickets} tickets were asked for under it"
// benign = ["a script that makes machine accounts left out the dollar sign", "an approved penetration test"]
// rule_out = ["who made the machine account, and when?", "was it renamed back within minutes?"]
// response = ["isolate the source of the tickets", "delete the machine account, reset the actor's", "look for replication and logons as the controller since: hunt dcsync", "install the updates of November 2021, and set ms-DS-MachineAccountQuota to 0"]
// references = ["https://attack.mitre.org/techniques/T1068/", "https://nvd.nist.gov/vuln/detail/CVE-2021-42278"]
// [parameters.within]
// type = "duration"
// default = "1h"
// help = "how long after the rename a ticket under the new name counts"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.host]
// label = "Host"
// role = "recorder"
// [entities.controller]
// label = "Host"
// role = "target"
// [entities.source]
// label = "Host|IP"
// role = "source"
MATCH (actor:User|Host)-[change:CHANGED]->(renamed:User|Host)
WHERE change.first_seen >= $since AND change.first_seen < $until AND change.operation = 'renamed'
  AND change.object_kind = 'computer' AND change.details <> ''
  AND NOT change.details ENDS WITH '$' AND NOT change.details CONTAINS '.'
WITH actor.key AS user, change.host AS host, change.details AS name, change.first_seen AS at, change.evidence AS proof
CALL (name) {
  MATCH (machine:Host)
  WHERE machine.short_name = toLower(name)
  WITH machine
  ORDER BY machine.key
  RETURN collect(machine.key) AS controller, max(CASE WHEN machine.role = 'domain_controller' THEN 1 ELSE 0 END) AS is_controller
}
CALL (name, at) {
  MATCH (fake:User|Host)-[ticket:REQUESTED_TICKET]->(service:User|Host)
  WHERE ticket.bucket >= at - 86400000 AND ticket.bucket <= at + $within AND ticket.last_seen >= at
    AND ticket.first_seen <= at + $within AND ticket.outcome = 'success'
    AND (toLower(fake.key) ENDS WITH '\\' + toLower(name) OR fake.key = toLower(name) OR fake.key STARTS WITH toLower(name) + '.')
  WITH ticket
  ORDER BY ticket.first_seen
  RETURN sum(ticket.count) AS tickets, collect(DISTINCT ticket.source) AS places, max(ticket.last_seen) AS used, collect(ticket.evidence) AS steps
}
WITH user, host, name, at, controller, is_controller, tickets, [place IN places WHERE place <> ''] AS source, used, proof, steps
WHERE size($scope) = 0 OR user IN $scope OR host IN $scope OR any(one IN controller + source WHERE one IN $scope)
RETURN user AS user,
       host AS host,
       controller AS controller,
       source AS source,
       name AS name,
       tickets AS tickets,
       at AS first_seen,
       CASE WHEN used IS NULL OR used < at THEN at ELSE used END AS last_seen,
       50 + CASE WHEN size(controller) > 0 THEN 15 ELSE 0 END + CASE WHEN is_controller = 1 THEN 15 ELSE 0 END
         + CASE WHEN tickets > 0 THEN 20 ELSE 0 END AS score,
       steps + proof AS evidence
ORDER BY score DESC, first_seen, user
