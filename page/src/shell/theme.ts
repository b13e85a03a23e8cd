/** Light, dark, or as the system has it; the drawn graph hears of a change by the signal. */
import { signal } from "@preact/signals";

export type Theme = "auto" | "light" | "dark";
const KEPT = "graph-hunt.theme";
const THEMES: Theme[] = ["auto", "light", "dark"];

export const theme = signal<Theme>(THEMES.find((one) => one === localStorage.getItem(KEPT)) ?? "auto");
const system = matchMedia("(prefers-color-scheme: dark)");
/** Counts up with each change of what is shown. */
export const repainted = signal(0);

export function paint(wanted: Theme): void {
  theme.value = wanted;
  localStorage.setItem(KEPT, wanted);
  document.documentElement.dataset.theme = wanted;
  repainted.value++;
}

export function isDark(): boolean {
  return theme.value === "auto" ? system.matches : theme.value === "dark";
}

document.documentElement.dataset.theme = theme.value;
system.addEventListener("change", () => repainted.value++);

/** A colour of the style sheet as it is shown now: `--accent` is registered as a colour, so that it is resolved. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
