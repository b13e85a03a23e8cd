import { useEffect, useRef, useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { graphql } from "../../api/generated";
import { LABELS } from "../../kinds/labels";
import { Mark } from "../../kinds/Kind";
import { isPinned, pin, type Remembered } from "../../parts/remembered";
import { Failed, None, Waiting } from "../../parts/State";
import { Icon } from "../../parts/Icon";
import { Text } from "../../parts/Text";
import { t } from "../../words";
import { day } from "../../words/moment";
import type { ViewProps } from "../registry";
import { amend, go, to } from "../../shell/router";
import { Beginning } from "./Beginning";
import "./search.css";

const Find = graphql(`
  query Find($text: String!, $labels: [String!]) {
    search(text: $text, labels: $labels, first: 40) {
      totalCount
      edges { node { how entity { id label name key firstSeen lastSeen } } }
    }
  }
`);
/** Letters typed in quick succession are one question. */
const PAUSE = 140;

export default function Search({ place }: ViewProps) {
  const [text, setText] = useState(place.query.get("q") ?? "");
  const [wanted, setWanted] = useState(text);
  const [label, setLabel] = useState(place.query.get("kind") ?? "");
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  useEffect(() => {
    const later = setTimeout(() => {
      setWanted(text.trim());
      amend(to("search", [], { q: text.trim(), kind: label }));
    }, PAUSE);
    return () => clearTimeout(later);
  }, [text, label]);
  const found = useAsk(Find, wanted ? { text: wanted.slice(0, 2_000), labels: label ? [label] : null } : null);
  const hits = found.data?.search.edges.map((edge) => edge.node) ?? [];
  const total = found.data?.search.totalCount ?? 0;
  return (
    <div class={wanted ? "search" : "search calm"}>
      <h1>{t("search.lead")}</h1>
      <div class="search-box">
        <Icon path="M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M20 20l-4-4" />
        <input
          ref={box}
          type="search"
          value={text}
          spellcheck={false}
          autocomplete="off"
          aria-label={t("search.title")}
          placeholder={t("search.placeholder")}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") focusHit(event, 0);
            if (event.key === "Enter" && hits[0] && wanted === text.trim()) go(to("entity", [hits[0].entity.id]));
          }}
        />
        {found.waiting && <Waiting small />}
      </div>
      {wanted ? (
        <>
          <Kinds label={label} choose={setLabel} />
          {found.error && <Failed error={found.error} again={found.again} />}
          {found.data && (
            <p class="faint" role="status">
              {total > hits.length ? t("search.more", { shown: hits.length, total }) : t("search.found", { n: total })}
            </p>
          )}
          <ul class="hits" aria-label={t("search.title")}>
            {hits.map(({ entity, how }, index) => (
              <Row key={entity.id} entity={entity} index={index} more={<Seen entity={entity} how={how} />} />
            ))}
          </ul>
          {found.data && !hits.length && <None>{t("search.none")}</None>}
        </>
      ) : (
        <Beginning />
      )}
    </div>
  );
}

function Kinds({ label, choose }: { label: string; choose: (label: string) => void }) {
  return (
    <div class="row kinds" role="group" aria-label={t("search.kinds")}>
      {["", ...LABELS].map((one) => (
        <button key={one} type="button" class="chip" aria-pressed={one === label} onClick={() => choose(one)}>
          {one && <Mark label={one} silent />}
          {one ? t(`kind.${one}`) : t("search.all")}
        </button>
      ))}
    </div>
  );
}

function Seen({ entity, how }: { entity: { key: string; name: string; firstSeen: string | null; lastSeen: string | null }; how: string }) {
  const first = entity.firstSeen && day(entity.firstSeen);
  const last = entity.lastSeen && day(entity.lastSeen);
  return (
    <>
      {entity.key.toLowerCase() !== entity.name.toLowerCase() && (
        <Text class="faint mono" cut={60}>
          {entity.key}
        </Text>
      )}
      <span class="push faint number">{first === last ? first : `${first} – ${last}`}</span>
      <span class="badge">{t(`search.how.${how}`)}</span>
    </>
  );
}

export function Row({ entity, index, more }: { entity: Remembered; index: number; more?: preact.ComponentChildren }) {
  const isIn = isPinned(entity.id);
  return (
    <li class="hit">
      <a href={to("entity", [entity.id])} data-hit={index} onKeyDown={(event) => step(event, index)}>
        <Mark label={entity.label} />
        <Text cut={90}>{entity.name}</Text>
        {more}
      </a>
      <button type="button" class="quiet" aria-pressed={isIn} aria-label={t(isIn ? "search.unpin" : "search.pin")} title={t(isIn ? "search.unpin" : "search.pin")} onClick={() => pin(entity)}>
        <Icon path="M9 4h6l-1 6 3 3H7l3-3zM12 13v7" />
      </button>
    </li>
  );
}

function step(event: KeyboardEvent, index: number): void {
  if (event.key === "ArrowDown") focusHit(event, index + 1);
  if (event.key === "ArrowUp") focusHit(event, index - 1);
}

function focusHit(event: KeyboardEvent, index: number): void {
  const wanted = index < 0 ? "input[type=search]" : `[data-hit="${index}"]`;
  const found = document.querySelector<HTMLElement>(wanted);
  if (found) {
    event.preventDefault();
    found.focus();
  }
}
