/** The view as an address: what was unfolded and where things stand, not the telemetry itself, packed into a link. */
import { to } from "../../shell/router";
import * as model from "./model";
import * as reading from "./reading";
import * as store from "./store";

interface Packed {
  /** Entities by id, each with its place. */
  d: [id: string, x: number, y: number, flags: number][];
  /** Expansions: whose (its place in `d`), kind, direction, label, how many shown. */
  e: [of: number, kind: string, outgoing: number, label: string, shown: number][];
  /** Pairs whose links were asked for, where no expansion tells them. */
  l: [one: number, other: number][];
  /** The ends of the path. */
  p: [from: number, to: number] | null;
  w: string[];
  t: [since: number, until: number] | null;
}

const PINNED = 1;
const HIDDEN = 2;

export function packed(): Packed {
  const { dots, ties, expansions, path, without } = store.drawing.value;
  const real = [...dots.values()].filter((dot) => !dot.rest);
  const place = new Map(real.map((dot, index) => [dot.id, index]));
  const told = new Set([...expansions.values()].map((one) => `${one.of} ${one.kind}`));
  const pairs = new Set<string>();
  for (const tie of ties.values()) {
    const [one, other] = [place.get(tie.source), place.get(tie.target)];
    if (one === undefined || other === undefined || tie.words) continue;
    if (told.has(`${tie.source} ${tie.kind}`) || told.has(`${tie.target} ${tie.kind}`)) continue;
    pairs.add(`${Math.min(one, other)} ${Math.max(one, other)}`);
  }
  const [from, end] = [place.get(path[0] ?? ""), place.get(path.at(-1) ?? "")];
  return {
    d: real.map((dot) => [dot.id, Math.round(dot.x), Math.round(dot.y), (dot.pinned ? PINNED : 0) | (dot.hidden ? HIDDEN : 0)]),
    e: [...expansions.values()].map((one) => [place.get(one.of) ?? 0, one.kind, one.outgoing ? 1 : 0, one.label, one.shown]),
    l: [...pairs].map((pair) => pair.split(" ").map(Number) as [number, number]),
    p: from === undefined || end === undefined ? null : [from, end],
    w: [...without],
    t: store.span.value && [store.span.value.since, store.span.value.until],
  };
}

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const piped = new Blob([bytes as BlobPart]).stream().pipeThrough(stream as ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

export async function address(): Promise<string> {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(packed())), new CompressionStream("deflate-raw"));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return to("graph", [], { v: text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") });
}

/** Copy a link to the view as it is. */
export async function shared(): Promise<void> {
  const link = new URL(await address(), document.baseURI).href;
  await navigator.clipboard.writeText(link);
}

async function unpacked(text: string): Promise<Packed> {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw")))) as Packed;
}

/** Draw what a link asks for: a whole view, or some entities to begin with (`ids`) and a way between two (`path`). */
export async function opened(query: URLSearchParams): Promise<void> {
  const view = query.get("v");
  if (view) return restored(view);
  const ids = query.get("ids")?.split(",").filter(Boolean) ?? [];
  if (!ids.length) return;
  store.start();
  await store.add(ids);
  const only = store.drawing.value.dots.get(ids[0] ?? "");
  if (ids.length === 1 && only) store.select([only.id]);
}

async function restored(text: string): Promise<void> {
  store.start();
  store.busy.value++;
  try {
    const told = await unpacked(text);
    store.drawing.value = await redrawn(told);
    store.span.value = told.t && { since: told.t[0], until: told.t[1] };
    store.fitted.value++;
  } catch (error) {
    store.problem.value = error instanceof Error ? error.message : String(error);
  } finally {
    store.busy.value--;
  }
}

async function redrawn(told: Packed): Promise<model.Drawing> {
  const found = await Promise.all(told.d.map(([id]) => reading.entityOf(id).catch(() => null)));
  let made = model.withDots(model.EMPTY, found.filter((one) => one !== null));
  const dotAt = (place: number) => made.dots.get(told.d[place]?.[0] ?? "");
  for (const [place, kind, outgoing, label, shown] of told.e) {
    const of = dotAt(place);
    if (!of) continue;
    let after: string | null = null;
    let seen = 0;
    while (seen < shown) {
      const part: reading.Found = await reading.rarest(of, kind, outgoing === 1, label, seen ? reading.MORE : reading.SHOWN, after);
      seen += part.entities.length;
      after = part.after;
      made = model.withTies(made, part.ties);
      made = model.withRest(made, { of: of.id, kind, outgoing: outgoing === 1, label, shown: seen, total: part.total, after });
      if (!after || !part.entities.length) break;
    }
  }
  for (const [one, other] of told.l) {
    const [from, end] = [dotAt(one), dotAt(other)];
    if (from && end) made = model.withTies(made, await reading.between(from, end));
  }
  made = await withPath(made, told);
  const places = new Map(told.d.map(([id, x, y]) => [id, { x, y }]));
  made = model.moved({ ...made, without: new Set(told.w) }, places);
  const flagged = (flag: number) => told.d.filter(([, , , flags]) => flags & flag).map(([id]) => id);
  return model.changed(model.changed(made, flagged(PINNED), { pinned: true }), flagged(HIDDEN), { hidden: true });
}

async function withPath(made: model.Drawing, told: Packed): Promise<model.Drawing> {
  const [from, end] = (told.p ?? []).map((place) => made.dots.get(told.d[place]?.[0] ?? ""));
  if (!from || !end) return made;
  const iso = (at: number) => new Date(at).toISOString();
  const way = await reading.way(from, end, told.t && iso(told.t[0]), told.t && iso(told.t[1]));
  if (!way) return made;
  return { ...model.withTies(model.withDots(made, way.entities, from), way.ties), path: way.steps };
}
