import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { BackupClient } from '../core/service/model';
import type { ListingStore, StoredListing } from '../core/clients/storedListing';
import { scopeKey, type Scope } from '../core/service/scope';
import { readIfThere, type Disk } from './disk';
import { listingsFolder } from './layout';

const version = 1;

/**
 * The last listing of each scope, one JSON file a scope in a folder a profile. A file that is damaged, of another
 * version or of another scope reads as none: it is a copy of what the service knows.
 */
export function createListingStore(disk: Disk, folder: string): ListingStore {
  const listings = join(folder, ...listingsFolder);
  // Hashed, since names of profiles and roles may be long and differ in case only.
  const profileFolder = (profileId: string): string => join(listings, digest(profileId));
  const fileOf = (scope: Scope): string =>
    join(profileFolder(scope.profileId), `${digest(scopeKey(scope))}.json`);
  // A listing that is still written when its profile is removed must not come back, nor be read before it is gone.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    async read(scope) {
      await last;
      const text = await readIfThere(disk, fileOf(scope));
      return text === undefined ? undefined : listingIn(text, scopeKey(scope));
    },
    async write(scope, { clients, listedAt }) {
      const text = JSON.stringify({ v: version, scope: scopeKey(scope), listedAt, clients });
      await inTurn(() => disk.replace(fileOf(scope), text));
    },
    async remove(profileId) {
      await inTurn(() => disk.removeFolder(profileFolder(profileId)));
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function listingIn(text: string, scope: string): StoredListing | undefined {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof stored !== 'object' || stored === null) return undefined;
  if (!('v' in stored && 'scope' in stored && 'listedAt' in stored && 'clients' in stored)) return undefined;
  const { v, scope: of, listedAt, clients } = stored;
  if (v !== version || of !== scope || typeof listedAt !== 'number' || !Array.isArray(clients)) {
    return undefined;
  }
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
