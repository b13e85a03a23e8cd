/** Countries by their names in the reader's language; the browser knows them. */
import { language } from "./index";

export function country(code: string): string {
  try {
    return new Intl.DisplayNames(language.value, { type: "region" }).of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}
