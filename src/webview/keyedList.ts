import { diffRows } from './diffRows';

/** One drawn row: its element, and how it takes new content in place. */
export interface RowView<T> {
  readonly element: HTMLElement;
  update(row: T): void;
}

/**
 * Keeps the children of an element in step with a list. A row keeps its element as long as its key is there, so that
 * focus, selection and scroll position stay, and rows that did not change are not touched.
 */
export class KeyedList<T extends { readonly key: string }> {
  readonly #parent: HTMLElement;
  readonly #create: (row: T) => RowView<T>;
  #rows = new Map<string, T>();
  readonly #views = new Map<string, RowView<T>>();

  constructor(parent: HTMLElement, create: (row: T) => RowView<T>) {
    this.#parent = parent;
    this.#create = create;
  }

  update(rows: readonly T[]): void {
    const { added, changed, removed, reordered } = diffRows(this.#rows, rows);
    this.#rows = new Map(rows.map((row) => [row.key, row]));
    for (const key of removed) {
      this.#views.get(key)?.element.remove();
      this.#views.delete(key);
    }
    for (const row of changed) this.#views.get(row.key)?.update(row);
    const fresh = document.createDocumentFragment();
    for (const row of added) {
      const view = this.#create(row);
      this.#views.set(row.key, view);
      fresh.append(view.element);
    }
    this.#parent.append(fresh);
    if (reordered) this.#parent.append(...rows.flatMap(({ key }) => this.#views.get(key)?.element ?? []));
  }
}
