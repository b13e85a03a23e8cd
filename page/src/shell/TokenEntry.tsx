import { useState } from "preact/hooks";
import { enter, token } from "../api/client";
import { t } from "../words";

/** Asks for the token that the server demands; it is kept for this tab only. */
export function TokenEntry() {
  const [text, setText] = useState("");
  return (
    <form
      class="token card"
      onSubmit={(event) => {
        event.preventDefault();
        enter(text);
      }}
    >
      <h1>{t("shell.token.title")}</h1>
      <p>{token.value ? t("shell.token.refused") : t("shell.token.why")}</p>
      <label for="token">{t("shell.token.label")}</label>
      <input id="token" type="password" autocomplete="off" autofocus required value={text} onInput={(e) => setText(e.currentTarget.value)} />
      <button type="submit" class="primary">
        {t("shell.token.enter")}
      </button>
      <p class="faint">
        <code>graph-hunt token create --role analyst</code>
      </p>
    </form>
  );
}
