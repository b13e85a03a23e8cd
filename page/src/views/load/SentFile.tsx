import { useEffect, useState } from "preact/hooks";
import { ask, hear } from "../../api/client";
import { Failed } from "../../parts/State";
import { Text } from "../../parts/Text";
import { number, t } from "../../words";
import { moment } from "../../words/moment";
import { CancelUpload, LoadProgress, type Upload } from "./documents";
import { Account } from "./Account";
import { size } from "./size";

const OVER = ["done", "failed", "cancelled"];
const PHASES = ["waiting", "reading", "following"];
const BADGES: Record<string, string> = { done: "good", failed: "critical" };

/** A file that the server has: how far its loading is, heard as it goes, and in the end what came of it. */
export function SentFile({ upload, over }: { upload: Upload; over: () => void }) {
  const [now, setNow] = useState(upload);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    if (OVER.includes(upload.state)) return;
    return hear(
      LoadProgress,
      { id: upload.id },
      (told) => {
        setNow(told.loadProgress);
        if (OVER.includes(told.loadProgress.state)) over();
      },
      setError,
    );
  }, [upload.id]);
  const running = !OVER.includes(now.state);
  return (
    <li class="card upload">
      <header>
        <strong>
          <Text>{now.name}</Text>
        </strong>
        <span class="faint number">{size(now.bytes)}</span>
        <span class={`badge ${BADGES[now.state] ?? ""}`}>{t(`load.state.${now.state}`)}</span>
        <span class="faint number push">
          {moment(now.created)} UTC · {now.who}
        </span>
        {running && (
          <button type="button" class="quiet" onClick={() => ask(CancelUpload, { id: now.id }).catch(setError)}>
            {t("load.cancel")}
          </button>
        )}
      </header>
      {error && <Failed error={error} />}
      {running && <Going upload={now} />}
      {now.problem && <Failed error={new Error(now.problem)} />}
      {now.result && <Account result={now.result} />}
    </li>
  );
}

function Going({ upload }: { upload: Upload }) {
  const { phase = "waiting", records = 0, source = null, done = null, total = null } = upload.progress ?? {};
  const said = PHASES.includes(phase) ? t(`load.phase.${phase}`) : t("load.phase.writing", { what: phase });
  return (
    <div class="row" role="status">
      {done !== null && total ? <progress aria-label={said} value={done} max={total} /> : <progress aria-label={said} />}
      <span class="soft">{said}</span>
      {records > 0 && <span class="number">{t("load.records", { records: number(records) })}</span>}
      {source && (
        <Text class="faint" cut={60}>
          {source}
        </Text>
      )}
    </div>
  );
}
