import type { View } from "../registry";

export const view: View = {
  name: "graph",
  key: "g",
  order: 3,
  icon: "M6 18 12 7l6 9M7 18l10-2M12 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4M5 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4M19 18a2 2 0 1 0 0-4 2 2 0 0 0 0 4",
  load: () => import("./Graph"),
};
