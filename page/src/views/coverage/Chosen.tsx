import { Icon } from "../../parts/Icon";
import { to } from "../../shell/router";
import { t } from "../../words";
import type { Hunts, Technique } from "./documents";

/** A technique's hunts, and what the blind ones would need. */
export function Chosen({ technique, hunts, close }: { technique: Technique; hunts: Hunts; close: () => void }) {
  const some = hunts.filter((hunt) => technique.hunts.includes(hunt.id));
  return (
    <section class="card chosen" aria-label={technique.name}>
      <header>
        <h2>{technique.name}</h2>
        <a href={technique.url} target="_blank" rel="noreferrer noopener">
          <code>{technique.id}</code>
        </a>
        <span class="badge">{t(`coverage.${technique.state}`)}</span>
        <button type="button" class="quiet push" onClick={close} aria-label={t("dialog.close")}>
          <Icon path="M6 6l12 12M18 6 6 18" />
        </button>
      </header>
      {some.length === 0 && <p class="soft">{t("coverage.none")}</p>}
      <ul class="stack">
        {some.map((hunt) => (
          <li key={hunt.id}>
            <a href={to("hunts", [hunt.id])}>{hunt.title}</a>{" "}
            {hunt.visible ? (
              <span class="badge good">{t("hunts.can")}</span>
            ) : (
              <>
                <span class="badge medium">{t("hunts.cannot")}</span>{" "}
                <span class="soft">
                  {hunt.missing.map((group) => group.map((kind) => `${kind.title} (${kind.opens})`).join(` ${t("hunts.or")} `)).join("; ")}
                </span>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
