/** A parameter's value as one writes it in the form, and back. */
import type { Hunt } from "./documents";

export type Parameter = Hunt["parameters"][number];
const UNITS: [string, number][] = [
  ["w", 604_800_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
];

/** `3d`, where the API says 259200000; the largest unit that leaves no rest. */
export function duration(milliseconds: number): string {
  for (const [unit, length] of UNITS) {
    if (milliseconds && milliseconds % length === 0) return `${milliseconds / length}${unit}`;
  }
  return `${milliseconds}ms`;
}

export function written(parameter: Parameter, value: unknown = parameter.default): string {
  if (Array.isArray(value)) return value.join("\n");
  if (parameter.type === "duration" && typeof value === "number") return duration(value);
  if (parameter.type === "time" && typeof value === "number") return new Date(value).toISOString();
  return String(value);
}

/** What the API takes, or null where the text is no value of the type. */
export function read(parameter: Parameter, text: string): unknown {
  const said = text.trim();
  switch (parameter.type) {
    case "integer":
      return /^-?\d+$/.test(said) ? Number(said) : null;
    case "number":
      return said && Number.isFinite(Number(said)) ? Number(said) : null;
    case "flag":
      return said === "true";
    case "duration":
      return /^(\d+(\.\d+)?(ms|[smhdw])\s*)+$/.test(said) ? said : null;
    case "time":
      return Number.isNaN(Date.parse(said)) ? null : said;
    case "list":
      return text.split(/[\n,]/).map((one) => one.trim()).filter(Boolean);
    default:
      return text;
  }
}
