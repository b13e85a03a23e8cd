/** What the coverage screen asks. */
import { graphql } from "../../api/generated";
import type { CoverageOfQuery } from "../../api/generated/graphql";

export const CoverageOf = graphql(`
  query CoverageOf($all: Boolean!) {
    coverage(all: $all) {
      attack techniques seen
      tactics { id name short techniques { id name parent url state hunts seeing } }
      openings { telemetry { name title opens } hunts parts techniques }
    }
    hunts { id title visible missing { name title opens } }
  }
`);
export const NavigatorLayer = graphql(`
  query NavigatorLayer { coverage(all: true) { navigator } }
`);
export type Coverage = CoverageOfQuery["coverage"];
export type Tactic = Coverage["tactics"][number];
export type Technique = Tactic["techniques"][number];
export type Hunts = CoverageOfQuery["hunts"];
