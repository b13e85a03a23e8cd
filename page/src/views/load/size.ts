/** A file's length in words. */
import { language } from "../../words";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

export function size(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** step;
  return new Intl.NumberFormat(language.value, { style: "unit", unit: UNITS[step] ?? "byte", maximumFractionDigits: value < 10 && step ? 1 : 0 }).format(value);
}
