import { useState } from "preact/hooks";
import { None } from "../../parts/State";
import { Text } from "../../parts/Text";
import { t } from "../../words";
import type { TabProps } from "./CasePage";
import { AddRecommendation, AddResponse, ChangeResponse, ProposeResponses } from "./documents";
import { Learned } from "./Learned";

const ACTIONS = ["reset_account", "isolate_host", "remove_rule", "purge_message", "block_url", "block_address", "remove_persistence", "revoke_consent"];
const STATES = ["proposed", "asked", "done", "refused"];

/** What is contained, what would make it harder the next time, and what stays of the case. */
export function Response({ one, acting }: TabProps) {
  return (
    <>
      <Responses one={one} acting={acting} />
      <Recommendations one={one} acting={acting} />
      {one.hosts.length > 0 && <Hosts one={one} />}
      <Learned one={one} acting={acting} />
    </>
  );
}

function Responses({ one, acting }: TabProps) {
  const [said, setSaid] = useState({ action: "reset_account", target: "", owner: "" });
  const some = one.responses.filter((each) => !each.withdrawn);
  const add = async (event: Event) => {
    event.preventDefault();
    if (await acting.act(AddResponse, { case: one.id, ...said })) setSaid({ ...said, target: "" });
  };
  return (
    <section class="card">
      <header>
        <h2>{t("cases.responses")}</h2>
        {!one.closed && (
          <button type="button" class="quiet push" disabled={acting.busy} onClick={() => acting.act(ProposeResponses, { case: one.id })}>
            {t("cases.propose")}
          </button>
        )}
      </header>
      {some.length === 0 ? (
        <None>{t("cases.responses.none")}</None>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>{t("cases.action")}</th>
                <th>{t("cases.target")}</th>
                <th>{t("cases.owner")}</th>
                <th>{t("cases.state")}</th>
              </tr>
            </thead>
            <tbody>
              {some.map((each) => (
                <tr key={each.number}>
                  <td>{t(`cases.action.${each.action}`)}</td>
                  <td>
                    <Text cut={120}>{each.target}</Text>
                    {each.remark && (
                      <span class="faint">
                        {" "}
                        <Text cut={200}>{each.remark}</Text>
                      </span>
                    )}
                  </td>
                  <td>{each.owner || "–"}</td>
                  <td>
                    <select
                      aria-label={`${t("cases.state")}: ${t(`cases.action.${each.action}`)} ${each.target}`}
                      value={each.state}
                      disabled={one.closed || acting.busy}
                      onChange={(event) => acting.act(ChangeResponse, { case: one.id, number: each.number, version: each.version, state: event.currentTarget.value })}
                    >
                      {STATES.map((state) => (
                        <option key={state} value={state}>
                          {t(`cases.progress.${state}`)}
                        </option>
                      ))}
                    </select>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!one.closed && (
        <form class="row add" onSubmit={add}>
          <select aria-label={t("cases.action")} value={said.action} onChange={(event) => setSaid({ ...said, action: event.currentTarget.value })}>
            {ACTIONS.map((action) => (
              <option key={action} value={action}>
                {t(`cases.action.${action}`)}
              </option>
            ))}
          </select>
          <input type="text" required aria-label={t("cases.target")} placeholder={t("cases.target")} value={said.target} onInput={(event) => setSaid({ ...said, target: event.currentTarget.value })} />
          <input type="text" aria-label={t("cases.owner")} placeholder={t("cases.owner")} value={said.owner} onInput={(event) => setSaid({ ...said, owner: event.currentTarget.value })} />
          <button type="submit" disabled={acting.busy}>
            {t("cases.add")}
          </button>
        </form>
      )}
    </section>
  );
}

function Recommendations({ one, acting }: TabProps) {
  const taken = one.recommendations.filter((each) => !each.withdrawn);
  const words = new Map(one.advice.map((each) => [each.what, each.words]));
  const open = one.advice.filter((each) => !taken.some((other) => other.what === each.what));
  return (
    <section class="card">
      <header>
        <h2>{t("cases.recommendations")}</h2>
      </header>
      {!taken.length && !open.length && <None>{t("cases.recommendations.none")}</None>}
      <ul class="advice">
        {taken.map((each) => (
          <li key={each.number}>
            <span class="badge good">{t("cases.taken")}</span>
            <Text cut={500}>{words.get(each.what) ?? each.what}</Text>
          </li>
        ))}
        {open.map((each) => (
          <li key={each.what}>
            <span class="badge">{t("cases.follows", { n: each.findings.length })}</span>
            <Text cut={500}>{each.words}</Text>
            {!one.closed && (
              <button type="button" class="quiet push" disabled={acting.busy} onClick={() => acting.act(AddRecommendation, { case: one.id, what: each.what, findings: each.findings })}>
                {t("cases.take")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Hosts({ one }: { one: TabProps["one"] }) {
  return (
    <section class="card">
      <header>
        <h2>{t("cases.hosts")}</h2>
      </header>
      <ul class="needs">
        {one.hosts.map((each) => (
          <li key={each.number}>
            <span class="badge">{each.state}</span>
            <Text cut={80}>{each.name}</Text>
            {each.because && (
              <span class="faint">
                <Text cut={200}>{each.because}</Text>
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
