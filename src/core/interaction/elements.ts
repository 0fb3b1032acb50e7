import type { TreeElement } from './treeElement';

/**
 * The rows that VS Code gets from one view. One element object an id: VS Code recognizes a row by the object it was given,
 * so the object must stay the same. Each row is below one other row: VS Code 1.100 rejects all rows of a group when one of
 * them is still registered below another group.
 */
export class Elements {
  readonly #byId = new Map<string, TreeElement>();
  /** What VS Code has below each row; undefined stands for the top. */
  readonly #given = new Map<string | undefined, readonly string[]>();
  readonly #givenRows = new Set<string>();

  of(id: string): TreeElement {
    const known = this.#byId.get(id);
    if (known) return known;
    const element = { id };
    this.#byId.set(id, element);
    return element;
  }

  /**
   * The rows to give to VS Code when it asks what is below a row. Leaves out those that it still has below another one:
   * their move is in an event that it hasn't handled yet, and it asks again when it does.
   */
  below(parentId: string | undefined, ids: readonly string[]): TreeElement[] {
    this.#forgetBelow(parentId);
    const given = ids.filter((id) => !this.#givenRows.has(id));
    this.#given.set(parentId, given);
    for (const id of given) this.#givenRows.add(id);
    return given.map((id) => this.of(id));
  }

  /** Call it when VS Code asks how a row looks: it has forgotten what is below. */
  drawnAgain(id: string): void {
    this.#forgetBelow(id);
  }

  /** Forgets the elements that no longer exist. */
  keepOnly(exists: (id: string) => boolean): void {
    for (const id of this.#byId.keys()) if (!exists(id)) this.#byId.delete(id);
  }

  #forgetBelow(parentId: string | undefined): void {
    const rows = this.#given.get(parentId);
    if (!rows) return;
    this.#given.delete(parentId);
    for (const id of rows) {
      this.#givenRows.delete(id);
      this.#forgetBelow(id);
    }
  }
}
