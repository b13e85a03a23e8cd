/** Countries' names in the page's language, from the browser. */
import { language, t } from "../../words";

export function countryName(code: string): string {
  if (!code) return t("map.unknown");
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return new Intl.DisplayNames(language.value, { type: "region" }).of(code) ?? code;
}
