import { graphql } from "../../api/generated";
import type { RadiusQuery } from "../../api/generated/graphql";

export const Radius = graphql(`
  query Radius($entity: String!, $at: DateTime!, $window: String!, $backward: Boolean!, $least: Float!, $contained: [String!]) {
    blastRadius(entity: $entity, at: $at, window: $window, backward: $backward, minimumLikelihood: $least, first: 200, contained: $contained) {
      total
      notes
      start { label key name entity { id } }
      reached {
        hop likelihood firstTime
        reached { label key name entity { id } }
        path { at rule words evidence likelihood source { label key name entity { id } } target { label key name entity { id } } }
      }
    }
  }
`);

export const Contain = graphql(`
  query Contain($entity: String!, $at: DateTime!, $window: String!, $above: Float!, $targets: [String!]) {
    containment(entity: $entity, at: $at, window: $window, above: $above, targets: $targets) {
      smallest
      notes
      cut { action saves entity { label key name } }
      inOrder { action saves entity { label key name } }
      notSaved { label key name }
    }
  }
`);

export const Start = graphql(`
  query Start($id: ID!) { node(id: $id) { id ... on Entity { label key name firstSeen lastSeen } } }
`);

export type Radius = NonNullable<RadiusQuery["blastRadius"]>;
export type Reached = Radius["reached"][number];

export function named(one: { label: string; key: string }): string {
  return `${one.label}:${one.key}`;
}
