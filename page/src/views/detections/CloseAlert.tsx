import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { AlertVerdict } from "../../api/generated/graphql";
import { Failed } from "../../parts/State";
import { Text } from "../../parts/Text";
import { t } from "../../words";
import { type Alert, SettleAlerts } from "./documents";

const VERDICTS: AlertVerdict[] = ["TRUE", "FALSE", "BENIGN", "KNOWN"];

/** Close an alert with what it was. */
export function CloseAlert({ alert, done }: { alert: Alert; done: (settled: Alert[]) => void }) {
  const [verdict, setVerdict] = useState<AlertVerdict>("FALSE");
  const [note, setNote] = useState(alert.note ?? "");
  const [error, setError] = useState<Error | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      const answer = await ask(SettleAlerts, { ids: [alert.id], state: "CLOSED", verdict, note: note || null, version: alert.version });
      done(answer.settleAlerts);
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <form class="stack" onSubmit={submit}>
      <p class="soft">
        <Text cut={300}>{alert.finding.summary}</Text>
      </p>
      <fieldset class="stack">
        <legend>{t("detections.verdict")}</legend>
        {VERDICTS.map((one) => (
          <label key={one} class="row">
            <input type="radio" name="verdict" checked={verdict === one} onChange={() => setVerdict(one)} />
            {t(`verdict.${one}`)}
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="alert-note">{t("detections.note")}</label>
        <textarea id="alert-note" rows={3} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </div>
      {error && <Failed error={error} />}
      <div class="row">
        <button type="submit" class="primary">
          {t("detections.close")}
        </button>
      </div>
    </form>
  );
}
