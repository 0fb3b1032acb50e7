import { countClients } from './clientCounts';
import {
  idPart,
  isInexact,
  sameNodes,
  type ClientNode,
  type ClientTree,
  type ClientTreeNode,
} from './clientTree';
import type { GroupBy } from './grouping/groupBy';
import { childWith, groupClients } from './grouping/groupClients';
import { judgeClients, type ClientFacts, type JudgedClients } from './judgeClients';
import { scopeKey } from '../service/scope';

export interface ClientTreeInput extends ClientFacts {
  readonly groupBy: GroupBy;
  /** Which clients are shown; absent for all. Hidden ones still count as needing attention. */
  readonly isShown?: (node: ClientNode) => boolean;
}

/** The tree of one listing. The next one is built from it. */
export interface ListingTree extends ClientTree {
  readonly judged: JudgedClients;
}

/**
 * Groups the clients of one listing. Pure: the same input gives the same tree.
 *
 * @param before the tree of the same listing before: what's the same in both is the same object, and rows that somebody
 *   asked for there are there again. Without it, rows are only put in order when somebody asks for them.
 */
export function buildClientTree(input: ClientTreeInput, before?: ListingTree): ListingTree {
  const { groupBy, isShown } = input;
  const scope = scopeKey(input.scope);
  const judged = judgeClients(input, before?.judged);
  const { inOrder: all, listed, placeOf } = judged;
  const clients = isShown ? all.filter(isShown) : all;
  const path = `${scope}/${groupBy.map(idPart).join('+')}`;
  const roots = groupClients(clients, groupBy, path, before?.roots);
  const isWhole = !isShown && before?.clients === before?.all;
  if (before && isWhole && judged === before.judged && sameNodes(roots, before.roots)) return before;
  const clientOf = (id: string): ClientNode | undefined => {
    const key = keyOf(id, scope);
    const node =
      key === undefined
        ? undefined
        : isInexact(id)
          ? all.find((one) => one.id === id)
          : listed[placeOf(key) ?? -1];
    // An ID of another listing may end the same: two profiles can show the same clients.
    return node?.id === id && isShown?.(node) !== false ? node : undefined;
  };
  return {
    roots,
    node: (id) => clientOf(id) ?? pathTo(roots, id).at(-1),
    parentOf(id) {
      const client = clientOf(id);
      return client ? holderOf(roots, client)?.id : pathTo(roots, id).at(-2)?.id;
    },
    clients,
    all,
    counts: countClients(all),
    shown: clients.length,
    judged,
  };
}

/** Key of the client with that ID; undefined for the ID of a group or range. */
function keyOf(id: string, scope: string): string | undefined {
  const part = id.slice(scope.length + 1);
  if (part.includes('/')) return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** The groups and ranges down to the one with that ID; empty where there is none. */
function pathTo(nodes: readonly ClientTreeNode[], id: string): readonly ClientTreeNode[] {
  for (const node of nodes) {
    if (node.id === id) return [node];
    if (node.kind === 'client' || !isBelow(id, node.id)) continue;
    const rest = pathTo(node.children, id);
    return rest.length === 0 ? [] : [node, ...rest];
  }
  return [];
}

function isBelow(id: string, parentId: string): boolean {
  return id.charAt(parentId.length) === '/' && id.startsWith(parentId);
}

/** The group or range that the row of a client is in; undefined for one at the top. */
function holderOf(roots: readonly ClientTreeNode[], client: ClientNode): ClientTreeNode | undefined {
  let holder: ClientTreeNode | undefined;
  for (let below = roots; ;) {
    const next = childWith(below, client);
    if (!next || next.kind === 'client') return holder;
    holder = next;
    below = next.children;
  }
}
