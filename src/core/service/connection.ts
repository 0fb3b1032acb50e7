import type { Waiting } from '../kernel/waiting';
import type { Endpoints } from './endpoints';
import type { AccessKey } from './model';

/**
 * How one profile reaches the service. It carries its own endpoints and its own keys, so that demo data and a real
 * profile can never mix.
 */
export interface Connection {
  readonly profileId: string;
  readonly demo: boolean;
  /** Hosts for a region. */
  endpoints(regionId: string): Endpoints;
  /**
   * The key for the next attempt. Given the key that the service just refused, a newer one if there is one, else the
   * same again. Throws BackupError `credentials-missing` when VS Code didn't keep it, and what its source throws.
   */
  accessKey(refused?: AccessKey, waiting?: Waiting): Promise<AccessKey>;
  /** A failure of a call that was made with its key, in the words of the key's source where that knows more of it. */
  explain?(error: unknown): unknown;
}

/** Finds the connection of a profile. */
export interface Connections {
  /**
   * Throws BackupError `profile-gone` for a profile that is not signed in. With the account of a scope, `accessKey`
   * throws `account-changed` (not run) while the profile isn't known to be of it; an empty one is not checked.
   */
  get(profileId: string, accountId?: string): Connection;
}
