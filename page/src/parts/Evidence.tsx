import { useState } from "preact/hooks";
import { useAsk } from "../api/asked";
import { graphql } from "../api/generated";
import type { EvidenceOfQuery } from "../api/generated/graphql";
import { t } from "../words";
import { moment } from "../words/moment";
import "./evidence.css";
import { Failed, Waiting } from "./State";
import { Text, visible } from "./Text";

const EvidenceOf = graphql(`
  query EvidenceOf($ids: [String!]!) { evidence(ids: $ids) { id table time code row raw rawMissing } }
`);
type Event = EvidenceOfQuery["evidence"][number];

/** Events shown at first; the API takes no more than this at once either. */
const STEP = 20;
/** Letters of one original record that are drawn: a name of a megabyte would stall the page. */
const LONGEST = 20_000;
/** Columns that say where a row came from, not what happened. */
const HIDDEN = new Set(["event_id", "time", "table", "source", "file", "record", "raw", "code", "batch", "day"]);
/** What is read first, where an event has it; the rest follows in the table's own order. */
const FIRST = ["user", "target_user", "actor", "mailbox", "sender", "recipient", "subject", "operation", "object_name", "image", "command_line", "source_host", "source_ip", "client_ip", "host", "target_host", "outcome", "logon_type"];
const SHOWN = 6;

/** The events of these ids, each with its fields and, unfolded, its original record. */
export function Evidence({ ids }: { ids: string[] }) {
  const [shown, setShown] = useState(STEP);
  const asked = useAsk(EvidenceOf, ids.length ? { ids: ids.slice(0, shown) } : null);
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  if (!asked.data) return <Waiting small />;
  const events = [...asked.data.evidence].sort((one, other) => one.time.localeCompare(other.time));
  return (
    <div class="evidence">
      <ol>
        {events.map((event) => (
          <li key={event.id}>
            <Row event={event} />
          </li>
        ))}
      </ol>
      {ids.length > shown && (
        <button type="button" class="quiet" onClick={() => setShown(shown + STEP)}>
          {t("evidence.more", { shown: Math.min(shown, ids.length), total: ids.length })}
        </button>
      )}
    </div>
  );
}

function Row({ event }: { event: Event }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="event" aria-expanded={open} onClick={() => setOpen(!open)}>
        <time class="number">{moment(event.time)}</time>
        <span class="badge">{t(`table.${event.table}`)}</span>
        {event.code && <code>{visible(event.code)}</code>}
        <span class="facts">
          {salient(event).map(([name, value]) => (
            <span key={name}>
              <span class="faint">{name}</span> <Text cut={60}>{value}</Text>
            </span>
          ))}
        </span>
      </button>
      {open && <Whole event={event} />}
    </>
  );
}

function Whole({ event }: { event: Event }) {
  const [copied, setCopied] = useState(false);
  const raw = event.raw;
  return (
    <div class="whole">
      <dl>
        {fields(event).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Text cut={500}>{value}</Text>
            </dd>
          </div>
        ))}
      </dl>
      {raw === null ? (
        <p class="faint">{event.rawMissing ?? t("evidence.none")}</p>
      ) : (
        <figure>
          <figcaption class="row">
            <span>{t("evidence.raw")}</span>
            <button type="button" class="quiet push" onClick={() => navigator.clipboard.writeText(raw).then(() => setCopied(true))}>
              {t(copied ? "copy.copied" : "copy.copy")}
            </button>
          </figcaption>
          <pre tabIndex={0}>{lines(raw)}</pre>
          {raw.length > LONGEST && <p class="faint">{t("evidence.cut", { shown: LONGEST, total: raw.length })}</p>}
        </figure>
      )}
    </div>
  );
}

/** JSON over several lines; anything else as it is. What turns the direction of text is made visible either way. */
function lines(raw: string): string {
  let text = raw;
  if (raw.length <= LONGEST && /^\s*[{[]/.test(raw)) {
    try {
      text = JSON.stringify(JSON.parse(raw), null, 2);
    } catch {
      text = raw;
    }
  }
  return text
    .slice(0, LONGEST)
    .split("\n")
    .map((line) => visible(line.replaceAll("\t", "  "), LONGEST + 1))
    .join("\n");
}

function salient(event: Event): [string, string][] {
  const known = new Map(fields(event));
  const first = FIRST.filter((name) => known.has(name)).map((name): [string, string] => [name, known.get(name) ?? ""]);
  const rest = [...known].filter(([name]) => !FIRST.includes(name) && name !== "recorder" && name !== "kind");
  return [...first, ...rest].slice(0, SHOWN);
}

function fields(event: Event): [string, string][] {
  const row = event.row as Record<string, unknown>;
  return Object.entries(row)
    .filter(([name, value]) => !HIDDEN.has(name) && value !== null && value !== "" && !(Array.isArray(value) && !value.length))
    .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
}
