import { useMemo, useState } from "preact/hooks";
import { lookOf, OUTLINES } from "../kinds/labels";
import { Text, visible } from "../parts/Text";
import { go, to } from "../shell/router";
import { t } from "../words";
import { moment } from "../words/moment";
import type { Finding } from "./documents";
import "./findings.css";
import { drawn, type Dot, type Line } from "./layout";

const WIDTH = 1100;
const HEIGHT = 560;

/** The findings' entities, joined where they were in one finding; a line's finding is said below. */
export function FindingGraph({ findings }: { findings: Finding[] }) {
  const { dots, lines, left } = useMemo(() => drawn(findings, WIDTH, HEIGHT), [findings]);
  const [told, setTold] = useState<Finding | null>(null);
  const involved = new Set(told?.entities.map((one) => one.entity.id));
  return (
    <figure class="finding-graph card">
      {left > 0 && <p class="faint">{t("findings.graph.left", { shown: findings.length - left, total: findings.length })}</p>}
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={t("findings.graph")}>
        <defs>
          <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto-start-reverse">
            <path d="M0 0.500 8 4 0 7.500z" />
          </marker>
        </defs>
        {lines.map((line) => (
          <Arrow key={line.key} line={line} dim={told !== null && told !== line.finding} tell={setTold} />
        ))}
        {dots.map((dot) => (
          <Point key={dot.id} dot={dot} named={told ? involved.has(dot.id) : dot.named} dim={told !== null && !involved.has(dot.id)} />
        ))}
      </svg>
      <figcaption>
        {told ? (
          <>
            <span class={`badge ${told.level}`}>{t(`level.${told.level}`)}</span> <strong>{told.title}</strong>{" "}
            <Text cut={400}>{told.summary}</Text> <span class="faint number">{moment(told.firstSeen)}</span>
          </>
        ) : (
          <span class="faint">{t("findings.graph.how")}</span>
        )}
      </figcaption>
    </figure>
  );
}

function Arrow({ line, dim, tell }: { line: Line; dim: boolean; tell: (finding: Finding | null) => void }) {
  const { from, to: end } = line;
  const length = Math.hypot(end.x - from.x, end.y - from.y) || 1;
  const short = (length - 12) / length;
  const [x, y] = [from.x + (end.x - from.x) * short, from.y + (end.y - from.y) * short];
  return (
    <g class={`arrow ${line.level} ${dim ? "dim" : ""}`} onMouseEnter={() => tell(line.finding)} onMouseLeave={() => tell(null)}>
      <line class="wide" x1={from.x} y1={from.y} x2={x} y2={y} />
      <line x1={from.x} y1={from.y} x2={x} y2={y} marker-end="url(#tip)" />
    </g>
  );
}

function Point({ dot, named, dim }: { dot: Dot; named: boolean; dim: boolean }) {
  const name = visible(dot.name, 40);
  return (
    <a href={to("entity", [dot.id])} class={`dot ${dim ? "dim" : ""}`} aria-label={`${t(`kind.${dot.label}`)} ${name}`} onClick={(event) => (event.preventDefault(), go(to("entity", [dot.id])))}>
      <path class={`kind-${dot.label}`} d={OUTLINES[lookOf(dot.label).shape]} transform={`translate(${dot.x - 11} ${dot.y - 11}) scale(1.38)`} />
      {named && (
        <text x={dot.x} y={dot.y + 24}>
          {name}
        </text>
      )}
      <title>{visible(dot.name, 200)}</title>
    </a>
  );
}
