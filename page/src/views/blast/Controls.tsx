import { useEffect, useState } from "preact/hooks";
import { percent, t } from "../../words";
import { moment } from "../../words/moment";
import type { Wish } from "./Blast";
import { LEASTS, momentOf, WINDOWS } from "./tree";

interface Props {
  wish: Wish;
  start: { firstSeen: string | null; lastSeen: string | null };
  change: (made: Partial<Wish>) => void;
}

/** From when, how long, how likely, and in which direction of time. */
export function Controls({ wish, start, change }: Props) {
  const [text, setText] = useState(moment(wish.at));
  useEffect(() => setText(moment(wish.at)), [wish.at]);
  const typed = momentOf(text);
  const window = Math.max(0, WINDOWS.indexOf(wish.window));
  const least = Math.max(0, LEASTS.findLastIndex((one) => one <= wish.least));
  return (
    <div class="blast-controls">
      <div role="group" aria-label={t("blast.direction")} class="row">
        <button type="button" class="chip" aria-pressed={!wish.backward} onClick={() => change({ backward: false, at: wish.backward ? (start.firstSeen ?? wish.at) : wish.at })}>
          {t("blast.forward")}
        </button>
        <button type="button" class="chip" aria-pressed={wish.backward} onClick={() => change({ backward: true, at: wish.backward ? wish.at : (start.lastSeen ?? wish.at) })}>
          {t("blast.backward")}
        </button>
      </div>
      <label>
        {t("blast.at")}
        <input
          class="number"
          value={text}
          aria-invalid={typed === null}
          onInput={(event) => setText(event.currentTarget.value)}
          onBlur={() => typed && change({ at: typed })}
          onKeyDown={(event) => event.key === "Enter" && typed && change({ at: typed })}
        />
      </label>
      <label>
        <span>
          {t("blast.window")} <strong>{WINDOWS[window]}</strong>
        </span>
        <input type="range" min={0} max={WINDOWS.length - 1} value={window} aria-valuetext={WINDOWS[window]} onInput={(event) => change({ window: WINDOWS[Number(event.currentTarget.value)] ?? "7d" })} />
      </label>
      <label>
        <span>
          {t("blast.least")} <strong>{percent(LEASTS[least] ?? 0)}</strong>
        </span>
        <input type="range" min={0} max={LEASTS.length - 1} value={least} aria-valuetext={percent(LEASTS[least] ?? 0)} onInput={(event) => change({ least: LEASTS[Number(event.currentTarget.value)] ?? 0.01 })} />
      </label>
    </div>
  );
}
