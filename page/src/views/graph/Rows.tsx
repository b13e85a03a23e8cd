import { useState } from "preact/hooks";
import { Mark } from "../../kinds/Kind";
import { visible } from "../../parts/Text";
import { t } from "../../words";
import { moment } from "../../words/moment";
import type { Dot, Line } from "./model";
import { dotSays, lineSays } from "./says";
import * as store from "./store";

const LISTED = 300;

/** The drawing as tables: what the mouse does on the drawing, the keyboard does here. */
export function Rows() {
  const { dots, lines } = store.seen.value;
  const chosen = store.selected.value.size;
  return (
    <div class="stack">
      {chosen > 0 && (
        <button type="button" onClick={() => (store.table.value = false)}>
          {t("graph.chosen", { n: chosen })} →
        </button>
      )}
      <Entities dots={dots} />
      <Lines lines={lines} />
    </div>
  );
}

function Entities({ dots }: { dots: Dot[] }) {
  const [byKind, setByKind] = useState(true);
  const sorted = [...dots].sort((one, other) => (byKind ? one.label.localeCompare(other.label) : 0) || one.name.localeCompare(other.name));
  return (
    <table>
      <thead>
        <tr>
          <th>
            <span class="unseen">{t("graph.choose_column")}</span>
          </th>
          <th aria-sort={byKind ? "none" : "ascending"}>
            <button type="button" class="quiet" onClick={() => setByKind(!byKind)}>
              {t("graph.entity")}
            </button>
          </th>
          <th class="number">{t("graph.lines")}</th>
        </tr>
      </thead>
      <tbody>
        {sorted.slice(0, LISTED).map((dot) => (
          <tr key={dot.id}>
            <td>
              <input
                type="checkbox"
                checked={store.selected.value.has(dot.id)}
                aria-label={visible(dot.name, 60)}
                onChange={(event) => {
                  const chosen = new Set(store.selected.value);
                  if (event.currentTarget.checked) chosen.add(dot.id);
                  else chosen.delete(dot.id);
                  store.selected.value = chosen;
                }}
              />
            </td>
            <td>
              <button type="button" class="quiet cell" onClick={() => store.look([dot.id])}>
                <Mark label={dot.label} />
                <bdi>{dotSays(dot)}</bdi>
              </button>
            </td>
            <td class="number">{store.seen.value.lines.filter((line) => line.source === dot.id || line.target === dot.id).length}</td>
          </tr>
        ))}
        {sorted.length > LISTED && (
          <tr>
            <td colSpan={3} class="faint">
              {t("graph.showing_rows", { shown: LISTED, total: sorted.length })}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Lines({ lines }: { lines: Line[] }) {
  const named = (id: string) => {
    const dot = store.drawing.value.dots.get(id);
    return dot ? dotSays(dot) : "";
  };
  const first = (line: Line) => (line.count ? Math.min(...line.ties.flatMap((one) => one.acts.map((act) => act.first))) : Infinity);
  const sorted = lines.map((line) => ({ line, at: first(line) })).sort((one, other) => one.at - other.at);
  return (
    <table>
      <thead>
        <tr>
          <th>{t("graph.first")}</th>
          <th>{t("graph.line")}</th>
        </tr>
      </thead>
      <tbody>
        {sorted.slice(0, LISTED).map(({ line, at }) => (
          <tr key={line.id}>
            <td class="time">{line.count ? moment(at) : ""}</td>
            <td>
              <button
                type="button"
                class="quiet cell"
                onClick={() => store.lookAtLine(line.id)}
              >
                <span>
                  <bdi>{named(line.source)}</bdi> <span class={line.failed ? "badge high" : "faint"}>{lineSays(line)}</span> → <bdi>{named(line.target)}</bdi>
                </span>
              </button>
            </td>
          </tr>
        ))}
        {sorted.length > LISTED && (
          <tr>
            <td colSpan={2} class="faint">
              {t("graph.showing_rows", { shown: LISTED, total: sorted.length })}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
