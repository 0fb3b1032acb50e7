import type { TreeElement } from '../../src/core/interaction/treeElement';

/** What a tree view asks of its provider. */
export interface RowProvider {
  children(element: TreeElement | undefined): readonly TreeElement[];
  item(element: TreeElement): { readonly id: string };
}

interface Row {
  readonly element: TreeElement;
  children: readonly Row[] | undefined;
}

/**
 * Keeps the rows of a tree view as the extension host of VS Code 1.100 does: an event forgets what is below a row when it's
 * handled, the window asks for rows again later, and an id that is there already is an error. Newer versions put up with it.
 */
export class TreeHost {
  readonly #provider: RowProvider;
  readonly #rows = new Map<string, Row>();
  #roots: readonly Row[] = [];

  constructor(provider: RowProvider) {
    this.#provider = provider;
  }

  /** Handles an event of the provider; answers the rows that the window has to ask about, undefined for all. */
  redraw(elements: readonly TreeElement[] | undefined): readonly string[] | undefined {
    if (!elements) {
      this.#forgetAll();
      return undefined;
    }
    const drawn = elements.flatMap((element) => {
      const row = this.#rows.get(element.id);
      return row?.element === element ? [row] : [];
    });
    for (const row of drawn) this.#forgetBelow(row);
    return drawn.map(({ element }) => this.#provider.item(element).id);
  }

  /** The window asks for the rows below a row, undefined for those at the top. */
  ask(id: string | undefined): readonly string[] {
    const parent = id === undefined ? undefined : this.#rows.get(id);
    // The window asks about a row that is gone; VS Code logs it.
    if (id !== undefined && !parent) return [];
    if (parent) this.#forgetBelow(parent);
    else this.#forgetAll();
    const rows = this.#provider.children(parent?.element).map((element) => {
      const item = this.#provider.item(element);
      return { element, id: item.id };
    });
    const added = rows.map(({ element, id: rowId }): Row => {
      if (this.#rows.has(rowId)) throw new Error(`Element with id ${rowId} is already registered`);
      const row: Row = { element, children: undefined };
      this.#rows.set(rowId, row);
      return row;
    });
    if (parent) parent.children = added;
    else this.#roots = added;
    return added.map(({ element }) => element.id);
  }

  /** What is drawn, each row with its depth before it. */
  shown(): readonly string[] {
    const lines = (rows: readonly Row[], depth: number): readonly string[] =>
      rows.flatMap(({ element, children = [] }) => [`${depth} ${element.id}`, ...lines(children, depth + 1)]);
    return lines(this.#roots, 0);
  }

  #forgetBelow(row: Row): void {
    for (const child of row.children ?? []) {
      this.#forgetBelow(child);
      this.#rows.delete(child.element.id);
    }
    row.children = undefined;
  }

  #forgetAll(): void {
    this.#rows.clear();
    this.#roots = [];
  }
}
