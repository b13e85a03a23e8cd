import { useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { ask } from "../../api/client";
import type { TypedDocumentString } from "../../api/generated/graphql";
import { Dialog } from "../../parts/Dialog";
import { Failed, None, Waiting } from "../../parts/State";
import { to } from "../../shell/router";
import { t } from "../../words";
import { moment } from "../../words/moment";
import type { ViewProps } from "../registry";
import { Detect, type Detection, Detections, RemoveDetection, SwitchDetection } from "./documents";
import { NewDetection } from "./NewDetection";

const BADGES: Record<string, string> = { done: "good", failed: "critical", cannot_see: "medium", timed_out: "high", cut: "medium" };

/** The hunts that run by themselves: when, how the last run went, and how many alerts stand open. */
export function DetectionList({ place }: ViewProps) {
  const asked = useAsk(Detections, {});
  const [adding, setAdding] = useState(place.query.has("hunt"));
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const [ran, setRan] = useState<string | null>(null);
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  if (!asked.data) return <Waiting />;
  const { detections } = asked.data;
  const act = async <T, V>(document: TypedDocumentString<T, V>, variables: V, then?: (answer: T) => void) => {
    setBusy(true);
    try {
      const answer = await ask(document, variables);
      then?.(answer);
      setError(null);
    } catch (failure) {
      setError(failure as Error);
    }
    setBusy(false);
    asked.again();
  };
  return (
    <>
      <div class="row">
        <span class="faint" role="status">
          {ran}
        </span>
        <span class="row push">
          <button
            type="button"
            disabled={busy}
            onClick={() => act(Detect, {}, ({ detect }) => setRan(t("detections.ran", { n: detect.length, alerts: detect.reduce((sum, one) => sum + one.new.length, 0) })))}
          >
            {t("detections.detect")}
          </button>
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            {t("detections.add")}
          </button>
        </span>
      </div>
      {error && <Failed error={error} />}
      {detections.length === 0 ? (
        <None>{t("detections.empty")}</None>
      ) : (
        <ul class="stack">
          {detections.map((one) => (
            <Row
              key={one.id}
              detection={one}
              busy={busy}
              turn={() => act(SwitchDetection, { id: one.id, enabled: !one.enabled })}
              remove={() => act(RemoveDetection, { id: one.id })}
            />
          ))}
        </ul>
      )}
      <Dialog open={adding} title={t("detections.add")} onClose={() => setAdding(false)} wide>
        <NewDetection
          told={asked.data}
          hunt={place.query.get("hunt") ?? ""}
          done={() => {
            setAdding(false);
            asked.again();
          }}
        />
      </Dialog>
    </>
  );
}

function Row({ detection, busy, turn, remove }: { detection: Detection; busy: boolean; turn: () => void; remove: () => void }) {
  const { id, title, outcome, lastRun, nextRun, schedule } = detection;
  const [sure, setSure] = useState(false);
  return (
    <li class={detection.enabled ? "card detection" : "card detection off"} aria-label={id}>
      <header>
        <h2>{title}</h2>
        <code class="faint">{id}</code>
        {outcome && <span class={`badge ${BADGES[outcome] ?? ""}`}>{t(`outcome.${outcome}`)}</span>}
        <span class="row push">
          <a class="button quiet" href={to("detections", [], { detection: id })}>
            {t("detections.alerts", { n: detection.alerts, open: detection.open })}
          </a>
          <button type="button" role="switch" aria-checked={detection.enabled} disabled={busy} onClick={turn} aria-label={t("detections.switch", { name: id })}>
            {t(detection.enabled ? "detections.on" : "detections.off")}
          </button>
          <button type="button" class="quiet" disabled={busy} onBlur={() => setSure(false)} onClick={() => (sure ? remove() : setSure(true))}>
            {t(sure ? "detections.sure" : "detections.remove")}
          </button>
        </span>
      </header>
      <p class="faint number">
        {schedule ? t("detections.schedule", { schedule }) : t("detections.after_load")}
        {lastRun && ` · ${t("detections.last", { when: moment(lastRun) })}`}
        {nextRun && ` · ${t("detections.next", { when: moment(nextRun) })}`}
        {detection.channels.length > 0 && ` · ${detection.channels.join(", ")}`}
        {detection.allowed.length > 0 && ` · ${t("detections.allowed", { n: detection.allowed.length })}`}
      </p>
      {detection.notes.length > 0 && (
        <ul class="notes">
          {detection.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </li>
  );
}
