import { Mark } from "../../kinds/Kind";
import { t } from "../../words";
import * as store from "./store";

/** Which kinds there are, how many of each, and what is not shown; a kind is left out by a click. */
export function Legend() {
  const { dots, without } = store.drawing.value;
  const counts = new Map<string, number>();
  for (const dot of dots.values()) if (!dot.rest) counts.set(dot.label, (counts.get(dot.label) ?? 0) + 1);
  const hidden = [...dots.values()].filter((dot) => dot.hidden).length;
  const groups = [...dots.values()].filter((dot) => dot.rest && !dot.hidden);
  const standing = groups.reduce((sum, dot) => sum + dot.stands, 0);
  return (
    <aside class="graph-legend" aria-label={t("graph.legend")}>
      <ul>
        {[...counts].map(([label, count]) => (
          <li key={label}>
            <button type="button" class="quiet" aria-pressed={!without.has(label)} onClick={() => store.toggleLabel(label)}>
              <Mark label={label} silent />
              {t(`kind.${label}`)}
              <span class="number">{count}</span>
            </button>
          </li>
        ))}
      </ul>
      <p class="faint key">
        <svg viewBox="0 0 28 8" aria-hidden="true">
          <path class="failed-line" d="M0 4h28" />
        </svg>
        {t("graph.failed")}
      </p>
      {store.seen.value.lines.some((line) => !line.sure) && <p class="faint">{t("graph.unsure")}</p>}
      {standing > 0 && <p class="faint">{t("graph.standing", { n: standing })}</p>}
      {(hidden > 0 || without.size > 0) && (
        <button type="button" class="quiet" onClick={store.showAll}>
          {hidden > 0 ? t("graph.show_hidden", { n: hidden }) : t("graph.show_all")}
        </button>
      )}
    </aside>
  );
}
