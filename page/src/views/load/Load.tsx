import { useEffect, useRef, useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { ApiError } from "../../api/client";
import { Failed, Waiting } from "../../parts/State";
import { t } from "../../words";
import { day } from "../../words/moment";
import { LoadCounts, Uploads } from "./documents";
import { Drop } from "./Drop";
import "./load.css";
import { send, type Options, type Sending } from "./send";
import { SentFile } from "./SentFile";
import { Sent } from "./Outgoing";

/** A file of this page's: on its way, or refused. What arrived is the server's to tell of. */
interface Outgoing {
  key: number;
  file: File;
  share: number;
  error: Error | null;
  sending: Sending | null;
}

let keys = 0;

/** Files are sent one after the other and loaded in that order. */
export default function Load() {
  const known = useAsk(Uploads, {});
  const counts = useAsk(LoadCounts, {});
  const [outgoing, setOutgoing] = useState<Outgoing[]>([]);
  const waiting = useRef<(Outgoing & { options: Options })[]>([]);
  const busy = useRef(false);
  const mend = (key: number, change: Partial<Outgoing>) => setOutgoing((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)));

  const next = async () => {
    const one = waiting.current.shift();
    if (!one) return void (busy.current = false);
    busy.current = true;
    const sending = send(one.file, one.options, (share) => mend(one.key, { share }));
    mend(one.key, { sending });
    try {
      await sending.done;
      setOutgoing((all) => all.filter((other) => other.key !== one.key));
      known.again();
    } catch (failure) {
      if (failure instanceof ApiError && failure.code === "ABORTED") setOutgoing((all) => all.filter((other) => other.key !== one.key));
      else mend(one.key, { error: failure as Error, sending: null });
    }
    await next();
  };
  const take = (files: File[], options: Options) => {
    const added = files.map((file) => ({ key: keys++, file, share: 0, error: null, sending: null }));
    setOutgoing((all) => [...all, ...added]);
    waiting.current.push(...added.map((one) => ({ ...one, options })));
    if (!busy.current) void next();
  };
  const drop = (one: Outgoing) => {
    waiting.current = waiting.current.filter((other) => other.key !== one.key);
    if (one.sending) one.sending.stop();
    else setOutgoing((all) => all.filter((other) => other.key !== one.key));
  };
  useLeaving(outgoing.some((one) => !one.error));
  const uploads = known.data?.uploads.edges.map((edge) => edge.node) ?? [];
  const status = counts.data?.status;
  return (
    <div class="load stack">
      <header>
        <h1>{t("load.title")}</h1>
        <p class="soft">
          {status && (status.first && status.last ? t("load.lead", { records: status.records, first: day(status.first), last: day(status.last) }) : t("load.empty"))}
        </p>
      </header>
      <Drop take={take} />
      {known.error && <Failed error={known.error} again={known.again} />}
      {known.waiting && !known.data && <Waiting small />}
      <ul class="stack" aria-label={t("load.files")}>
        {outgoing.map((one) => (
          <Sent key={one.key} name={one.file.name} bytes={one.file.size} share={one.share} error={one.error} stop={() => drop(one)} />
        ))}
        {uploads.map((one) => (
          <SentFile key={one.id} upload={one} over={counts.again} />
        ))}
      </ul>
    </div>
  );
}

/** The browser asks before a page is left while files are on their way. */
function useLeaving(sending: boolean): void {
  useEffect(() => {
    if (!sending) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [sending]);
}
