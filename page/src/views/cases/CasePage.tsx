import { useAsk } from "../../api/asked";
import { Failed, Waiting } from "../../parts/State";
import { Text } from "../../parts/Text";
import { amend, to } from "../../shell/router";
import { language, t } from "../../words";
import { moment } from "../../words/moment";
import { type Acting, useActing } from "./act";
import { Close } from "./Close";
import { Course } from "./Course";
import { type Case, OneCase } from "./documents";
import { History } from "./History";
import { Judging } from "./Judging";
import { Pinned } from "./Pinned";
import { Report } from "./Report";
import { Response } from "./Response";
import { Steps } from "./Steps";

export interface TabProps {
  one: Case;
  acting: Acting;
}

const TABS = { course: Course, steps: Steps, findings: Judging, evidence: Pinned, response: Response, history: History };
type Tab = keyof typeof TABS;

/** One case, from its trigger to what was learned. */
export function CasePage({ id, tab }: { id: string; tab: string }) {
  const asked = useAsk(OneCase, { id, language: language.value });
  const acting = useActing(asked.again);
  if (asked.error) return <Failed error={asked.error} again={asked.again} />;
  if (!asked.data) return <Waiting />;
  const one = asked.data.case;
  if (!one) return <Failed error={new Error(t("cases.unknown"))} />;
  const names = (Object.keys(TABS) as Tab[]).filter((name) => name !== "steps" || one.template);
  const shown = names.find((name) => name === tab) ?? "course";
  const Shown = TABS[shown];
  return (
    <div class="case stack">
      <header class="stack">
        <a class="button quiet" href={to("cases")}>
          ← {t("cases.title")}
        </a>
        <div class="row">
          <h1>
            <span class="faint number">{one.id}</span> <Text>{one.title}</Text>
          </h1>
          <span class={`badge ${one.closed ? "" : "good"}`}>{one.closed ? t(`cases.verdict.${one.verdict ?? "inconclusive"}`) : t("cases.open")}</span>
          <span class="push">
            <Close one={one} acting={acting} />
          </span>
        </div>
        <Report id={one.id} />
        <p class="faint number">
          {t("cases.opened", { who: one.who, when: moment(one.created) })} · {t("cases.changed_by", { who: one.changedBy, when: moment(one.changed) })}
        </p>
      </header>
      <div class="tabs" role="tablist" aria-label={t("cases.parts")}>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === shown}
            aria-controls="case-part"
            onClick={() => amend(to("cases", name === "course" ? [id] : [id, name]))}
          >
            {t(`cases.part.${name}`)} <Amount one={one} name={name} />
          </button>
        ))}
      </div>
      {acting.error && <Failed error={acting.error} />}
      <div id="case-part" role="tabpanel" aria-labelledby={`tab-${shown}`} class="stack">
        <Shown one={one} acting={acting} />
      </div>
    </div>
  );
}

function Amount({ one, name }: { one: Case; name: Tab }) {
  const counts: Partial<Record<Tab, number>> = {
    findings: one.findings.totalCount,
    evidence: one.evidence.filter((each) => !each.withdrawn).length,
    response: one.responses.filter((each) => !each.withdrawn).length,
  };
  const n = counts[name];
  return n ? <span class="faint number">{n}</span> : null;
}
