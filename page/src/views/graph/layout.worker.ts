/** Lays dots out, off the page's own thread: forces first, then what still overlaps is pushed apart. */
import iterate from "graphology-layout-forceatlas2/iterate";

export interface Asked {
  ticket: number;
  /** x, y, radius, whether it stays, and how wide its name is, a dot. */
  dots: Float32Array;
  /** Source and target, as places in `dots`. */
  lines: Uint32Array;
  rounds: number;
}

export interface Placed {
  ticket: number;
  places: Float32Array;
}

const STRIDE = 5;
const PER_DOT = 10;
const FORCES = {
  linLogMode: false,
  outboundAttractionDistribution: false,
  adjustSizes: false,
  edgeWeightInfluence: 1,
  scalingRatio: 6400,
  strongGravityMode: false,
  gravity: 20,
  slowDown: 2,
  barnesHutTheta: 0.6,
};

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  const many = data.dots.length / STRIDE;
  const matrix = new Float32Array(many * PER_DOT);
  for (let i = 0; i < many; i++) {
    const [x = 0, y = 0, radius = 8, stays = 0] = data.dots.subarray(i * STRIDE, i * STRIDE + 4);
    // All of one mass: leaves stand on a ring whose size is their number's.
    matrix.set([x, y, 0, 0, 0, 0, 1, 1, radius, stays], i * PER_DOT);
  }
  const parts = components(many, data.lines);
  const laid = parts.map((part) => alone(matrix, part, data));
  pack(laid);
  for (const part of laid) part.dots.forEach((dot, place) => matrix.set(part.matrix.subarray(place * PER_DOT, (place + 1) * PER_DOT), dot * PER_DOT));
  if (many <= 1_200) apart(matrix, data.dots, many);
  const places = new Float32Array(many * 2);
  for (let i = 0; i < many; i++) places.set([matrix[i * PER_DOT] ?? 0, matrix[i * PER_DOT + 1] ?? 0], i * 2);
  postMessage({ ticket: data.ticket, places } satisfies Placed, { transfer: [places.buffer] });
});

interface Part {
  dots: number[];
  matrix: Float32Array;
}

/** Dots that lines join, the largest part first. */
function components(many: number, lines: Uint32Array): number[][] {
  const root = Uint32Array.from({ length: many }, (_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (root[at] !== at) {
      root[at] = root[root[at] ?? at] ?? at;
      at = root[at] ?? at;
    }
    return at;
  };
  for (let i = 0; i < lines.length; i += 2) root[find(lines[i] ?? 0)] = find(lines[i + 1] ?? 0);
  const parts = new Map<number, number[]>();
  for (let i = 0; i < many; i++) {
    const part = parts.get(find(i)) ?? [];
    part.push(i);
    parts.set(find(i), part);
  }
  return [...parts.values()].sort((one, other) => other.length - one.length);
}

/** Lay a part out by itself: what it is not linked to must not push it away. */
function alone(whole: Float32Array, dots: number[], { lines, rounds }: Asked): Part {
  const place = new Map(dots.map((dot, index) => [dot, index]));
  const matrix = new Float32Array(dots.length * PER_DOT);
  dots.forEach((dot, index) => matrix.set(whole.subarray(dot * PER_DOT, (dot + 1) * PER_DOT), index * PER_DOT));
  const own: [number, number][] = [];
  const ties = new Uint32Array(dots.length);
  for (let i = 0; i < lines.length; i += 2) {
    const [source, target] = [place.get(lines[i] ?? 0), place.get(lines[i + 1] ?? 0)];
    if (source === undefined || target === undefined) continue;
    own.push([source, target]);
    for (const end of [source, target]) ties[end] = (ties[end] ?? 0) + 1;
  }
  // Among many that are all linked each link pulls less, or they would fall into a heap.
  const edges = Float32Array.from(
    own.flatMap(([source, target]) => [source * PER_DOT, target * PER_DOT, 1 / Math.max(1, Math.min(ties[source] ?? 1, ties[target] ?? 1))]),
  );
  if (dots.length > 1) {
    const forces = { ...FORCES, barnesHutOptimize: dots.length > 400 };
    for (let round = 0; round < rounds; round++) iterate(forces, matrix, edges);
    if (dots.length <= 1_200) spread(matrix, dots.length);
  }
  return { dots, matrix };
}

const GAP = 130;

/** Put parts beside each other, in rows about as wide as the largest; a part with a dot that stays is not moved. */
function pack(parts: Part[]): void {
  if (parts.length < 2) return;
  const boxes = parts.map(({ matrix, dots }) => boxOf(matrix, dots.length));
  const settled = parts.map(({ matrix, dots }) => dots.some((_, place) => matrix[place * PER_DOT + 9]));
  const there = boxes.filter((_, index) => settled[index] || (index === 0 && !settled.some(Boolean)));
  const left = Math.min(...there.map((box) => box.left));
  const width = Math.max(500, Math.max(...there.map((box) => box.right)) - left);
  let [x, y, tall] = [left, Math.min(...there.map((box) => box.low)) - GAP, 0];
  parts.forEach(({ matrix, dots }, index) => {
    const box = boxes[index];
    if (!box || there.includes(box)) return;
    if (x > left && x + box.right - box.left > left + width) [x, y, tall] = [left, y - tall - GAP, 0];
    const [dx, dy] = [x - box.left, y - box.high];
    for (let i = 0; i < dots.length; i++) {
      matrix.set([(matrix[i * PER_DOT] ?? 0) + dx, (matrix[i * PER_DOT + 1] ?? 0) + dy], i * PER_DOT);
    }
    x += box.right - box.left + GAP;
    tall = Math.max(tall, box.high - box.low);
  });
}

function boxOf(matrix: Float32Array, many: number): { left: number; right: number; low: number; high: number } {
  const box = { left: Infinity, right: -Infinity, low: Infinity, high: -Infinity };
  for (let i = 0; i < many; i++) {
    const [x, y] = [matrix[i * PER_DOT] ?? 0, matrix[i * PER_DOT + 1] ?? 0];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.low = Math.min(box.low, y);
    box.high = Math.max(box.high, y);
  }
  return box;
}

/** The least distance to a neighbour, where all of a drawing is laid out. */
const ROOM = 110;

/** Where nothing stays put, widen a drawing whose dots stand too near to each other. */
function spread(matrix: Float32Array, many: number): void {
  let least = Infinity;
  for (let i = 0; i < many; i++) {
    if (matrix[i * PER_DOT + 9]) return;
    for (let j = i + 1; j < many; j++) {
      const [a, b] = [i * PER_DOT, j * PER_DOT];
      least = Math.min(least, Math.hypot((matrix[b] ?? 0) - (matrix[a] ?? 0), (matrix[b + 1] ?? 0) - (matrix[a + 1] ?? 0)));
    }
  }
  const by = Math.min(2.5, ROOM / Math.max(least, 1));
  if (by <= 1 || many < 2) return;
  for (let i = 0; i < many; i++) matrix.set([(matrix[i * PER_DOT] ?? 0) * by, (matrix[i * PER_DOT + 1] ?? 0) * by], i * PER_DOT);
}

/** How far the box of a dot with its name under it goes beyond the dot, above and below together. */
const AROUND = 30;

/** Push apart what overlaps, along the shorter way; what stays is not pushed. */
function apart(matrix: Float32Array, dots: Float32Array, many: number): void {
  const tallOf = (i: number) => (dots[i * STRIDE + 2] ?? 8) + AROUND / 2;
  const half = (i: number) => Math.max((dots[i * STRIDE + 4] ?? 0) / 2, dots[i * STRIDE + 2] ?? 8) + 5;
  for (let round = 0; round < 120; round++) {
    let pushed = false;
    for (let i = 0; i < many; i++) {
      for (let j = i + 1; j < many; j++) {
        const [a, b] = [i * PER_DOT, j * PER_DOT];
        const dx = (matrix[b] ?? 0) - (matrix[a] ?? 0);
        const dy = (matrix[b + 1] ?? 0) - (matrix[a + 1] ?? 0);
        const [wide, tall] = [half(i) + half(j) - Math.abs(dx), tallOf(i) + tallOf(j) - Math.abs(dy)];
        const [stillA, stillB] = [matrix[a + 9] ?? 0, matrix[b + 9] ?? 0];
        if (wide <= 0 || tall <= 0 || (stillA && stillB)) continue;
        pushed = true;
        const part = stillA || stillB ? 1 : 0.5;
        const level = tall < wide;
        const by = (level ? tall : wide) * part * ((level ? dy : dx) < 0 || ((level ? dy : dx) === 0 && i % 2) ? -1 : 1);
        const axis = level ? 1 : 0;
        if (!stillA) matrix[a + axis] = (matrix[a + axis] ?? 0) - by;
        if (!stillB) matrix[b + axis] = (matrix[b + axis] ?? 0) + by;
      }
    }
    if (!pushed) return;
  }
}
