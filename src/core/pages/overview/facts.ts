import { attentionOf, type AttentionReason } from '../../clients/attention';
import type { BackupFacts } from '../../clients/backups/backupFacts';
import type { InventoryState } from '../../clients/inventory';
import type { ListingState } from '../../clients/viewState';
import type { LastBackup } from '../../protection/lastBackup';
import { asLeftover } from '../../service/clientFacts';
import type { BackupClient } from '../../service/model';
import type { ScopeLabel } from '../../service/scopeLabel';

/** A shown listing, as Fleet Overview counts it. */
export interface OverviewListing {
  readonly key: string;
  readonly label: ScopeLabel;
  readonly state: ListingState;
  readonly inventory: Omit<InventoryState, 'scope'>;
  /** Keys of records that stayed after one of our operations uninstalled the client. */
  readonly leftovers: ReadonlySet<string>;
  /** What's known of the backups of its clients. */
  readonly backups: BackupFacts;
  /** Milliseconds since 1970, by the service's clock where it's known: heartbeats are by it. */
  readonly serviceNow: number;
}

/** A client with what the tree says of it. */
export interface CountedClient {
  readonly client: BackupClient;
  readonly attention: AttentionReason | undefined;
  readonly lastBackup?: LastBackup | undefined;
  readonly listing: OverviewListing;
}

/** All clients of some listings, judged as the tree judges them. */
export function countedClients(
  listings: readonly OverviewListing[],
  staleMinutes: number,
): readonly CountedClient[] {
  const counted: CountedClient[] = [];
  for (const listing of listings) {
    for (const [key, listed] of listing.inventory.clients) {
      const client = listing.leftovers.has(key) ? asLeftover(listed) : listed;
      const isOverdue = listing.backups.overdue.has(key);
      const attention = attentionOf(client, listing.serviceNow, staleMinutes, isOverdue);
      counted.push({ client, attention, lastBackup: listing.backups.lastBackups.get(key), listing });
    }
  }
  return counted;
}
