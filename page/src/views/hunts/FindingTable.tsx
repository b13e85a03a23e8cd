import { useState } from "preact/hooks";
import { EntityLink } from "../../parts/EntityLink";
import { Evidence } from "../../parts/Evidence";
import { Text } from "../../parts/Text";
import { t } from "../../words";
import { moment } from "../../words/moment";
import { to } from "../../shell/router";
import type { Finding } from "./documents";

/** Findings shown at first; a noisy hunt gives thousands. */
const STEP = 50;

export function FindingTable({ findings }: { findings: Finding[] }) {
  const [shown, setShown] = useState(STEP);
  return (
    <>
      <ul class="findings">
        {findings.slice(0, shown).map((finding) => (
          <Row key={finding.id} finding={finding} />
        ))}
      </ul>
      {findings.length > shown && (
        <button type="button" onClick={() => setShown(shown + STEP)}>
          {t("hunts.more", { shown, total: findings.length })}
        </button>
      )}
    </>
  );
}

function Row({ finding }: { finding: Finding }) {
  const [open, setOpen] = useState(false);
  const first = moment(finding.firstSeen);
  const last = moment(finding.lastSeen);
  return (
    <li class={`finding ${finding.level}`}>
      <button type="button" class="finding-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span class={`badge ${finding.level}`}>{t(`level.${finding.level}`)}</span>
        <strong>{finding.title}</strong>
        <span class="finding-summary">
          <Text cut={400}>{finding.summary}</Text>
        </span>
        <time class="faint number">{first}</time>
      </button>
      {open && (
        <div class="finding-body">
          <div class="row">
            <span class="soft number">
              {first}
              {last !== first && ` – ${last}`} UTC
            </span>
            <span class="faint">{t("hunts.score", { score: Math.round(finding.score) })}</span>
            {finding.attack.map((technique) => (
              <code key={technique} class="badge">
                {technique}
              </code>
            ))}
            <a class="button push" href={to("graph", [], { ids: finding.entities.map((one) => one.entity.id).join(",") })}>
              {t("hunts.in_graph")}
            </a>
          </div>
          <dl class="involved">
            {finding.entities.map((one, index) => (
              <div key={index}>
                <dt>{one.role}</dt>
                <dd>
                  <EntityLink entity={one.entity} />
                </dd>
              </div>
            ))}
          </dl>
          <h3>{t("hunts.evidence", { n: finding.evidence.length })}</h3>
          <Evidence ids={finding.evidence} />
        </div>
      )}
    </li>
  );
}
