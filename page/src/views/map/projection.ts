/** Where a place is on the map: the Equal Earth projection, in which areas are true (Šavrič, Patterson, Jenny 2018). */

export const WIDTH = 1000;
export const HEIGHT = 452;

const A1 = 1.340264;
const A2 = -0.081106;
const A3 = 0.000893;
const A4 = 0.003796;
const M = Math.sqrt(3) / 2;
const WIDEST = Math.PI / (M * A1);
/** The map ends in the south where only Antarctica would be. */
const NORTH = 84;

function raw(north: number, east: number): [number, number] {
  const angle = Math.asin(M * Math.sin((north * Math.PI) / 180));
  const square = angle * angle;
  const sixth = square * square * square;
  const x = ((east * Math.PI) / 180) * Math.cos(angle) / (M * (A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)));
  return [x, angle * (A1 + A2 * square + sixth * (A3 + A4 * square))];
}

const TOP = raw(NORTH, 0)[1];

/** Give the place's x and y on a map of WIDTH by HEIGHT. */
export function place(north: number, east: number): [number, number] {
  const [x, y] = raw(north, east);
  const scale = WIDTH / (2 * WIDEST);
  return [WIDTH / 2 + x * scale, (TOP - y) * scale];
}
