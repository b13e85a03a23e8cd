import { useEffect, useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { opened } from "../../parts/remembered";
import { Failed, None, Waiting } from "../../parts/State";
import { t } from "../../words";
import type { ViewProps } from "../registry";
import { EntityPage, hasEvents, isEntity, type Shown } from "./documents";
import { EdgeEvents, Events } from "./Events";
import { Findings } from "./Findings";
import { Head } from "./Head";
import { Identity } from "./Identity";
import { Relations } from "./Relations";
import { Timeline, type Span } from "./Timeline";
import "./entity.css";

/** Letters of an id that a request has room for; telemetry can name a thing by a megabyte. */
const LONGEST = 500_000;

export default function Entity({ place }: ViewProps) {
  const id = place.args[0] ?? "";
  const asked = useAsk(EntityPage, id && id.length <= LONGEST ? { id } : null);
  const node = asked.data?.node;
  const entity = isEntity(node) && node.id === id ? node : null;
  useEffect(() => {
    if (entity) opened(entity);
  }, [entity?.id]);
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  if (!id) return <None>{t("entity.which")}</None>;
  if (id.length > LONGEST) return <None>{t("entity.too_long", { n: id.length })}</None>;
  return entity ? <Page key={entity.id} entity={entity} /> : <Waiting />;
}

function Page({ entity }: { entity: Shown }) {
  const [span, setSpan] = useState<Span | null>(null);
  const [tables, setTables] = useState<string[]>([]);
  return (
    <div class="entity">
      <Head entity={entity} span={span} />
      <div class="entity-columns">
        <div class="stack">
          {hasEvents(entity.label) && (
            <Timeline entity={entity} span={span} brush={setSpan} tables={tables} choose={setTables} />
          )}
          {hasEvents(entity.label) ? <Events entity={entity} span={span} tables={tables} /> : <EdgeEvents entity={entity} />}
        </div>
        <div class="stack">
          <Findings entity={entity} />
          <Relations entity={entity} span={span} />
          <Identity entity={entity} />
        </div>
      </div>
    </div>
  );
}
