import { t } from '@vscode/l10n';
import { askListing } from '../../core/clients/askListing';
import { isElement } from '../../core/interaction/treeElement';
import { listingKeyOf, type ClientNode, type ClientTree } from '../../core/clients/clientTree';
import type { Listing } from '../../core/clients/listing';
import type { Session } from '../../core/clients/session';
import type { TreeModel } from '../../core/clients/treeModel';
import type { Notices, Questions } from '../../core/interaction/interaction';

/** What finding out about the rows of a command takes. */
export interface ChosenWorld {
  readonly session: Session;
  readonly model: TreeModel;
  readonly questions: Questions;
  readonly notices: Notices;
}

/** Clients of one listing that a command means. */
export interface Target {
  readonly listing: Listing;
  readonly nodes: readonly ClientNode[];
  /** False when it was started without a row: all clients of the listing are meant. */
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
 * The clients that a command means, of one listing: where there are several it asks which. With `needsRows`, a listing that
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
  const keys = ids && new Set(ids.map(listingKeyOf));
  const nodesOf = (key: string): readonly ClientNode[] =>
    (chosenNodes(model.tree, item, items) ?? allNodes(model.tree)).filter(
      ({ id }) => listingKeyOf(id) === key,
    );
  const choices = session.listings
    .filter(({ key }) => keys?.has(key) ?? true)
    .map((listing) => ({ listing, count: nodesOf(listing.key).length }));
  const asked = await askListing(questions, choices);
  if (!asked) return undefined;
  const { key } = asked;
  const { phase, clients } = asked.inventory.state;
  if (needsRows && phase !== 'ready' && clients.size === 0 && (ids?.includes(key) ?? true)) {
    await notices.progress(t('Listing clients'), 'view', () => session.refreshListing(key));
  }
  // It may have gone while it was asked about or listed.
  const listing = session.listingOf(key);
  return listing && { listing, nodes: nodesOf(key), chosen: ids !== undefined };
}

/** The listing of the row a command was started on; undefined when it was started without one. */
export function listingOfRow(session: Session, item: unknown): Listing | undefined {
  return isElement(item) ? session.listingOf(listingKeyOf(item.id)) : undefined;
}

function allNodes(tree: ClientTree): readonly ClientNode[] {
  return [...tree.byId.values()].filter((node) => node.kind === 'client');
}

function chosenIds(item: unknown, items: unknown): readonly string[] | undefined {
  const elements = Array.isArray(items) && items.length > 0 ? items : item === undefined ? [] : [item];
  return elements.length === 0 ? undefined : elements.filter(isElement).map(({ id }) => id);
}
