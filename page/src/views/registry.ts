/** The views: each is a folder with an `index.ts` that exports `view`. There is no list to edit. */
import type { ComponentType } from "preact";
import type { Place } from "../shell/router";

export interface ViewProps {
  place: Place;
}

export interface View {
  /** The first part of the address, and the prefix of its words: `<name>.title`. */
  name: string;
  /** Pressed after `g`; null where the view is reached from others only. */
  key: string | null;
  /** Where it stands in the navigation, low first; null is not in it. */
  order: number | null;
  /** A path in a box of 24 x 24, drawn with a line. */
  icon: string;
  load: () => Promise<{ default: ComponentType<ViewProps> }>;
}

const found = import.meta.glob<View>("./*/index.ts", { eager: true, import: "view" });
export const views: View[] = Object.values(found).sort((one, other) => (one.order ?? 99) - (other.order ?? 99));
export const HOME = "search";

export function viewOf(name: string): View | undefined {
  return views.find((view) => view.name === (name || HOME));
}
