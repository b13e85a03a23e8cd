import type { View } from "../registry";

export const view: View = {
  name: "load",
  key: "l",
  order: 9,
  icon: "M12 16V4M7 9l5-5 5 5M4 15v4a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-4",
  load: () => import("./Load"),
};
