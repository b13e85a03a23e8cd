import type { View } from "../registry";

export const view: View = {
  name: "map",
  key: "m",
  order: 8,
  icon: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c2.500 2.500 3.800 5.500 3.800 9s-1.300 6.500-3.800 9c-2.500-2.500-3.800-5.500-3.800-9s1.300-6.500 3.800-9",
  load: () => import("./SignInMap"),
};
