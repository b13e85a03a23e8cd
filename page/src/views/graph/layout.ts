/** Asks the worker for places. */
import type { Drawing } from "./model";
import type { Asked, Placed } from "./layout.worker";
import { dotSays } from "./says";

let worker: Worker | null = null;
let ticket = 0;
const waiting = new Map<number, (places: Float32Array) => void>();

function started(): Worker {
  if (worker) return worker;
  worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module", name: "layout" });
  worker.addEventListener("message", ({ data }: MessageEvent<Placed>) => {
    waiting.get(data.ticket)?.(data.places);
    waiting.delete(data.ticket);
  });
  return worker;
}

/** How wide a letter of a name is, about. */
const LETTER = 6.8;

export function radius(stands: number): number {
  return stands > 1 ? Math.min(22, 9 + Math.log2(stands) * 1.6) : 8;
}

/** Places for those that may move; all others stay where they are, and what is pinned always does. */
export async function laidOut(drawing: Drawing, moving: (id: string) => boolean): Promise<Map<string, { x: number; y: number }>> {
  const dots = [...drawing.dots.values()].filter((dot) => !dot.hidden);
  const place = new Map(dots.map((dot, index) => [dot.id, index]));
  const still = dots.map((dot) => dot.pinned || !moving(dot.id));
  if (still.every(Boolean)) return new Map();
  const ends = [...drawing.ties.values()].flatMap((tie) => {
    const [source, target] = [place.get(tie.source), place.get(tie.target)];
    return source === undefined || target === undefined || source === target ? [] : [source, target];
  });
  const asked: Asked = {
    ticket: ++ticket,
    dots: Float32Array.from(dots.flatMap((dot, index) => [dot.x, dot.y, radius(dot.stands), still[index] ? 1 : 0, dotSays(dot).length * LETTER])),
    lines: Uint32Array.from(ends),
    rounds: dots.length > 1_500 ? 60 : dots.length > 300 ? 150 : 400,
  };
  const places = await new Promise<Float32Array>((resolve) => {
    waiting.set(asked.ticket, resolve);
    started().postMessage(asked, [asked.dots.buffer, asked.lines.buffer]);
  });
  const found = new Map<string, { x: number; y: number }>();
  dots.forEach((dot, index) => {
    if (!still[index]) found.set(dot.id, { x: places[index * 2] ?? dot.x, y: places[index * 2 + 1] ?? dot.y });
  });
  return found;
}
