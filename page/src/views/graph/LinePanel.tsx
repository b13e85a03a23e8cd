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

/** Acts of a tie that are listed; evidence is told of those that are listed. */
const LISTED = 8;
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

function TieRows({ tie, acts, count }: { tie: Tie; acts: Act[]; count: number }) {
  const [all, setAll] = useState(false);
  const sorted = [...acts].sort((one, other) => one.first - other.first);
  const shown = all ? sorted.slice(0, 200) : sorted.slice(0, LISTED);
  const evidence = [...new Set(shown.flatMap((act) => act.evidence))].slice(0, 100);
  return (
    <section class="tie">
      <h3 class="row">
        {kindOf(tie)}
        <span class="push number">{count ? t("graph.times", { n: count }) : ""}</span>
      </h3>
      {!tie.exact && <p class="faint">{t("graph.inexact")}</p>}
      <ul class="acts">
        {shown.map((act) => (
          <li key={act.key} class={act.failed ? "failed-act" : undefined}>
            <p class="number">
              {moment(act.first)}
              {act.last - act.first >= 1_000 && <span class="faint"> + {length(act.last - act.first)}</span>}
              {act.count > 1 && <span class="push">×{act.count}</span>}
            </p>
            <p class="row facts">
              {Object.entries(act.properties)
                .filter(([name]) => !QUIET.has(name))
                .map(([name, value]) => (
                  <span key={name} class={name === "outcome" && act.failed ? "badge high" : "badge"} title={name}>
                    {visible(value, 60)}
                  </span>
                ))}
            </p>
          </li>
        ))}
      </ul>
      {sorted.length > shown.length && (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          {t("evidence.more", { shown: shown.length, total: sorted.length })}
        </button>
      )}
      <h3>{t("graph.events")}</h3>
      {evidence.length ? <Evidence key={evidence.join()} ids={evidence} /> : <None>{t("graph.no_events")}</None>}
    </section>
  );
}
