// id = "first-network"
// title = "First sign-in of an account from a network"
// description = """
// Stolen credentials are used from hosting companies and anonymising networks, mostly in the victim's own country. Told is an account's
// first successful sign-in from a network (autonomous system) that it never came from, though it was known for days and
// comes from few networks; one that no other account came from weighs more. Needs to know addresses' networks: from the
// sign-ins' own records, or a MaxMind DB with autonomous systems (`load --geoip GeoLite2-ASN.mmdb`). Misses attackers on the
// owner's own provider, and accounts without history. A new provider at home, a hotel and a telephone look the same.
// """
// hypothesis = "Somebody uses an account from a network where its owner is not."
// attack = ["T1078.004"]
// level = "low"
// needs = [["sign_in", "remote_sign_in"]]
// baseline = true
// summary = "{user} signed in from {network} ({source}, {country|country not known}) for the first time; before it came from {before}; {others}"
// benign = ["the owner has a new provider, or is on the road", "a gateway or telephone network comes out elsewhere"]
// rule_out = ["does the network belong to a hosting company or an anonymising service?", "was the second factor answered, and by what?", "did the owner's usual networks go quiet (moved house) or go on (two people)?"]
// response = ["end the account's sessions and reset it if the owner knows nothing of it", "look at what the session did: rules, forwarding, consents", "look for other accounts from the network: hunt shared-address"]
// references = ["https://attack.mitre.org/techniques/T1078/004/"]
// [parameters.known]
// type = "duration"
// default = "3d"
// help = "how long the account must have been signing in before"
// [parameters.settled]
// type = "integer"
// default = 5
// help = "networks that it may have come from before; who comes from more moves about"
// [parameters.egress]
// type = "list"
// default = ["vpn", "egress"]
// help = "tags of addresses that say nothing of where a person is"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "IP"
// role = "source"
MATCH (account:User)-[entry:SIGNED_IN_FROM]->(address:IP)
WHERE entry.bucket < $until AND entry.outcome = 'success' AND (entry.network <> '' OR address.asn <> '')
  AND none(tag IN split(coalesce(address.tags, ''), ',') WHERE tag IN $egress)
WITH account.key AS user, CASE WHEN entry.network <> '' THEN entry.network ELSE address.asn END AS network, entry.first_seen AS at, address.key AS address,
     CASE WHEN entry.country <> '' THEN entry.country ELSE address.country END AS country, entry.evidence AS evidence
ORDER BY at, address
WITH user, network, collect([at, address, country, evidence]) AS entries
WITH network, min(entries[0][0]) AS opened, collect([user, entries[0][0], entries[0][1], entries[0][2], entries[0][3]]) AS arrivals
UNWIND arrivals AS one
WITH one[0] AS user, network, one[1] AS at, one[2] AS source, one[3] AS country, one[4] AS evidence, opened < one[1] AS known_here
ORDER BY at, network
WITH user, collect({network: network, at: at, source: source, country: country, evidence: evidence, known_here: known_here}) AS places
WHERE size(places) > 1
UNWIND places AS one
WITH user, one, [other IN places WHERE other.at < one.at | other.network] AS before,
     any(other IN places WHERE other.at < one.at AND other.country = one.country) AS same_country,
     places[0].at AS begun, one.source AS source
WHERE one.at >= $since AND begun <= one.at - $known AND size(before) <= $settled AND (size($scope) = 0 OR user IN $scope OR source IN $scope)
RETURN user AS user,
       source AS source,
       one.network AS network,
       one.country AS country,
       before AS before,
       CASE WHEN one.known_here THEN 'others had come from there' ELSE 'nobody had come from there' END AS others,
       one.at AS first_seen,
       one.at AS last_seen,
       CASE WHEN one.known_here OR same_country THEN 'low' ELSE 'medium' END AS level,
       20 + CASE WHEN one.known_here THEN 0 ELSE 15 END + CASE WHEN same_country THEN 0 ELSE 10 END AS score,
       one.evidence AS evidence
ORDER BY score DESC, first_seen, user, network
