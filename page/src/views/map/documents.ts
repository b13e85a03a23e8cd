/** What the map asks. */
import { graphql } from "../../api/generated";
import type { SignInsQuery } from "../../api/generated/graphql";

export const SignIns = graphql(`
  query SignIns($since: String, $accounts: [String!]) {
    signIns(since: $since, accounts: $accounts) {
      country highRisk users addresses
      tally { successes failures risky firstSeen lastSeen }
    }
  }
`);
export const SignInsFrom = graphql(`
  query SignInsFrom($country: String!, $since: String, $accounts: [String!]) {
    signInsFrom(country: $country, since: $since, accounts: $accounts, first: 100) {
      account { id label name }
      address { id label name }
      tally { successes failures risky firstSeen lastSeen }
    }
  }
`);
export type Country = SignInsQuery["signIns"][number];

export function times(one: Country): number {
  return one.tally.successes + one.tally.failures;
}
