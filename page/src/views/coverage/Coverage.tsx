import { useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { ask } from "../../api/client";
import { Failed, Waiting } from "../../parts/State";
import { save } from "../../parts/save";
import { amend, to } from "../../shell/router";
import { t } from "../../words";
import type { ViewProps } from "../registry";
import "./coverage.css";
import { Chosen } from "./Chosen";
import { CoverageOf, NavigatorLayer, type Coverage as Told, type Technique } from "./documents";
import { Matrix } from "./Matrix";
import { GLYPHS, STATES } from "./states";

/** ATT&CK's matrix: what the hunts look for, and what of it can be seen in what is loaded. */
export default function Coverage({ place }: ViewProps) {
  const [all, setAll] = useState(place.query.has("all"));
  const asked = useAsk(CoverageOf, { all });
  const [failure, setFailure] = useState<Error | null>(null);
  const chosen = place.args[0] ?? "";
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  if (!asked.data) return <Waiting />;
  const { coverage, hunts } = asked.data;
  const technique = coverage.tactics.flatMap((tactic) => tactic.techniques).find((one) => one.id === chosen);
  const choose = (one: Technique | null) => amend(to("coverage", one ? [one.id] : [], { all: all ? "1" : undefined }));
  const layer = () =>
    ask(NavigatorLayer, {}).then(
      (answer) => save("graph-hunt-coverage.json", "application/json", JSON.stringify(answer.coverage.navigator, null, 2)),
      setFailure,
    );
  return (
    <div class="coverage stack">
      <header class="row">
        <div>
          <h1>{t("coverage.title")}</h1>
          <p class="soft">{t("coverage.lead", { seen: coverage.seen, techniques: coverage.techniques, version: coverage.attack })}</p>
        </div>
        <div class="row push">
          <label class="row">
            <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
            {t("coverage.all")}
          </label>
          <button type="button" onClick={layer}>
            {t("coverage.navigator")}
          </button>
        </div>
      </header>
      {failure && <Failed error={failure} />}
      <Legend />
      <Matrix tactics={coverage.tactics} chosen={chosen} choose={choose} />
      {technique && <Chosen technique={technique} hunts={hunts} close={() => choose(null)} />}
      <Openings openings={coverage.openings} />
    </div>
  );
}

function Legend() {
  return (
    <ul class="row legend" aria-label={t("coverage.legend")}>
      {STATES.map((state) => (
        <li key={state} class={`row faint state-${state}`}>
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <path d={GLYPHS[state]} fill-rule="evenodd" />
          </svg>
          {t(`coverage.${state}`)}
        </li>
      ))}
    </ul>
  );
}

function Openings({ openings }: { openings: Told["openings"] }) {
  if (!openings.length) return null;
  return (
    <section class="card">
      <header>
        <h2>{t("coverage.openings")}</h2>
        <span class="faint">{t("coverage.openings.why")}</span>
      </header>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>{t("coverage.telemetry")}</th>
              <th>{t("coverage.turn_on")}</th>
              <th class="number">{t("coverage.hunts")}</th>
              <th>{t("coverage.techniques")}</th>
            </tr>
          </thead>
          <tbody>
            {openings.map((one) => (
              <tr key={one.telemetry.name}>
                <td>{one.telemetry.title}</td>
                <td class="soft">{one.telemetry.opens}</td>
                <td class="number">{one.hunts.length}</td>
                <td>
                  <code>{one.techniques.join(" ")}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
