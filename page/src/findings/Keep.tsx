import { useState } from "preact/hooks";
import { useAsk } from "../api/asked";
import { ask } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Failed, Waiting } from "../parts/State";
import { Text } from "../parts/Text";
import { to } from "../shell/router";
import { t } from "../words";
import { type Finding, KeepFinding, NewCase, OpenCases } from "./documents";

export type Judgement = "kept" | "dismissed";
interface Source {
  run?: string;
  alert?: string;
}

/** Keep a finding in a case, or dismiss it there with the reason. */
export function Keep({ finding, source }: { finding: Finding; source: Source }) {
  const [asked, setAsked] = useState<Judgement | null>(null);
  const [done, setDone] = useState<{ id: string; judgement: Judgement } | null>(null);
  return (
    <>
      {done && (
        <a class="badge good" href={to("cases", [done.id])}>
          {t(`findings.${done.judgement}.in`, { id: done.id })}
        </a>
      )}
      <button type="button" onClick={() => setAsked("kept")}>
        {t("findings.keep")}
      </button>
      <button type="button" onClick={() => setAsked("dismissed")}>
        {t("findings.dismiss")}
      </button>
      <Dialog open={asked !== null} title={t(asked === "dismissed" ? "findings.dismiss" : "findings.keep")} onClose={() => setAsked(null)}>
        {asked && (
          <Choice
            finding={finding}
            source={source}
            judgement={asked}
            done={(id) => {
              setDone({ id, judgement: asked });
              setAsked(null);
            }}
          />
        )}
      </Dialog>
    </>
  );
}

const NEW = "new";

function Choice({ finding, source, judgement, done }: { finding: Finding; source: Source; judgement: Judgement; done: (id: string) => void }) {
  const open = useAsk(OpenCases, {});
  const cases = open.data?.cases.edges.map((edge) => edge.node) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [title, setTitle] = useState(finding.title);
  const [because, setBecause] = useState("");
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const wanted = chosen ?? cases[0]?.id ?? NEW;
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const id = wanted === NEW ? (await ask(NewCase, { title })).openCase?.id : wanted;
      if (!id) return;
      await ask(KeepFinding, { case: id, run: source.run ?? null, alert: source.alert ?? null, finding: finding.id, judgement, because });
      done(id);
    } catch (failure) {
      setError(failure as Error);
      setBusy(false);
    }
  };
  if (open.error) return <Failed error={open.error} again={open.again} />;
  if (!open.data) return <Waiting small />;
  return (
    <form class="stack" onSubmit={submit}>
      <p class="soft">
        <Text cut={300}>{finding.summary}</Text>
      </p>
      <div class="field">
        <label for="keep-case">{t("findings.case")}</label>
        <select id="keep-case" value={wanted} onChange={(event) => setChosen(event.currentTarget.value)}>
          {cases.map((one) => (
            <option key={one.id} value={one.id}>
              {one.id} · {one.title.slice(0, 80)}
            </option>
          ))}
          <option value={NEW}>{t("findings.new_case")}</option>
        </select>
      </div>
      {wanted === NEW && (
        <div class="field">
          <label for="keep-title">{t("findings.title")}</label>
          <input id="keep-title" type="text" required value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
        </div>
      )}
      <div class="field">
        <label for="keep-because">{t(judgement === "dismissed" ? "findings.because" : "findings.remark")}</label>
        <textarea id="keep-because" rows={3} required={judgement === "dismissed"} value={because} onInput={(event) => setBecause(event.currentTarget.value)} />
      </div>
      {error && <Failed error={error} />}
      <div class="row">
        <button type="submit" class="primary" disabled={busy}>
          {t(judgement === "dismissed" ? "findings.dismiss" : "findings.keep")}
        </button>
      </div>
    </form>
  );
}
