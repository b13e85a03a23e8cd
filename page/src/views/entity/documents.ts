import { graphql } from "../../api/generated";
import type { EntityPageQuery } from "../../api/generated/graphql";

export const EntityPage = graphql(`
  query EntityPage($id: ID!) {
    node(id: $id) {
      id
      ... on Entity {
        key name label firstSeen lastSeen tags
        relations { kind outgoing label total }
      }
      ... on User { domain sid upn kind privileged jobTitle department }
      ... on Host { shortName hostDomain: domain role tier0 }
      ... on IP { scope country asn }
      ... on Message { subject sender direction spf dkim dmarc }
      ... on Mailbox { mailDomain: domain internal }
      ... on Url { host }
      ... on Domain { country }
      ... on File { sha256 }
      ... on Process { image commandLine processHost: host integrity startKind: kind pid }
      ... on MailRule { actions conditions }
      ... on Persistence { persistenceKind: kind path persistenceHost: host }
      ... on Group { sid privileged }
      ... on Alert { level product techniques }
      ... on Indicator { indicatorKind: kind value source }
    }
  }
`);

export const Links = graphql(`
  query Links($of: String!) {
    identities(of: $of, refused: true, first: 50) {
      totalCount
      edges { node { kind left right reason confidence refused first last count sample } }
    }
  }
`);

export const Neighbours = graphql(`
  query Neighbours($id: ID!, $kinds: [String!], $labels: [String!], $direction: Direction!, $since: DateTime, $until: DateTime, $after: String) {
    node(id: $id) {
      ... on Entity {
        neighbors(kinds: $kinds, labels: $labels, direction: $direction, since: $since, until: $until, first: 25, after: $after) {
          totalCount
          pageInfo { hasNextPage endCursor }
          edges { node { entity { id label key name } kind outgoing firstSeen lastSeen count properties { name value } } }
        }
      }
    }
  }
`);

export const Timeline = graphql(`
  query EntityTimeline($of: [String!]!, $since: String, $until: String, $bucket: String!) {
    timeline(entities: $of, since: $since, until: $until, bucket: $bucket) { at kind count }
  }
`);

export const EventsOf = graphql(`
  query EventsOf($of: [String!]!, $since: String, $until: String, $tables: [String!], $after: String) {
    events(entities: $of, since: $since, until: $until, tables: $tables, first: 50, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { id } }
    }
  }
`);

export const EdgesEvidence = graphql(`
  query EdgesEvidence($id: ID!, $since: DateTime, $until: DateTime) {
    node(id: $id) {
      ... on Entity { edges(first: 100, since: $since, until: $until) { totalCount edges { node { evidenceIds } } } }
    }
  }
`);

type Node = EntityPageQuery["node"];
export type Shown = Extract<Node, { name: string }>;

export function isEntity(node: Node | undefined): node is Shown {
  return !!node && "label" in node;
}

/** How the API is told of an entity where it takes any of its names: no name is ambiguous so. */
export function named(entity: { label: string; key: string }): string {
  return `${entity.label}:${entity.key}`;
}

/** Kinds whose events are told by table; those of others are their edges' evidence. */
export function hasEvents(label: string): boolean {
  return ["User", "Host", "IP", "Mailbox"].includes(label);
}
