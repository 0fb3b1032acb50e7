/** Rows of a long table that are drawn together. */
export interface Block {
  /** From 0. */
  readonly number: number;
  /** The place of its first row, and of the one after its last. */
  readonly from: number;
  readonly to: number;
}

const rowsInBlock = 50;

/** The blocks that a list of rows is drawn in. */
export function blocksOf(rows: readonly unknown[]): readonly Block[] {
  return Array.from({ length: Math.ceil(rows.length / rowsInBlock) }, (_, number) => {
    const from = number * rowsInBlock;
    return { number, from, to: Math.min(rows.length, from + rowsInBlock) };
  });
}
