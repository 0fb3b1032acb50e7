/** A row of a tree view: only its identity. What it shows is looked up when it is drawn. */
export interface TreeElement {
  readonly id: string;
}

/** True for a row of one of the trees. */
export function isElement(value: unknown): value is TreeElement {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
