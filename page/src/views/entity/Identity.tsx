import { useAsk } from "../../api/asked";
import { Text } from "../../parts/Text";
import { percent, t } from "../../words";
import { moment } from "../../words/moment";
import { Links, named, type Shown } from "./documents";

/** Why its identifiers are one, and which were seen together but are kept apart. */
export function Identity({ entity }: { entity: Shown }) {
  const of = ["User", "Host"].includes(entity.label) ? entity.key : named(entity);
  const asked = useAsk(Links, ["User", "Host", "IP", "Mailbox"].includes(entity.label) ? { of } : null);
  const links = asked.data?.identities.edges.map((edge) => edge.node) ?? [];
  if (!links.length) return null;
  const one = links.filter((link) => !link.refused);
  const apart = links.filter((link) => link.refused);
  return (
    <section class="card" aria-labelledby="identity">
      <header>
        <h2 id="identity">{t("entity.identity")}</h2>
        <span class="faint">{t("entity.identity.why")}</span>
      </header>
      <List links={one} />
      {apart.length > 0 && (
        <>
          <h3 class="apart">{t("entity.identity.apart")}</h3>
          <List links={apart} />
        </>
      )}
    </section>
  );
}

type Link = { left: string; right: string; reason: string; confidence: number; refused: string | null; first: string | null; count: number };

function List({ links }: { links: Link[] }) {
  return (
    <ul class="links">
      {links.map((link) => (
        <li key={`${link.left} ${link.right} ${link.reason}`}>
          <p class="mono">
            <Text cut={80}>{link.left}</Text> <span class="faint">{link.refused ? "≠" : "="}</span> <Text cut={80}>{link.right}</Text>
          </p>
          <p class="faint">
            {link.refused ?? link.reason} · {t("entity.times", { n: link.count })} · {percent(link.confidence)}
            {link.first && <> · {moment(link.first)}</>}
          </p>
        </li>
      ))}
    </ul>
  );
}
