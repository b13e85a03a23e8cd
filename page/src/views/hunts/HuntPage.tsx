import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import { Failed } from "../../parts/State";
import { t } from "../../words";
import { go, to } from "../../shell/router";
import { RunHunts, type Hunt } from "./documents";
import { Parameters, type Given } from "./Parameters";

/** One hunt: what it supposes, whether it can see, and the form that runs it. */
export function HuntPage({ hunt, scope }: { hunt: Hunt; scope: string[] }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const run = async ({ parameters, since, until, scope: within }: Given) => {
    setBusy(true);
    setError(null);
    try {
      const begun = await ask(RunHunts, { ids: [hunt.id], parameters, scope: within.length ? within : null, since, until });
      if (begun.runHunts) go(to("hunts", ["run", begun.runHunts.id]));
    } catch (failure) {
      setError(failure as Error);
      setBusy(false);
    }
  };
  return (
    <article class="stack hunt">
      <header>
        <div class="row">
          <span class={`badge ${hunt.level}`}>{t(`level.${hunt.level}`)}</span>
          {hunt.attack.map((technique) => (
            <code key={technique} class="badge">
              {technique}
            </code>
          ))}
          <span class="faint">{t(`tactic.${hunt.tactic}`)}</span>
        </div>
        <h1>{hunt.title}</h1>
        <p class="soft">{hunt.hypothesis}</p>
      </header>
      <Sight hunt={hunt} />
      <section class="card">
        <header>
          <h2>{t("hunts.run")}</h2>
          <code class="faint">{hunt.id}</code>
          <a class="button quiet push" href={to("detections", ["detections"], { hunt: hunt.id })}>
            {t("hunts.by_itself")}
          </a>
        </header>
        {error && <Failed error={error} />}
        <Parameters parameters={hunt.parameters} scope={scope} busy={busy} run={run} />
      </section>
      <section class="card prose">
        <p>{hunt.description}</p>
        <Points title={t("hunts.benign")} points={hunt.benign} />
        <Points title={t("hunts.rule_out")} points={hunt.ruleOut} />
        <Points title={t("hunts.response")} points={hunt.response} />
        <details>
          <summary>{t("hunts.cypher")}</summary>
          {/* Focusable, so that the keyboard can scroll it. */}
          <pre tabIndex={0}>{hunt.cypher}</pre>
        </details>
      </section>
    </article>
  );
}

function Sight({ hunt }: { hunt: Hunt }) {
  if (hunt.visible) {
    return (
      <p class="sight good">
        <span class="badge good">{t("hunts.can")}</span> <span class="soft">{t("hunts.can.why")}</span>
      </p>
    );
  }
  return (
    <section class="card sight cannot">
      <header>
        <h2>{t("hunts.cannot")}</h2>
        <span class="soft">{t("hunts.cannot.why")}</span>
      </header>
      <ul class="missing">
        {hunt.missing.map((group, index) => (
          <li key={index}>
            {group.map((kind, place) => (
              <span key={kind.name} class="either">
                {place > 0 && <em class="faint">{t("hunts.or")}</em>}
                <strong>{kind.title}</strong> <span class="soft">{kind.opens}</span>
              </span>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Points({ title, points }: { title: string; points: string[] }) {
  if (!points.length) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="notes">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </>
  );
}
