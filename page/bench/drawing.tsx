/** A drawing of any size, made up, to measure how smoothly it moves: `?dots=5000`. Not part of the page. */
import { render } from "preact";
import "../src/style/tokens.css";
import "../src/style/page.css";
import "../src/views/graph/graph.css";
import { Canvas } from "../src/views/graph/Canvas";
import { type Act, type Dot, EMPTY, type Tie, tieId } from "../src/views/graph/model";
import { rearrange, start } from "../src/views/graph/store";

const many = Number(new URLSearchParams(location.search).get("dots") ?? 5_000);
const LABELS = ["User", "Host", "Host", "IP", "Process"];

// The same drawing each time.
let seed = 7;
function chance(): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
}

const dots = new Map<string, Dot>();
for (let i = 0; i < many; i++) {
  const label = LABELS[i % LABELS.length] ?? "Host";
  const at = { x: (chance() - 0.5) * 6_000, y: (chance() - 0.5) * 6_000 };
  dots.set(`d${i}`, { id: `d${i}`, label, key: `d${i}`, name: `${label}-${i}`, ...at, pinned: false, hidden: false, stands: 1, rest: null });
}
const ties = new Map<string, Tie>();
for (let i = 1; i < many * 1.6; i++) {
  // Some are met by many, most by few, as machines are.
  const [source, target] = [`d${i % many}`, `d${Math.floor(chance() ** 3 * many)}`];
  if (source === target) continue;
  const act: Act = { key: `a${i}`, first: i, last: i, count: 1 + (i % 9), failed: i % 11 === 0, evidence: [], properties: {} };
  const id = tieId(source, "LOGGED_ON", target);
  ties.set(id, { id, kind: "LOGGED_ON", source, target, acts: [act], exact: true, words: null });
}

const place = document.getElementById("page");
if (place) render(<div class="view view-graph"><div class="graph-stage"><Canvas menu={() => {}} /></div></div>, place);
start({ ...EMPTY, dots, ties });
const begun = performance.now();
void rearrange().then(() => {
  document.body.dataset.laidOut = String(Math.round(performance.now() - begun));
});
