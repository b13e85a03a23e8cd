import { useState } from "preact/hooks";
import { None } from "../../parts/State";
import { Text } from "../../parts/Text";
import { t } from "../../words";
import type { TabProps } from "./CasePage";
import { AddFeedback } from "./documents";

const KINDS = ["flaw", "indicator", "detection", "tag", "baseline_exception", "technique"];

/** What stays of the case for the next one. */
export function Learned({ one, acting }: TabProps) {
  const [said, setSaid] = useState({ learned: "flaw", what: "", remark: "" });
  const some = one.feedback.filter((each) => !each.withdrawn);
  const add = async (event: Event) => {
    event.preventDefault();
    if (await acting.act(AddFeedback, { case: one.id, ...said })) setSaid({ ...said, what: "" });
  };
  return (
    <section class="card">
      <header>
        <h2>{t("cases.feedback")}</h2>
      </header>
      {some.length === 0 && <None>{t("cases.feedback.none")}</None>}
      <ul class="needs">
        {some.map((each) => (
          <li key={each.number}>
            <span class="badge">{t(`cases.learned.${each.learned}`)}</span>
            <Text cut={300}>{each.what}</Text>
            {each.remark && (
              <span class="faint">
                <Text cut={300}>{each.remark}</Text>
              </span>
            )}
          </li>
        ))}
      </ul>
      {!one.closed && (
        <form class="row add" onSubmit={add}>
          <select aria-label={t("cases.feedback")} value={said.learned} onChange={(event) => setSaid({ ...said, learned: event.currentTarget.value })}>
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`cases.learned.${kind}`)}
              </option>
            ))}
          </select>
          <input type="text" required aria-label={t("cases.learned.what")} placeholder={t("cases.learned.what")} value={said.what} onInput={(event) => setSaid({ ...said, what: event.currentTarget.value })} />
          <button type="submit" disabled={acting.busy}>
            {t("cases.add")}
          </button>
        </form>
      )}
    </section>
  );
}
