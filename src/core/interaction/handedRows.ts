import { rowId, type PickRow } from './interaction';

/** Rows that a pick shows at once: nobody scrolls through more, and VS Code gets slow with thousands. */
const mostShown = 200;

/**
 * Which rows of a pick VS Code is given. Up to 200 are all given. Of more, the first 200 that match the text in the box: VS
 * Code looks for the text in what it has, and so finds them. A row that was given keeps its position, and new ones follow
 * below, since VS Code names a row by its position.
 */
export class HandedRows<T> {
  readonly #positions = new Set<string>();
  #rest = 0;
  #more = 0;

  /** True while there are rows that VS Code wasn't given. */
  get isPart(): boolean {
    return this.#rest > 0;
  }

  /** How many of those match the text that was asked about last. */
  get more(): number {
    return this.#more;
  }

  /** The rows to show for a text: those given before, as far as they're still there, and those that join them. */
  with(rows: readonly PickRow<T>[], text: string): readonly PickRow<T>[] {
    let headings = 0;
    const now = new Map(
      rows.map((row) => [row.kind === 'heading' ? `heading ${(headings += 1)}` : `row ${rowId(row)}`, row]),
    );
    const isFirst = this.#positions.size === 0;
    const isSmall = now.size <= mostShown;
    const matches = isSmall ? () => true : matcherOf(text);
    let left = isSmall ? Infinity : mostShown - this.#inPosition(now).filter(matches).length;
    let headingsAbove: string[] = [];
    [this.#rest, this.#more] = [0, 0];
    for (const [key, row] of now) {
      if (this.#positions.has(key)) continue;
      if (row.kind === 'heading') {
        // One that appears later would head nothing: the rows below it keep their position above.
        if (isFirst) headingsAbove.push(key);
      } else if (matches(row) && left > 0) {
        for (const each of [...headingsAbove, key]) this.#positions.add(each);
        headingsAbove = [];
        left -= 1;
      } else {
        this.#rest += 1;
        if (matches(row)) this.#more += 1;
      }
    }
    if (isSmall) for (const key of headingsAbove) this.#positions.add(key);
    return this.#inPosition(now);
  }

  #inPosition(now: ReadonlyMap<string, PickRow<T>>): readonly PickRow<T>[] {
    return [...this.#positions].flatMap((key) => now.get(key) ?? []);
  }
}

/** Finds what VS Code finds: the text, in upper or lower case, anywhere in what a row says. */
export function matcherOf(text: string): (row: PickRow<unknown>) => boolean {
  const wanted = text.trim().toLowerCase();
  const has = (part: string | undefined): boolean => part?.toLowerCase().includes(wanted) ?? false;
  return (row) => row.kind !== 'heading' && (has(row.label) || has(row.description) || has(row.detail));
}
