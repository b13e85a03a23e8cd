/** A blast radius as a tree: each entity under the one that its most likely path came from. */
import { named, type Radius, type Reached } from "./documents";

export interface Branch {
  name: string;
  reached: Reached;
  depth: number;
  parent: string;
}

/** Depth first, what is reached first before what is reached later. */
export function treeOf(radius: Radius): Branch[] {
  const there = new Set(radius.reached.map((one) => named(one.reached)));
  const start = named(radius.start);
  const below = new Map<string, Reached[]>();
  for (const one of radius.reached) {
    // The step that leads to it may come from one that is not among those shown: it stands under the start then.
    const from = [...one.path].reverse().find((hop) => named(hop.target) === named(one.reached))?.source;
    const parent = from && there.has(named(from)) && named(from) !== named(one.reached) ? named(from) : start;
    below.set(parent, [...(below.get(parent) ?? []), one]);
  }
  const branches: Branch[] = [];
  const seen = new Set<string>([start]);
  const walk = (parent: string, depth: number) => {
    const those = [...(below.get(parent) ?? [])].sort((a, b) => a.firstTime.localeCompare(b.firstTime) || b.likelihood - a.likelihood);
    for (const reached of those) {
      const name = named(reached.reached);
      if (seen.has(name)) continue;
      seen.add(name);
      branches.push({ name, reached, depth, parent });
      walk(name, depth + 1);
    }
  };
  walk(start, 1);
  return branches;
}

export const WINDOWS = ["1h", "6h", "1d", "2d", "3d", "7d", "14d", "30d", "90d"];
/** Likelihoods of the slider's places, from all that is followed to what is nearly sure. */
export const LEASTS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9];

/** A moment as one types it, in UTC; null where it is none. */
export function momentOf(text: string): string | null {
  const found = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?Z?$/.exec(text.trim());
  if (!found) return null;
  const at = new Date(`${found[1]}T${found[2] ?? "00:00"}Z`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
