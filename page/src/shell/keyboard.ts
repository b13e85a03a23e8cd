/** The keyboard map: single keys, and `g` followed by a view's key. Nothing is taken while one types. */
import { signal } from "@preact/signals";
import { views } from "../views/registry";
import { go, to } from "./router";

export interface Binding {
  keys: string;
  /** A key of the words, for the help. */
  says: string;
  act: (event: KeyboardEvent) => void;
}

export const bindings = signal<Binding[]>([]);

/** Add bindings while a view is shown; call what is returned when it goes. */
export function bind(added: Binding[]): () => void {
  bindings.value = [...bindings.value, ...added];
  return () => {
    bindings.value = bindings.value.filter((one) => !added.includes(one));
  };
}

const TYPED = "input, textarea, select, [contenteditable]";
let prefix = false;

addEventListener("keydown", (event) => {
  const target = event.target as Element | null;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target?.closest(TYPED) || target?.closest("[role=menu]")) return;
  if (prefix) {
    prefix = false;
    const view = views.find((one) => one.key === event.key);
    if (view) {
      event.preventDefault();
      go(to(view.name));
      return;
    }
  }
  if (event.key === "g") {
    prefix = true;
    setTimeout(() => (prefix = false), 1_500);
    return;
  }
  const found = bindings.value.findLast((one) => one.keys === event.key);
  if (found && !(event.target as Element | null)?.closest("dialog[open]")) {
    event.preventDefault();
    found.act(event);
  }
});
