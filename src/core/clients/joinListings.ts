import { countClients } from './clientCounts';
import {
  unionOf,
  type ClientNode,
  type ClientTree,
  type ClientTreeNode,
  type ListingNode,
} from './clientTree';

/** One listing without its counts, and the tree of its clients. */
export interface ListingPart {
  readonly listing: Pick<ListingNode, 'id' | 'label' | 'state' | 'inventory'>;
  readonly tree: ClientTree;
  /** False where the filter leaves it out as a whole: its clients count, and it has no node. */
  readonly isShown: boolean;
}

/** Puts the trees of several listings under one node each. The tree of a single listing stays as it is. */
export function joinListings(parts: readonly ListingPart[]): ClientTree {
  const [only, ...others] = parts;
  if (only && others.length === 0) return only.tree;
  const byId = new Map<string, ClientTreeNode>();
  const parentOf = new Map<string, string>();
  const roots: ListingNode[] = [];
  const namesProfile = new Set(parts.map(({ listing: { label } }) => label.scope.profileId)).size > 1;
  for (const { listing, tree, isShown } of parts) {
    if (!isShown) continue;
    for (const [id, node] of tree.byId) byId.set(id, node);
    for (const [id, parent] of tree.parentOf) parentOf.set(id, parent);
    for (const { id } of tree.roots) parentOf.set(id, listing.id);
    const clients = clientsOf(tree);
    const node: ListingNode = {
      ...listing,
      kind: 'listing',
      namesProfile,
      clients,
      children: tree.roots,
      capabilities: unionOf(clients),
      counts: tree.counts,
      shown: tree.shown,
      all: tree.all,
    };
    byId.set(node.id, node);
    roots.push(node);
  }
  const all = parts.flatMap(({ tree }) => tree.all);
  return {
    roots,
    byId,
    parentOf,
    all,
    counts: countClients(all),
    shown: roots.reduce((sum, { shown }) => sum + shown, 0),
  };
}

function clientsOf({ roots }: ClientTree): readonly ClientNode[] {
  return roots.flatMap((node) => (node.kind === 'client' ? [node] : node.clients));
}
