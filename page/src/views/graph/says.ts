/** What dots and lines say of themselves. */
import { t } from "../../words";
import { visible } from "../../parts/Text";
import type { Dot, Line, Tie } from "./model";

export function kindOf(tie: Pick<Tie, "kind" | "words">): string {
  return tie.words ? visible(tie.words, 60) : t(`relation.${tie.kind}.out`);
}

export function lineSays(line: Line): string {
  const [first, ...more] = line.ties;
  if (!first) return "";
  const times = line.count > 1 ? ` ×${line.count}` : "";
  return `${kindOf(first.tie)}${times}${more.length ? ` +${more.length}` : ""}`;
}

/** What is written on a line: its words, or where there are many lines only how often. */
export function lineWords(line: Line, short: boolean): string {
  if (!short) return lineSays(line);
  return line.count > 1 ? `×${line.count}` : "";
}

const CUT = 26;
const PATHS = new Set(["Persistence", "File", "Process"]);

export function dotSays(dot: Dot): string {
  if (dot.rest) return t("graph.others", { n: dot.stands, kind: t(`kind.${dot.label}`) });
  // A machine's domain is the same for most; its page and the panel say it.
  const name = dot.label === "Host" && /^[a-z]/i.test(dot.name) ? (dot.name.split(".")[0] ?? dot.name) : dot.name;
  // Of a long path, its end tells it from its neighbours.
  if (PATHS.has(dot.label) && name.length > CUT) return `…${visible(name.slice(1 - CUT))}`;
  return visible(name, CUT);
}
