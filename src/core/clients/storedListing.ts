import type { BackupClient } from '../service/model';
import type { Scope } from '../service/scope';

/** The last listing of a scope, cached so that a new window starts with rows. */
export interface StoredListing {
  readonly clients: readonly BackupClient[];
  /** Milliseconds since 1970. */
  readonly listedAt: number;
}

export interface ListingStore {
  read(scope: Scope): Promise<StoredListing | undefined>;
  write(scope: Scope, listing: StoredListing): Promise<void>;
  /** Removes the listings of a profile. */
  remove(profileId: string): Promise<void>;
}
