import { unionOf, type ClientNode, type ClientTree, type ClientTreeNode, type RootNode } from './clientTree';

/** A root without what its rows tell, and the tree of its rows. */
export interface RootPart {
  readonly root: Pick<RootNode, 'id' | 'place' | 'state' | 'listing'>;
  /** All clients of the root, shown or not. */
  readonly total: number;
  readonly tree: ClientTree;
}

/** The trees of several roots under one node each; the tree of a single root stays as it is. */
export function joinRoots(parts: readonly RootPart[]): ClientTree {
  const [only, ...others] = parts;
  if (only && others.length === 0) return only.tree;
  const byId = new Map<string, ClientTreeNode>();
  const parentOf = new Map<string, string>();
  const roots: RootNode[] = [];
  for (const { root, total, tree } of parts) {
    for (const [id, node] of tree.byId) byId.set(id, node);
    for (const [id, parent] of tree.parentOf) parentOf.set(id, parent);
    for (const { id } of tree.roots) parentOf.set(id, root.id);
    const clients = clientsOf(tree);
    const node: RootNode = {
      ...root,
      kind: 'root',
      clients,
      children: tree.roots,
      capabilities: unionOf(clients),
      counts: {
        total,
        shown: clients.length,
        outdated: clients.filter(({ outdated }) => outdated).length,
        attention: tree.attentionCount,
      },
    };
    byId.set(node.id, node);
    roots.push(node);
  }
  return {
    roots,
    byId,
    parentOf,
    attentionCount: parts.reduce((sum, { tree }) => sum + tree.attentionCount, 0),
    clientCount: parts.reduce((sum, { tree }) => sum + tree.clientCount, 0),
  };
}

function clientsOf({ roots }: ClientTree): readonly ClientNode[] {
  return roots.flatMap((node) => (node.kind === 'client' ? [node] : node.clients));
}
