import { useState } from "preact/hooks";
import type { Finding } from "../../findings/documents";
import { FindingTable } from "../../findings/FindingTable";
import { inOrder, LEVELS } from "../../findings/tactics";
import { Dialog } from "../../parts/Dialog";
import { None } from "../../parts/State";
import { Text } from "../../parts/Text";
import { t } from "../../words";
import type { TabProps } from "./CasePage";
import { type CaseFinding, JudgeFinding, PinEvents } from "./documents";

const JUDGEMENTS = ["", "new", "kept", "dismissed"];
const BADGES: Record<string, string> = { new: "medium", kept: "good" };
const byLevel = inOrder(LEVELS);

/** What was found in the case: each waits to be kept, or dismissed with the reason. */
export function Judging({ one, acting }: TabProps) {
  const [shown, setShown] = useState("");
  const [dismissing, setDismissing] = useState<CaseFinding | null>(null);
  const all = one.findings.edges.map((edge) => edge.node).filter((each) => !each.withdrawn);
  const some = all.filter((each) => !shown || each.judgement === shown).sort((a, b) => byLevel(a.finding.level, b.finding.level));
  const of = (finding: Finding) => all.find((each) => each.finding.id === finding.id);
  const judge = (each: CaseFinding, judgement: string, because = "") =>
    acting.act(JudgeFinding, { case: one.id, finding: each.finding.id, version: each.version, judgement, because });
  if (!all.length) return <None>{t("cases.findings.none")}</None>;
  return (
    <>
      <div class="row" role="group" aria-label={t("cases.judgement")}>
        {JUDGEMENTS.map((name) => (
          <button key={name} type="button" class="chip" aria-pressed={shown === name} onClick={() => setShown(name)}>
            {t(`cases.judgement.${name || "all"}`)} <span class="faint number">{name ? all.filter((each) => each.judgement === name).length : all.length}</span>
          </button>
        ))}
        {one.findings.totalCount > all.length && <span class="faint">{t("cases.findings.more", { shown: all.length, total: one.findings.totalCount })}</span>}
      </div>
      <FindingTable
        findings={some.map((each) => each.finding)}
        mark={(finding) => {
          const each = of(finding);
          return each && <span class={`badge ${BADGES[each.judgement] ?? ""}`}>{t(`cases.judgement.${each.judgement}`)}</span>;
        }}
        act={(finding) => {
          const each = of(finding);
          if (!each || one.closed) return null;
          return (
            <>
              {each.because && (
                <span class="faint">
                  <Text cut={120}>{each.because}</Text>
                </span>
              )}
              {each.judgement !== "kept" && (
                <button type="button" disabled={acting.busy} onClick={() => judge(each, "kept")}>
                  {t("findings.keep")}
                </button>
              )}
              {each.judgement !== "dismissed" && (
                <button type="button" disabled={acting.busy} onClick={() => setDismissing(each)}>
                  {t("findings.dismiss")}
                </button>
              )}
              <button type="button" disabled={acting.busy} onClick={() => acting.act(PinEvents, { case: one.id, events: finding.evidence.slice(0, 100), caption: finding.title })}>
                {t("cases.pin")}
              </button>
            </>
          );
        }}
      />
      <Dialog open={dismissing !== null} title={t("findings.dismiss")} onClose={() => setDismissing(null)}>
        {dismissing && (
          <Reason
            busy={acting.busy}
            give={async (because) => {
              if (await judge(dismissing, "dismissed", because)) setDismissing(null);
            }}
          />
        )}
      </Dialog>
    </>
  );
}

function Reason({ busy, give }: { busy: boolean; give: (because: string) => void }) {
  const [because, setBecause] = useState("");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        give(because);
      }}
    >
      <div class="field">
        <label for="dismiss-because">{t("findings.because")}</label>
        <textarea id="dismiss-because" rows={3} required value={because} onInput={(event) => setBecause(event.currentTarget.value)} />
      </div>
      <div class="row">
        <button type="submit" class="primary" disabled={busy}>
          {t("findings.dismiss")}
        </button>
      </div>
    </form>
  );
}
