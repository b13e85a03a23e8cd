import type { View } from "../registry";

export const view: View = {
  name: "search",
  key: "s",
  order: 1,
  icon: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M20 20l-4-4",
  load: () => import("./Search"),
};
