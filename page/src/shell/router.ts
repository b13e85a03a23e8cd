/** Where the reader is: `#/view/arg?name=value`. The server sees none of it, so it serves one file. */
import { signal } from "@preact/signals";

export interface Place {
  view: string;
  /** What follows the view's name, decoded: an entity's id, a run's. */
  args: string[];
  query: URLSearchParams;
}

export function placeOf(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [view = "", ...args] = path.split("/").map(decoded);
  return { view, args: args.filter(Boolean), query: new URLSearchParams(query) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a place, for `href`. Values that are empty are left out. */
export function to(view: string, args: string[] = [], query: Record<string, string | undefined> = {}): string {
  const path = [view, ...args.map(encodeURIComponent)].join("/");
  const given = Object.entries(query).filter((pair): pair is [string, string] => !!pair[1]);
  return `#/${path}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

export const place = signal<Place>(placeOf(location.hash));
addEventListener("hashchange", () => {
  place.value = placeOf(location.hash);
});

export function go(href: string): void {
  location.hash = href.replace(/^#/, "");
}

/** Change the address without a step in the history, as for a slider. */
export function amend(href: string): void {
  history.replaceState(null, "", href);
  place.value = placeOf(location.hash);
}
