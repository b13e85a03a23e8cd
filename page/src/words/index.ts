/** The page's sentences in the reader's language: `t("search.placeholder")`. A view's own are in its `words.ts`. */
import { signal } from "@preact/signals";

export type Words = Record<string, string>;
export interface Catalogue {
  en: Words;
  fr: Words;
}
export type Language = keyof Catalogue;

const found = import.meta.glob<Catalogue>("../**/words.ts", { eager: true, import: "words" });
export const catalogue: Catalogue = { en: {}, fr: {} };
for (const one of Object.values(found)) {
  Object.assign(catalogue.en, one.en);
  Object.assign(catalogue.fr, one.fr);
}

const KEPT = "graph-hunt.language";
const kept = localStorage.getItem(KEPT) ?? navigator.language.slice(0, 2);
export const language = signal<Language>(kept === "fr" ? "fr" : "en");

export function speak(wanted: Language): void {
  language.value = wanted;
  localStorage.setItem(KEPT, wanted);
  document.documentElement.lang = wanted;
}
document.documentElement.lang = language.value;

type Value = string | number;

/** Say a sentence; `{n}` is filled in, and `key.one` is taken where `n` is one in the language. */
export function t(key: string, values: Record<string, Value> = {}): string {
  const words = catalogue[language.value];
  const n = values.n;
  const plural = typeof n === "number" ? `${key}.${new Intl.PluralRules(language.value).select(n)}` : key;
  const text = words[plural] ?? words[key] ?? catalogue.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

export function number(value: number): string {
  return new Intl.NumberFormat(language.value).format(value);
}

export function percent(value: number): string {
  const digits = value > 0 && value < 0.01 ? 1 : 0;
  return new Intl.NumberFormat(language.value, { style: "percent", maximumFractionDigits: digits }).format(value);
}
