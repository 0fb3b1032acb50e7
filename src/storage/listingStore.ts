import { join } from 'node:path';
import type { BackupClient } from '../core/service/model';
import type { ListingStore, StoredListing } from '../core/clients/storedListing';
import type { Disk } from './disk';
import { listingsFolder } from './layout';
import { createScopeFiles } from './scopeFiles';

/** The last listing of each scope. */
export function createListingStore(disk: Disk, folder: string): ListingStore {
  const files = createScopeFiles(disk, join(folder, ...listingsFolder));
  return {
    read: async (scope) => listingIn(await files.read(scope)),
    write: (scope, { clients, listedAt }) => files.write(scope, { listedAt, clients }),
    remove: (profileId) => files.remove(profileId),
  };
}

function listingIn(stored: object | undefined): StoredListing | undefined {
  if (!stored || !('listedAt' in stored && 'clients' in stored)) return undefined;
  const { listedAt, clients } = stored;
  if (typeof listedAt !== 'number' || !Array.isArray(clients)) return undefined;
  const rows: readonly unknown[] = clients;
  return rows.every(isClient) ? { clients: rows, listedAt } : undefined;
}

/** Enough to tell our own format from another: the fields that every client has. */
function isClient(value: unknown): value is BackupClient {
  return (
    typeof value === 'object' &&
    value !== null &&
    'clientType' in value &&
    typeof value.clientType === 'string' &&
    'status' in value &&
    typeof value.status === 'string' &&
    'tags' in value &&
    Array.isArray(value.tags)
  );
}
