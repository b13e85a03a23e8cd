import { useEffect, useState } from "preact/hooks";
import { bucketFor, type Count } from "../../parts/bars";
import { Histogram } from "../../parts/Histogram";
import { Icon } from "../../parts/Icon";
import { t } from "../../words";
import * as store from "./store";

/** Steps that playing takes from the first moment to the last, and how long one stays. */
const STEPS = 60;
const STAYS = 200;

/** When what is drawn happened; a chosen span filters the lines to those with an event in it. */
export function TimeBar() {
  const [playing, setPlaying] = useState(false);
  const whole = store.whole.value;
  useEffect(() => {
    if (!playing || !whole) return;
    const length = whole.until - whole.since;
    const chosen = store.span.value;
    const wide = chosen && chosen.until < whole.until ? chosen.until - chosen.since : length / 12;
    const timer = setInterval(() => {
      const now = store.span.value;
      const since = now && now.until < whole.until ? now.since + length / STEPS : whole.since;
      store.span.value = { since, until: since + wide };
      if (since + wide >= whole.until) setPlaying(false);
    }, STAYS);
    return () => clearInterval(timer);
  }, [playing, whole?.since, whole?.until]);
  if (!whole) return null;
  const bucket = bucketFor(whole.until - whole.since);
  const since = whole.since - (whole.since % bucket);
  return (
    <section class="graph-time" aria-label={t("graph.time")}>
      <button
        type="button"
        class="quiet"
        aria-label={t(playing ? "graph.pause" : "graph.play")}
        title={t(playing ? "graph.pause" : "graph.play")}
        onClick={() => setPlaying(!playing)}
      >
        <Icon path={playing ? "M8 5v14M16 5v14" : "M7 5l12 7-12 7z"} />
      </button>
      <Histogram
        counts={counted(bucket)}
        since={since}
        until={whole.until}
        bucket={bucket}
        span={store.span.value}
        brush={(span) => {
          setPlaying(false);
          store.span.value = span;
        }}
        height={40}
        hint={t("graph.time.hint")}
      />
    </section>
  );
}

function counted(bucket: number): Count[] {
  const counts = new Map<string, Count>();
  for (const tie of store.drawing.value.ties.values()) {
    for (const act of tie.acts) {
      if (!act.count) continue;
      const kind = act.failed ? "failed" : "line";
      const at = act.first - (act.first % bucket);
      const one = counts.get(`${at} ${kind}`) ?? { at, kind, count: 0 };
      one.count += act.count;
      counts.set(`${at} ${kind}`, one);
    }
  }
  return [...counts.values()];
}
