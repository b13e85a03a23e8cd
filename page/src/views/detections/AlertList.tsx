import { useEffect, useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { ask, hear } from "../../api/client";
import type { AlertState } from "../../api/generated/graphql";
import { FindingTable } from "../../findings/FindingTable";
import { Keep } from "../../findings/Keep";
import { Dialog } from "../../parts/Dialog";
import { Failed, None, Waiting } from "../../parts/State";
import { Text } from "../../parts/Text";
import { t } from "../../words";
import type { ViewProps } from "../registry";
import { CloseAlert } from "./CloseAlert";
import { type Alert, Alerts, NewAlerts, SettleAlerts } from "./documents";

const WHICH: Record<string, AlertState[]> = { open: ["NEW", "ACKNOWLEDGED"], closed: ["CLOSED"] };
const BADGES: Record<AlertState, string> = { NEW: "high", ACKNOWLEDGED: "medium", CLOSED: "" };

/** The alerts, the newest first; those that are raised while one looks appear by themselves. */
export function AlertList({ place }: ViewProps) {
  const [which, setWhich] = useState("open");
  const detection = place.query.get("detection");
  const asked = useAsk(Alerts, { states: WHICH[which] ?? null, detection, after: null });
  const { live, error: unheard } = useNewAlerts();
  const [changed, setChanged] = useState<Map<string, Alert>>(new Map());
  const [closing, setClosing] = useState<Alert | null>(null);
  const [error, setError] = useState<Error | null>(null);
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  if (!asked.data) return <Waiting />;
  const listed = asked.data.alerts.edges.map((edge) => edge.node);
  const heard = which === "open" ? live.filter((one) => (!detection || one.detection === detection) && !listed.some((other) => other.id === one.id)) : [];
  const alerts = [...heard, ...listed].map((one) => changed.get(one.id) ?? one);
  const settle = async (one: Alert, state: AlertState) => {
    try {
      const answer = await ask(SettleAlerts, { ids: [one.id], state, verdict: null, note: null, version: one.version });
      keep(answer.settleAlerts);
    } catch (failure) {
      setError(failure as Error);
    }
  };
  const keep = (settled: Alert[]) => setChanged(new Map([...changed, ...settled.map((one): [string, Alert] => [one.id, one])]));
  return (
    <>
      <div class="row">
        <div class="segments" role="group" aria-label={t("detections.which")}>
          {Object.keys(WHICH).map((one) => (
            <button key={one} type="button" aria-pressed={one === which} onClick={() => setWhich(one)}>
              {t(`detections.which.${one}`)}
            </button>
          ))}
        </div>
        <span class="live faint" role="status">
          {unheard ? t("detections.deaf") : t("detections.live", { n: asked.data.alerts.totalCount + heard.length })}
        </span>
      </div>
      {error && <Failed error={error} />}
      {alerts.length === 0 ? (
        <None>{t("detections.none")}</None>
      ) : (
        <FindingTable
          findings={alerts.map((one) => one.finding)}
          keyOf={(_, index) => alerts[index]?.id ?? String(index)}
          mark={(_, index) => {
            const one = alerts[index];
            return one && <span class={`badge ${BADGES[one.state]}`}>{t(`alert.${one.state}`)}</span>;
          }}
          act={(finding, index) => {
            const one = alerts[index];
            if (!one) return null;
            return (
              <>
                <Said alert={one} />
                {one.state === "NEW" && (
                  <button type="button" onClick={() => settle(one, "ACKNOWLEDGED")}>
                    {t("detections.acknowledge")}
                  </button>
                )}
                {one.state === "CLOSED" ? (
                  <button type="button" onClick={() => settle(one, "NEW")}>
                    {t("detections.reopen")}
                  </button>
                ) : (
                  <button type="button" onClick={() => setClosing(one)}>
                    {t("detections.close")}
                  </button>
                )}
                <Keep finding={finding} source={{ alert: one.id }} />
              </>
            );
          }}
        />
      )}
      <Dialog open={closing !== null} title={t("detections.close")} onClose={() => setClosing(null)}>
        {closing && (
          <CloseAlert
            alert={closing}
            done={(settled) => {
              keep(settled);
              setClosing(null);
            }}
          />
        )}
      </Dialog>
    </>
  );
}

function Said({ alert }: { alert: Alert }) {
  return (
    <span class="faint">
      {alert.detection}
      {alert.repeats > 0 && ` · ${t("detections.repeats", { n: alert.repeats })}`}
      {alert.verdict && ` · ${t(`verdict.${alert.verdict}`)}`}
      {alert.note && (
        <>
          {" · "}
          <Text cut={120}>{alert.note}</Text>
        </>
      )}
    </span>
  );
}

/** Alerts that were raised since the page was opened, the newest first. */
function useNewAlerts(): { live: Alert[]; error: Error | null } {
  const [live, setLive] = useState<Alert[]>([]);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => hear(NewAlerts, { after: null }, (told) => setLive((all) => [told.newAlerts, ...all]), setError), []);
  return { live, error };
}
