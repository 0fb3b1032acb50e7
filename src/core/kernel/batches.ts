/** Each id once, in parts of at most `size`. */
export function batchesOf(ids: readonly string[], size: number): readonly (readonly string[])[] {
  const unique = [...new Set(ids)];
  return Array.from({ length: Math.ceil(unique.length / size) }, (_, batch) =>
    unique.slice(batch * size, (batch + 1) * size),
  );
}
