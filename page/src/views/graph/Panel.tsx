import { t } from "../../words";
import { Bulk } from "./Bulk";
import { DotPanel } from "./DotPanel";
import { LinePanel } from "./LinePanel";
import * as store from "./store";
import { Rows } from "./Rows";

/** Beside the drawing: what is chosen, or all of it as a table. */
export function Panel() {
  const chosen = [...store.selected.value].flatMap((id) => store.drawing.value.dots.get(id) ?? []);
  const line = store.line.value ? store.seen.value.lines.find((one) => one.id === store.line.value) : undefined;
  if (!store.drawing.value.dots.size) return null;
  return (
    <aside class="graph-panel" aria-label={t("graph.panel")}>
      <div class="tabs" role="tablist">
        <button type="button" role="tab" aria-selected={!store.table.value} onClick={() => (store.table.value = false)}>
          {t("graph.tab.chosen")}
        </button>
        <button type="button" role="tab" aria-selected={store.table.value} onClick={() => (store.table.value = true)}>
          {t("graph.tab.table", { dots: store.seen.value.dots.length, lines: store.seen.value.lines.length })}
        </button>
      </div>
      {store.table.value ? (
        <Rows />
      ) : line ? (
        <LinePanel key={line.id} line={line} />
      ) : chosen.length > 1 ? (
        <Bulk dots={chosen} />
      ) : chosen[0] ? (
        <DotPanel key={chosen[0].id} dot={chosen[0]} />
      ) : (
        <p class="none">{t("graph.choose")}</p>
      )}
    </aside>
  );
}
