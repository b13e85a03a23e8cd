import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { ImportIndicatorsMutation } from "../../api/generated/graphql";
import { Failed } from "../../parts/State";
import { Text } from "../../parts/Text";
import { t } from "../../words";
import { ImportIndicators } from "./indicatorDocuments";

type Given = NonNullable<ImportIndicatorsMutation["importIndicators"]>;

/** Indicators are pasted, or read from a file of any of the known forms, and looked for at once in what is loaded. */
export function GiveIndicators({ again }: { again: () => void }) {
  const [text, setText] = useState("");
  const [source, setSource] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const [given, setGiven] = useState<Given | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      setGiven((await ask(ImportIndicators, { text, source })).importIndicators);
      setError(null);
      setText("");
      again();
    } catch (failure) {
      setError(failure as Error);
    }
    setBusy(false);
  };
  return (
    <form class="stack" onSubmit={submit}>
      <div class="field">
        <label for="indicators-text">{t("indicators.text")}</label>
        <textarea id="indicators-text" rows={8} required spellcheck={false} value={text} placeholder={"hxxps[:]//evil[.]example/login\n198.51.100.7"} onInput={(event) => setText(event.currentTarget.value)} />
        <p class="faint">{t("indicators.text.help")}</p>
      </div>
      <div class="fields">
        <div class="field">
          <label for="indicators-file">{t("indicators.file")}</label>
          <input id="indicators-file" type="file" onChange={(event) => event.currentTarget.files?.[0]?.text().then(setText, setError)} />
        </div>
        <div class="field">
          <label for="indicators-source">{t("indicators.source")}</label>
          <input id="indicators-source" type="text" value={source} onInput={(event) => setSource(event.currentTarget.value)} />
        </div>
      </div>
      {error && <Failed error={error} />}
      {given && (
        <div class="stack" role="status">
          <p>{t("indicators.given", { added: given.new.length, changed: given.changed.length, same: given.same, sightings: given.sightings, alerts: given.alerts })}</p>
          <ul class="notes">
            {given.problems.slice(0, 20).map((problem) => (
              <li key={problem}>
                <Text>{problem}</Text>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="row">
        <button type="submit" class="primary" disabled={busy}>
          {t("indicators.take")}
        </button>
      </div>
    </form>
  );
}
