/** A line icon of a path in a box of 24 x 24; it says nothing to a screen reader, its button does. */
export function Icon({ path }: { path: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
