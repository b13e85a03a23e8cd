import type { View } from "../registry";

export const view: View = {
  name: "blast",
  key: "b",
  order: 5,
  icon: "M12 13a1 1 0 1 0 0-2 1 1 0 0 0 0 2M8 16a5.5 5.5 0 0 1 0-8M16 8a5.5 5.5 0 0 1 0 8M5 19a9.9 9.9 0 0 1 0-14M19 5a9.9 9.9 0 0 1 0 14",
  load: () => import("./Blast"),
};
