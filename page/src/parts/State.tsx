/** What stands where an answer is awaited, failed or empty. */
import type { ComponentChildren } from "preact";
import { ApiError } from "../api/client";
import { t } from "../words";

export function Waiting({ small = false }: { small?: boolean }) {
  return (
    <div class={small ? "waiting small" : "waiting"} role="status">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span class="unseen">{t("state.waiting")}</span>
    </div>
  );
}

export function Failed({ error, again }: { error: Error; again?: () => void }) {
  return (
    <div class="failed" role="alert">
      <strong>{t("state.failed")}</strong>
      <p>
        {error.message}
        {error instanceof ApiError && <span class="faint"> {error.code}</span>}
      </p>
      {again && (
        <button type="button" onClick={again}>
          {t("state.again")}
        </button>
      )}
    </div>
  );
}

export function None({ children }: { children?: ComponentChildren }) {
  return <p class="none">{children ?? t("state.none")}</p>;
}
