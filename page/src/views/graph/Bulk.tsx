import { useState } from "preact/hooks";
import { EntityLink } from "../../parts/EntityLink";
import { percent, t } from "../../words";
import type { Dot } from "./model";
import * as store from "./store";

const LINKED = 16;

/** Several entities at once: the way between two, links among them, pinning, hiding, keeping only them. */
export function Bulk({ dots }: { dots: Dot[] }) {
  const [none, setNone] = useState(false);
  const ids = dots.map((dot) => dot.id);
  const [one, other] = dots;
  const path = async (from: Dot, to: Dot) => setNone(!(await store.findWay(from, to)));
  return (
    <div class="stack">
      <h2>{t("graph.chosen", { n: dots.length })}</h2>
      <ul class="chosen">
        {dots.slice(0, 12).map((dot) => (
          <li key={dot.id}>{dot.rest ? dot.name : <EntityLink entity={dot} cut={44} />}</li>
        ))}
        {dots.length > 12 && <li class="faint">+{dots.length - 12}</li>}
      </ul>
      {dots.length === 2 && one && other && !one.rest && !other.rest && (
        <section>
          <h3>{t("graph.path")}</h3>
          <p class="faint">{t("graph.path.how")}</p>
          <div class="row">
            <button type="button" onClick={() => void path(one, other)}>
              {t("graph.path.from", { name: one.name.slice(0, 24) })}
            </button>
            <button type="button" onClick={() => void path(other, one)}>
              {t("graph.path.from", { name: other.name.slice(0, 24) })}
            </button>
          </div>
          {none && !store.busy.value && <p role="status">{t("graph.path.none")}</p>}
          {!none && store.likelihood.value !== null && store.drawing.value.path.length > 0 && (
            <p role="status">{t("graph.path.found", { n: (store.drawing.value.path.length - 1) / 2, likelihood: percent(store.likelihood.value) })}</p>
          )}
        </section>
      )}
      <div class="row">
        {dots.length <= LINKED && (
          <button type="button" onClick={() => void store.linkAmong(ids)}>
            {t("graph.links")}
          </button>
        )}
        <button type="button" onClick={() => store.setPinned(ids, !dots.every((dot) => dot.pinned))}>
          {t(dots.every((dot) => dot.pinned) ? "graph.unpin" : "graph.pin")}
        </button>
        <button type="button" onClick={() => store.hide(ids)}>
          {t("graph.hide")}
        </button>
        <button type="button" onClick={() => store.keepOnly(new Set(ids))}>
          {t("graph.only")}
        </button>
        <button type="button" onClick={() => store.remove(ids)}>
          {t("graph.remove")}
        </button>
      </div>
    </div>
  );
}
