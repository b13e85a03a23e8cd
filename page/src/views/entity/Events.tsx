import { useEffect, useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { Evidence } from "../../parts/Evidence";
import { Failed, None, Waiting } from "../../parts/State";
import { t } from "../../words";
import { EdgesEvidence, EventsOf, named, type Shown } from "./documents";
import type { Span } from "./Timeline";

const PAGE = 50;

/** The events of the brushed span, by pages, each with its original record. */
export function Events({ entity, span, tables }: { entity: Shown; span: Span | null; tables: string[] }) {
  const [cursors, setCursors] = useState<string[]>([]);
  useEffect(() => setCursors([]), [span?.since, span?.until, tables.join()]);
  const asked = useAsk(EventsOf, {
    of: [named(entity)],
    since: span ? new Date(span.since).toISOString() : null,
    until: span ? new Date(span.until).toISOString() : null,
    tables: tables.length ? tables : null,
    after: cursors.at(-1) ?? null,
  });
  const found = asked.data?.events;
  const ids = found?.edges.map((edge) => edge.node.id) ?? [];
  const before = cursors.length * PAGE;
  return (
    <section class="card" aria-labelledby="events">
      <header>
        <h2 id="events">{t("entity.events")}</h2>
        {found && (
          <span class="faint">
            {found.totalCount > ids.length
              ? t("entity.page", { from: before + 1, to: before + ids.length, total: found.totalCount })
              : t("entity.times", { n: found.totalCount })}
          </span>
        )}
        {found && found.totalCount > PAGE && (
          <span class="push row">
            <button type="button" class="quiet" disabled={!cursors.length} onClick={() => setCursors(cursors.slice(0, -1))}>
              {t("entity.before")}
            </button>
            <button type="button" class="quiet" disabled={!found.pageInfo.hasNextPage} onClick={() => setCursors([...cursors, found.pageInfo.endCursor ?? ""])}>
              {t("entity.after")}
            </button>
          </span>
        )}
      </header>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!found && asked.waiting && <Waiting />}
      {found && (ids.length ? <Evidence key={ids[0]} ids={ids} /> : <None>{t("entity.none_in_span")}</None>)}
    </section>
  );
}

/** For kinds that events are not told by: what shows their newest edges. */
export function EdgeEvents({ entity }: { entity: Shown }) {
  const asked = useAsk(EdgesEvidence, { id: entity.id, since: null, until: null });
  const node = asked.data?.node;
  const edges = node && "edges" in node ? node.edges : null;
  const ids = [...new Set(edges?.edges.flatMap((edge) => edge.node.evidenceIds) ?? [])].slice(0, 100);
  return (
    <section class="card" aria-labelledby="events">
      <header>
        <h2 id="events">{t("entity.events")}</h2>
      </header>
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {edges ? ids.length ? <Evidence ids={ids} /> : <None /> : <Waiting />}
    </section>
  );
}
