import { useState } from "preact/hooks";
import { Dialog } from "../../parts/Dialog";
import { t } from "../../words";
import type { TabProps } from "./CasePage";
import { CloseCase, ReopenCase } from "./documents";

const VERDICTS = ["confirmed", "refuted", "inconclusive"];

/** Close a case with what it came to, or open it again. */
export function Close({ one, acting }: TabProps) {
  const [asked, setAsked] = useState(false);
  const [verdict, setVerdict] = useState("confirmed");
  const [summary, setSummary] = useState(one.summary);
  if (one.closed) {
    return (
      <button type="button" disabled={acting.busy} onClick={() => acting.act(ReopenCase, { id: one.id, version: one.version })}>
        {t("cases.reopen")}
      </button>
    );
  }
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await acting.act(CloseCase, { id: one.id, version: one.version, verdict, summary })) setAsked(false);
  };
  return (
    <>
      <button type="button" onClick={() => setAsked(true)}>
        {t("cases.close")}
      </button>
      <Dialog open={asked} title={t("cases.close")} onClose={() => setAsked(false)}>
        <form class="stack" onSubmit={submit}>
          <fieldset class="row">
            <legend>{t("cases.verdict")}</legend>
            {VERDICTS.map((each) => (
              <label key={each} class="row">
                <input type="radio" name="verdict" checked={verdict === each} onChange={() => setVerdict(each)} />
                {t(`cases.verdict.${each}`)}
              </label>
            ))}
          </fieldset>
          <div class="field">
            <label for="close-summary">{t("cases.summary")}</label>
            <textarea id="close-summary" rows={4} required value={summary} onInput={(event) => setSummary(event.currentTarget.value)} />
          </div>
          <div class="row">
            <button type="submit" class="primary" disabled={acting.busy}>
              {t("cases.close")}
            </button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
