import type { View } from "../registry";

export const view: View = {
  name: "cases",
  key: "c",
  order: 6,
  icon: "M4 8h16v11H4zM9 8V5h6v3M4 13h16",
  load: () => import("./Cases"),
};
