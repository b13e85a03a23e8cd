import { useState } from "preact/hooks";
import { Dialog } from "../../parts/Dialog";
import { None } from "../../parts/State";
import { Text } from "../../parts/Text";
import { t } from "../../words";
import type { TabProps } from "./CasePage";
import { AddHypothesis, type Case, SettleHypothesis } from "./documents";

type Hypothesis = Case["hypotheses"][number];
const STATUSES = ["open", "confirmed", "refuted", "inconclusive"];
const BADGES: Record<string, string> = { confirmed: "high", refuted: "good" };

export function Hypotheses({ one, acting }: TabProps) {
  const some = one.hypotheses.filter((each) => !each.withdrawn);
  const [adding, setAdding] = useState(false);
  const [settling, setSettling] = useState<Hypothesis | null>(null);
  return (
    <section class="card">
      <header>
        <h2>{t("cases.hypotheses")}</h2>
        {!one.closed && (
          <button type="button" class="quiet push" onClick={() => setAdding(true)}>
            {t("cases.suppose")}
          </button>
        )}
      </header>
      {some.length === 0 && <None>{t("cases.hypotheses.none")}</None>}
      <ol class="hypotheses">
        {some.map((each) => (
          <li key={each.number}>
            <div class="row">
              <span class={`badge ${BADGES[each.status] ?? ""}`}>{t(`cases.status.${each.status}`)}</span>
              {each.techniques.map((technique) => (
                <code key={technique} class="badge">
                  {technique}
                </code>
              ))}
              {!one.closed && (
                <button type="button" class="quiet push" onClick={() => setSettling(each)}>
                  {t("cases.settle")}
                </button>
              )}
            </div>
            <p>
              <Text cut={2_000}>{each.text}</Text>
            </p>
            <dl class="weighed">
              {each.confirms && <Side name="confirms" text={each.confirms} />}
              {each.refutes && <Side name="refutes" text={each.refutes} />}
              {each.because && <Side name="because" text={each.because} />}
            </dl>
          </li>
        ))}
      </ol>
      <Dialog open={adding} title={t("cases.suppose")} onClose={() => setAdding(false)}>
        <Add one={one} acting={acting} done={() => setAdding(false)} />
      </Dialog>
      <Dialog open={settling !== null} title={t("cases.settle")} onClose={() => setSettling(null)}>
        {settling && <Settle one={one} acting={acting} hypothesis={settling} done={() => setSettling(null)} />}
      </Dialog>
    </section>
  );
}

function Side({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt>{t(`cases.hypothesis.${name}`)}</dt>
      <dd>
        <Text cut={1_000}>{text}</Text>
      </dd>
    </div>
  );
}

function Add({ one, acting, done }: TabProps & { done: () => void }) {
  const [said, setSaid] = useState({ text: "", techniques: "", confirms: "", refutes: "" });
  const submit = async (event: Event) => {
    event.preventDefault();
    const techniques = said.techniques.split(/[\s,]+/).filter(Boolean);
    if (await acting.act(AddHypothesis, { case: one.id, text: said.text, techniques, confirms: said.confirms, refutes: said.refutes })) done();
  };
  return (
    <form class="stack" onSubmit={submit}>
      {(["text", "techniques", "confirms", "refutes"] as const).map((name) => (
        <div class="field" key={name}>
          <label for={`hypothesis-${name}`}>{t(`cases.hypothesis.${name}`)}</label>
          <input id={`hypothesis-${name}`} type="text" required={name === "text"} value={said[name]} onInput={(event) => setSaid({ ...said, [name]: event.currentTarget.value })} />
        </div>
      ))}
      <div class="row">
        <button type="submit" class="primary" disabled={acting.busy}>
          {t("cases.add")}
        </button>
      </div>
    </form>
  );
}

function Settle({ one, acting, hypothesis, done }: TabProps & { hypothesis: Hypothesis; done: () => void }) {
  const [status, setStatus] = useState(hypothesis.status);
  const [because, setBecause] = useState(hypothesis.because);
  const submit = async (event: Event) => {
    event.preventDefault();
    const { number, version } = hypothesis;
    if (await acting.act(SettleHypothesis, { case: one.id, number, version, status, because })) done();
  };
  return (
    <form class="stack" onSubmit={submit}>
      <p class="soft">
        <Text cut={500}>{hypothesis.text}</Text>
      </p>
      <div class="field">
        <label for="settle-status">{t("cases.state")}</label>
        <select id="settle-status" value={status} onChange={(event) => setStatus(event.currentTarget.value)}>
          {STATUSES.map((each) => (
            <option key={each} value={each}>
              {t(`cases.status.${each}`)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="settle-because">{t("cases.hypothesis.because")}</label>
        <textarea id="settle-because" rows={3} required={status !== "open"} value={because} onInput={(event) => setBecause(event.currentTarget.value)} />
      </div>
      <div class="row">
        <button type="submit" class="primary" disabled={acting.busy}>
          {t("cases.save")}
        </button>
      </div>
    </form>
  );
}
