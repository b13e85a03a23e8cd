/** The view's state and what can be done with it; each thing done is one step that can be undone. */
import { computed, signal } from "@preact/signals";
import { laidOut } from "./layout";
import * as model from "./model";
import { type Drawing, type Dot, EMPTY, type Span } from "./model";
import * as reading from "./reading";

const UNDONE = 60;

export const drawing = signal<Drawing>(EMPTY);
export const span = signal<Span | null>(null);
export const selected = signal<ReadonlySet<string>>(new Set());
/** The line that is looked at, by its ends. */
export const line = signal<string | null>(null);
/** The panel shows the table, not what is chosen. */
export const table = signal(false);
export const busy = signal(0);
export const problem = signal<string | null>(null);
/** How likely the drawn path is. */
export const likelihood = signal<number | null>(null);
const before = signal<Drawing[]>([]);
const undone = signal<Drawing[]>([]);
export const canUndo = computed(() => before.value.length > 0);
export const canRedo = computed(() => undone.value.length > 0);
export const seen = computed(() => model.visible(drawing.value, span.value));
export const whole = computed(() => model.reach(drawing.value));
/** Counts up where the view should be fitted to what is there. */
export const fitted = signal(0);

/** Counts up where something was added, which may stand outside what is looked at. */
export const grown = signal(0);

/** Make a change that can be undone. */
export function change(made: Drawing): void {
  if (made === drawing.value) return;
  before.value = [...before.value.slice(1 - UNDONE), drawing.value];
  undone.value = [];
  drawing.value = made;
}

export function undo(): void {
  const last = before.value.at(-1);
  if (!last) return;
  before.value = before.value.slice(0, -1);
  undone.value = [...undone.value, drawing.value];
  drawing.value = last;
  keepSelection();
}

export function redo(): void {
  const next = undone.value.at(-1);
  if (!next) return;
  undone.value = undone.value.slice(0, -1);
  before.value = [...before.value, drawing.value];
  drawing.value = next;
}

function keepSelection(): void {
  const there = drawing.value.dots;
  selected.value = new Set([...selected.value].filter((id) => there.has(id)));
  if (line.value && ![...drawing.value.ties.values()].some((tie) => model.lineId(tie) === line.value)) line.value = null;
}

export function start(made: Drawing = EMPTY): void {
  drawing.value = made;
  before.value = undone.value = [];
  selected.value = new Set();
  line.value = null;
  span.value = null;
  problem.value = null;
}

/** Ask for something; what goes wrong is told, and nothing is changed. */
async function asking<T>(work: () => Promise<T>): Promise<T | null> {
  busy.value++;
  problem.value = null;
  try {
    return await work();
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
    return null;
  } finally {
    busy.value--;
  }
}

/** Make a change whose new dots find their places; those that were there stay put. */
async function grow(made: Drawing): Promise<void> {
  const old = drawing.value;
  const places = await laidOut(made, (id) => !old.dots.has(id));
  change(model.moved(made, places));
  if (old.dots.size) grown.value++;
  else fitted.value++;
}

export async function add(ids: string[]): Promise<void> {
  await asking(async () => {
    const found = (await Promise.all(ids.map(reading.entityOf))).filter((one) => one !== null);
    let made = model.withDots(drawing.value, found);
    const there = [...made.dots.values()].filter((dot) => !dot.rest);
    if (there.length > 1 && there.length <= 14) made = model.withTies(made, await reading.among(there));
    await grow(made);
    selected.value = new Set(found.map((one) => one.id));
  });
}

/** Unfold a kind of relation: its rarest neighbours each, the others as one group. */
export async function expand(of: Dot, kind: string, outgoing: boolean, label: string): Promise<void> {
  const id = model.expansionId(of.id, kind, outgoing, label);
  const old = drawing.value.expansions.get(id);
  if (old && old.shown >= old.total) return;
  await asking(async () => {
    const first = old ? reading.MORE : reading.SHOWN;
    const found = await reading.rarest(of, kind, outgoing, label, first, old?.after ?? null);
    const shown = (old?.shown ?? 0) + found.entities.length;
    let made = model.withTies(model.withDots(drawing.value, found.entities, of), found.ties);
    made = model.withRest(made, { of: of.id, kind, outgoing, label, shown, total: found.total, after: found.after });
    await grow(made);
  });
}

/** Unfold more of what a group stands for. */
export async function unfold(group: Dot): Promise<void> {
  const expansion = group.rest ? drawing.value.expansions.get(group.rest) : undefined;
  const of = expansion && drawing.value.dots.get(expansion.of);
  if (of) await expand(of, expansion.kind, expansion.outgoing, expansion.label);
}

export async function linkAmong(ids: Iterable<string>): Promise<void> {
  const dots = [...ids].flatMap((id) => drawing.value.dots.get(id) ?? []).filter((dot) => !dot.rest);
  await asking(async () => change(model.withTies(drawing.value, await reading.among(dots))));
}

/** Draw the most likely way from one to another; tells whether there is one. */
export async function findWay(from: Dot, to: Dot): Promise<boolean> {
  const iso = (at: number) => new Date(at).toISOString();
  const found = await asking(() => reading.way(from, to, span.value && iso(span.value.since), span.value && iso(span.value.until)));
  if (!found) return false;
  const made = model.withTies(model.withDots(drawing.value, found.entities, from), found.ties);
  likelihood.value = found.likelihood;
  await grow({ ...made, path: found.steps });
  return true;
}

/** The edges of a line one by one, where only their sums are known so far. */
export async function learn(source: string, target: string): Promise<void> {
  const [one, other] = [drawing.value.dots.get(source), drawing.value.dots.get(target)];
  const ties = [...drawing.value.ties.values()].filter((tie) => tie.source === source && tie.target === target);
  if (!one || !other || one.rest || other.rest || ties.every((tie) => tie.exact)) return;
  const found = await asking(() => reading.between(one, other));
  // Not a step of its own: nothing new is shown, only told more closely.
  if (found) drawing.value = model.withTies(drawing.value, found.filter((tie) => drawing.value.ties.has(tie.id)));
}

export async function rearrange(): Promise<void> {
  const places = await laidOut(drawing.value, () => true);
  change(model.moved(drawing.value, places));
  fitted.value++;
}

export function setPinned(ids: Iterable<string>, pinned: boolean): void {
  change(model.changed(drawing.value, ids, { pinned }));
}

export function hide(ids: Iterable<string>): void {
  change(model.changed(drawing.value, ids, { hidden: true }));
  selected.value = new Set();
}

export function showAll(): void {
  change({ ...model.changed(drawing.value, drawing.value.dots.keys(), { hidden: false }), without: new Set() });
}

export function remove(ids: Iterable<string>): void {
  change(model.without(drawing.value, new Set(ids)));
  keepSelection();
}

export function keepOnly(ids: ReadonlySet<string>): void {
  remove([...drawing.value.dots.keys()].filter((id) => !ids.has(id)));
}

export function toggleLabel(label: string): void {
  const without = new Set(drawing.value.without);
  if (!without.delete(label)) without.add(label);
  change({ ...drawing.value, without });
}

export function place(id: string, x: number, y: number): void {
  change(model.changed(drawing.value, [id], { x, y, pinned: true }));
}

export function select(ids: Iterable<string>, more = false): void {
  const wanted = new Set(more ? selected.value : []);
  for (const id of ids) {
    if (more && wanted.has(id)) wanted.delete(id);
    else wanted.add(id);
  }
  selected.value = wanted;
  line.value = null;
}

/** Choose, and show what is chosen. */
export function look(ids: Iterable<string>, more = false): void {
  select(ids, more);
  if (selected.value.size) table.value = false;
}

export function lookAtLine(id: string): void {
  selected.value = new Set();
  line.value = id;
  table.value = false;
}
