/** What changed between two lists of rows. */
export interface RowChanges<T> {
  readonly added: readonly T[];
  readonly changed: readonly T[];
  /** Keys that are no longer there. */
  readonly removed: readonly string[];
  /** True when what stayed stands in another order, or something new does not stand at the end. */
  readonly reordered: boolean;
}

/** Compares rows by key and content, so that only what changed is drawn again. Keys are unique within a list. */
export function diffRows<T extends { readonly key: string }>(
  before: ReadonlyMap<string, T>,
  after: readonly T[],
): RowChanges<T> {
  const added: T[] = [];
  const changed: T[] = [];
  const kept = new Set<string>();
  let appended = true;
  for (const row of after) {
    const old = before.get(row.key);
    if (old === undefined) {
      added.push(row);
      continue;
    }
    kept.add(row.key);
    if (added.length > 0) appended = false;
    if (JSON.stringify(old) !== JSON.stringify(row)) changed.push(row);
  }
  const stayed = [...before.keys()].filter((key) => kept.has(key));
  const order = [...kept];
  return {
    added,
    changed,
    removed: [...before.keys()].filter((key) => !kept.has(key)),
    reordered: !appended || stayed.some((key, index) => key !== order[index]),
  };
}
