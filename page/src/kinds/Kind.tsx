import { t } from "../words";
import { lookOf, OUTLINES } from "./labels";

/** A kind's mark: its shape in its colour, never the colour alone. */
export function Mark({ label }: { label: string }) {
  const look = lookOf(label);
  return (
    <svg class={`mark kind-${label}`} viewBox="0 0 16 16" role="img" aria-label={t(`kind.${label}`)}>
      <path d={OUTLINES[look.shape]} fill-rule="evenodd" />
    </svg>
  );
}
