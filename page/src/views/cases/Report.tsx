import { useState } from "preact/hooks";
import { take } from "../../api/client";
import { save } from "../../parts/save";
import { Failed } from "../../parts/State";
import { language, t } from "../../words";

const FORMATS = ["html", "pdf", "md"];

/** Save a case's report, in the page's language. */
export function Report({ id }: { id: string }) {
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const saved = async (format: string) => {
    setBusy(true);
    setError(null);
    try {
      const file = await take(`cases/${encodeURIComponent(id)}/report.${format}?language=${language.value}`);
      save(`case-${id}.${format}`, file.type, file);
    } catch (failed) {
      setError(failed as Error);
    }
    setBusy(false);
  };
  return (
    <div class="row" role="group" aria-label={t("cases.report")}>
      <span class="faint">{t("cases.report")}</span>
      {FORMATS.map((format) => (
        <button key={format} type="button" class="quiet" disabled={busy} onClick={() => saved(format)}>
          {format.toUpperCase()}
        </button>
      ))}
      {error && <Failed error={error} />}
    </div>
  );
}
