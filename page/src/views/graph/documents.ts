import { graphql } from "../../api/generated";

export const EntityById = graphql(`
  query EntityById($id: ID!) { node(id: $id) { id ... on Entity { label key name firstSeen lastSeen } } }
`);

export const Counts = graphql(`
  query Counts($id: ID!, $since: DateTime, $until: DateTime) {
    node(id: $id) { ... on Entity { relations(since: $since, until: $until) { kind outgoing label total } } }
  }
`);

export const Rarest = graphql(`
  query Rarest($id: ID!, $kind: String!, $label: String!, $direction: Direction!, $first: Int!, $after: String) {
    node(id: $id) {
      ... on Entity {
        neighbors(kinds: [$kind], labels: [$label], direction: $direction, order: RARE, first: $first, after: $after) {
          totalCount
          pageInfo { hasNextPage endCursor }
          edges { node { entity { id label key name } firstSeen lastSeen count } }
        }
      }
    }
  }
`);

export const EdgesOf = graphql(`
  query EdgesOf($id: ID!, $kinds: [String!], $labels: [String!], $direction: Direction!, $to: String, $after: String) {
    node(id: $id) {
      ... on Entity {
        edges(kinds: $kinds, labels: $labels, direction: $direction, to: $to, first: 100, after: $after) {
          totalCount
          pageInfo { hasNextPage endCursor }
          edges {
            node {
              key kind outgoing firstSeen lastSeen count evidenceIds
              other { id label key name }
              properties { name value }
            }
          }
        }
      }
    }
  }
`);

export const PathBetween = graphql(`
  query PathBetween($from: String!, $to: String!, $since: DateTime, $until: DateTime) {
    path(from: $from, to: $to, since: $since, until: $until) {
      likelihood
      hops {
        at rule words evidence likelihood
        source { label key name entity { id } }
        target { label key name entity { id } }
      }
    }
  }
`);

export const Applicable = graphql(`
  query Applicable { hunts(visible: true) { id title tactic } }
`);
