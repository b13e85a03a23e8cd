import { useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { FindingTable } from "../../findings/FindingTable";
import { Failed, Waiting } from "../../parts/State";
import { Text } from "../../parts/Text";
import { language, t } from "../../words";
import { moment } from "../../words/moment";
import type { TabProps } from "./CasePage";
import { type Case, CaseTemplates, RunStep, type Template } from "./documents";
import { Radius } from "./Radius";

type Step = Template["steps"][number];
type Answer = Case["answers"][number];
const BADGES: Record<string, string> = { found: "high", not_found: "good", cannot_see: "medium" };

/** The template's questions in the order in which an analyst asks them; each is answered by a request of its own. */
export function Steps({ one, acting }: TabProps) {
  const templates = useAsk(CaseTemplates, { language: language.value });
  const [running, setRunning] = useState<string | null>(null);
  if (templates.error) return <Failed error={templates.error} again={templates.again} />;
  if (!templates.data) return <Waiting />;
  const template = templates.data.caseTemplates.find((each) => each.id === one.template);
  if (!template) return <Failed error={new Error(t("cases.template.gone", { name: one.template }))} />;
  const answers = new Map(one.answers.map((answer) => [answer.step, answer]));
  const left = template.steps.filter((step) => !answers.has(step.id));
  const run = async (steps: Step[]) => {
    for (const step of steps) {
      setRunning(step.id);
      if (!(await acting.act(RunStep, { case: one.id, steps: [step.id] }))) break;
    }
    setRunning(null);
  };
  const busy = running !== null || acting.busy;
  return (
    <>
      <div class="row">
        <progress aria-label={t("cases.steps.progress")} value={template.steps.length - left.length} max={template.steps.length} />
        <span class="soft number" role="status">
          {t("cases.steps.done", { done: template.steps.length - left.length, total: template.steps.length })}
        </span>
        {!one.closed && (
          <span class="row push">
            {left.length > 0 && left.length < template.steps.length && (
              <button type="button" disabled={busy} onClick={() => run(left)}>
                {t("cases.steps.rest")}
              </button>
            )}
            <button type="button" class="primary" disabled={busy} onClick={() => run(template.steps)}>
              {t(left.length === template.steps.length ? "cases.steps.all" : "cases.steps.again")}
            </button>
          </span>
        )}
      </div>
      <ol class="steps">
        {template.steps.map((step) => (
          <StepRow key={step.id} one={one} step={step} answer={answers.get(step.id) ?? null} running={running === step.id} run={one.closed || busy ? null : () => run([step])} />
        ))}
      </ol>
    </>
  );
}

interface RowProps {
  one: Case;
  step: Step;
  answer: Answer | null;
  running: boolean;
  run: (() => void) | null;
}

function StepRow({ one, step, answer, running, run }: RowProps) {
  const found = one.findings.edges.map((edge) => edge.node.finding).filter((finding) => answer?.findings.includes(finding.id));
  return (
    <li class={`step card ${answer?.state ?? ""}`} aria-label={step.title}>
      <header>
        <h2>{step.title}</h2>
        {running ? <Waiting small /> : answer ? <span class={`badge ${BADGES[answer.state] ?? ""}`}>{t(`cases.answer.${answer.state}`)}</span> : <span class="badge">{t("cases.answer.none")}</span>}
        {answer && <span class="faint number">{moment(answer.changed)}</span>}
        {run && (
          <button type="button" class="quiet push" onClick={run}>
            {t(answer ? "cases.steps.renew" : "cases.steps.run")}
          </button>
        )}
      </header>
      <p class="soft">{step.question}</p>
      {answer && answer.missing.length > 0 && <p class="sees-not">{t("cases.answer.missing", { what: answer.missing.join(", ") })}</p>}
      {answer && answer.notes.length > 0 && (
        <ul class="notes">
          {answer.notes.map((note) => (
            <li key={note}>
              <Text cut={400}>{note}</Text>
            </li>
          ))}
        </ul>
      )}
      {found.length > 0 && <FindingTable findings={found} />}
      {answer?.details ? <Radius details={answer.details} /> : null}
    </li>
  );
}
