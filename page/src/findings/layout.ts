/** Findings as a graph: who was in which together, laid out the same way each time. */
import Graph from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";
import type { Finding } from "./documents";

export interface Dot {
  id: string;
  label: string;
  name: string;
  x: number;
  y: number;
  findings: number;
  /** There is room for its name. */
  named: boolean;
}
export interface Line {
  key: string;
  from: Dot;
  to: Dot;
  level: string;
  finding: Finding;
}
export interface Drawn {
  dots: Dot[];
  lines: Line[];
  /** Findings that are not drawn: the gravest are first. */
  left: number;
}

const MOST = 200;
const TURNS = 300;
const SOURCES = ["source", "from", "client", "sender"];
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** Letters are about so wide, lines so high. */
const LETTER = 6.6;
const ROOM = 15;

/** Give those in most findings their names first; one that would cover another's waits to be pointed at. */
function name(dots: Dot[]): void {
  const taken: [number, number, number, number][] = dots.map(({ x, y }) => [x - 10, y - 10, x + 10, y + 10]);
  for (const dot of [...dots].sort((one, other) => other.findings - one.findings)) {
    const half = (Math.min(dot.name.length, 40) * LETTER) / 2;
    const box: [number, number, number, number] = [dot.x - half, dot.y + 12, dot.x + half, dot.y + 12 + ROOM];
    if (taken.some((one) => one[0] < box[2] && box[0] < one[2] && one[1] < box[3] && box[1] < one[3])) continue;
    dot.named = true;
    taken.push(box);
  }
}

/** The account that a finding is about, else who is named first: the others hang on it. */
function hub(finding: Finding): number {
  return Math.max(0, finding.entities.findIndex((one) => one.role === "account"));
}

export function drawn(findings: Finding[], width: number, height: number): Drawn {
  const dots = new Map<string, Dot>();
  const lines: Line[] = [];
  let used = 0;
  for (const finding of findings) {
    const fresh = finding.entities.filter((one) => !dots.has(one.entity.id)).length;
    if (dots.size + fresh > MOST) break;
    used++;
    const placed = finding.entities.map(({ entity }) => {
      const angle = dots.size * GOLDEN;
      const away = Math.sqrt(dots.size + 1);
      const dot = dots.get(entity.id) ?? { ...entity, x: Math.cos(angle) * away, y: Math.sin(angle) * away, findings: 0, named: false };
      dots.set(entity.id, dot);
      return dot;
    });
    for (const dot of new Set(placed)) dot.findings++;
    const middle = hub(finding);
    const centre = placed[middle];
    finding.entities.forEach(({ role }, index) => {
      const other = placed[index];
      if (!centre || !other || other === centre) return;
      const [from, to] = SOURCES.includes(role) ? [other, centre] : [centre, other];
      lines.push({ key: `${finding.id}|${index}`, from, to, level: finding.level, finding });
    });
  }
  spread([...dots.values()], lines, width, height);
  name([...dots.values()]);
  return { dots: [...dots.values()], lines, left: findings.length - used };
}

function spread(dots: Dot[], lines: Line[], width: number, height: number): void {
  const graph = new Graph({ multi: true });
  for (const { id, x, y } of dots) graph.addNode(id, { x, y });
  for (const { from, to } of lines) graph.addEdge(from.id, to.id);
  const places = forceAtlas2(graph, { iterations: TURNS, settings: { ...forceAtlas2.inferSettings(graph), gravity: 1.5, adjustSizes: false } });
  const [xs, ys] = [dots.map((one) => places[one.id]?.x ?? 0), dots.map((one) => places[one.id]?.y ?? 0)];
  const fit = (value: number, all: number[], room: number, margin: number) => {
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return high === low ? room / 2 : margin + ((value - low) / (high - low)) * (room - 2 * margin);
  };
  dots.forEach((dot, index) => {
    dot.x = fit(xs[index] ?? 0, xs, width, 90);
    dot.y = fit(ys[index] ?? 0, ys, height, 40);
  });
}
