import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { EntityLink } from "../parts/EntityLink";
import { Evidence } from "../parts/Evidence";
import { Text } from "../parts/Text";
import { to } from "../shell/router";
import { t } from "../words";
import { moment } from "../words/moment";
import type { Finding } from "./documents";
import "./findings.css";

/** Findings shown at first; a noisy hunt gives thousands. */
const STEP = 50;

interface Props {
  findings: Finding[];
  /** What can be done with one: stands in its unfolded part. */
  act?: (finding: Finding, index: number) => ComponentChildren;
  /** What is to be said of one beside its level. */
  mark?: (finding: Finding, index: number) => ComponentChildren;
  /** Tells rows apart where one finding may stand in several. */
  keyOf?: (finding: Finding, index: number) => string;
}

export function FindingTable({ findings, act, mark, keyOf = (finding) => finding.id }: Props) {
  const [shown, setShown] = useState(STEP);
  return (
    <>
      <ul class="findings">
        {findings.slice(0, shown).map((finding, index) => (
          <Row key={keyOf(finding, index)} finding={finding} act={act?.(finding, index)} mark={mark?.(finding, index)} />
        ))}
      </ul>
      {findings.length > shown && (
        <button type="button" onClick={() => setShown(shown + STEP)}>
          {t("findings.more", { shown, total: findings.length })}
        </button>
      )}
    </>
  );
}

function Row({ finding, act, mark }: { finding: Finding; act: ComponentChildren; mark: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  return (
    <li class={`finding ${finding.level}`}>
      <button type="button" class="finding-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span class="row">
          <span class={`badge ${finding.level}`}>{t(`level.${finding.level}`)}</span>
          {mark}
        </span>
        <strong>{finding.title}</strong>
        <span class="finding-summary">
          <Text cut={400}>{finding.summary}</Text>
        </span>
        <time class="faint number">{moment(finding.firstSeen)}</time>
      </button>
      {open && <Body finding={finding} act={act} />}
    </li>
  );
}

function Body({ finding, act }: { finding: Finding; act: ComponentChildren }) {
  const first = moment(finding.firstSeen);
  const last = moment(finding.lastSeen);
  return (
    <div class="finding-body">
      <div class="row">
        <span class="soft number">
          {first}
          {last !== first && ` – ${last}`} UTC
        </span>
        <span class="faint">{t("findings.score", { score: Math.round(finding.score) })}</span>
        {finding.attack.map((technique) => (
          <code key={technique} class="badge">
            {technique}
          </code>
        ))}
        <span class="row push">
          {act}
          <a class="button" href={to("graph", [], { ids: finding.entities.map((one) => one.entity.id).join(",") })}>
            {t("findings.in_graph")}
          </a>
        </span>
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
      <div class="argued">
        <Points title={t("findings.benign")} points={finding.benign} />
        <Points title={t("findings.rule_out")} points={finding.ruleOut} />
        <Points title={t("findings.pull")} points={finding.eventsToPull.map((one) => one.words)} />
        <Points title={t("findings.not_evaluable")} points={finding.notEvaluable.map((one) => `${one.title}: ${one.opens}`)} />
      </div>
      <h3>{t("findings.evidence", { n: finding.evidence.length })}</h3>
      <Evidence ids={finding.evidence} />
    </div>
  );
}

function Points({ title, points }: { title: string; points: string[] }) {
  if (!points.length) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul class="notes">
        {points.map((point) => (
          <li key={point}>
            <Text cut={300}>{point}</Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
