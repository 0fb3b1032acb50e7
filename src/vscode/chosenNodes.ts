import type { ClientNode, ClientTree } from '../core/clients/clientTree';
import type { TreeElement } from './doors';

/**
 * The clients behind the rows a menu command was started on, each once, groups opened; undefined when it was started
 * without a row.
 */
export function chosenNodes(
  tree: ClientTree,
  item: unknown,
  items: unknown,
): readonly ClientNode[] | undefined {
  const elements = Array.isArray(items) && items.length > 0 ? items : item === undefined ? [] : [item];
  if (elements.length === 0) return undefined;
  const nodes = new Map<string, ClientNode>();
  for (const element of elements) {
    const node = isElement(element) ? tree.byId.get(element.id) : undefined;
    const clients = node?.kind === 'group' ? node.clients : node ? [node] : [];
    for (const client of clients) nodes.set(client.id, client);
  }
  return [...nodes.values()];
}

/** All clients of the tree. */
export function allNodes(tree: ClientTree): readonly ClientNode[] {
  return [...tree.byId.values()].filter((node) => node.kind === 'client');
}

/** True for a row of one of the trees. */
export function isElement(value: unknown): value is TreeElement {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
