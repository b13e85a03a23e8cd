/** Where a histogram's bars and ticks stand. */

export interface Count {
  at: number;
  kind: string;
  count: number;
}

export interface Bar {
  at: number;
  total: number;
  parts: { kind: string; from: number; to: number; count: number }[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY,
  2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 365 * DAY,
];
const BARS = 120;

/** The shortest bucket that makes no more bars than can be told apart. */
export function bucketFor(length: number): number {
  return STEPS.find((step) => length / step <= BARS) ?? 3_650 * DAY;
}

/** Stack the kinds of each bucket, in the order that kinds are given. */
export function barsOf(counts: Count[], kinds: string[]): Bar[] {
  const bars = new Map<number, Bar>();
  for (const kind of kinds) {
    for (const one of counts) {
      if (one.kind !== kind) continue;
      const bar = bars.get(one.at) ?? { at: one.at, total: 0, parts: [] };
      bar.parts.push({ kind, from: bar.total, to: bar.total + one.count, count: one.count });
      bar.total += one.count;
      bars.set(one.at, bar);
    }
  }
  return [...bars.values()].sort((one, other) => one.at - other.at);
}

/** Moments to write under the axis: round ones, some five of them. */
export function ticksOf(since: number, until: number): { at: number; text: string }[] {
  const step = STEPS.find((one) => (until - since) / one <= 5) ?? 3_650 * DAY;
  const found = [];
  for (let at = Math.ceil(since / step) * step; at <= until; at += step) {
    const iso = new Date(at).toISOString();
    found.push({ at, text: step >= DAY ? iso.slice(0, 10) : step >= MINUTE ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : iso.slice(11, 19) });
  }
  return found;
}
