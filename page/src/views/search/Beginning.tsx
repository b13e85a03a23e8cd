import { useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { ask } from "../../api/client";
import { graphql } from "../../api/generated";
import type { StandingOutQuery } from "../../api/generated/graphql";
import { EntityLink } from "../../parts/EntityLink";
import { forget, pinned, recent } from "../../parts/remembered";
import { Failed, None, Waiting } from "../../parts/State";
import { Text } from "../../parts/Text";
import { go, to } from "../../shell/router";
import { t } from "../../words";
import { day, moment } from "../../words/moment";
import { viewOf } from "../registry";
import { Row } from "./Search";

const Loaded = graphql(`
  query Loaded { status { first last records } }
`);
const StandingOut = graphql(`
  query StandingOut {
    runs(first: 1) {
      edges {
        node {
          id state created progress { done total }
          incidents(first: 5) {
            totalCount
            edges {
              node {
                id title level summary firstSeen lastSeen
                entities { entity { id label name } }
                findings(first: 1) { totalCount }
              }
            }
          }
        }
      }
    }
  }
`);
const Waits = graphql(`
  query Waits {
    alerts(states: [NEW], first: 4) { totalCount edges { node { id finding { title level summary } } } }
    cases(closed: false, first: 4) { totalCount edges { node { id title changed } } }
  }
`);
const HuntAll = graphql(`
  mutation HuntAll { runHunts { id } }
`);

/** What an analyst wants first: what stands out, what waits, and where one was. */
export function Beginning() {
  const loaded = useAsk(Loaded, {});
  const status = loaded.data?.status;
  if (loaded.error) return <Failed error={loaded.error} again={loaded.again} />;
  if (!status) return <Waiting />;
  if (!status.first || !status.last) return <Nothing />;
  return (
    <>
      <p class="faint">{t("search.loaded", { records: status.records, first: day(status.first), last: day(status.last) })}</p>
      <div class="beginning">
        <StandsOut />
        <div class="stack">
          <Waiters />
          <Kept />
        </div>
      </div>
    </>
  );
}

function Nothing() {
  return (
    <section class="card nothing-loaded">
      <h2>{t("search.empty")}</h2>
      <p class="soft">{t("search.empty.how")}</p>
      <p class="row">
        {viewOf("load") && (
          <a class="button primary" href={to("load")}>
            {t("search.load")}
          </a>
        )}
        <code>graph-hunt load PATH</code>
      </p>
    </section>
  );
}

type Incident = StandingOutQuery["runs"]["edges"][number]["node"]["incidents"]["edges"][number]["node"];

function StandsOut() {
  const asked = useAsk(StandingOut, {});
  const [error, setError] = useState<Error | null>(null);
  const run = asked.data?.runs.edges[0]?.node;
  const hunt = () =>
    ask(HuntAll, {}).then(
      ({ runHunts }) => runHunts && go(to("hunts", ["run", runHunts.id])),
      (failure: Error) => setError(failure),
    );
  const incidents = run?.incidents.edges.map((edge) => edge.node) ?? [];
  return (
    <section class="card" aria-labelledby="out">
      <header>
        <h2 id="out">{t("search.out")}</h2>
        {run && (
          <a class="faint" href={to("hunts", ["run", run.id])}>
            {t("search.run", { at: moment(run.created).slice(0, 16) })}
          </a>
        )}
        <button type="button" class={run ? "quiet push" : "primary push"} onClick={() => void hunt()}>
          {t(run ? "search.hunt.again" : "search.hunt")}
        </button>
      </header>
      {error && <Failed error={error} />}
      {asked.error && <Failed error={asked.error} again={asked.again} />}
      {!asked.data && asked.waiting && <Waiting />}
      {asked.data && !run && <None>{t("search.no_run")}</None>}
      {run && run.state !== "done" && <p class="soft">{t("search.running", run.progress)}</p>}
      {run && run.state === "done" && !incidents.length && <None>{t("search.quiet")}</None>}
      <ul class="incidents">
        {incidents.map((one) => (
          <Stands key={one.id} incident={one} run={run?.id ?? ""} />
        ))}
      </ul>
      {run && run.incidents.totalCount > incidents.length && (
        <a href={to("hunts", ["run", run.id])}>{t("search.out.more", { n: run.incidents.totalCount - incidents.length })}</a>
      )}
    </section>
  );
}

/** Entities of an incident that are named here; its page names all. */
const NAMED = 4;

function Stands({ incident, run }: { incident: Incident; run: string }) {
  const ids = incident.entities.map((one) => one.entity.id);
  return (
    <li class="leveled">
      <span class={`badge ${incident.level}`}>{t(`level.${incident.level}`)}</span>
      <div>
        <a href={to("hunts", ["run", run])}>
          <Text cut={160}>{incident.title}</Text>
        </a>
        <p class="soft">
          <Text cut={220}>{incident.summary}</Text>
        </p>
        <p class="row">
          {incident.entities.slice(0, NAMED).map((one) => (
            <EntityLink key={one.entity.id} entity={one.entity} cut={28} />
          ))}
          {ids.length > NAMED && <span class="faint">+{ids.length - NAMED}</span>}
        </p>
        <p class="row">
          <time class="faint number">{moment(incident.firstSeen).slice(0, 16)}</time>
          <span class="faint">{t("search.findings", { n: incident.findings.totalCount })}</span>
          <a class="button push" href={to("graph", [], { ids: ids.slice(0, 12).join(",") })}>
            {t("graph.title")}
          </a>
        </p>
      </div>
    </li>
  );
}

function Waiters() {
  const asked = useAsk(Waits, {});
  const alerts = asked.data?.alerts;
  const cases = asked.data?.cases;
  const where = ["detections", "alerts"].find(viewOf);
  return (
    <>
      {alerts && alerts.totalCount > 0 && (
        <section class="card">
          <header>
            <h2>{t("search.alerts")}</h2>
            <span class="badge high">{alerts.totalCount}</span>
          </header>
          <ul class="waiters">
            {alerts.edges.map(({ node }) => (
              <li key={node.id}>
                <span class={`badge ${node.finding.level}`}>{t(`level.${node.finding.level}`)}</span>{" "}
                {where ? <a href={to(where)}>{node.finding.title}</a> : node.finding.title}
              </li>
            ))}
          </ul>
        </section>
      )}
      {cases && cases.totalCount > 0 && (
        <section class="card">
          <header>
            <h2>{t("search.cases")}</h2>
            <span class="faint">{cases.totalCount}</span>
          </header>
          <ul class="waiters">
            {cases.edges.map(({ node }) => (
              <li key={node.id}>
                <a href={to("cases", [node.id])}>
                  <Text cut={60}>{node.title}</Text>
                </a>{" "}
                <span class="faint">{day(node.changed)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Kept() {
  return (
    <>
      {pinned.value.length > 0 && (
        <section class="card kept">
          <h2>{t("search.pinned")}</h2>
          <ul class="hits">
            {pinned.value.map((one, index) => (
              <Row key={one.id} entity={one} index={index} />
            ))}
          </ul>
        </section>
      )}
      {recent.value.length > 0 && (
        <section class="card kept">
          <header class="row">
            <h2>{t("search.recent")}</h2>
            <button type="button" class="quiet push" onClick={forget}>
              {t("search.forget")}
            </button>
          </header>
          <ul class="hits">
            {recent.value.slice(0, 8).map((one, index) => (
              <Row key={one.id} entity={one} index={pinned.value.length + index} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
