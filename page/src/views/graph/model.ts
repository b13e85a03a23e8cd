/** The graph on the screen, as values: what is added makes a new one, so that undoing is going back to an old one. */

export interface Span {
  since: number;
  until: number;
}

/** One edge of the server's graph: what happened between its first and last event, which bucketed kinds tell closely. */
export interface Act {
  key: string;
  first: number;
  last: number;
  count: number;
  failed: boolean;
  evidence: string[];
  properties: Record<string, string>;
}

export interface Dot {
  id: string;
  label: string;
  key: string;
  name: string;
  x: number;
  y: number;
  pinned: boolean;
  hidden: boolean;
  /** How many neighbours it stands for, where it is a group of those that are not shown each. */
  stands: number;
  /** The expansion that a group is the rest of. */
  rest: string | null;
}

/** All acts of one kind from one entity to another. */
export interface Tie {
  id: string;
  kind: string;
  source: string;
  target: string;
  acts: Act[];
  /** Its acts' times are known one by one; else only from when to when they were. */
  exact: boolean;
  /** The words of a path's step, which stand for the kind's. */
  words: string | null;
}

/** A kind of relation of an entity that was unfolded: how many are shown of how many. */
export interface Expansion {
  of: string;
  kind: string;
  outgoing: boolean;
  label: string;
  shown: number;
  total: number;
  after: string | null;
}

export interface Drawing {
  dots: ReadonlyMap<string, Dot>;
  ties: ReadonlyMap<string, Tie>;
  expansions: ReadonlyMap<string, Expansion>;
  /** Kinds of entity that are not shown. */
  without: ReadonlySet<string>;
  /** A path's entities and ties, in order. */
  path: readonly string[];
}

export const EMPTY: Drawing = { dots: new Map(), ties: new Map(), expansions: new Map(), without: new Set(), path: [] };

export interface Entity {
  id: string;
  label: string;
  key: string;
  name: string;
}

export function tieId(source: string, kind: string, target: string): string {
  return `${source} ${kind} ${target}`;
}

/** Names all ties from one to another: they are drawn as one line. */
export function lineId({ source, target }: { source: string; target: string }): string {
  return `${source} ${target}`;
}

export function expansionId(of: string, kind: string, outgoing: boolean, label: string): string {
  return `${of} ${kind} ${outgoing ? "out" : "in"} ${label}`;
}

/** Add entities beside the one that they come from; those that are there stay where they are. */
export function withDots(drawing: Drawing, added: Entity[], from: Dot | null = null): Drawing {
  const dots = new Map(drawing.dots);
  const fresh = added.filter((one) => !dots.has(one.id));
  fresh.forEach((one, place) => {
    const at = spot(drawing, from, place, fresh.length);
    dots.set(one.id, { ...one, name: one.name.slice(0, 300), ...at, pinned: false, hidden: false, stands: 1, rest: null });
  });
  for (const one of added) {
    const old = dots.get(one.id);
    if (old?.hidden) dots.set(one.id, { ...old, hidden: false });
  }
  return { ...drawing, dots };
}

/** Where a new dot begins, before the layout moves it: on a fan that leads away from the middle of what is there. */
function spot(drawing: Drawing, from: Dot | null, place: number, many: number): { x: number; y: number } {
  const there = [...drawing.dots.values()];
  if (!from) {
    const angle = (2 * Math.PI * place) / Math.max(1, many);
    const radius = there.length + many > 1 ? 60 + 12 * many : 0;
    const right = there.length ? Math.max(...there.map((dot) => dot.x)) + 160 : 0;
    return { x: right + radius * Math.cos(angle), y: radius * Math.sin(angle) };
  }
  const middle = there.reduce((sum, dot) => ({ x: sum.x + dot.x / there.length, y: sum.y + dot.y / there.length }), { x: 0, y: 0 });
  const alone = there.length < 2;
  const away = alone ? 0 : Math.atan2(from.y - middle.y, from.x - middle.x);
  const wide = alone ? 2 * Math.PI : Math.min(Math.PI * 1.2, 0.35 * many);
  const angle = away + (many === 1 ? 0 : wide * (place / (alone ? many : many - 1) - 0.5));
  const radius = 110 + (many > 12 ? (place % 3) * 45 : 0) + (many / wide) * 8;
  return { x: from.x + radius * Math.cos(angle), y: from.y + radius * Math.sin(angle) };
}

/** Add ties; the acts of one that is there are joined by their keys. */
export function withTies(drawing: Drawing, added: Tie[]): Drawing {
  const ties = new Map(drawing.ties);
  for (const one of added) {
    if (!drawing.dots.has(one.source) || !drawing.dots.has(one.target)) continue;
    const old = ties.get(one.id);
    const acts = new Map([...(old?.acts ?? []), ...one.acts].map((act) => [act.key, act]));
    const exact = one.exact || (old?.exact ?? false);
    // Once they are told one by one, what stood for all of them would count twice.
    const kept = [...acts.values()].filter((act) => !exact || !act.key.startsWith(SUM));
    ties.set(one.id, { ...one, exact, acts: kept, words: one.words ?? old?.words ?? null });
  }
  return { ...drawing, ties };
}

/** Begins the key of an act that stands for all between two, until they are asked for one by one. */
export const SUM = "sum ";

export function changed(drawing: Drawing, ids: Iterable<string>, change: Partial<Dot>): Drawing {
  const dots = new Map(drawing.dots);
  for (const id of ids) {
    const dot = dots.get(id);
    if (dot) dots.set(id, { ...dot, ...change });
  }
  return { ...drawing, dots };
}

export function moved(drawing: Drawing, places: ReadonlyMap<string, { x: number; y: number }>): Drawing {
  const dots = new Map(drawing.dots);
  for (const [id, at] of places) {
    const dot = dots.get(id);
    if (dot) dots.set(id, { ...dot, ...at });
  }
  return { ...drawing, dots };
}

export function without(drawing: Drawing, gone: ReadonlySet<string>): Drawing {
  const dots = new Map([...drawing.dots].filter(([id]) => !gone.has(id)));
  const ties = new Map([...drawing.ties].filter(([, tie]) => dots.has(tie.source) && dots.has(tie.target)));
  const expansions = new Map([...drawing.expansions].filter(([, one]) => dots.has(one.of)));
  return { ...drawing, dots, ties, expansions, path: drawing.path.filter((id) => dots.has(id) || ties.has(id)) };
}

export interface Line {
  /** The pair's ends. */
  id: string;
  source: string;
  target: string;
  ties: { tie: Tie; acts: Act[]; count: number }[];
  count: number;
  failed: boolean;
  /** One of its events is known to be in the span; else all that is known is that they were before it and after it. */
  sure: boolean;
}

export interface Visible {
  dots: Dot[];
  lines: Line[];
}

/** Whether an act is in a span; one that counts nothing stands for what was not asked for, at whatever time. */
export function within(act: Act, span: Span | null): boolean {
  return !span || act.count === 0 || (act.last >= span.since && act.first < span.until);
}

/** Put a group beside an entity, for what an expansion leaves out, or take it away where it leaves out nothing. */
export function withRest(drawing: Drawing, expansion: Expansion): Drawing {
  const id = expansionId(expansion.of, expansion.kind, expansion.outgoing, expansion.label);
  const group = `rest ${id}`;
  const left = expansion.total - expansion.shown;
  const expansions = new Map(drawing.expansions).set(id, expansion);
  const of = drawing.dots.get(expansion.of);
  if (left <= 0 || !of) return without({ ...drawing, expansions }, new Set([group]));
  const entity = { id: group, label: expansion.label, key: group, name: `+${left}` };
  const placed = withDots({ ...drawing, expansions }, [entity], of);
  const grown = changed(placed, [group], { stands: left, rest: id, name: entity.name });
  const [source, target] = expansion.outgoing ? [of.id, group] : [group, of.id];
  const act = { key: group, first: 0, last: 0, count: 0, failed: false, evidence: [], properties: {} };
  const tie = { id: tieId(source, expansion.kind, target), kind: expansion.kind, source, target, acts: [act], exact: true, words: null };
  return withTies(grown, [tie]);
}

/** The first and the last event of an act are known by their times; what lies between is not. */
function sure(act: Act, span: Span | null): boolean {
  const inside = (at: number) => !span || (at >= span.since && at < span.until);
  return act.count === 0 || inside(act.first) || inside(act.last);
}

/** What is seen: neither hidden nor of a kind that is left out, and with acts in the span where one is chosen. */
export function visible(drawing: Drawing, span: Span | null): Visible {
  const shown = (id: string) => {
    const dot = drawing.dots.get(id);
    return !!dot && !dot.hidden && !drawing.without.has(dot.label);
  };
  const lines = new Map<string, Line>();
  const joined = new Set<string>();
  const tied = new Set<string>();
  for (const tie of drawing.ties.values()) {
    tied.add(tie.source).add(tie.target);
    if (!shown(tie.source) || !shown(tie.target)) continue;
    const acts = tie.acts.filter((act) => within(act, span));
    if (!acts.length) continue;
    const id = lineId(tie);
    const line = lines.get(id) ?? { id, source: tie.source, target: tie.target, ties: [], count: 0, failed: true, sure: false };
    const count = acts.reduce((sum, act) => sum + act.count, 0);
    line.ties.push({ tie, acts, count });
    line.count += count;
    line.sure ||= acts.some((act) => sure(act, span));
    line.failed &&= acts.every((act) => act.failed);
    lines.set(id, line);
    joined.add(tie.source).add(tie.target);
  }
  const dots = [...drawing.dots.values()].filter((dot) => shown(dot.id) && (!span || joined.has(dot.id) || !tied.has(dot.id)));
  return { dots, lines: [...lines.values()] };
}

/** From the first act to the last. */
export function reach(drawing: Drawing): Span | null {
  let since = Infinity;
  let until = -Infinity;
  for (const tie of drawing.ties.values()) {
    for (const act of tie.acts) {
      if (act.count === 0) continue;
      since = Math.min(since, act.first);
      until = Math.max(until, act.last);
    }
  }
  return since <= until ? { since, until: until + 1_000 } : null;
}
