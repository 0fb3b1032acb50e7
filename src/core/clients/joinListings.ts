import { countClients } from './clientCounts';
import { listingKeyOf, unionOf, type ClientTree, type ListingNode } from './clientTree';

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
  const shown = new Map<string, { readonly node: ListingNode; readonly tree: ClientTree }>();
  const namesProfile = new Set(parts.map(({ listing: { label } }) => label.scope.profileId)).size > 1;
  for (const { listing, tree, isShown } of parts) {
    if (!isShown) continue;
    const node: ListingNode = {
      ...listing,
      kind: 'listing',
      namesProfile,
      clients: tree.clients,
      children: tree.roots,
      capabilities: unionOf(tree.clients),
      counts: tree.counts,
      shown: tree.shown,
      all: tree.all,
    };
    shown.set(node.id, { node, tree });
  }
  const roots = [...shown.values()].map(({ node }) => node);
  const all = parts.flatMap(({ tree }) => tree.all);
  return {
    roots,
    node(id) {
      const found = shown.get(listingKeyOf(id));
      return found?.node.id === id ? found.node : found?.tree.node(id);
    },
    parentOf(id) {
      const found = shown.get(listingKeyOf(id));
      return found?.tree.parentOf(id) ?? (found?.tree.node(id) && found.node.id);
    },
    clients: roots.flatMap(({ clients }) => clients),
    all,
    counts: countClients(all),
    shown: roots.reduce((sum, { shown }) => sum + shown, 0),
  };
}
