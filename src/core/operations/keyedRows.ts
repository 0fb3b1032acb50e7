/**
 * Rows by key, in the order in which they were added. A copy, and a list of all rows, cost nothing until the next change:
 * then the list is copied once.
 */
export class KeyedRows<T> {
  #at: Map<string, number>;
  #rows: T[];
  /** True while a copy has the same places. */
  #sharesPlaces = false;
  /** True while somebody else has the same list. */
  #sharesRows = false;

  constructor(entries: Iterable<readonly [string, T]> = []) {
    this.#at = new Map();
    this.#rows = [];
    for (const [key, row] of entries) this.set(key, row);
  }

  get(key: string): T | undefined {
    const at = this.#at.get(key);
    return at === undefined ? undefined : this.#rows[at];
  }

  keys(): readonly string[] {
    return [...this.#at.keys()];
  }

  /** All rows. The list never changes; it's the same one until a row does. */
  all(): readonly T[] {
    this.#sharesRows = true;
    return this.#rows;
  }

  /** Replaces the row with that key, or adds one at the end. */
  set(key: string, row: T): void {
    if (this.#sharesRows) {
      this.#rows = this.#rows.slice();
      this.#sharesRows = false;
    }
    const at = this.#at.get(key);
    if (at === undefined) this.#add(key, row);
    else this.#rows[at] = row;
  }

  /** The same rows, to be changed on their own. */
  copy(): KeyedRows<T> {
    const copy = new KeyedRows<T>();
    copy.#at = this.#at;
    copy.#rows = this.#rows;
    this.#sharesPlaces = copy.#sharesPlaces = true;
    this.#sharesRows = copy.#sharesRows = true;
    return copy;
  }

  #add(key: string, row: T): void {
    if (this.#sharesPlaces) {
      this.#at = new Map(this.#at);
      this.#sharesPlaces = false;
    }
    this.#at.set(key, this.#rows.push(row) - 1);
  }
}
