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
const PER_LINE = 3;
const FORCES = {
  linLogMode: false,
  outboundAttractionDistribution: false,
  adjustSizes: false,
  edgeWeightInfluence: 0,
  scalingRatio: 6400,
  strongGravityMode: false,
  gravity: 0.02,
  slowDown: 2,
  barnesHutTheta: 0.6,
};

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  const many = data.dots.length / STRIDE;
  const matrix = new Float32Array(many * PER_DOT);
  const edges = new Float32Array((data.lines.length / 2) * PER_LINE);
  for (let i = 0; i < many; i++) {
    const [x = 0, y = 0, radius = 8, stays = 0] = data.dots.subarray(i * STRIDE, i * STRIDE + 4);
    // All of one mass: leaves stand on a ring whose size is their number's.
    matrix.set([x, y, 0, 0, 0, 0, 1, 1, radius, stays], i * PER_DOT);
  }
  for (let i = 0; i < data.lines.length / 2; i++) {
    edges.set([(data.lines[i * 2] ?? 0) * PER_DOT, (data.lines[i * 2 + 1] ?? 0) * PER_DOT, 1], i * PER_LINE);
  }
  const forces = { ...FORCES, barnesHutOptimize: many > 400 };
  for (let round = 0; round < data.rounds; round++) iterate(forces, matrix, edges);
  if (many <= 1_200) apart(matrix, data.dots, many);
  const places = new Float32Array(many * 2);
  for (let i = 0; i < many; i++) places.set([matrix[i * PER_DOT] ?? 0, matrix[i * PER_DOT + 1] ?? 0], i * 2);
  postMessage({ ticket: data.ticket, places } satisfies Placed, { transfer: [places.buffer] });
});

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
