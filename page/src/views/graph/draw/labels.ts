/** Names beside dots and words on lines, on a ground of the page's colour so that lines do not strike them through. */
import type { Settings } from "sigma/settings";
import type { EdgeDisplayData, NodeDisplayData, PartialButFor } from "sigma/types";
import { colour } from "../../../shell/theme";

type Dot = PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">;
type Line = PartialButFor<EdgeDisplayData, "label" | "color" | "size">;
type End = PartialButFor<NodeDisplayData, "x" | "y" | "size">;

/** Colours read once a repaint: a style is not asked for a thousand times a frame. */
export const ink = { text: "", soft: "", ground: "", accent: "" };

export function readInk(): void {
  ink.text = colour("--ink");
  ink.soft = colour("--ink-soft");
  ink.ground = colour("--bg");
  ink.accent = colour("--accent");
}

export function drawName(context: CanvasRenderingContext2D, data: Dot, settings: Settings): void {
  if (!data.label) return;
  const size = settings.labelSize;
  context.font = `${settings.labelWeight} ${size}px ${settings.labelFont}`;
  context.textAlign = "center";
  const [x, y] = [data.x, data.y + data.size * 1.25 + size + 1];
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeStyle = ink.ground;
  context.strokeText(data.label, x, y);
  context.fillStyle = ink.text;
  context.fillText(data.label, x, y);
  context.textAlign = "start";
}

export function drawHover(context: CanvasRenderingContext2D, data: Dot, settings: Settings): void {
  context.beginPath();
  context.arc(data.x, data.y, data.size * 1.6, 0, 2 * Math.PI);
  context.strokeStyle = ink.accent;
  context.lineWidth = 1.5;
  context.stroke();
  drawName(context, data, settings);
}

export function drawWords(context: CanvasRenderingContext2D, line: Line, source: End, target: End, settings: Settings): void {
  if (!line.label) return;
  const size = settings.edgeLabelSize;
  context.font = `${size}px ${settings.edgeLabelFont}`;
  const [dx, dy] = [target.x - source.x, target.y - source.y];
  const long = Math.hypot(dx, dy) - source.size - target.size - 20;
  const wide = context.measureText(line.label).width;
  if (wide > long) return;
  const angle = Math.atan2(dy, dx);
  context.save();
  context.translate(source.x + dx / 2, source.y + dy / 2);
  // Never upside down.
  context.rotate(Math.abs(angle) > Math.PI / 2 ? angle + Math.PI : angle);
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeStyle = ink.ground;
  context.strokeText(line.label, -wide / 2, size / 3);
  context.fillStyle = ink.soft;
  context.fillText(line.label, -wide / 2, size / 3);
  context.restore();
}
