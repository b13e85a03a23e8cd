/** Entities that this browser's reader opened lately or pinned; kept on this machine only. */
import { signal } from "@preact/signals";

export interface Remembered {
  id: string;
  label: string;
  name: string;
}

const MOST_RECENT = 12;

function kept(name: string): Remembered[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(name) ?? "[]");
    return Array.isArray(found) ? (found as Remembered[]).filter((one) => typeof one?.id === "string") : [];
  } catch {
    return [];
  }
}

function keep(name: string, found: Remembered[]): void {
  localStorage.setItem(name, JSON.stringify(found));
}

const RECENT = "graph-hunt.recent";
const PINNED = "graph-hunt.pinned";
export const recent = signal<Remembered[]>(kept(RECENT));
export const pinned = signal<Remembered[]>(kept(PINNED));

export function opened({ id, label, name }: Remembered): void {
  const rest = recent.value.filter((one) => one.id !== id);
  recent.value = [{ id, label, name: name.slice(0, 300) }, ...rest].slice(0, MOST_RECENT);
  keep(RECENT, recent.value);
}

export function forget(): void {
  recent.value = [];
  keep(RECENT, []);
}

export function isPinned(id: string): boolean {
  return pinned.value.some((one) => one.id === id);
}

export function pin({ id, label, name }: Remembered): void {
  const rest = pinned.value.filter((one) => one.id !== id);
  pinned.value = rest.length < pinned.value.length ? rest : [...rest, { id, label, name: name.slice(0, 300) }];
  keep(PINNED, pinned.value);
}
