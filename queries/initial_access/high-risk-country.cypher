// id = "high-risk-country"
// title = "Sign-in, or attempt, from a country on the list"
// description = """
// An organisation knows the countries where it has no business, and those its adversaries work from. Told is who signed in
// from a country on that list, or tried to; the list is yours to give, and what stands in it from the start is an example.
// Failed attempts alone weigh little. Misses everyone who goes by way of an address in an ordinary country, which is cheap
// to rent. Travellers, staff there, and addresses that a register puts in the wrong country look the same.
// """
// hypothesis = "Somebody signs in, or tries to, from a country where the organisation has no business."
// attack = ["T1078.004"]
// level = "medium"
// needs = [["sign_in", "remote_sign_in"]]
// summary = "{user} {how} from {country} ({source}); let in: {successes}, refused: {failures}"
// benign = ["the owner travels or lives there", "the address is registered in a country where it is not used"]
// rule_out = ["ask the owner", "did the account come from there before, for weeks?", "what did a sign-in that was let in do?"]
// response = ["end the account's sessions and reset it if it was let in and the owner knows nothing of it", "refuse sign-ins from the country by conditional access, if there is no business there", "look for the same address at other accounts: hunt shared-address"]
// references = ["https://attack.mitre.org/techniques/T1078/004/"]
// [parameters.countries]
// type = "list"
// default = ["KP", "IR", "RU", "BY", "CN", "SY"]
// help = "ISO codes of the countries; an example, not a judgement: give your own"
// [parameters.min_failures]
// type = "integer"
// default = 1
// help = "refused attempts that make a finding where none was let in"
// [parameters.expected]
// type = "list"
// default = ["vpn", "egress", "traveller"]
// help = "tags of accounts and addresses from which this is expected"
// [entities.user]
// label = "User"
// role = "account"
// [entities.source]
// label = "IP"
// role = "source"
MATCH (account:User)-[entry:SIGNED_IN_FROM]->(address:IP)
WHERE entry.bucket >= $since AND entry.bucket < $until AND entry.outcome IN ['success', 'failure']
  AND (entry.country IN $countries OR (entry.country = '' AND address.country IN $countries))
  AND none(tag IN split(coalesce(address.tags, ''), ',') WHERE tag IN $expected)
  AND none(tag IN split(coalesce(account.tags, ''), ',') WHERE tag IN $expected)
WITH account.key AS user, CASE WHEN entry.country <> '' THEN entry.country ELSE address.country END AS country,
     address.key AS address, entry.outcome = 'success' AS admitted, entry.count AS times,
     entry.first_seen AS began, entry.last_seen AS ended, entry.evidence AS proof
ORDER BY admitted DESC, began, address
WITH user, country, collect(DISTINCT address) AS source, min(began) AS began, max(ended) AS ended, collect(proof) AS evidence,
     sum(CASE WHEN admitted THEN times ELSE 0 END) AS successes, sum(CASE WHEN admitted THEN 0 ELSE times END) AS failures
WHERE (successes > 0 OR failures >= $min_failures)
  AND (size($scope) = 0 OR user IN $scope OR any(one IN source WHERE one IN $scope))
RETURN user AS user,
       source[0..20] AS source,
       country AS country,
       successes AS successes,
       failures AS failures,
       CASE WHEN successes > 0 THEN 'signed in' ELSE 'tried to sign in, in vain,' END AS how,
       began AS first_seen,
       ended AS last_seen,
       CASE WHEN successes > 0 THEN 'medium' ELSE 'low' END AS level,
       CASE WHEN successes > 0 AND failures > 0 THEN 60 WHEN successes > 0 THEN 50 ELSE 20 END AS score,
       evidence AS evidence
ORDER BY score DESC, first_seen, user, country
