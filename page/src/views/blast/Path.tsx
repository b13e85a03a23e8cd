import { useState } from "preact/hooks";
import { Mark } from "../../kinds/Kind";
import { Evidence } from "../../parts/Evidence";
import { Text } from "../../parts/Text";
import { to } from "../../shell/router";
import { percent, t } from "../../words";
import { moment } from "../../words/moment";
import type { Reached } from "./documents";
import type { Branch } from "./tree";

/** The most likely path to an entity, each step with the event that shows it. */
export function Path({ branch }: { branch: Branch | undefined }) {
  if (!branch) return null;
  const { reached, path, likelihood } = branch.reached;
  const id = reached.entity?.id;
  const all = [...new Set([...path.flatMap((hop) => [hop.source.entity?.id, hop.target.entity?.id]), id])].filter((one) => one !== undefined);
  return (
    <section class="card path" aria-labelledby="path">
      <header>
        <h2 id="path">{t("blast.path")}</h2>
        <span class="faint">{percent(likelihood)}</span>
      </header>
      <p class="row">
        <Mark label={reached.label} />
        {id ? (
          <a href={to("entity", [id])}>
            <Text cut={60}>{reached.name}</Text>
          </a>
        ) : (
          <Text cut={60}>{reached.name}</Text>
        )}
      </p>
      <ol class="hops">
        {path.map((hop, place) => (
          <Hop key={`${place} ${hop.evidence}`} hop={hop} />
        ))}
      </ol>
      {all.length > 0 && (
        <a class="button" href={to("graph", [], { ids: all.join(",") })}>
          {t("entity.graph")}
        </a>
      )}
    </section>
  );
}

function Hop({ hop }: { hop: Reached["path"][number] }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <p class="faint number">
        {moment(hop.at)} · {percent(hop.likelihood)}
      </p>
      <p>
        <Text cut={400}>{hop.words}</Text>
      </p>
      <button type="button" class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t("blast.evidence")}
      </button>
      {open && <Evidence ids={[hop.evidence]} />}
    </li>
  );
}
