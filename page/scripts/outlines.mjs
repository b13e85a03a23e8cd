/**
 * Writes src/views/map/outlines.json: the countries' outlines in the Equal Earth projection, from Natural Earth's
 * 1:110m map (public domain, by world-atlas), and a point for each country that is too small for it, from the 1:50m one.
 * `npm run outlines`, when the map's source changes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import countries from "i18n-iso-countries";
import { feature } from "topojson-client";
import { place } from "../src/views/map/projection.ts";

const require = createRequire(import.meta.url);
const BY_NAME = { Kosovo: "XK" };
const ANTARCTICA = "AQ";

function features(scale) {
  const world = JSON.parse(readFileSync(require.resolve(`world-atlas/countries-${scale}.json`), "utf8"));
  return feature(world, world.objects.countries).features.map((one) => ({
    code: (one.id && countries.numericToAlpha2(one.id)) ?? BY_NAME[one.properties.name] ?? null,
    polygons: one.geometry.type === "Polygon" ? [one.geometry.coordinates] : one.geometry.coordinates,
  }));
}

/** Cut a ring at the edge of the map, where the 180th meridian would take it to the other side. */
function cut(ring) {
  const whole = [];
  for (const [east, north] of ring) {
    const before = whole.at(-1)?.[0] ?? east;
    whole.push([east + 360 * Math.round((before - east) / 360), north]);
  }
  if (whole.every(([east]) => Math.abs(east) <= 180)) return [whole];
  return [-360, 0, 360]
    .map((turn) => whole.map(([east, north]) => [east + turn, north]))
    .map((part) => beside(beside(part, 180, 1), -180, -1))
    .filter((part) => part.length > 3);
}

/** The part of a ring that is west (side 1) or east (side -1) of a meridian. */
function beside(ring, meridian, side) {
  const inside = ([east]) => (meridian - east) * side >= 0;
  const kept = [];
  ring.forEach((point, i) => {
    const before = ring[(i || ring.length) - 1];
    if (inside(point) !== inside(before)) {
      const share = (meridian - before[0]) / (point[0] - before[0]);
      kept.push([meridian, before[1] + share * (point[1] - before[1])]);
    }
    if (inside(point)) kept.push(point);
  });
  return kept.length ? [...kept, kept[0]] : [];
}

function line(ring) {
  const points = ring.map(([east, north]) => place(north, east).map((n) => Math.round(n * 10) / 10));
  let text = "";
  let [atX, atY] = [NaN, NaN];
  for (const [x, y] of points.slice(0, -1)) {
    if (x === atX && y === atY) continue;
    text += text ? `L${x} ${y}` : `M${x} ${y}`;
    [atX, atY] = [x, y];
  }
  return `${text}Z`;
}

const area = (ring) =>
  Math.abs(ring.reduce((sum, [x, y], i) => sum + x * (ring[i + 1] ?? ring[0])[1] - (ring[i + 1] ?? ring[0])[0] * y, 0));

/** The middle of the largest part: a label in the sea between two islands would mislead. */
function middle(polygons) {
  const ring = polygons.map((one) => one[0]).reduce((a, b) => (area(b) > area(a) ? b : a));
  const [east, north] = [0, 1].map((i) => (Math.min(...ring.map((p) => p[i])) + Math.max(...ring.map((p) => p[i]))) / 2);
  return place(north, east).map((n) => Math.round(n * 10) / 10);
}

const shapes = [];
const middles = {};
for (const { code, polygons } of features("50m")) if (code && code !== ANTARCTICA) middles[code] = middle(polygons);
for (const { code, polygons } of features("110m")) {
  if (code === ANTARCTICA) continue;
  shapes.push({ code, path: polygons.flat().flatMap(cut).map(line).join("") });
}
shapes.sort((a, b) => (a.code ?? "~").localeCompare(b.code ?? "~"));
const sorted = Object.fromEntries(Object.entries(middles).sort(([a], [b]) => (a < b ? -1 : 1)));
const target = new URL("../src/views/map/outlines.json", import.meta.url);
const rows = shapes.map((one) => `    ${JSON.stringify(one)}`).join(",\n");
writeFileSync(target, `{\n  "shapes": [\n${rows}\n  ],\n  "middles": ${JSON.stringify(sorted)}\n}\n`);
