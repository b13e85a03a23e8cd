import type { View } from "../registry";

export const view: View = {
  name: "entity",
  key: null,
  order: null,
  icon: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 20a8 8 0 0 1 16 0",
  load: () => import("./Entity"),
};
