import { useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { Mark } from "../../kinds/Kind";
import { EntityLink } from "../../parts/EntityLink";
import { Failed, None, Waiting } from "../../parts/State";
import { visible } from "../../parts/Text";
import { number, t } from "../../words";
import { moment } from "../../words/moment";
import { Neighbours, type Shown } from "./documents";
import type { Span } from "./Timeline";

type Relation = Shown["relations"][number];
const SHOWN = new Set(["outcome", "logon_type", "package", "via", "application", "operation", "port", "share", "encryption", "rights"]);

/** What it is related to, by kind with counts; a kind unfolds into its neighbours. */
export function Relations({ entity, span }: { entity: Shown; span: Span | null }) {
  const [open, setOpen] = useState<string | null>(null);
  const relations = [...entity.relations].sort((one, other) => one.total - other.total);
  return (
    <section class="card relations" aria-labelledby="relations">
      <header>
        <h2 id="relations">{t("entity.relations")}</h2>
        <span class="faint">{t("entity.relations.order")}</span>
      </header>
      {relations.length === 0 && <None />}
      <ul>
        {relations.map((one) => {
          const name = `${one.kind} ${one.outgoing} ${one.label}`;
          return (
            <li key={name}>
              <button type="button" class="relation" aria-expanded={open === name} onClick={() => setOpen(open === name ? null : name)}>
                <Mark label={one.label} silent />
                <span>
                  {t(`relation.${one.kind}.${one.outgoing ? "out" : "in"}`)} <span class="faint">{t(`kind.${one.label}`)}</span>
                </span>
                <span class="push number">{number(one.total)}</span>
              </button>
              {open === name && <Pages entity={entity} relation={one} span={span} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Pages({ entity, relation, span }: { entity: Shown; relation: Relation; span: Span | null }) {
  const [cursors, setCursors] = useState<string[]>([]);
  const asked = useAsk(Neighbours, {
    id: entity.id,
    kinds: [relation.kind],
    labels: [relation.label],
    direction: relation.outgoing ? "OUTGOING" : "INCOMING",
    since: span ? new Date(span.since).toISOString() : null,
    until: span ? new Date(span.until).toISOString() : null,
    after: cursors.at(-1) ?? null,
  });
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  const node = asked.data?.node;
  if (!node || !("neighbors" in node)) return <Waiting small />;
  const { edges, pageInfo, totalCount } = node.neighbors;
  if (!edges.length) return <None>{t("entity.none_in_span")}</None>;
  const before = cursors.length * 25;
  return (
    <div class="neighbours">
      <ul>
        {edges.map(({ node: one }) => (
          <li key={one.entity.id}>
            <EntityLink entity={one.entity} cut={44} />
            <p class="faint number">
              {one.firstSeen === one.lastSeen ? moment(one.lastSeen) : `${moment(one.firstSeen)} – ${moment(one.lastSeen)}`}
              {" · "}
              {t("entity.times", { n: one.count })}
              {one.properties
                .filter((property) => SHOWN.has(property.name))
                .map((property) => (
                  <span key={property.name} class={property.value === "failure" ? "badge high" : "badge"}>
                    {visible(property.value, 40)}
                  </span>
                ))}
            </p>
          </li>
        ))}
      </ul>
      {totalCount > edges.length && (
        <p class="row faint">
          {t("entity.page", { from: before + 1, to: before + edges.length, total: totalCount })}
          <button type="button" class="quiet push" disabled={!cursors.length} onClick={() => setCursors(cursors.slice(0, -1))}>
            {t("entity.before")}
          </button>
          <button type="button" class="quiet" disabled={!pageInfo.hasNextPage} onClick={() => setCursors([...cursors, pageInfo.endCursor ?? ""])}>
            {t("entity.after")}
          </button>
        </p>
      )}
    </div>
  );
}
