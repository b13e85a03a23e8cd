import type { View } from "../registry";

export const view: View = {
  name: "detections",
  key: "d",
  order: 7,
  icon: "M6 17V11a6 6 0 0 1 12 0v6M4 17h16M10 20a2 2 0 0 0 4 0",
  load: () => import("./Detections"),
};
