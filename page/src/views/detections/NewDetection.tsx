import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import { Failed } from "../../parts/State";
import { t } from "../../words";
import { AddDetection, type Told } from "./documents";

/** A hunt that is to run by itself. */
export function NewDetection({ told, hunt, done }: { told: Told; hunt: string; done: () => void }) {
  const hunts = [...told.hunts].sort((one, other) => one.title.localeCompare(other.title));
  const [said, setSaid] = useState({ hunt: hunt || (hunts[0]?.id ?? ""), id: hunt, since: "", schedule: "", suppress: "24h" });
  const [channels, setChannels] = useState<string[]>([]);
  const [pastKnown, setPastKnown] = useState(true);
  const [error, setError] = useState<Error | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const { hunt: of, id, since, schedule, suppress } = said;
    try {
      await ask(AddDetection, { id: id || of, hunt: of, since: since || null, schedule: schedule || null, suppress: suppress || null, channels, pastKnown });
      done();
    } catch (failure) {
      setError(failure as Error);
    }
  };
  const text = (name: "id" | "since" | "schedule" | "suppress", placeholder: string) => (
    <div class="field">
      <label for={`detection-${name}`}>{t(`detections.field.${name}`)}</label>
      <input
        id={`detection-${name}`}
        type="text"
        value={said[name]}
        placeholder={placeholder}
        spellcheck={false}
        autocomplete="off"
        aria-describedby={`detection-${name}-help`}
        onInput={(event) => setSaid({ ...said, [name]: event.currentTarget.value })}
      />
      <p class="faint" id={`detection-${name}-help`}>
        {t(`detections.field.${name}.help`)}
      </p>
    </div>
  );
  return (
    <form class="stack" onSubmit={submit}>
      <div class="field">
        <label for="detection-hunt">{t("detections.field.hunt")}</label>
        <select id="detection-hunt" value={said.hunt} onChange={(event) => setSaid({ ...said, hunt: event.currentTarget.value })}>
          {hunts.map((one) => (
            <option key={one.id} value={one.id}>
              {one.title}
              {one.visible ? "" : ` (${t("hunts.cannot")})`}
            </option>
          ))}
        </select>
      </div>
      <div class="fields">
        {text("id", said.hunt)}
        {text("schedule", "0 6 * * 1-5")}
        {text("since", "7d")}
        {text("suppress", "24h")}
      </div>
      {told.channels.length > 0 && (
        <fieldset class="row">
          <legend>{t("detections.field.channels")}</legend>
          {told.channels.map((one) => (
            <label key={one.name} class="row">
              <input
                type="checkbox"
                checked={channels.includes(one.name)}
                onChange={(event) => setChannels(event.currentTarget.checked ? [...channels, one.name] : channels.filter((name) => name !== one.name))}
              />
              {one.name} <span class="faint">{one.kind}</span>
            </label>
          ))}
        </fieldset>
      )}
      <label class="row">
        <input type="checkbox" checked={pastKnown} onChange={(event) => setPastKnown(event.currentTarget.checked)} />
        {t("detections.past_known")}
      </label>
      {error && <Failed error={error} />}
      <div class="row">
        <button type="submit" class="primary">
          {t("detections.add")}
        </button>
      </div>
    </form>
  );
}
