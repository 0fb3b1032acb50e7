/** The items in order, in arrays of `size`; the last one may be shorter. No items, no arrays. `size`: 1 or more. */
export function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
}
