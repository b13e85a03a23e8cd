import { useState } from "preact/hooks";
import { useAsk } from "../../api/asked";
import { ask } from "../../api/client";
import { Failed, Waiting } from "../../parts/State";
import { go, to } from "../../shell/router";
import { language, t } from "../../words";
import { CaseTemplates, OpenCase, type Template } from "./documents";

const TRIGGERS = ["weak_signal", "anomaly", "indicator", "finding", "request"];

/** An empty case, or one that a template lays out and asks the telemetry for. */
export function NewCase() {
  const templates = useAsk(CaseTemplates, { language: language.value });
  const [chosen, setChosen] = useState("");
  const [title, setTitle] = useState("");
  const [trigger, setTrigger] = useState("request");
  const [entities, setEntities] = useState("");
  const [given, setGiven] = useState<Record<string, string>>({});
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  if (templates.error) return <Failed error={templates.error} again={templates.again} />;
  if (!templates.data) return <Waiting small />;
  const all = templates.data.caseTemplates;
  const template = all.find((one) => one.id === chosen) ?? null;
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const laid = template ? { template: template.id, given: filled(template, given), trigger: null, scope: null } : null;
    const plain = { template: null, given: null, trigger, scope: { entities: lines(entities), tags: [], since: null, until: null } };
    try {
      const made = await ask(OpenCase, { title, form: null, summary: "", language: language.value, ...(laid ?? plain) });
      if (made.openCase) go(to("cases", [made.openCase.id]));
    } catch (failure) {
      setError(failure as Error);
      setBusy(false);
    }
  };
  return (
    <form class="stack" onSubmit={submit}>
      <div class="field">
        <label for="case-template">{t("cases.template")}</label>
        <select id="case-template" value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
          <option value="">{t("cases.template.none")}</option>
          {all.map((one) => (
            <option key={one.id} value={one.id}>
              {t(`cases.template.${one.id}`) === `cases.template.${one.id}` ? one.id : t(`cases.template.${one.id}`)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="case-title">{t("cases.case_title")}</label>
        <input id="case-title" type="text" required={!template} value={title} placeholder={template ? t("cases.template.title") : ""} onInput={(event) => setTitle(event.currentTarget.value)} />
      </div>
      {template ? (
        <div class="fields">
          {template.fields.map((field) => (
            <div class="field" key={field.name}>
              <label for={`given-${field.name}`}>{t(`cases.given.${field.name}`)}</label>
              <textarea
                id={`given-${field.name}`}
                rows={2}
                spellcheck={false}
                aria-describedby={`given-${field.name}-help`}
                value={given[field.name] ?? ""}
                onInput={(event) => setGiven({ ...given, [field.name]: event.currentTarget.value })}
              />
              <p class="faint" id={`given-${field.name}-help`}>
                {field.help}
              </p>
            </div>
          ))}
        </div>
      ) : (
        <div class="fields">
          <div class="field">
            <label for="case-trigger">{t("cases.trigger")}</label>
            <select id="case-trigger" value={trigger} onChange={(event) => setTrigger(event.currentTarget.value)}>
              {TRIGGERS.map((one) => (
                <option key={one} value={one}>
                  {t(`cases.trigger.${one}`)}
                </option>
              ))}
            </select>
          </div>
          <div class="field">
            <label for="case-entities">{t("cases.scope")}</label>
            <textarea id="case-entities" rows={2} spellcheck={false} value={entities} placeholder={t("cases.scope.help")} onInput={(event) => setEntities(event.currentTarget.value)} />
          </div>
        </div>
      )}
      {error && <Failed error={error} />}
      <div class="row">
        <button type="submit" class="primary" disabled={busy}>
          {t("cases.open_it")}
        </button>
      </div>
    </form>
  );
}

function lines(text: string): string[] {
  return text.split(/[\n,]/).map((one) => one.trim()).filter(Boolean);
}

function filled(template: Template, given: Record<string, string>) {
  const of = (name: string) => (template.fields.some((field) => field.name === name) ? lines(given[name] ?? "") : []);
  return { accounts: of("accounts"), senders: of("senders"), ips: of("ips"), hosts: of("hosts") };
}
