/** What is seen of a technique: a shape each, never the colour alone. */
export const STATES = ["SEEN", "PARTLY", "BLIND", "NO_HUNT"] as const;
export type State = (typeof STATES)[number];

/** Full, half, ring, dash: in a box of 12 x 12. */
export const GLYPHS: Record<State, string> = {
  SEEN: "M6 1.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9z",
  PARTLY: "M6 1.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM6 2.700v6.600a3.300 3.300 0 0 0 0-6.600z",
  BLIND: "M6 1.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM6 2.700a3.300 3.300 0 1 1 0 6.600 3.300 3.300 0 0 1 0-6.600z",
  NO_HUNT: "M3 5.400h6v1.200H3z",
};
