import type { View } from "../registry";

export const view: View = {
  name: "coverage",
  key: "v",
  order: 2.5,
  icon: "M4 4h4v4H4zM10 4h4v4h-4zM16 4h4v4h-4zM4 10h4v4H4zM10 10h4v4h-4zM4 16h4v4H4zM16 10h4v4h-4z",
  load: () => import("./Coverage"),
};
