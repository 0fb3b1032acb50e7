import { t } from '@vscode/l10n';
import { askRoot } from '../../core/clients/askRoot';
import { isElement } from '../../core/interaction/treeElement';
import { rootKeyOf, type ClientNode, type ClientTree } from '../../core/clients/clientTree';
import type { Root, Session } from '../../core/clients/session';
import type { TreeModel } from '../../core/clients/treeModel';
import type { Notices, Questions } from '../../core/interaction/interaction';

/** What finding out about the rows of a command takes. */
export interface ChosenWorld {
  readonly session: Session;
  readonly model: TreeModel;
  readonly questions: Questions;
  readonly notices: Notices;
}

/** Clients of one root that a command means. */
export interface Target {
  readonly root: Root;
  readonly nodes: readonly ClientNode[];
  /** False when it was started without a row: all clients of the root are meant. */
  readonly chosen: boolean;
}

/**
 * The clients behind the rows a menu command was started on, each once, groups opened; undefined when it was started
 * without a row.
 */
export function chosenNodes(
  tree: ClientTree,
  item: unknown,
  items: unknown,
): readonly ClientNode[] | undefined {
  const ids = chosenIds(item, items);
  if (!ids) return undefined;
  const nodes = new Map<string, ClientNode>();
  for (const id of ids) {
    const node = tree.byId.get(id);
    const clients = node?.kind === 'client' ? [node] : (node?.clients ?? []);
    for (const client of clients) nodes.set(client.id, client);
  }
  return [...nodes.values()];
}

/**
 * The clients that a command means, of one root: where there are several it asks which. With `needsRows`, a root that
 * was chosen as a whole and of which no client is known is listed first; else the rows that there are will do.
 * Undefined when the user backed out, or nobody is signed in.
 */
export async function askTarget(
  world: ChosenWorld,
  item: unknown,
  items: unknown,
  needsRows = true,
): Promise<Target | undefined> {
  const { session, model, questions, notices } = world;
  const ids = chosenIds(item, items);
  const keys = ids && new Set(ids.map(rootKeyOf));
  const nodesOf = (key: string): readonly ClientNode[] =>
    (chosenNodes(model.tree, item, items) ?? allNodes(model.tree)).filter(({ id }) => rootKeyOf(id) === key);
  const choices = session.roots
    .filter(({ key }) => keys?.has(key) ?? true)
    .map((root) => ({ root, count: nodesOf(root.key).length }));
  const asked = await askRoot(questions, choices);
  if (!asked) return undefined;
  const { key } = asked;
  const { phase, clients } = asked.inventory.state;
  if (needsRows && phase !== 'ready' && clients.size === 0 && (ids?.includes(key) ?? true)) {
    await notices.progress(t('Listing clients'), 'view', () => session.refreshRoot(key));
  }
  // It may have gone while it was asked about or listed.
  const root = session.rootOf(key);
  return root && { root, nodes: nodesOf(key), chosen: ids !== undefined };
}

/** The root of the row a command was started on; undefined when it was started without one. */
export function rootOfRow(session: Session, item: unknown): Root | undefined {
  return isElement(item) ? session.rootOf(rootKeyOf(item.id)) : undefined;
}

function allNodes(tree: ClientTree): readonly ClientNode[] {
  return [...tree.byId.values()].filter((node) => node.kind === 'client');
}

function chosenIds(item: unknown, items: unknown): readonly string[] | undefined {
  const elements = Array.isArray(items) && items.length > 0 ? items : item === undefined ? [] : [item];
  return elements.length === 0 ? undefined : elements.filter(isElement).map(({ id }) => id);
}
