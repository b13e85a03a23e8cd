// id = "shared-address"
// title = "One address signs in as many accounts that nothing else joins"
// description = """
// Who has stolen many passwords uses them from few addresses. Told is an address from which several accounts signed in for the
// first time within a short while, though each of them was at home elsewhere, and though hardly anybody came from there before;
// refusals from there add weight. Misses attackers with an address for each account, and addresses already known as a
// gateway. A new office, a hotel at a company's meeting, a new VPN gateway or proxy look the same on their first day.
// """
// hypothesis = "Somebody uses the credentials of several people from one address."
// attack = ["T1078.004"]
// level = "medium"
// needs = [["sign_in", "remote_sign_in"]]
// baseline = true
// summary = "{joined} accounts that were at home elsewhere signed in from {source} ({country|country not known}) within {span:duration}: {user}; refused there: {refused}"
// benign = ["a new office, VPN gateway, proxy or security service", "colleagues at one conference or hotel"]
// rule_out = ["whose is the address?", "do the accounts share a team or a place?", "are client and device one and the same for all accounts?"]
// response = ["end the sessions that came from the address, and reset the accounts", "refuse the address", "ask what joins the accounts: one message that all were sent, or one source of passwords; hunt password-spray"]
// references = ["https://attack.mitre.org/techniques/T1078/004/"]
// [parameters.min_accounts]
// type = "integer"
// default = 3
// help = "accounts new to the address that make a finding"
// [parameters.within]
// type = "duration"
// default = "24h"
// help = "how long after the first of them the others count"
// [parameters.regulars]
// type = "integer"
// default = 1
// help = "accounts that may have come from there before; above it the address is a place of the organisation's"
// [parameters.egress]
// type = "list"
// default = ["vpn", "egress"]
// help = "tags of addresses that many accounts share"
// [entities.source]
// label = "IP"
// role = "source"
// [entities.user]
// label = "User"
// role = "account"
MATCH (account:User)-[entry:SIGNED_IN_FROM]->(address:IP)
WHERE entry.bucket < $until AND entry.outcome = 'success' AND address.scope = 'public'
  AND none(tag IN split(coalesce(address.tags, ''), ',') WHERE tag IN $egress)
WITH address.key AS source, address.country AS country, account.key AS user, min(entry.first_seen) AS at,
     collect(entry.evidence) AS proof
ORDER BY at, user
WITH source, country, collect({user: user, at: at, proof: proof}) AS arrivals
WHERE size(arrivals) >= $min_accounts
UNWIND arrivals[0..$regulars + 1] AS opening
WITH source, country, arrivals, opening
WHERE opening.at >= $since
WITH source, country, opening, [one IN arrivals WHERE one.at < opening.at] AS regulars,
     [one IN arrivals WHERE one.at >= opening.at AND one.at <= opening.at + $within] AS company
WHERE size(company) >= $min_accounts AND size(regulars) <= $regulars
ORDER BY size(company) DESC, opening.at, opening.user
WITH source, country, collect({at: opening.at, company: company}) AS openings
WITH source, country, openings[0].at AS began, openings[0].company AS company
UNWIND company AS one
WITH source, country, began, one, one.user AS name
MATCH (account:User {key: name})
MATCH (account)-[earlier:SIGNED_IN_FROM]->(home:IP)
WHERE earlier.outcome = 'success' AND earlier.first_seen < one.at AND home.key <> source
WITH DISTINCT source, country, began, one
ORDER BY one.at, one.user
WITH source, country, began, collect(one) AS company
WHERE size(company) >= $min_accounts
CALL (source) {
  MATCH (account:User)-[attempt:SIGNED_IN_FROM]->(address:IP {key: source})
  WHERE attempt.bucket >= $since AND attempt.bucket < $until AND attempt.outcome = 'failure'
  RETURN count(DISTINCT account.key) AS refused
}
WITH source, country, began, company, refused, [one IN company | one.user] AS user, reduce(latest = began, one IN company | CASE WHEN one.at > latest THEN one.at ELSE latest END) AS ended
WHERE size($scope) = 0 OR source IN $scope OR any(one IN user WHERE one IN $scope)
RETURN source AS source,
       user[0..50] AS user,
       coalesce(country, '') AS country,
       size(user) AS joined,
       refused AS refused,
       ended - began AS span,
       began AS first_seen,
       ended AS last_seen,
       CASE WHEN refused > 0 THEN 'high' ELSE 'medium' END AS level,
       CASE WHEN size(user) > 15 THEN 65 ELSE 35 + 2 * size(user) END + CASE WHEN refused > 0 THEN 20 ELSE 0 END AS score,
       reduce(proofs = [], one IN company | proofs + one.proof) AS evidence
ORDER BY score DESC, first_seen, source
