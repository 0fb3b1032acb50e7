import { t } from '@vscode/l10n';
import type { Notices, Questions } from '../interaction/interaction';
import { isElement } from '../interaction/treeElement';
import { askListing } from './askListing';
import { listingKeyOf, type ClientNode, type ClientTree } from './clientTree';
import type { Listing } from './listing';
import type { Session } from './session';
import type { TreeModel } from './treeModel';

/** What finding the clients of a command takes. */
export interface ChosenClientsDeps {
  readonly questions: Pick<Questions, 'one'>;
  readonly notices: Pick<Notices, 'info' | 'progress'>;
  readonly session: Pick<Session, 'listings' | 'listingOf' | 'refreshListing'>;
  readonly model: Pick<TreeModel, 'tree'>;
}

/** The clients of one listing that a command acts on. */
export interface ChosenClients {
  readonly listing: Listing;
  readonly nodes: readonly ClientNode[];
  /** True when the user chose rows, false when all clients of the listing are meant. */
  readonly chosen: boolean;
}

/**
 * The clients behind the rows that a menu command was started on: each once, those of groups and listings included.
 * Undefined when it was started without a row. A row that is no longer in the tree adds nothing.
 *
 * @param item the row of the menu, as VS Code passes it
 * @param items all selected rows when `item` is one of several; a selection without `item` isn't meant
 */
export function clientsOfRows(
  tree: Pick<ClientTree, 'node'>,
  item: unknown,
  items?: unknown,
): readonly ClientNode[] | undefined {
  const ids = idsOfRows(item, items);
  if (!ids) return undefined;
  const nodes = new Map<string, ClientNode>();
  for (const id of ids) {
    const node = tree.node(id);
    const clients = node?.kind === 'client' ? [node] : (node?.clients ?? []);
    for (const client of clients) nodes.set(client.id, client);
  }
  return [...nodes.values()];
}

/** What a command needs of its clients. */
export interface NeededClients {
  /** A listing that is meant as a whole and has no known client is listed first; true unless given. */
  readonly rows?: boolean | undefined;
  /** Without a row, only listings of ECS clients are meant, where there are any. */
  readonly ecs?: boolean | undefined;
}

/**
 * The clients that a command acts on, all of one listing: where rows of several listings are chosen, or none while several
 * listings are shown, it asks which listing. Undefined when the user backed out, nobody is signed in, or the listing is gone by then.
 */
export async function askForClients(
  { session, model, questions, notices }: ChosenClientsDeps,
  item: unknown,
  items: unknown,
  { rows: needsRows = true, ecs = false }: NeededClients = {},
): Promise<ChosenClients | undefined> {
  const ids = idsOfRows(item, items);
  const keys = ids && new Set(ids.map(listingKeyOf));
  const nodesOf = (key: string): readonly ClientNode[] =>
    (clientsOfRows(model.tree, item, items) ?? model.tree.clients).filter(
      ({ id }) => listingKeyOf(id) === key,
    );
  const onEcs = session.listings.filter(({ scope }) => scope.clientType === 'ECS_CLIENT');
  const meant = ecs && onEcs.length > 0 ? onEcs : session.listings;
  const choices = (keys ? session.listings.filter(({ key }) => keys.has(key)) : meant).map((listing) => ({
    listing,
    count: nodesOf(listing.key).length,
  }));
  const asked = await askListing(questions, choices);
  if (!asked) return undefined;
  const { key } = asked;
  const { phase, clients } = asked.inventory.state;
  if (needsRows && phase !== 'ready' && clients.size === 0 && (ids?.includes(key) ?? true)) {
    await notices.progress(
      t({ message: 'Listing clients', comment: ['Shown while the clients of a region are being read'] }),
      'view',
      () => session.refreshListing(key),
    );
  }
  // It may have gone while it was asked about or listed.
  const listing = session.listingOf(key);
  return listing && { listing, nodes: nodesOf(key), chosen: ids !== undefined };
}

/** The listing of a row; undefined without a row, or when its listing is no longer shown. */
export function listingOfRow(session: Pick<Session, 'listingOf'>, item: unknown): Listing | undefined {
  return isElement(item) ? session.listingOf(listingKeyOf(item.id)) : undefined;
}

function idsOfRows(item: unknown, items: unknown): readonly string[] | undefined {
  const selected: readonly unknown[] = Array.isArray(items) ? items : [];
  // A menu opened outside the selection means its own row. VS Code says so by leaving out `items`; not every build does.
  const outside = isElement(item) && selected.every((row) => isElement(row) && row.id !== item.id);
  const elements = selected.length > 0 && !outside ? selected : item === undefined ? [] : [item];
  return elements.length === 0 ? undefined : elements.filter(isElement).map(({ id }) => id);
}
