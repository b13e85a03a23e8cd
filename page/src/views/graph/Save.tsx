import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import { useAsk } from "../../api/asked";
import { graphql } from "../../api/generated";
import { NewCase, OpenCases } from "../../findings/documents";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { Failed } from "../../parts/State";
import { to } from "../../shell/router";
import { t } from "../../words";
import { address } from "./address";
import * as store from "./store";

const SaveView = graphql(`
  mutation SaveGraph($case: ID!, $name: String!, $entity: String!, $asked: JSON) {
    saveView(case: $case, name: $name, entity: $entity, asked: $asked) { number }
  }
`);

/** Saves the view to a case: what was unfolded and where things stand, to be drawn again from there. */
export function Save() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="quiet" onClick={() => setOpen(true)}>
        <Icon path="M4 8h16v11H4zM9 8V5h6v3M12 11v5M9.5 13.5h5" />
        {t("graph.save")}
      </button>
      <Dialog open={open} title={t("graph.save.title")} onClose={() => setOpen(false)}>
        <Form />
      </Dialog>
    </>
  );
}

function Form() {
  const cases = useAsk(OpenCases, {});
  const first = [...store.drawing.value.dots.values()].find((dot) => !dot.rest);
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState(first ? first.name.slice(0, 120) : "");
  const [saved, setSaved] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const there = cases.data?.cases.edges.map((edge) => edge.node) ?? [];
  const target = chosen ?? there[0]?.id ?? "";
  const save = async () => {
    const id = target || (await ask(NewCase, { title: name })).openCase?.id;
    if (!id) return;
    await ask(SaveView, { case: id, name, entity: first ? `${first.label}:${first.key}` : "", asked: { place: await address() } });
    setSaved(id);
  };
  if (saved) {
    return (
      <p role="status">
        {t("graph.saved")} <a href={to("cases", [saved])}>{t("graph.saved.open")}</a>
      </p>
    );
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setError(null);
        save().catch(setError);
      }}
    >
      <label class="stack-tight">
        {t("graph.save.case")}
        <select value={target} onChange={(event) => setChosen(event.currentTarget.value)}>
          {there.map((one) => (
            <option key={one.id} value={one.id}>
              {one.title}
            </option>
          ))}
          <option value="">{t("graph.save.new")}</option>
        </select>
      </label>
      <label class="stack-tight">
        {t("graph.save.name")}
        <input required maxLength={200} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      {error && <Failed error={error} />}
      <div>
        <button type="submit" class="primary">
          {t("graph.save.do")}
        </button>
      </div>
    </form>
  );
}
