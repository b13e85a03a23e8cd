import { useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { ask } from "../../api/client";
import { Dialog } from "../../parts/Dialog";
import { Evidence } from "../../parts/Evidence";
import { Failed, Waiting } from "../../parts/State";
import { Text } from "../../parts/Text";
import { number, t } from "../../words";
import { day, moment } from "../../words/moment";
import { AllowIndicator, type Kept, Sightings } from "./indicatorDocuments";

export function IndicatorTable({ rows, ranked, again }: { rows: Kept[]; ranked: boolean; again: () => void }) {
  const [met, setMet] = useState<Kept | null>(null);
  const [letting, setLetting] = useState<Kept | null>(null);
  return (
    <div class="card scroll">
      <table>
        <thead>
          <tr>
            <th>{t("indicators.value")}</th>
            <th>{t("indicators.kind")}</th>
            <th>{t("indicators.source")}</th>
            <th class="number">{t("indicators.confidence")}</th>
            <th class="number">{t("indicators.met")}</th>
            {ranked && <th class="number">{t("indicators.reached")}</th>}
            <th>{t("indicators.last_met")}</th>
            <th>{t("indicators.until")}</th>
            <th aria-label={t("indicators.act")} />
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={`${one.kind}|${one.value}`}>
              <td>
                <code>
                  <Text cut={90}>{one.value}</Text>
                </code>
                {one.tlp && <span class="badge">TLP:{one.tlp.toUpperCase()}</span>}
              </td>
              <td>{t(`indicators.kind.${one.kind}`)}</td>
              <td>
                <Text cut={60}>{one.sources.join(", ")}</Text>
              </td>
              <td class="number">{one.confidence ?? "–"}</td>
              <td class="number">
                {one.met > 0 ? (
                  <button type="button" class="quiet" onClick={() => setMet(one)} aria-label={t("indicators.sightings", { n: one.met, value: one.value })}>
                    <span class="badge high">{number(one.met)}</span>
                  </button>
                ) : (
                  0
                )}
              </td>
              {ranked && <td class="number">{one.reached === null ? "–" : number(Math.round(one.reached * 10) / 10)}</td>}
              <td class="time">{one.lastMet && moment(one.lastMet)}</td>
              <td class="time">{one.until && day(one.until)}</td>
              <td>
                <button type="button" class="quiet" onClick={() => setLetting(one)}>
                  {t("indicators.allow")}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Dialog open={met !== null} title={met ? t("indicators.where", { value: met.value.slice(0, 80) }) : ""} onClose={() => setMet(null)} wide>
        {met && <Where one={met} />}
      </Dialog>
      <Dialog open={letting !== null} title={t("indicators.allow")} onClose={() => setLetting(null)}>
        {letting && (
          <LetPass
            one={letting}
            done={() => {
              setLetting(null);
              again();
            }}
          />
        )}
      </Dialog>
    </div>
  );
}

function Where({ one }: { one: Kept }) {
  const asked = useAsk(Sightings, { value: one.value, kind: one.kind });
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  if (!asked.data) return <Waiting small />;
  const events = asked.data.indicator?.sightings.edges.map((edge) => edge.node.event) ?? [];
  return <Evidence ids={[...new Set(events)]} />;
}

function LetPass({ one, done }: { one: Kept; done: () => void }) {
  const [reason, setReason] = useState("");
  const [error, setError] = useState<Error | null>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    ask(AllowIndicator, { value: one.value, kind: one.kind, reason }).then(done, setError);
  };
  return (
    <form class="stack" onSubmit={submit}>
      <code>
        <Text>{one.value}</Text>
      </code>
      <div class="field">
        <label for="allow-reason">{t("indicators.reason")}</label>
        <input id="allow-reason" type="text" required value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </div>
      {error && <Failed error={error} />}
      <div class="row">
        <button type="submit" class="primary">
          {t("indicators.allow")}
        </button>
      </div>
    </form>
  );
}
