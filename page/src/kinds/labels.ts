/** Each kind of entity's colour (a variable of the style sheet), shape and letter: the legend's one source. */

export type Shape = "circle" | "square" | "diamond" | "triangle" | "hexagon" | "ring";

export interface Look {
  colour: string;
  shape: Shape;
}

export const LOOKS: Record<string, Look> = {
  User: { colour: "--kind-user", shape: "circle" },
  Host: { colour: "--kind-host", shape: "square" },
  IP: { colour: "--kind-ip", shape: "diamond" },
  Process: { colour: "--kind-process", shape: "hexagon" },
  Mailbox: { colour: "--kind-mailbox", shape: "ring" },
  Message: { colour: "--kind-message", shape: "triangle" },
  Url: { colour: "--kind-url", shape: "diamond" },
  Domain: { colour: "--kind-domain", shape: "ring" },
  File: { colour: "--kind-file", shape: "square" },
  MailRule: { colour: "--kind-rule", shape: "triangle" },
  Persistence: { colour: "--kind-persistence", shape: "hexagon" },
  App: { colour: "--kind-app", shape: "hexagon" },
  Group: { colour: "--kind-group", shape: "ring" },
  Alert: { colour: "--kind-alert", shape: "triangle" },
  Indicator: { colour: "--kind-alert", shape: "diamond" },
  Directory: { colour: "--kind-group", shape: "hexagon" },
};

export const LABELS = Object.keys(LOOKS).filter((label) => label !== "Directory");

export function lookOf(label: string): Look {
  return LOOKS[label] ?? { colour: "--ink-soft", shape: "circle" };
}

/** A shape's outline in a box of 16 x 16. */
export const OUTLINES: Record<Shape, string> = {
  circle: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z",
  square: "M3.5 3.5h9v9h-9z",
  diamond: "M8 1.8 14.2 8 8 14.2 1.8 8z",
  triangle: "M8 2.3 14.2 13H1.8z",
  hexagon: "M8 1.9l5.3 3v6.2L8 14.1l-5.3-3V4.9z",
  ring: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z",
};
