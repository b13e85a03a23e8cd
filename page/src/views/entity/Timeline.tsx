import { useAsk } from "../../api/asked";
import { Histogram } from "../../parts/Histogram";
import { Failed, Waiting } from "../../parts/State";
import { t } from "../../words";
import { bucketFor } from "../../parts/bars";
import { named, Timeline as Document, type Shown } from "./documents";

export interface Span {
  since: number;
  until: number;
}

interface Props {
  entity: Shown;
  span: Span | null;
  brush: (span: Span | null) => void;
  tables: string[];
  choose: (tables: string[]) => void;
}

/** How much it did, by kind of event; a stretch of it is chosen with the mouse or the arrow keys. */
export function Timeline({ entity, span, brush, tables, choose }: Props) {
  const first = Date.parse(entity.firstSeen ?? "1970-01-01");
  const last = Date.parse(entity.lastSeen ?? "1970-01-01") + 1_000;
  const bucket = bucketFor(last - first);
  const since = new Date(first - (first % bucket)).toISOString();
  const until = new Date(last).toISOString();
  const asked = useAsk(Document, { of: [named(entity)], since, until, bucket: `${bucket / 1_000}s` });
  const counts = asked.data?.timeline ?? [];
  const kinds = [...new Set(counts.map((one) => one.kind))];
  return (
    <section class="card" aria-labelledby="timeline">
      <header>
        <h2 id="timeline">{t("entity.timeline")}</h2>
        <span class="row legend">
          {kinds.map((kind) => (
            <button
              key={kind}
              type="button"
              class={`chip table-${kind}`}
              aria-pressed={tables.includes(kind)}
              onClick={() => choose(tables.includes(kind) ? tables.filter((one) => one !== kind) : [...tables, kind])}
            >
              <i aria-hidden="true" />
              {t(`table.${kind}`)}
            </button>
          ))}
        </span>
      </header>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.data && asked.waiting && <Waiting />}
      {asked.data && (
        <Histogram
          counts={counts.filter((one) => !tables.length || tables.includes(one.kind)).map((one) => ({ ...one, at: Date.parse(one.at) }))}
          since={Date.parse(since)}
          until={last}
          bucket={bucket}
          span={span}
          brush={brush}
        />
      )}
    </section>
  );
}
