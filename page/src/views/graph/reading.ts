/** Asks the API for parts of the graph, and gives them as the drawing's values. */
import { ask } from "../../api/client";
import type { EdgesOfQuery, EdgesOfQueryVariables } from "../../api/generated/graphql";
import { EdgesOf, EntityById, PathBetween, Rarest } from "./documents";
import { type Act, type Dot, type Entity, SUM, type Tie, tieId } from "./model";

/** Neighbours of one kind that are shown each; the others stand together as one. */
export const SHOWN = 12;
export const MORE = 25;
/** Pages of edges whose times are asked for one by one; beyond them a neighbour's first and last stand for all. */
const PAGES = 3;

export interface Found {
  entities: Entity[];
  ties: Tie[];
  total: number;
  after: string | null;
}

export async function entityOf(id: string): Promise<Entity | null> {
  const { node } = await ask(EntityById, { id });
  return "label" in node ? node : null;
}

/** The rarest neighbours by a kind of relation, with when it was that they were met. */
export async function rarest(of: Dot, kind: string, outgoing: boolean, label: string, first: number, after: string | null): Promise<Found> {
  const direction = outgoing ? "OUTGOING" : "INCOMING";
  const { node } = await ask(Rarest, { id: of.id, kind, label, direction, first, after });
  if (!("neighbors" in node)) return { entities: [], ties: [], total: 0, after: null };
  const near = node.neighbors.edges.map((edge) => edge.node);
  const ties = new Map<string, Tie>();
  for (const one of near) {
    const act = { key: `${SUM}${one.entity.id}`, first: Date.parse(one.firstSeen), last: Date.parse(one.lastSeen), count: one.count };
    const tie = tieOf(of.id, one.entity.id, kind, outgoing, [{ ...act, failed: false, evidence: [], properties: {} }], false);
    ties.set(tie.id, tie);
  }
  const exact = await acts(of, kind, outgoing, label, new Map(near.map((one) => [one.entity.id, one.entity])), near);
  for (const tie of exact) ties.set(tie.id, tie);
  const { hasNextPage, endCursor } = node.neighbors.pageInfo;
  return {
    entities: near.map((one) => one.entity),
    ties: [...ties.values()],
    total: node.neighbors.totalCount,
    after: hasNextPage ? (endCursor ?? null) : null,
  };
}

type Counted = { entity: Entity; count: number };

/** The edges to some neighbours one by one, where all of them are within a few pages. */
async function acts(of: Dot, kind: string, outgoing: boolean, label: string, wanted: Map<string, Entity>, near: Counted[]): Promise<Tie[]> {
  const direction = outgoing ? "OUTGOING" : "INCOMING";
  const found = new Map<string, Act[]>();
  let after: string | null = null;
  for (let page = 0; page < PAGES; page++) {
    const edges: Edges | null = await edgesOf({ id: of.id, kinds: [kind], labels: [label], direction, to: null, after });
    if (!edges) break;
    for (const { node } of edges.edges) {
      if (wanted.has(node.other.id)) found.set(node.other.id, [...(found.get(node.other.id) ?? []), actOf(node)]);
    }
    after = edges.pageInfo.endCursor ?? null;
    if (!edges.pageInfo.hasNextPage) break;
  }
  const whole = near.filter((one) => sum(found.get(one.entity.id)) === one.count);
  return whole.map((one) => tieOf(of.id, one.entity.id, kind, outgoing, found.get(one.entity.id) ?? [], true));
}

function sum(acts: Act[] | undefined): number {
  return (acts ?? []).reduce((total, act) => total + act.count, 0);
}

type EdgesNode = Extract<EdgesOfQuery["node"], { edges: unknown }>;
type Edges = EdgesNode["edges"];
type Edge = Edges["edges"][number]["node"];

async function edgesOf(variables: EdgesOfQueryVariables): Promise<Edges | null> {
  const { node } = await ask(EdgesOf, variables);
  return "edges" in node ? node.edges : null;
}

function actOf(edge: Edge): Act {
  const properties = Object.fromEntries(edge.properties.map(({ name, value }) => [name, value.slice(0, 500)]));
  return {
    key: edge.key,
    first: Date.parse(edge.firstSeen),
    last: Date.parse(edge.lastSeen),
    count: edge.count,
    failed: properties.outcome === "failure",
    evidence: edge.evidenceIds,
    properties,
  };
}

function tieOf(of: string, other: string, kind: string, outgoing: boolean, acts: Act[], exact: boolean): Tie {
  const [source, target] = outgoing ? [of, other] : [other, of];
  return { id: tieId(source, kind, target), kind, source, target, acts, exact, words: null };
}

/** All edges from one entity to another, one by one; for a line that is clicked, and for links among entities. */
export async function between(one: Entity, other: Entity): Promise<Tie[]> {
  const ties = new Map<string, Tie>();
  let after: string | null = null;
  for (let page = 0; page < PAGES; page++) {
    const edges: Edges | null = await edgesOf({ id: one.id, kinds: null, labels: [other.label], direction: "ANY", to: other.key, after });
    if (!edges) break;
    for (const { node } of edges.edges) {
      const tie = tieOf(one.id, node.other.id, node.kind, node.outgoing, [actOf(node)], true);
      const old = ties.get(tie.id);
      ties.set(tie.id, old ? { ...old, acts: [...old.acts, ...tie.acts] } : tie);
    }
    after = edges.pageInfo.endCursor ?? null;
    if (!edges.pageInfo.hasNextPage) return [...ties.values()];
  }
  // Too many for their times to be told one by one: they are not said to be exact.
  return [...ties.values()].map((tie) => ({ ...tie, exact: false }));
}

/** Links among entities that are there: each pair is asked for once. */
export async function among(entities: Entity[]): Promise<Tie[]> {
  const pairs = entities.flatMap((one, place) => entities.slice(place + 1).map((other) => [one, other] as const));
  const found: Tie[] = [];
  const AT_ONCE = 6;
  for (let begin = 0; begin < pairs.length; begin += AT_ONCE) {
    const some = pairs.slice(begin, begin + AT_ONCE);
    found.push(...(await Promise.all(some.map(([one, other]) => between(one, other)))).flat());
  }
  return found;
}

export interface Way {
  likelihood: number;
  entities: Entity[];
  ties: Tie[];
  /** Ids of entities and ties in the order of the way. */
  steps: string[];
}

/** The most likely way from one to another that goes forward in time. */
export async function way(from: Entity, to: Entity, since: string | null, until: string | null): Promise<Way | null> {
  const { path } = await ask(PathBetween, { from: `${from.label}:${from.key}`, to: `${to.label}:${to.key}`, since, until });
  if (!path || !path.hops.length) return null;
  const entities = new Map<string, Entity>();
  const ties: Tie[] = [];
  const steps: string[] = [];
  for (const hop of path.hops) {
    const [source, target] = [hop.source, hop.target].map((end) => {
      const id = end.entity?.id ?? `${end.label}:${end.key}`;
      entities.set(id, { id, label: end.label, key: end.key, name: end.name });
      return id;
    }) as [string, string];
    const at = Date.parse(hop.at);
    const act = { key: `${hop.evidence} ${hop.rule}`, first: at, last: at, count: 1, failed: false, evidence: [hop.evidence], properties: {} };
    const id = tieId(source, `path:${hop.rule}`, target);
    ties.push({ id, kind: `path:${hop.rule}`, source, target, acts: [act], exact: true, words: hop.words });
    if (!steps.length) steps.push(source);
    steps.push(id, target);
  }
  return { likelihood: path.likelihood, entities: [...entities.values()], ties, steps };
}
