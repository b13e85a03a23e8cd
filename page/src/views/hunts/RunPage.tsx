import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { Finding } from "../../findings/documents";
import { FindingGraph } from "../../findings/FindingGraph";
import { FindingTable } from "../../findings/FindingTable";
import { Keep } from "../../findings/Keep";
import { inOrder, LEVELS } from "../../findings/tactics";
import { Failed, None, Waiting } from "../../parts/State";
import { t } from "../../words";
import { moment, span } from "../../words/moment";
import { to } from "../../shell/router";
import { CancelRun, type Hunt, type Run } from "./documents";
import { isOver, useFindings, useRun } from "./useRun";

type Shape = "table" | "graph";

/** One run: how far it is, what became of each hunt, and what was found so far. */
export function RunPage({ id, hunts }: { id: string; hunts: Hunt[] }) {
  const { run, error } = useRun(id);
  const { findings, error: unread } = useFindings(id, run?.findings.totalCount ?? 0);
  const [shape, setShape] = useState<Shape>("table");
  const [level, setLevel] = useState("");
  if (error) return <Failed error={error} />;
  if (!run) return <Waiting />;
  const some = sorted(findings.filter((one) => !level || one.level === level));
  return (
    <div class="stack run">
      <Head run={run} hunts={hunts} />
      <section aria-label={t("hunts.findings")}>
        <div class="row run-bar">
          <h2>{t("hunts.found", { n: run.findings.totalCount })}</h2>
          <div class="row" role="group" aria-label={t("hunts.level")}>
            {["", ...LEVELS].map((one) => {
              const n = one ? findings.filter((finding) => finding.level === one).length : findings.length;
              if (one && !n) return null;
              return (
                <button key={one} type="button" class="chip" aria-pressed={level === one} onClick={() => setLevel(one)}>
                  {one && <i class={`level ${one}`} aria-hidden="true" />}
                  {one ? t(`level.${one}`) : t("hunts.all_levels")} <span class="number faint">{n}</span>
                </button>
              );
            })}
          </div>
          <div class="segments push" role="group" aria-label={t("hunts.shape")}>
            {(["table", "graph"] as const).map((one) => (
              <button key={one} type="button" aria-pressed={shape === one} onClick={() => setShape(one)}>
                {t(`hunts.shape.${one}`)}
              </button>
            ))}
          </div>
        </div>
        {unread && <Failed error={unread} />}
        {some.length === 0 ? (
          <None>{t(isOver(run) ? "hunts.nothing" : "hunts.nothing_yet")}</None>
        ) : shape === "table" ? (
          <FindingTable findings={some} act={(finding) => <Keep finding={finding} source={{ run: id }} />} />
        ) : (
          <FindingGraph findings={some} />
        )}
      </section>
      <Outcomes run={run} hunts={hunts} />
    </div>
  );
}

const byLevel = inOrder(LEVELS);

function sorted(findings: Finding[]): Finding[] {
  return [...findings].sort((one, other) => byLevel(one.level, other.level) || other.score - one.score || one.firstSeen.localeCompare(other.firstSeen));
}

function Head({ run, hunts }: { run: Run; hunts: Hunt[] }) {
  const [failure, setFailure] = useState<Error | null>(null);
  const title = run.hunts.length === 1 ? hunts.find((hunt) => hunt.id === run.hunts[0])?.title : undefined;
  const { done, total } = run.progress;
  return (
    <header class="stack">
      <div class="row">
        <a class="button quiet" href={run.hunts.length === 1 ? to("hunts", [run.hunts[0] ?? ""]) : to("hunts")}>
          ← {run.hunts.length === 1 ? t("hunts.back_hunt") : t("hunts.library")}
        </a>
      </div>
      <h1>{title ?? t("hunts.count", { n: run.hunts.length })}</h1>
      <p class="faint number">
        {moment(run.since)} – {moment(run.until)} UTC · {run.who}
        {run.ended && ` · ${span(Date.parse(run.ended) - Date.parse(run.created))}`}
      </p>
      <div class="row" role="status">
        <progress aria-label={t("hunts.progress")} value={done} max={Math.max(1, total)} />
        <span class="number">{t("hunts.through", { done, total })}</span>
        <span class={`badge ${run.state === "done" ? "good" : run.state === "failed" ? "critical" : ""}`}>{t(`run.${run.state}`)}</span>
        {!isOver(run) && (
          <button type="button" class="quiet" onClick={() => ask(CancelRun, { id: run.id }).catch(setFailure)}>
            {t("hunts.cancel")}
          </button>
        )}
      </div>
      {run.problem && <Failed error={new Error(run.problem)} />}
      {failure && <Failed error={failure} />}
    </header>
  );
}

const WORTH_SAYING = ["failed", "timed_out", "cut", "cannot_see"];

/** What became of the hunts: troubles and blind spots first, for "nothing found" is only said of those that saw. */
function Outcomes({ run, hunts }: { run: Run; hunts: Hunt[] }) {
  const rows = [...run.outcomes].sort((one, other) => inOrder(WORTH_SAYING)(one.state, other.state) || other.found - one.found);
  if (!rows.length) return null;
  const blind = rows.filter((one) => one.state === "cannot_see").length;
  return (
    <details class="card" open={run.hunts.length === 1}>
      <summary>
        {t("hunts.outcomes", { n: rows.length })} {blind > 0 && <span class="badge medium">{t("hunts.blind", { n: blind })}</span>}
      </summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>{t("hunts.hunt")}</th>
              <th>{t("hunts.state")}</th>
              <th class="number">{t("hunts.findings")}</th>
              <th class="number">{t("hunts.took")}</th>
              <th>{t("hunts.notes")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.hunt}>
                <td>
                  <a href={to("hunts", [one.hunt])}>{hunts.find((hunt) => hunt.id === one.hunt)?.title ?? one.hunt}</a>
                </td>
                <td>
                  <span class={`badge ${one.state === "done" ? "good" : "medium"}`}>{t(`outcome.${one.state}`)}</span>
                </td>
                <td class="number">{one.found}</td>
                <td class="number">{span(one.seconds * 1000)}</td>
                <td class="soft">{one.notes.join(" · ") || (one.coldStart ? t("hunts.cold") : "")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
