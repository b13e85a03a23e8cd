/** The drawing as files: a picture (SVG, PNG), a graph (GraphML), a table (CSV). Made here; nothing is sent anywhere. */
import { lookOf, type Shape } from "../../kinds/labels";
import { visible } from "../../parts/Text";
import { colour } from "../../shell/theme";
import { radius } from "./layout";
import type { Dot, Visible } from "./model";
import { dotSays, lineSays } from "./says";
import { seen } from "./store";

export type Format = "png" | "svg" | "graphml" | "csv";

const EDGE = 60;
const SCALE = 2;

export async function save(format: Format): Promise<void> {
  const shown = seen.value;
  const name = `graph-hunt-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.${format}`;
  if (format === "graphml") give(new Blob([graphml(shown)], { type: "application/graphml+xml" }), name);
  else if (format === "csv") give(new Blob([csv(shown)], { type: "text/csv" }), name);
  else {
    const picture = svg(shown);
    give(format === "svg" ? new Blob([picture.text], { type: "image/svg+xml" }) : await png(picture), name);
  }
}

function give(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// What XML has no place for, and what would end the text it stands in.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/g;
const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

export function xml(text: string): string {
  return text.replace(NOT_XML, "\ufffd").replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
}

/** A cell that no spreadsheet takes for a formula. */
export function cell(value: string | number): string {
  const text = String(value);
  const calm = /^[=+\-@\t\r]/.test(text) && typeof value === "string" ? `'${text}` : text;
  return /[",\n\r]/.test(calm) ? `"${calm.replaceAll('"', '""')}"` : calm;
}

export function csv({ dots, lines }: Visible): string {
  const named = new Map(dots.map((dot) => [dot.id, dot]));
  const rows: (string | number)[][] = [["source", "source_kind", "relation", "target", "target_kind", "first_seen", "last_seen", "count", "failed"]];
  for (const line of lines) {
    const [source, target] = [named.get(line.source), named.get(line.target)];
    if (!source || !target || source.rest || target.rest) continue;
    for (const { tie, acts, count } of line.ties) {
      const first = new Date(Math.min(...acts.map((act) => act.first))).toISOString();
      const last = new Date(Math.max(...acts.map((act) => act.last))).toISOString();
      rows.push([source.key, source.label, tie.words ?? tie.kind, target.key, target.label, first, last, count, acts.filter((act) => act.failed).length]);
    }
  }
  return `${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

export function graphml({ dots, lines }: Visible): string {
  const keys = [
    ["label", "node", "string"], ["name", "node", "string"], ["key", "node", "string"], ["x", "node", "double"], ["y", "node", "double"],
    ["stands", "node", "int"], ["kind", "edge", "string"], ["count", "edge", "int"], ["first_seen", "edge", "string"], ["last_seen", "edge", "string"],
  ] as const;
  const datum = (key: string, value: string | number) => `<data key="${key}">${xml(String(value))}</data>`;
  const nodes = dots.map(
    (dot) => `<node id="${xml(dot.id)}">${datum("label", dot.label)}${datum("name", dot.name)}${datum("key", dot.key)}${datum("x", dot.x)}${datum("y", dot.y)}${datum("stands", dot.stands)}</node>`,
  );
  const edges = lines.flatMap((line) =>
    line.ties.map(({ tie, acts, count }) => {
      const times = count
        ? datum("first_seen", new Date(Math.min(...acts.map((act) => act.first))).toISOString()) + datum("last_seen", new Date(Math.max(...acts.map((act) => act.last))).toISOString())
        : "";
      return `<edge source="${xml(line.source)}" target="${xml(line.target)}">${datum("kind", tie.words ?? tie.kind)}${datum("count", count)}${times}</edge>`;
    }),
  );
  const declared = keys.map(([name, of, type]) => `<key id="${name}" for="${of}" attr.name="${name}" attr.type="${type}"/>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...declared,
    '<graph edgedefault="directed">',
    ...nodes,
    ...edges,
    "</graph>",
    "</graphml>",
    "",
  ].join("\n");
}

interface Picture {
  text: string;
  width: number;
  height: number;
}

/** As on the screen, but of all that is visible; y points up there and down here. */
export function svg({ dots, lines }: Visible): Picture {
  const left = Math.min(...dots.map((dot) => dot.x)) - EDGE;
  const top = Math.min(...dots.map((dot) => -dot.y)) - EDGE;
  const width = Math.round(Math.max(...dots.map((dot) => dot.x)) - left + EDGE + 160);
  const height = Math.round(Math.max(...dots.map((dot) => -dot.y)) - top + EDGE);
  const named = new Map(dots.map((dot) => [dot.id, dot]));
  const [ink, soft, ground, edge, failed] = ["--ink", "--ink-soft", "--bg", "--edge", "--critical"].map(colour);
  const drawn = lines.flatMap((line) => {
    const [from, to] = [named.get(line.source), named.get(line.target)];
    if (!from || !to) return [];
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    const room = radius(to.stands) * 1.3 + 4;
    const [x2, y2] = [to.x - room * Math.cos(angle), to.y - room * Math.sin(angle)];
    const dash = line.failed ? ' stroke-dasharray="5 4"' : "";
    const words = `<text x="${round((from.x + to.x) / 2)}" y="${round(-(from.y + to.y) / 2 - 3)}" font-size="10" fill="${soft}" text-anchor="middle">${xml(lineSays(line))}</text>`;
    return [`<line x1="${round(from.x)}" y1="${round(-from.y)}" x2="${round(x2)}" y2="${round(-y2)}" stroke="${line.failed ? failed : edge}" stroke-width="1.4" marker-end="url(#head)"${dash}/>${words}`];
  });
  const marks = dots.map((dot) => `${figure(dot)}<text x="${round(dot.x + radius(dot.stands) * 1.3 + 3)}" y="${round(-dot.y + 4)}" font-size="12" fill="${ink}">${xml(dotSays(dot))}</text>`);
  const head = `<marker id="head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="${edge}"/></marker>`;
  const text = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${round(left)} ${round(top)} ${width} ${height}" font-family="system-ui, sans-serif">`,
    `<title>${xml(visible("graph-hunt"))}</title><defs>${head}</defs><rect x="${round(left)}" y="${round(top)}" width="${width}" height="${height}" fill="${ground}"/>`,
    ...drawn,
    ...marks,
    "</svg>",
    "",
  ].join("\n");
  return { text, width, height };
}

const FIGURES: Record<Shape, (r: number) => string> = {
  circle: (r) => `<circle r="${r}"/>`,
  square: (r) => `<rect x="${-r * 0.88}" y="${-r * 0.88}" width="${r * 1.76}" height="${r * 1.76}"/>`,
  diamond: (r) => `<path d="M0 ${-r * 1.18}L${r * 1.18} 0 0 ${r * 1.18}${-r * 1.18} 0z"/>`,
  triangle: (r) => `<path d="M0 ${-r}L${r} ${r * 0.75}H${-r}z"/>`,
  hexagon: (r) => `<path d="M0 ${-r}L${r * 0.87} ${-r / 2}V${r / 2}L0 ${r} ${-r * 0.87} ${r / 2}V${-r / 2}z"/>`,
  ring: (r) => `<circle r="${r * 0.75}" fill="none" stroke-width="${r * 0.5}"/>`,
};

function figure(dot: Dot): string {
  const look = lookOf(dot.label);
  const own = colour(look.colour);
  return `<g transform="translate(${round(dot.x)} ${round(-dot.y)})" fill="${own}" stroke="${look.shape === "ring" ? own : "none"}">${FIGURES[look.shape](radius(dot.stands))}</g>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

async function png({ text, width, height }: Picture): Promise<Blob> {
  const place = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = place;
    await image.decode();
    const canvas = document.createElement("canvas");
    // No browser draws a canvas of any size.
    const scale = Math.min(SCALE, 12_000 / Math.max(width, height));
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("no picture was made"))), "image/png"));
  } finally {
    URL.revokeObjectURL(place);
  }
}
