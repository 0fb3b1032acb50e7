import type { ConsoleSite } from '../service/consoleLinks';
import type { EndpointNetwork } from '../service/endpoints';
import type { CrossAccount } from '../service/scope';
import { normalFilter, type ServiceFilter } from '../service/serviceFilter';
import type { CredentialSource } from './keys/credentialSource';

/** A region, perhaps another account in it, and perhaps only some of its clients, that the client view shows of a profile. */
export interface Pin {
  readonly regionId: string;
  readonly crossAccount?: CrossAccount;
  /** What Cloud Backup is asked to list; all clients unless given. */
  readonly filter?: ServiceFilter;
}

/** A profile as the index keeps it: nothing secret. */
export interface Profile {
  readonly id: string;
  readonly name: string;
  /** Where its key is verified, and what it shows unless there are pins. */
  readonly regionId: string;
  /** An access key in SecretStorage unless given. */
  readonly source?: CredentialSource;
  /** Over which network it reaches its hosts, where no setting names them; the internet unless given. */
  readonly network?: EndpointNetwork;
  /** What the client view shows of it, never empty; its own region unless given. */
  readonly pins?: readonly Pin[];
  /** Absent when it was saved unverified. */
  readonly accountId?: string;
  readonly identity?: string;
  /** The web console that its account signs in to, where the user said so. */
  readonly consoleSite?: ConsoleSite;
  readonly demo?: boolean;
}

/** One text a pin: equal ones list the same. The alias of an account is only shown. */
export function pinKey({ regionId, crossAccount: of, filter }: Pin): string {
  return JSON.stringify([regionId, of?.type, of?.userId, of?.roleName, filter && normalFilter(filter)]);
}

/** What the client view shows of a profile: its pins, else its own region. */
export function pinsOf(profile: Profile): readonly [Pin, ...Pin[]] {
  const [first, ...rest] = profile.pins ?? [];
  return first ? [first, ...rest] : [{ regionId: profile.regionId }];
}
