import { useState } from "preact/hooks";
import { t } from "../../words";
import { read, written, type Parameter } from "./values";

export interface Given {
  parameters: Record<string, unknown>;
  since: string | null;
  until: string | null;
  scope: string[];
}

interface Props {
  parameters: Parameter[];
  scope: string[];
  busy: boolean;
  run: (given: Given) => void;
}

/** A form made from the hunt's header: only what differs from the defaults is sent. */
export function Parameters({ parameters, scope, busy, run }: Props) {
  const [texts, setTexts] = useState<Record<string, string>>(() => Object.fromEntries(parameters.map((one) => [one.name, written(one)])));
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const [within, setWithin] = useState(scope.join("\n"));
  const wrong = parameters.filter((one) => read(one, texts[one.name] ?? "") === null).map((one) => one.name);
  const changed = parameters.filter((one) => texts[one.name] !== written(one));
  const submit = (event: Event) => {
    event.preventDefault();
    if (wrong.length) return;
    run({
      parameters: Object.fromEntries(changed.map((one) => [one.name, read(one, texts[one.name] ?? "")])),
      since: since.trim() || null,
      until: until.trim() || null,
      scope: within.split("\n").map((one) => one.trim()).filter(Boolean),
    });
  };
  return (
    <form class="parameters" onSubmit={submit}>
      <div class="fields">
        <Field id="since" label={t("hunts.since")} help={t("hunts.since.help")} value={since} change={setSince} placeholder="24h" />
        <Field id="until" label={t("hunts.until")} help={t("hunts.until.help")} value={until} change={setUntil} />
        <Field id="scope" label={t("hunts.scope")} help={t("hunts.scope.help")} value={within} change={setWithin} lines />
        {parameters.map((one) => (
          <Field
            key={one.name}
            id={`parameter-${one.name}`}
            label={one.name}
            help={one.help}
            value={texts[one.name] ?? ""}
            change={(text) => setTexts({ ...texts, [one.name]: text })}
            lines={one.type === "list"}
            flag={one.type === "flag"}
            wrong={wrong.includes(one.name) ? t(`hunts.wrong.${one.type}`) : null}
          />
        ))}
      </div>
      <div class="row">
        <button type="submit" class="primary" disabled={busy || wrong.length > 0}>
          {t(busy ? "hunts.beginning" : "hunts.run")}
        </button>
        {changed.length > 0 && (
          <button type="button" class="quiet" onClick={() => setTexts(Object.fromEntries(parameters.map((one) => [one.name, written(one)])))}>
            {t("hunts.defaults")}
          </button>
        )}
      </div>
    </form>
  );
}

interface FieldProps {
  id: string;
  label: string;
  help: string;
  value: string;
  change: (text: string) => void;
  placeholder?: string;
  lines?: boolean;
  flag?: boolean;
  wrong?: string | null;
}

function Field({ id, label, help, value, change, placeholder, lines = false, flag = false, wrong = null }: FieldProps) {
  const shared = { id, "aria-describedby": `${id}-help`, "aria-invalid": wrong ? true : undefined } as const;
  const typed = (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => change(event.currentTarget.value);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {flag ? (
        <input {...shared} type="checkbox" checked={value === "true"} onChange={(event) => change(String(event.currentTarget.checked))} />
      ) : lines ? (
        <textarea {...shared} rows={Math.min(4, Math.max(2, value.split("\n").length))} value={value} spellcheck={false} onInput={typed} />
      ) : (
        <input {...shared} type="text" value={value} placeholder={placeholder ?? ""} spellcheck={false} autocomplete="off" onInput={typed} />
      )}
      <p id={`${id}-help`} class={wrong ? "wrong" : "faint"}>
        {wrong ?? help}
      </p>
    </div>
  );
}
