import { Mark } from "../../kinds/Kind";
import { Icon } from "../../parts/Icon";
import { isPinned, pin } from "../../parts/remembered";
import { Text } from "../../parts/Text";
import { to } from "../../shell/router";
import { t } from "../../words";
import { country } from "../../words/country";
import { moment } from "../../words/moment";
import type { Shown } from "./documents";
import type { Span } from "./Timeline";

/** Facts in the order they are told; what is not known is left out. */
const FACTS = [
  "kind", "upn", "sid", "domain", "hostDomain", "role", "shortName", "jobTitle", "department", "scope", "country", "asn",
  "subject", "sender", "direction", "spf", "dkim", "dmarc", "mailDomain", "host", "sha256", "image", "commandLine",
  "processHost", "integrity", "startKind", "pid", "actions", "conditions", "persistenceKind", "path", "persistenceHost",
  "level", "product", "techniques", "indicatorKind", "value", "source",
];
const FLAGS = ["privileged", "tier0", "internal"];

export function Head({ entity, span }: { entity: Shown; span: Span | null }) {
  const known = entity as unknown as Record<string, unknown>;
  const isIn = isPinned(entity.id);
  const from = span ? new Date(span.since).toISOString() : (entity.firstSeen ?? undefined);
  return (
    <header class="entity-head">
      <p class="soft row">
        <Mark label={entity.label} silent /> {t(`kind.${entity.label}`)}
        {FLAGS.filter((flag) => known[flag] === true).map((flag) => (
          <span key={flag} class={flag === "internal" ? "badge" : "badge high"}>
            {t(`entity.flag.${flag}`)}
          </span>
        ))}
        {entity.tags.map((tag) => (
          <span key={tag} class="badge">
            <Text cut={40}>{tag}</Text>
          </span>
        ))}
      </p>
      <h1>
        <Text cut={200}>{entity.name}</Text>
      </h1>
      <dl class="facts-line">
        <Fact name="first">{moment(entity.firstSeen)}</Fact>
        <Fact name="last">{moment(entity.lastSeen)}</Fact>
        {FACTS.filter((name) => known[name] !== null && known[name] !== undefined && known[name] !== "").map((name) => (
          <Fact key={name} name={name}>
            <Text cut={240}>{name === "country" ? country(String(known[name])) : String(known[name])}</Text>
          </Fact>
        ))}
        {entity.key.toLowerCase() !== entity.name.toLowerCase() && (
          <Fact name="key">
            <Text class="mono" cut={120}>
              {entity.key}
            </Text>
          </Fact>
        )}
      </dl>
      <div class="row">
        <a class="button primary" href={to("graph", [], { ids: entity.id })}>
          <Icon path="M6 18 12 7l6 9M7 18l10-2M12 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4M5 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4M19 18a2 2 0 1 0 0-4 2 2 0 0 0 0 4" />
          {t("entity.graph")}
        </a>
        {["User", "Host", "IP", "Mailbox"].includes(entity.label) && (
          <a class="button" href={to("blast", [entity.id], { at: from })}>
            <Icon path="M12 13a1 1 0 1 0 0-2 1 1 0 0 0 0 2M8 16a5.5 5.5 0 0 1 0-8M16 8a5.5 5.5 0 0 1 0 8M5 19a9.9 9.9 0 0 1 0-14M19 5a9.9 9.9 0 0 1 0 14" />
            {t("entity.blast")}
          </a>
        )}
        <button type="button" aria-pressed={isIn} onClick={() => pin(entity)}>
          <Icon path="M9 4h6l-1 6 3 3H7l3-3zM12 13v7" />
          {t(isIn ? "search.unpin" : "search.pin")}
        </button>
      </div>
    </header>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{t(`entity.fact.${name}`)}</dt>
      <dd>{children}</dd>
    </div>
  );
}
