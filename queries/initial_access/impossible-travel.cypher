// id = "impossible-travel"
// title = "Sign-ins from two places too far apart for the time between"
// description = """
// An account that signs in here, and soon after at the other end of the world, is used by two. Told are two successive sign-ins
// that nobody could have travelled between: their distance, less how far off each place may be, over the time between. Where
// only the country of an address is known, that is the whole country's reach, so that neighbours never fire; a database of
// cities (load --geoip) sees more. Misses an attacker near the victim, and sign-ins days apart. Gateways, telephone networks
// and cloud clients come out far away too: tag them vpn or egress; an address that many accounts use is left out as one.
// """
// hypothesis = "An account is used by two people in two places."
// attack = ["T1078.004"]
// level = "medium"
// needs = [["sign_in", "remote_sign_in"]]
// helps = ["mfa_method", "sign_in_risk"]
// summary = "{user} signed in from {before} ({from_country}), and {apart:duration} later from {source} ({to_country}), at least {distance} km away: {speed} km/h"
// benign = ["one of the addresses is a VPN's, proxy's, cloud service's or telephone network's", "the register puts an address in the wrong country"]
// rule_out = ["ask the owner where they were", "whose is each address, and do others of the organisation use it?", "are client and device the same on both sides?", "do the two places go on side by side, day after day?"]
// response = ["end the account's sessions and reset it", "look at what each of the two addresses did: rules, forwarding, consents", "tag the address egress if it is the organisation's own way out"]
// references = ["https://attack.mitre.org/techniques/T1078/004/"]
// [parameters.speed]
// type = "number"
// default = 900
// help = "km an hour that nobody travels faster than, over the whole way"
// [parameters.distance]
// type = "number"
// default = 500
// help = "km that the places must at least be apart"
// [parameters.within]
// type = "duration"
// default = "24h"
// help = "how long apart the two sign-ins may be"
// [parameters.crowd]
// type = "integer"
// default = 10
// help = "accounts let in from an address that make it a gateway"
// [parameters.egress]
// type = "list"
// default = ["vpn", "egress"]
// help = "tags of addresses that say nothing of where a person is"
// [entities.user]
// label = "User"
// role = "account"
// [entities.before]
// label = "IP"
// role = "place before"
// [entities.source]
// label = "IP"
// role = "source"
MATCH (account:User)-[entry:SIGNED_IN_FROM]->(address:IP)
WHERE entry.bucket >= $since - $within AND entry.bucket < $until AND entry.outcome = 'success'
  AND address.latitude <> '' AND address.longitude <> '' AND (entry.country = '' OR entry.country = address.country)
  AND none(tag IN split(coalesce(address.tags, ''), ',') WHERE tag IN $egress)
WITH address, collect(DISTINCT account.key) AS crowd,
     collect({user: account.key, began: entry.first_seen, ended: entry.last_seen, proof: entry.evidence}) AS entries
WHERE size(crowd) < $crowd
WITH address.key AS source, address.country AS country, radians(toFloat(address.latitude)) AS north,
     radians(toFloat(address.longitude)) AS east, coalesce(address.radius, 0) AS radius, entries
UNWIND entries AS entry
WITH entry.user AS user, entry.began AS began, entry.ended AS ended, entry.proof AS proof, source, country, north, east, radius
ORDER BY began, source
WITH user, collect({began: began, ended: ended, proof: proof, source: source, country: country,
                    north: north, east: east, radius: radius}) AS stays
WHERE size(stays) > 1 AND any(stay IN stays WHERE stay.north <> stays[0].north OR stay.east <> stays[0].east)
UNWIND range(1, size(stays) - 1) AS place
WITH user, stays[place - 1] AS here, stays[place] AS there
WHERE here.source <> there.source AND there.began >= $since AND there.began - here.began <= $within
WITH user, here, there,
     CASE WHEN there.began > here.ended THEN there.began - here.ended ELSE 0 END AS apart,
     2 * 6371.0 * asin(sqrt(sin((there.north - here.north) / 2) * sin((there.north - here.north) / 2)
       + cos(here.north) * cos(there.north) * sin((there.east - here.east) / 2) * sin((there.east - here.east) / 2)))
       - here.radius - there.radius AS distance
WHERE distance >= $distance AND distance * 3600000.0 > $speed * apart
  AND (size($scope) = 0 OR user IN $scope OR here.source IN $scope OR there.source IN $scope)
WITH user, here, there, apart, distance,
     CASE WHEN apart < 60000 THEN distance * 60.0 ELSE distance * 3600000.0 / apart END AS speed
RETURN user AS user,
       here.source AS before,
       there.source AS source,
       here.country AS from_country,
       there.country AS to_country,
       apart AS apart,
       toInteger(round(distance)) AS distance,
       toInteger(round(speed)) AS speed,
       here.began AS first_seen,
       there.ended AS last_seen,
       CASE WHEN speed > 3 * $speed THEN 65 ELSE 50 END AS score,
       here.proof + there.proof AS evidence
ORDER BY score DESC, first_seen, user, source
