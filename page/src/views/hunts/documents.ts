/** What the hunts' screens ask. */
import { graphql } from "../../api/generated";
import type { LibraryQuery, RunFragment } from "../../api/generated/graphql";

export const Library = graphql(`
  query Library {
    hunts {
      id title description hypothesis tactic attack level visible benign ruleOut response cypher
      missing { name title opens }
      parameters { name type default help }
    }
  }
`);
export type Hunt = LibraryQuery["hunts"][number];

export const RunShape = graphql(`
  fragment Run on Run {
    id state problem hunts who since until created ended
    progress { done total }
    outcomes { hunt state coldStart notes seconds found cannotSee { name title opens } }
    findings(first: 1) { totalCount }
  }
`);
export type Run = RunFragment;

export const RecentRuns = graphql(`
  query RecentRuns {
    runs(first: 8) { edges { node { id state hunts created progress { done total } findings(first: 1) { totalCount } } } }
  }
`);

export const RunHunts = graphql(`
  mutation RunHunts($ids: [String!], $parameters: JSON, $scope: [String!], $since: String, $until: String) {
    runHunts(ids: $ids, parameters: $parameters, scope: $scope, since: $since, until: $until) { id }
  }
`);

export const CancelRun = graphql(`
  mutation CancelRun($id: ID!) { cancelRun(id: $id) { id state } }
`);

export const OneRun = graphql(`
  query OneRun($id: ID!) { run(id: $id) { ...Run } }
`);

export const RunProgress = graphql(`
  subscription RunProgress($id: ID!) { runProgress(id: $id) { ...Run } }
`);

export const RunFindings = graphql(`
  query RunFindings($id: ID!, $after: String) {
    run(id: $id) {
      id
      findings(first: 100, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges {
          node { ...Finding }
        }
      }
    }
  }
`);
