/** Sigma, kept in step with what is visible; tells the store what is clicked and dragged. */
import Graph from "graphology";
import Sigma from "sigma";
import type { MouseCoords, SigmaEdgeEventPayload, SigmaNodeEventPayload } from "sigma/types";
import { animateNodes } from "sigma/utils";
import { lookOf } from "../../../kinds/labels";
import { colour } from "../../../shell/theme";
import { radius } from "../layout";
import type { Visible } from "../model";
import { dotSays, lineSays, lineWords } from "../says";
import * as store from "../store";
import { drawHover, drawName, drawWords, ink, readInk } from "./labels";
import { Dashed, Plain } from "./lines";
import { Figure, SHAPES } from "./shapes";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const MOVING = 350;
const NOTHING = "#00000000";
/** Dots from which on the drawing is kept cheap: no words on lines, none while it moves. */
const MANY = 700;
/** Lines up to which each bears its words; of more, only what is looked at does. */
const FEW = 12;
const LEGEND = 110;
const PADDING = 40;
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

export class Stage {
  /** The dot under the pointer. */
  over: string | null = null;
  private readonly graph = new Graph({ type: "directed" });
  private readonly sigma: Sigma;
  private readonly paint = new Map<string, string>();
  private near = new Set<string>();
  private way = new Set<string>();
  private dragged: { id: string; moved: boolean } | null = null;
  private stopMoving: (() => void) | null = null;
  private framed: [[number, number], [number, number]] = [[0, 0], [0, 0]];
  private readonly sized = new ResizeObserver(() => {
    this.sigma.resize();
    this.look();
  });

  constructor(
    private readonly box: HTMLElement,
    private readonly menu: (at: { x: number; y: number; id: string }) => void,
  ) {
    readInk();
    this.sigma = new Sigma(this.graph, box, {
      nodeProgramClasses: { figure: Figure },
      edgeProgramClasses: { plain: Plain, dashed: Dashed },
      defaultNodeType: "figure",
      defaultEdgeType: "plain",
      defaultDrawNodeLabel: drawName,
      defaultDrawNodeHover: drawHover,
      defaultDrawEdgeLabel: drawWords,
      renderEdgeLabels: true,
      enableEdgeEvents: true,
      zIndex: true,
      labelFont: getComputedStyle(document.body).fontFamily,
      labelSize: 12,
      edgeLabelFont: getComputedStyle(document.body).fontFamily,
      edgeLabelSize: 11,
      labelDensity: 1.6,
      labelGridCellSize: 90,
      labelRenderedSizeThreshold: 4,
      minCameraRatio: 0.04,
      maxCameraRatio: 12,
      stagePadding: PADDING,
      allowInvalidContainer: true,
    });
    this.sigma.setSetting("nodeReducer", (id, data) => this.dot(id, data));
    this.sigma.setSetting("edgeReducer", (id, data) => this.line(id, data));
    this.listen();
    this.frame(true);
    this.sized.observe(box);
  }

  /** Bring the drawing to what is visible: what stays keeps its place or glides to the new one. */
  show({ dots, lines }: Visible): void {
    this.way = new Set(store.drawing.value.path);
    const wanted = new Set(dots.map((dot) => dot.id));
    const joined = new Set(lines.map((line) => line.id));
    for (const id of this.graph.edges()) if (!joined.has(id)) this.graph.dropEdge(id);
    for (const id of this.graph.nodes()) if (!wanted.has(id)) this.graph.dropNode(id);
    const glides: Record<string, { x: number; y: number }> = {};
    for (const dot of dots) {
      const look = lookOf(dot.label);
      const facts = { label: dotSays(dot), size: radius(dot.stands), kind: dot.label, shape: SHAPES.indexOf(look.shape), pinned: dot.pinned, rest: dot.rest };
      if (!this.graph.hasNode(dot.id)) this.graph.addNode(dot.id, { ...facts, x: dot.x, y: dot.y });
      else {
        const old = this.graph.getNodeAttributes(dot.id);
        if (old.x !== dot.x || old.y !== dot.y) glides[dot.id] = { x: dot.x, y: dot.y };
        this.graph.mergeNodeAttributes(dot.id, facts);
      }
    }
    for (const line of lines) {
      const facts = { label: lineWords(line, lines.length > FEW), says: lineSays(line), size: Math.min(3, 0.8 + Math.log10(line.count + 1) * 0.6), type: line.failed ? "dashed" : "plain", failed: line.failed, sure: line.sure, ties: line.ties.map((one) => one.tie.id) };
      if (this.graph.hasEdge(line.id)) this.graph.mergeEdgeAttributes(line.id, facts);
      else this.graph.addEdgeWithKey(line.id, line.source, line.target, facts);
    }
    const many = this.graph.order > MANY;
    this.sigma.setSetting("renderEdgeLabels", !many);
    this.sigma.setSetting("hideLabelsOnMove", many);
    this.sigma.setSetting("hideEdgesOnMove", this.graph.size > 20_000);
    this.glide(glides);
  }

  private glide(places: Record<string, { x: number; y: number }>): void {
    this.stopMoving?.();
    this.stopMoving = null;
    if (!Object.keys(places).length) return;
    if (!CALM.matches && this.graph.order < MANY) {
      this.stopMoving = animateNodes(this.graph, places, { duration: MOVING, easing: "quadraticInOut" });
      return;
    }
    for (const [id, at] of Object.entries(places)) this.graph.mergeNodeAttributes(id, at);
  }

  repaint(): void {
    this.paint.clear();
    readInk();
    this.sigma.refresh({ skipIndexation: true });
  }

  /** Look at all of it, but never closer than is calm for few. */
  fit(): void {
    this.frame(false);
    void this.sigma.getCamera().animate({ x: 0.5, y: 0.5, ratio: 1, angle: 0 }, { duration: CALM.matches ? 0 : MOVING });
  }

  /** Step back where something new stands outside of what is looked at; otherwise the view stays as it is. */
  keepIn(): void {
    const { width, height } = this.box.getBoundingClientRect();
    const out = store.seen.value.dots.some((dot) => {
      const { x, y } = this.sigma.graphToViewport(dot);
      return x < 0 || y < 0 || x > width || y > height;
    });
    if (out) this.fit();
  }

  private frame(empty: boolean): void {
    const dots = empty ? [] : store.seen.value.dots;
    this.framed = [reach(dots.map((dot) => dot.x)), reach(dots.map((dot) => dot.y))];
    // The legend stands at the left.
    if (dots.length > 8) this.framed[0][0] -= LEGEND;
    this.look();
  }

  /** Few dots are not blown up: one unit of the drawing is a pixel, until there are more than fit so. */
  private look(): void {
    const { width, height } = this.box.getBoundingClientRect();
    const [[left, right], [low, high]] = this.framed;
    const wide = Math.max(right - left + 200, width - 2 * PADDING, 320) / 2;
    const tall = Math.max(high - low + 110, height - 2 * PADDING, 240) / 2;
    const [x, y] = [(left + right) / 2, (low + high) / 2];
    this.sigma.setCustomBBox({ x: [x - wide, x + wide], y: [y - tall, y + tall] });
    this.sigma.refresh();
  }

  /** The dots in a part of the screen. */
  inside(area: Box): string[] {
    const [left, right] = [Math.min(area.x, area.x + area.width), Math.max(area.x, area.x + area.width)];
    const [top, bottom] = [Math.min(area.y, area.y + area.height), Math.max(area.y, area.y + area.height)];
    return this.graph.filterNodes((_, data) => {
      const { x, y } = this.sigma.graphToViewport({ x: data.x, y: data.y });
      return x >= left && x <= right && y >= top && y <= bottom;
    });
  }

  end(): void {
    this.sized.disconnect();
    this.stopMoving?.();
    this.sigma.kill();
  }

  private colourOf(name: string): string {
    const found = this.paint.get(name) ?? colour(name);
    this.paint.set(name, found);
    return found;
  }

  private dot(id: string, data: Record<string, unknown>) {
    const chosen = store.selected.value.has(id);
    const onWay = this.way.has(id);
    const faded = this.over !== null && id !== this.over && !this.near.has(id);
    const kind = this.colourOf(lookOf(String(data.kind)).colour);
    // A group is a shade of what it is a group of.
    const own = data.rest ? mixed(kind, ink.ground, 0.5) : kind;
    return {
      ...data,
      color: faded ? mixed(own, ink.ground, 0.75) : own,
      rim: chosen ? ink.accent : onWay ? this.colourOf("--high") : data.pinned ? ink.soft : NOTHING,
      label: faded ? "" : String(data.label),
      forceLabel: chosen || onWay || id === this.over,
      highlighted: false,
      zIndex: chosen || onWay ? 2 : 1,
    };
  }

  private line(id: string, data: Record<string, unknown>) {
    const onWay = (data.ties as string[]).some((tie) => this.way.has(tie));
    const chosen = store.line.value === id;
    const [source, target] = [this.graph.source(id), this.graph.target(id)];
    const faded = this.over !== null && source !== this.over && target !== this.over;
    const own = onWay ? this.colourOf("--high") : chosen ? ink.accent : data.failed ? this.colourOf("--critical") : this.colourOf("--edge");
    const told = chosen || onWay || (this.over !== null && !faded);
    return {
      ...data,
      color: (faded && !onWay) || !data.sure ? mixed(own, ink.ground, 0.7) : own,
      size: Number(data.size) + (onWay || chosen ? 1 : 0),
      label: told ? String(data.says) : faded ? "" : String(data.label),
      forceLabel: told,
      zIndex: onWay || chosen ? 2 : 0,
    };
  }

  private listen(): void {
    const { sigma } = this;
    sigma.on("enterNode", ({ node }) => this.hover(node));
    sigma.on("leaveNode", () => this.hover(null));
    sigma.on("enterEdge", () => (this.box.dataset.over = "line"));
    sigma.on("leaveEdge", () => delete this.box.dataset.over);
    sigma.on("clickNode", ({ node, event }) => {
      if (!this.dragged?.moved) store.look([node], isMore(event));
    });
    sigma.on("doubleClickNode", (payload) => this.open(payload));
    sigma.on("clickEdge", ({ edge }: SigmaEdgeEventPayload) => store.lookAtLine(edge));
    sigma.on("clickStage", ({ event }) => {
      if (!isMore(event)) store.select([]);
    });
    sigma.on("rightClickNode", ({ node, event }) => {
      event.preventSigmaDefault();
      event.original.preventDefault();
      const { x, y } = this.box.getBoundingClientRect();
      this.menu({ x: x + event.x, y: y + event.y, id: node });
    });
    sigma.on("downNode", ({ node, event }) => {
      if (event.original instanceof MouseEvent && event.original.button !== 0) return;
      this.dragged = { id: node, moved: false };
      event.preventSigmaDefault();
    });
    sigma.getMouseCaptor().on("mousemovebody", (event) => this.drag(event));
    sigma.getMouseCaptor().on("mouseup", () => this.drop());
    this.box.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  private open({ node, event }: SigmaNodeEventPayload): void {
    event.preventSigmaDefault();
    const dot = store.drawing.value.dots.get(node);
    if (dot?.rest) void store.unfold(dot);
    else this.menu({ ...this.place(event), id: node });
  }

  private place(event: MouseCoords | { x: number; y: number }): { x: number; y: number } {
    const { x, y } = this.box.getBoundingClientRect();
    return { x: x + event.x, y: y + event.y };
  }

  private hover(id: string | null): void {
    if (this.dragged) return;
    this.over = id;
    this.near = new Set(id && this.graph.hasNode(id) ? this.graph.neighbors(id) : []);
    this.sigma.refresh({ skipIndexation: true });
  }

  private drag(event: MouseCoords): void {
    if (!this.dragged || !this.graph.hasNode(this.dragged.id)) return;
    this.dragged.moved = true;
    this.graph.mergeNodeAttributes(this.dragged.id, this.sigma.viewportToGraph(event));
    event.preventSigmaDefault();
    event.original.preventDefault();
  }

  private drop(): void {
    const dragged = this.dragged;
    if (dragged?.moved && this.graph.hasNode(dragged.id)) {
      const { x, y } = this.graph.getNodeAttributes(dragged.id) as { x: number; y: number };
      store.place(dragged.id, x, y);
    }
    // A click is told after the button is up: it must still know that this was a drag.
    setTimeout(() => (this.dragged = null));
  }
}

function isMore(event: { original: MouseEvent | TouchEvent }): boolean {
  return event.original.shiftKey || event.original.ctrlKey || event.original.metaKey;
}

function reach(values: number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low <= high ? [low, high] : [0, 0];
}

/** A colour on its way to another; sigma reads hexadecimal and rgb() alike. */
function mixed(from: string, to: string, part: number): string {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((value, place) => Math.round(value + ((b[place] ?? 0) - value) * part)).join(",")})`;
}

function channels(text: string): number[] {
  return (text.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);
}
