/** Times as analysts read them: UTC, ISO order, to the second. */

export function moment(at: string | number | null | undefined): string {
  if (at === null || at === undefined) return "–";
  return new Date(at).toISOString().replace("T", " ").slice(0, 19);
}

export function day(at: string | number): string {
  return new Date(at).toISOString().slice(0, 10);
}

const SPANS: [number, string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];

/** A length of time in its largest unit that is whole enough to read. */
export function span(milliseconds: number): string {
  for (const [length, unit] of SPANS) {
    if (milliseconds >= length) return `${Math.round((milliseconds / length) * 10) / 10} ${unit}`;
  }
  return `${Math.round(milliseconds)} ms`;
}
