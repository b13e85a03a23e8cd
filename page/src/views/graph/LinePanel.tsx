import { useEffect, useState } from "preact/hooks";
import { EntityLink } from "../../parts/EntityLink";
import { Evidence } from "../../parts/Evidence";
import { None } from "../../parts/State";
import { visible } from "../../parts/Text";
import { t } from "../../words";
import { moment, span as length } from "../../words/moment";
import type { Act, Line, Tie } from "./model";
import { kindOf } from "./says";
import * as store from "./store";

/** Acts of a group whose evidence is told, and the most that are listed. */
const LISTED = 8;
const MOST = 200;
const QUIET = new Set(["via", "user", "host", "target", "source"]);

/** All that led from one entity to another, by kind, with the raw events. */
export function LinePanel({ line }: { line: Line }) {
  useEffect(() => void store.learn(line.source, line.target), [line.id]);
  const [source, target] = [line.source, line.target].map((id) => store.drawing.value.dots.get(id));
  if (!source || !target) return null;
  return (
    <div class="stack">
      <header class="line-ends">
        {source.rest ? <span>{source.name}</span> : <EntityLink entity={source} cut={40} />}
        <span class="faint" aria-hidden="true">
          ↓
        </span>
        {target.rest ? <span>{target.name}</span> : <EntityLink entity={target} cut={40} />}
      </header>
      {line.ties.map(({ tie, acts, count }) => (
        <TieRows key={tie.id} tie={tie} acts={acts} count={count} />
      ))}
    </div>
  );
}

interface Alike {
  name: string;
  properties: [string, string][];
  failed: boolean;
  acts: Act[];
}

/** Acts that say the same of themselves, as a day's remote desktop sessions do, stand together. */
function alike(acts: Act[]): Alike[] {
  const groups = new Map<string, Alike>();
  for (const act of [...acts].sort((one, other) => one.first - other.first)) {
    const properties = Object.entries(act.properties).filter(([name]) => !QUIET.has(name));
    const name = JSON.stringify(properties);
    const group = groups.get(name) ?? { name, properties, failed: act.failed, acts: [] };
    group.acts.push(act);
    groups.set(name, group);
  }
  return [...groups.values()];
}

function TieRows({ tie, acts, count }: { tie: Tie; acts: Act[]; count: number }) {
  const groups = alike(acts);
  const evidence = [...new Set(groups.flatMap((group) => group.acts.slice(0, LISTED).flatMap((act) => act.evidence)))].slice(0, 100);
  return (
    <section class="tie">
      <h3 class="row">
        {kindOf(tie)}
        <span class="push number">{count ? t("graph.times", { n: count }) : ""}</span>
      </h3>
      {!tie.exact && <p class="faint">{t("graph.inexact")}</p>}
      <ul class="acts">
        {groups.map((group) => (
          <Group key={group.name} group={group} />
        ))}
      </ul>
      <h3>{t("graph.events")}</h3>
      {evidence.length ? <Evidence key={evidence.join()} ids={evidence} /> : <None>{t("graph.no_events")}</None>}
    </section>
  );
}

function Group({ group }: { group: Alike }) {
  const [all, setAll] = useState(false);
  const shown = all ? group.acts.slice(0, MOST) : group.acts.slice(0, 3);
  const total = group.acts.reduce((sum, act) => sum + act.count, 0);
  return (
    <li class={group.failed ? "failed-act" : undefined}>
      <p class="row facts">
        {group.properties.map(([name, value]) => (
          <span key={name} class={name === "outcome" && group.failed ? "badge high" : "badge"} title={name}>
            {visible(value, 60)}
          </span>
        ))}
        {total > 1 && <span class="push number">{t("graph.alike", { n: total })}</span>}
      </p>
      {shown.map((act) => (
        <p key={act.key} class="number">
          {moment(act.first)}
          {act.last - act.first >= 1_000 && <span class="faint"> + {length(act.last - act.first)}</span>}
          {act.count > 1 && <span class="push">×{act.count}</span>}
        </p>
      ))}
      {group.acts.length > shown.length && (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          {t("evidence.more", { shown: shown.length, total: group.acts.length })}
        </button>
      )}
    </li>
  );
}
