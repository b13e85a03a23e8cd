import { leave, token } from "../api/client";
import { Icon } from "../parts/Icon";
import { language, speak, t } from "../words";
import { views } from "../views/registry";
import { helpOpen } from "./Help";
import { to } from "./router";
import { paint, theme, type Theme } from "./theme";

const NEXT: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
const LOOKS: Record<Theme, string> = {
  auto: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  light: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
  dark: "M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z",
};

export function Navigation({ current }: { current: string }) {
  return (
    <nav class="nav" aria-label={t("shell.navigation")}>
      <a class="brand" href={to("search")} aria-label="graph-hunt">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M9 22 16 10l7 9.5M8.5 23l14.5-3.5" />
          <circle cx="16" cy="10" r="4" />
          <circle cx="8.5" cy="23" r="3" />
          <circle class="found" cx="23" cy="19.5" r="3.2" />
        </svg>
        <span>graph-hunt</span>
      </a>
      <ul>
        {views
          .filter((view) => view.order !== null)
          .map((view) => (
            <li key={view.name}>
              <a href={to(view.name)} aria-current={view.name === current ? "page" : undefined}>
                <Icon path={view.icon} />
                <span>{t(`${view.name}.title`)}</span>
                {view.key && <kbd aria-hidden="true">g {view.key}</kbd>}
              </a>
            </li>
          ))}
      </ul>
      <div class="nav-foot">
        <button type="button" class="quiet" onClick={() => paint(NEXT[theme.value])} title={t(`shell.theme.${theme.value}`)}>
          <Icon path={LOOKS[theme.value]} />
          <span class="unseen">{t(`shell.theme.${theme.value}`)}</span>
        </button>
        <button
          type="button"
          class="quiet"
          lang={language.value === "en" ? "fr" : "en"}
          onClick={() => speak(language.value === "en" ? "fr" : "en")}
          title={t("shell.other_language")}
        >
          {language.value === "en" ? "FR" : "EN"}
        </button>
        <button type="button" class="quiet" onClick={() => (helpOpen.value = true)} aria-label={t("shell.key.help")} title={t("shell.key.help")}>
          ?
        </button>
        {token.value && (
          <button type="button" class="quiet" onClick={leave} aria-label={t("shell.leave")} title={t("shell.leave")}>
            <Icon path="M10 4H5v16h5M14 8l4 4-4 4M18 12H9" />
          </button>
        )}
      </div>
    </nav>
  );
}
