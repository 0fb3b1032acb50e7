import { diffRows } from './diffRows';

/** One drawn row: its element, and how it takes new content in place. */
export interface RowView<T> {
  readonly element: HTMLElement;
  update(row: T): void;
}

/** How a long list is drawn: some rows at once, the others bit by bit, so that the page answers meanwhile. */
export interface DrawingInSlices {
  /** Rows drawn at once. */
  readonly first: number;
  /** Milliseconds that one slice of the others may take. */
  readonly sliceMs: number;
}

/**
 * Keeps the children of an element in step with a list. A row keeps its element as long as its key is there, so that
 * focus, selection and scroll position stay, and rows that did not change are not touched.
 */
export class KeyedList<T extends { readonly key: string }> {
  readonly #parent: HTMLElement;
  readonly #create: (row: T) => RowView<T>;
  readonly #slices: DrawingInSlices | undefined;
  #rows = new Map<string, T>();
  readonly #views = new Map<string, RowView<T>>();
  /** What is still to be drawn: the rows in order, how many are done, and the element that the next stands before. */
  #order: readonly T[] = [];
  #drawn = 0;
  #cursor: Element | null = null;
  #scheduled = false;

  constructor(parent: HTMLElement, create: (row: T) => RowView<T>, slices?: DrawingInSlices) {
    this.#parent = parent;
    this.#create = create;
    this.#slices = slices;
  }

  update(rows: readonly T[]): void {
    const { added, changed, removed, reordered } = diffRows(this.#rows, rows);
    this.#rows = new Map(rows.map((row) => [row.key, row]));
    for (const key of removed) {
      this.#views.get(key)?.element.remove();
      this.#views.delete(key);
    }
    for (const row of changed) this.#views.get(row.key)?.update(row);
    const unfinished = this.#drawn < this.#order.length;
    this.#order = rows;
    if (added.length === 0 && !reordered && !unfinished) {
      this.#drawn = rows.length;
      return;
    }
    this.#drawn = 0;
    this.#cursor = this.#parent.firstElementChild;
    this.#draw();
  }

  /** Puts rows where they belong, from the first on, until the slice is used up; then goes on later. */
  #draw(): void {
    const until = performance.now() + (this.#slices?.sliceMs ?? Infinity);
    const atOnce = this.#slices?.first ?? Infinity;
    const focused = document.activeElement;
    while (this.#drawn < this.#order.length) {
      if (this.#drawn >= atOnce && performance.now() > until) break;
      const row = this.#order[this.#drawn++];
      if (row) this.#place(this.#viewOf(row).element);
    }
    // A row that is moved loses the focus.
    if (focused instanceof HTMLElement && focused !== document.activeElement && focused.isConnected) {
      focused.focus({ preventScroll: true });
    }
    if (this.#drawn < this.#order.length && !this.#scheduled) {
      this.#scheduled = true;
      requestAnimationFrame(() =>
        setTimeout(() => {
          this.#scheduled = false;
          this.#draw();
        }),
      );
    }
  }

  #place(element: HTMLElement): void {
    if (this.#cursor === element) this.#cursor = element.nextElementSibling;
    else this.#parent.insertBefore(element, this.#cursor);
  }

  #viewOf(row: T): RowView<T> {
    const known = this.#views.get(row.key);
    if (known) return known;
    const view = this.#create(row);
    this.#views.set(row.key, view);
    return view;
  }
}
