import type { View } from "../registry";

export const view: View = {
  name: "hunts",
  key: "h",
  order: 2,
  icon: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 1v5M12 18v5M1 12h5M18 12h5",
  load: () => import("./Hunts"),
};
