import type { TreeElement } from '../core/interaction/treeElement';

/** One element object an id: VS Code recognises a row by the object it was given, so the object must stay the same. */
export class Elements {
  readonly #byId = new Map<string, TreeElement>();

  of(id: string): TreeElement {
    const known = this.#byId.get(id);
    if (known) return known;
    const element = { id };
    this.#byId.set(id, element);
    return element;
  }

  /** Forgets the elements that no longer exist. */
  keepOnly(exists: (id: string) => boolean): void {
    for (const id of this.#byId.keys()) if (!exists(id)) this.#byId.delete(id);
  }
}
