import { signal } from "@preact/signals";
import { Dialog } from "../parts/Dialog";
import { t } from "../words";
import { views } from "../views/registry";
import { bindings } from "./keyboard";

export const helpOpen = signal(false);

export function Help() {
  const said = new Map(bindings.value.map((one) => [one.keys, one.says]));
  return (
    <Dialog open={helpOpen.value} title={t("shell.help")} onClose={() => (helpOpen.value = false)}>
      <dl class="keys">
        {[...said].map(([keys, says]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{t(says)}</dd>
          </div>
        ))}
        {views
          .filter((view) => view.key)
          .map((view) => (
            <div key={view.name}>
              <dt>
                <kbd>g</kbd> <kbd>{view.key}</kbd>
              </dt>
              <dd>{t(`${view.name}.title`)}</dd>
            </div>
          ))}
      </dl>
    </Dialog>
  );
}
