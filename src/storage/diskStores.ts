import type { SeenStore } from '../core/clients/seen/seenClients';
import type { ListingStore } from '../core/clients/storedListing';
import type { Clock } from '../core/kernel/clock';
import type { Disposable } from '../core/kernel/disposables';
import type { LeaseStore, RecordStore } from '../core/operations/stores';
import { createLeaseStore } from './leaseStore';
import { createListingStore } from './listingStore';
import { nodeDisk } from './nodeDisk';
import { createRecordStore } from './recordStore';
import { createSeenStore } from './seenStore';

/** Everything that is kept on disk. */
export interface Stores extends Disposable {
  readonly records: RecordStore;
  readonly leases: LeaseStore;
  readonly listings: ListingStore;
  readonly seen: SeenStore;
}

/** @param folder the extension's own folder, as a path; it's made with the first write */
export function createStores(folder: string, clock: Clock): Stores {
  const records = createRecordStore(nodeDisk, folder);
  return {
    records,
    leases: createLeaseStore(nodeDisk, folder, clock),
    listings: createListingStore(nodeDisk, folder),
    seen: createSeenStore(nodeDisk, folder),
    dispose: () => records.dispose(),
  };
}
