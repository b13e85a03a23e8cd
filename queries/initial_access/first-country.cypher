// id = "first-country"
// title = "First sign-in of an account from a country"
// description = """
// Stolen credentials are mostly used from elsewhere. Told is an account's first successful sign-in from a country where it
// never signed in before, though it was known for days; a country that no other account came from before weighs more.
// Misses attackers who rent an address in the victim's country, and accounts without history. People who travel, and
// companies' gateways and telephones that come out in another country, look the same; name those gateways as egress.
// """
// hypothesis = "Somebody uses an account from a country where its owner is not."
// attack = ["T1078.004"]
// level = "low"
// needs = [["sign_in", "remote_sign_in"]]
// baseline = true
// summary = "{user} signed in from {country} ({source}) for the first time; before it came from {before}; {others}"
// benign = ["the owner travels", "a gateway or telephone network comes out in another country"]
// rule_out = ["ask the owner", "was the second factor answered, and by what?", "is the address a hosting company's?"]
// response = ["end the account's sessions and reset it if the owner knows nothing of it", "look at what the session did: rules, forwarding, consents"]
// references = ["https://attack.mitre.org/techniques/T1078/004/"]
// [parameters.known]
// type = "duration"
// default = "3d"
// help = "how long the account must have been signing in before"
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
WHERE entry.bucket < $until AND entry.outcome = 'success'
  AND (entry.country <> '' OR address.country <> '')
  AND none(tag IN split(coalesce(address.tags, ''), ',') WHERE tag IN $egress)
WITH account.key AS user, CASE WHEN entry.country <> '' THEN entry.country ELSE address.country END AS country,
     entry.first_seen AS at, address.key AS address, entry.evidence AS evidence
ORDER BY at, address
WITH user, country, min(at) AS first, head(collect(address)) AS source, head(collect(evidence)) AS evidence
WITH country, min(first) AS opened, collect([user, first, source, evidence]) AS arrivals
UNWIND arrivals AS one
WITH one[0] AS user, country, one[1] AS at, one[2] AS source, one[3] AS evidence, opened < one[1] AS known_here
ORDER BY at, country
WITH user, collect([country, at, source, evidence, known_here]) AS places
WHERE size(places) > 1
UNWIND places AS one
WITH user, places, one[0] AS country, one[1] AS at, one[2] AS source, one[3] AS evidence, one[4] AS known_here
WHERE at >= $since AND places[0][1] <= at - $known AND (size($scope) = 0 OR user IN $scope OR source IN $scope)
WITH user, country, at, source, evidence, known_here, [other IN places WHERE other[1] < at | other[0]] AS before
RETURN user AS user,
       source AS source,
       country AS country,
       before AS before,
       CASE WHEN known_here THEN 'others had come from there' ELSE 'nobody had come from there' END AS others,
       at AS first_seen,
       at AS last_seen,
       CASE WHEN NOT known_here THEN 'medium' ELSE 'low' END AS level,
       CASE WHEN NOT known_here THEN 45 ELSE 25 END AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, user, country
