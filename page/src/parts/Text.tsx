/** Telemetry's own text: shown as text, its invisible and direction-turning characters made visible, cut where long. */

const CUT = 160;
// What turns the direction of text, hides in it, or breaks the line: an attacker names things with these.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

export function visible(text: string, cut: number = CUT): string {
  const short = text.length > cut ? `${text.slice(0, cut - 1)}…` : text;
  return short.replace(HIDDEN, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** One line of it; the whole (to a length that a tooltip can hold) is in its title. */
export function Text({ children, cut = CUT, class: name }: { children: string; cut?: number; class?: string }) {
  const shown = visible(children, cut);
  return (
    <bdi class={name ? `text ${name}` : "text"} title={shown === children ? undefined : visible(children, 1_000)}>
      {shown}
    </bdi>
  );
}
