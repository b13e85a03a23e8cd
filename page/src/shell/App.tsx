import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { locked } from "../api/client";
import { Failed, Waiting } from "../parts/State";
import { t } from "../words";
import { HOME, viewOf, type View, type ViewProps } from "../views/registry";
import { Help, helpOpen } from "./Help";
import { bind } from "./keyboard";
import { Navigation } from "./Navigation";
import { go, place, to } from "./router";
import { TokenEntry } from "./TokenEntry";

type Shown = { view: View; component: ComponentType<ViewProps> };

/** Load a view's code when it is first gone to. */
function useView(name: string): { shown: Shown | null; error: Error | null } {
  const [shown, setShown] = useState<Shown | null>(null);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    const view = viewOf(name);
    setError(view ? null : new Error(t("shell.nowhere")));
    let current = true;
    view?.load().then(
      (code) => current && setShown({ view, component: code.default }),
      (failure: Error) => current && setError(failure),
    );
    return () => {
      current = false;
    };
  }, [name]);
  return { shown, error };
}

export function App() {
  const name = place.value.view || HOME;
  const { shown, error } = useView(name);
  useEffect(
    () =>
      bind([
        { keys: "/", says: "shell.key.search", act: () => toSearch() },
        { keys: "?", says: "shell.key.help", act: () => (helpOpen.value = true) },
      ]),
    [],
  );
  useEffect(() => {
    document.title = shown ? `${t(`${shown.view.name}.title`)} · graph-hunt` : "graph-hunt";
  }, [shown, t("shell.language")]);
  const View = shown?.view.name === name ? shown.component : null;
  return (
    <div class="page">
      <a class="skip" href="#content" onClick={toContent}>
        {t("shell.skip")}
      </a>
      <Navigation current={name} />
      <main id="content" tabIndex={-1} class={`view view-${name}`}>
        {locked.value ? <TokenEntry /> : error ? <Failed error={error} /> : View ? <View place={place.value} /> : <Waiting />}
      </main>
      <Help />
    </div>
  );
}

function toContent(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function toSearch(): void {
  const box = document.querySelector<HTMLInputElement>("input[type=search], input[role=combobox]");
  if (box) return box.focus();
  go(to("search"));
}
