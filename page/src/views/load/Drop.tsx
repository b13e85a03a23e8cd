import { useRef, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { t } from "../../words";
import type { Options } from "./send";

const NONE: Options = { loader: "", year: "", timezone: "", host: "", own_domain: "" };

/** Where files are dropped or chosen, and what they do not say themselves. */
export function Drop({ take }: { take: (files: File[], options: Options) => void }) {
  const [over, setOver] = useState(false);
  const [options, setOptions] = useState(NONE);
  const picker = useRef<HTMLInputElement>(null);
  const given = (files: FileList | null | undefined) => {
    const some = [...(files ?? [])].filter((file) => file.size > 0 || file.type);
    if (some.length) take(some, options);
  };
  return (
    <section class="stack">
      <div
        class={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          given(event.dataTransfer?.files);
        }}
      >
        <Icon path="M12 16V4M7 9l5-5 5 5M4 15v4a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-4" />
        <p>
          <strong>{t("load.drop")}</strong>
          <br />
          <span class="faint">{t("load.formats")}</span>
        </p>
        <button type="button" class="primary" onClick={() => picker.current?.click()}>
          {t("load.choose")}
        </button>
        <input
          ref={picker}
          class="unseen"
          type="file"
          multiple
          tabIndex={-1}
          aria-label={t("load.choose")}
          onChange={(event) => {
            given(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
      </div>
      <details>
        <summary>{t("load.options")}</summary>
        <div class="fields">
          {(Object.keys(NONE) as (keyof Options)[]).map((name) => (
            <div class="field" key={name}>
              <label for={`load-${name}`}>{t(`load.option.${name}`)}</label>
              <input
                id={`load-${name}`}
                type="text"
                value={options[name]}
                spellcheck={false}
                autocomplete="off"
                aria-describedby={`load-${name}-help`}
                onInput={(event) => setOptions({ ...options, [name]: event.currentTarget.value })}
              />
              <p id={`load-${name}-help`} class="faint">
                {t(`load.option.${name}.help`)}
              </p>
            </div>
          ))}
        </div>
      </details>
    </section>
  );
}
