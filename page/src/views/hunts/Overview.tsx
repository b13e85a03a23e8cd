import { useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { ask } from "../../api/client";
import { Failed } from "../../parts/State";
import { t } from "../../words";
import { moment } from "../../words/moment";
import { go, to } from "../../shell/router";
import { RecentRuns, RunHunts, type Hunt } from "./documents";

/** What stands beside the library while no hunt is chosen: running all, the latest runs, and what is missing most. */
export function Overview({ hunts }: { hunts: Hunt[] }) {
  const can = hunts.filter((hunt) => hunt.visible);
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const runAll = async () => {
    setBusy(true);
    try {
      const begun = await ask(RunHunts, { ids: can.map((hunt) => hunt.id) });
      if (begun.runHunts) go(to("hunts", ["run", begun.runHunts.id]));
    } catch (failure) {
      setError(failure as Error);
      setBusy(false);
    }
  };
  return (
    <div class="stack">
      <header class="stack">
        <h1>{t("hunts.title")}</h1>
        <p class="soft">{t("hunts.lead", { can: can.length, all: hunts.length })}</p>
        <div class="row">
          <button type="button" class="primary" disabled={busy || !can.length} onClick={runAll}>
            {t("hunts.run_all", { n: can.length })}
          </button>
        </div>
        {error && <Failed error={error} />}
      </header>
      <Latest />
      <Missing hunts={hunts} />
    </div>
  );
}

function Latest() {
  const recent = useAsk(RecentRuns, {});
  const runs = recent.data?.runs.edges.map((edge) => edge.node) ?? [];
  if (recent.error) return <Failed error={recent.error} again={recent.again} />;
  if (!runs.length) return null;
  return (
    <section class="card">
      <header>
        <h2>{t("hunts.recent")}</h2>
      </header>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>{t("hunts.when")}</th>
              <th>{t("hunts.what")}</th>
              <th>{t("hunts.state")}</th>
              <th class="number">{t("hunts.findings")}</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id}>
                <td class="time">
                  <a href={to("hunts", ["run", run.id])}>{moment(run.created)}</a>
                </td>
                <td>{run.hunts.length === 1 ? run.hunts[0] : t("hunts.count", { n: run.hunts.length })}</td>
                <td>
                  <span class={`badge ${run.state === "done" ? "good" : run.state === "failed" ? "critical" : ""}`}>{t(`run.${run.state}`)}</span>
                </td>
                <td class="number">{run.findings.totalCount}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Telemetry that would open the most hunts first: what to turn on next. */
function Missing({ hunts }: { hunts: Hunt[] }) {
  const wanted = new Map<string, { title: string; opens: string; hunts: Set<string> }>();
  for (const hunt of hunts) {
    for (const kind of hunt.missing.flat()) {
      const known = wanted.get(kind.name) ?? { title: kind.title, opens: kind.opens, hunts: new Set() };
      known.hunts.add(hunt.id);
      wanted.set(kind.name, known);
    }
  }
  const rows = [...wanted.values()].sort((one, other) => other.hunts.size - one.hunts.size).slice(0, 6);
  if (!rows.length) return null;
  return (
    <section class="card">
      <header>
        <h2>{t("hunts.missing")}</h2>
        <span class="faint">{t("hunts.missing.why")}</span>
      </header>
      <ul class="missing">
        {rows.map((kind) => (
          <li key={kind.title}>
            <strong>{kind.title}</strong>
            <span class="badge">{t("hunts.count", { n: kind.hunts.size })}</span>
            <span class="soft">{kind.opens}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
