import { listingKeyOf, type ClientNode } from '../../clients/clientTree';
import type { BackupFacts } from '../../clients/backups/backupFacts';
import { judgeClients } from '../../clients/judgeClients';
import type { Listing } from '../../clients/listing';
import { clientOf } from '../../clients/readClients';
import type { Session } from '../../clients/session';
import type { OperationFacts } from '../../clients/treeModel';

/** Names a client on a page: its row in the tree, and its IDs, as a row's ID changes with the clients on its instance. */
export interface ClientRef {
  /** ID of its row: `listing/key`. */
  readonly id: string;
  readonly instanceId?: string;
  readonly clientId?: string;
}

/** A client with the listing that shows it. */
export interface ShownClient {
  readonly listing: Listing;
  readonly node: ClientNode;
}

/** What judging a client takes besides its listing. */
export interface ClientJudgement {
  readonly factsOf: (listing: Listing) => OperationFacts;
  readonly backupsOf: (listing: Listing) => BackupFacts;
  /** Milliseconds since 1970 by the service's clock, which heartbeats are by. */
  readonly serviceNow: (listing: Listing) => number;
  /** Minutes without a heartbeat after which an active client needs attention; 0 turns the check off. */
  readonly staleMinutes: number;
}

/** Where a page finds its client. `loading`: its list isn't read yet. `hidden`: its listing isn't shown. */
export type FoundClient = ShownClient | 'loading' | 'gone' | 'hidden';

/** The client of a page as it's listed now, whether the filter of the view shows it or not. */
export function findClient(
  session: Pick<Session, 'listingOf'>,
  { id, ...ids }: ClientRef,
  { factsOf, backupsOf, serviceNow, staleMinutes }: ClientJudgement,
): FoundClient {
  const listing = session.listingOf(listingKeyOf(id));
  if (!listing) return 'hidden';
  const { clients, phase } = listing.inventory.state;
  const key = clients.has(keyOf(id)) ? keyOf(id) : keyByIds(clients, ids);
  const client = key === undefined ? undefined : clients.get(key);
  if (key === undefined || client === undefined) {
    return phase === 'ready' || phase === 'failed' ? 'gone' : 'loading';
  }
  const { inOrder } = judgeClients({
    scope: listing.scope,
    clients: new Map([[key, client]]),
    nowMs: serviceNow(listing),
    staleMinutes,
    backups: backupsOf(listing),
    ...factsOf(listing),
  });
  const [node] = inOrder;
  return node ? { listing, node } : 'gone';
}

/** Key of the client with that row. */
function keyOf(id: string): string {
  try {
    return decodeURIComponent(id.slice(id.indexOf('/') + 1));
  } catch {
    return '';
  }
}

function keyByIds(
  clients: Listing['inventory']['state']['clients'],
  { instanceId, clientId }: Omit<ClientRef, 'id'>,
): string | undefined {
  const found = clientOf({ key: '', instanceId, clientId }, [...clients.values()]);
  return found && [...clients].find(([, client]) => client === found)?.[0];
}
