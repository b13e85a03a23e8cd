import { lookOf, OUTLINES } from "../../kinds/labels";
import { visible } from "../../parts/Text";
import { percent, t } from "../../words";
import { moment } from "../../words/moment";
import { named, type Radius } from "./documents";
import { fate, type Shown } from "./Tree";
import type { Branch } from "./tree";

const WIDE = 240;
const TALL = 44;
const EDGE = 24;
/** Rows that are drawn; the tree lists all. */
const MOST = 150;

interface Spot {
  x: number;
  y: number;
}

/** Steps from left to right; within one, what is reached first stands highest. */
export function Columns({ radius, ...shown }: Shown & { radius: Radius }) {
  const branches = shown.branches.slice(0, MOST);
  const deepest = Math.max(1, ...branches.map((one) => one.depth));
  const spots = placed(branches, named(radius.start));
  const height = Math.max(...[...spots.values()].map((spot) => spot.y)) + TALL;
  const way = new Set<string>();
  for (let name: string | undefined = shown.chosen ?? undefined; name; name = branches.find((one) => one.name === name)?.parent) way.add(name);
  return (
    <div class="scroll">
      <svg class="blast-columns" width={(deepest + 1) * WIDE} height={height + EDGE} role="img" aria-label={t("blast.columns.label", { n: branches.length })}>
        {Array.from({ length: deepest + 1 }, (_, hop) => (
          <text key={hop} class="hop" x={hop * WIDE + 14} y={14}>
            {hop ? t("blast.hop", { n: hop }) : moment(shown.wish.at)}
          </text>
        ))}
        {branches.map((one) => {
          const [from, end] = [spots.get(one.parent), spots.get(one.name)];
          if (!from || !end) return null;
          const bend = (from.x + WIDE - 36 + end.x) / 2;
          const lit = way.has(one.name);
          return (
            <path
              key={one.name}
              class={["link", fate(one.name, shown), lit ? "lit" : ""].join(" ")}
              d={`M${from.x + WIDE - 36} ${from.y}C${bend} ${from.y} ${bend} ${end.y} ${end.x - 10} ${end.y}`}
              stroke-width={0.8 + one.reached.likelihood * 4}
            />
          );
        })}
        <Node spot={spots.get(named(radius.start))} label={radius.start.label} name={radius.start.name} says={t("blast.start")} lit />
        {branches.map((one) => (
          <Node
            key={one.name}
            spot={spots.get(one.name)}
            label={one.reached.reached.label}
            name={one.reached.reached.name}
            says={`${percent(one.reached.likelihood)} · ${moment(one.reached.firstTime).slice(5, 16)}`}
            became={fate(one.name, shown)}
            lit={way.has(one.name)}
            choose={() => shown.choose(one.name)}
          />
        ))}
      </svg>
    </div>
  );
}

/** Each branch on a row of its own among those of its step; the rows follow those of the step before. */
function placed(branches: Branch[], start: string): Map<string, Spot> {
  const rows = new Map<number, number>();
  const spots = new Map<string, Spot>();
  for (const one of branches) {
    const above = spots.get(one.parent)?.y ?? 0;
    const y = Math.max((rows.get(one.depth) ?? EDGE - TALL / 2 + 8) + TALL, above);
    rows.set(one.depth, y);
    spots.set(one.name, { x: one.depth * WIDE + 18, y });
  }
  const first = branches.filter((one) => one.depth === 1).map((one) => spots.get(one.name)?.y ?? 0);
  spots.set(start, { x: 18, y: first.length ? (Math.min(...first) + Math.max(...first)) / 2 : EDGE + TALL / 2 });
  return spots;
}

interface NodeProps {
  spot: Spot | undefined;
  label: string;
  name: string;
  says: string;
  became?: string;
  lit?: boolean;
  choose?: () => void;
}

function Node({ spot, label, name, says, became = "", lit = false, choose }: NodeProps) {
  if (!spot) return null;
  const look = lookOf(label);
  return (
    <g class={["node", became, lit ? "lit" : "", choose ? "can" : ""].join(" ")} transform={`translate(${spot.x} ${spot.y})`} onClick={choose}>
      <rect class="ground" x={-10} y={-18} width={WIDE - 26} height={36} rx={6} />
      <path class={`kind-${label}`} d={OUTLINES[look.shape]} fill-rule="evenodd" transform="translate(-8 -8)" />
      <text x={14} y={-2}>
        {visible(name, 26)}
      </text>
      <text class="says" x={14} y={12}>
        {says}
      </text>
    </g>
  );
}
