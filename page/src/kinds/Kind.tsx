import { t } from "../words";
import { lookOf, OUTLINES } from "./labels";

/** A kind's mark: its shape in its colour, never the colour alone; silent where the kind is written beside it. */
export function Mark({ label, silent = false }: { label: string; silent?: boolean }) {
  const look = lookOf(label);
  const said = silent ? ({ "aria-hidden": "true" } as const) : ({ role: "img", "aria-label": t(`kind.${label}`) } as const);
  return (
    <svg class={`mark kind-${label}`} viewBox="0 0 16 16" {...said}>
      <path d={OUTLINES[look.shape]} fill-rule="evenodd" />
    </svg>
  );
}
