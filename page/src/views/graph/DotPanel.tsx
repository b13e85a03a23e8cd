import { useAsk } from "../../api/asked";
import { Mark } from "../../kinds/Kind";
import { Failed, Waiting } from "../../parts/State";
import { Text } from "../../parts/Text";
import { to } from "../../shell/router";
import { number, t } from "../../words";
import { moment } from "../../words/moment";
import { Counts, EntityById } from "./documents";
import { type Dot, expansionId } from "./model";
import { SHOWN } from "./reading";
import * as store from "./store";

/** One entity of the drawing: how much there is to unfold, counted first. */
export function DotPanel({ dot }: { dot: Dot }) {
  return (
    <div class="stack">
      <header>
        <p class="soft row">
          <Mark label={dot.label} silent /> {t(`kind.${dot.label}`)}
          {dot.pinned && <span class="badge">{t("graph.pinned")}</span>}
        </p>
        <h2>
          <Text cut={200}>{dot.rest ? t("graph.others", { n: dot.stands, kind: t(`kind.${dot.label}`) }) : dot.name}</Text>
        </h2>
        {!dot.rest && <Seen id={dot.id} />}
      </header>
      {dot.rest ? <Group dot={dot} /> : <Relations dot={dot} />}
      <div class="row">
        {!dot.rest && (
          <a class="button" href={to("entity", [dot.id])}>
            {t("graph.open")}
          </a>
        )}
        {!dot.rest && ["User", "Host", "IP", "Mailbox"].includes(dot.label) && (
          <a class="button" href={to("blast", [dot.id])}>
            {t("graph.blast")}
          </a>
        )}
        <button type="button" onClick={() => store.setPinned([dot.id], !dot.pinned)}>
          {t(dot.pinned ? "graph.unpin" : "graph.pin")}
        </button>
        <button type="button" onClick={() => store.hide([dot.id])}>
          {t("graph.hide")}
        </button>
      </div>
    </div>
  );
}

function Seen({ id }: { id: string }) {
  const node = useAsk(EntityById, { id }).data?.node;
  if (!node || !("label" in node)) return null;
  return (
    <p class="faint number">
      {moment(node.firstSeen)} – {moment(node.lastSeen)}
    </p>
  );
}

function Group({ dot }: { dot: Dot }) {
  const expansion = dot.rest ? store.drawing.value.expansions.get(dot.rest) : undefined;
  return (
    <>
      {expansion && <p class="soft">{t("graph.showing", { shown: expansion.shown, total: expansion.total })}</p>}
      <div>
        <button type="button" class="primary" onClick={() => void store.unfold(dot)}>
          {t("graph.unfold")}
        </button>
      </div>
    </>
  );
}

function Relations({ dot }: { dot: Dot }) {
  const chosen = store.span.value;
  const iso = (at: number) => new Date(at).toISOString();
  const counts = useAsk(Counts, { id: dot.id, since: chosen && iso(chosen.since), until: chosen && iso(chosen.until) });
  if (counts.error) return <Failed error={counts.error} again={counts.again} />;
  const node = counts.data?.node;
  if (!node || !("relations" in node)) return <Waiting small />;
  const relations = [...node.relations].sort((one, other) => one.total - other.total);
  return (
    <section aria-label={t("graph.expand")}>
      <h3>{t("graph.expand")}</h3>
      <ul class="expansions">
        {relations.map((one) => {
          const expansion = store.drawing.value.expansions.get(expansionId(dot.id, one.kind, one.outgoing, one.label));
          const shown = expansion?.shown ?? 0;
          const whole = shown >= one.total;
          return (
            <li key={`${one.kind}${one.outgoing}${one.label}`}>
              <button type="button" class="relation" disabled={whole} onClick={() => void store.expand(dot, one.kind, one.outgoing, one.label)}>
                <Mark label={one.label} silent />
                <span>
                  {t(`relation.${one.kind}.${one.outgoing ? "out" : "in"}`)} <span class="faint">{t(`kind.${one.label}`)}</span>
                </span>
                <span class="push number">{shown && !whole ? t("graph.of", { shown, total: one.total }) : number(one.total)}</span>
              </button>
              {shown > 0 && !whole && <p class="faint">{t("graph.showing", { shown, total: one.total })}</p>}
            </li>
          );
        })}
      </ul>
      {relations.some((one) => one.total > SHOWN) && <p class="faint">{t("graph.rarest_first", { n: SHOWN })}</p>}
    </section>
  );
}
