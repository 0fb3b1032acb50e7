import type { Disposable } from '../kernel/disposables';
import type { Clock } from '../kernel/clock';
import type { Log } from '../kernel/log';
import type { KeyState } from '../profiles/keys/storedKeys';
import type { Pin, Profile } from '../profiles/profile';
import type { BackupApi } from '../service/api';
import type { ClientType } from '../service/model';
import { scopeKey, type Scope } from '../service/scope';
import { createInventory, type Inventory } from './inventory';
import type { ListingQueue } from './listingQueue';
import type { ListingStore } from './storedListing';
import { listingStateOf, type ListingState } from './viewState';

/** One listed scope: its clients and their state. */
export interface Listing {
  /** {@link scopeKey} of its scope. */
  readonly key: string;
  readonly profile: Profile;
  readonly scope: Scope;
  /** True while clients of several types are listed. */
  readonly amongTypes: boolean;
  readonly inventory: Pick<Inventory, 'state' | 'refresh'>;
  readonly state: ListingState;
}

/** What a listing is of, and whether there are credentials to list it with. */
export interface ListingSource {
  readonly profile: Profile;
  readonly scope: Scope;
  readonly amongTypes: boolean;
  readonly keyState: KeyState;
}

export interface ListingDeps {
  readonly api: Pick<BackupApi, 'listClients'>;
  readonly listings: Pick<ListingStore, 'read' | 'write'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A listing while it's shown. Disposing it cancels its calls and drops its rows. */
export class OpenListing implements Listing, Disposable {
  readonly key: string;
  readonly keyState: KeyState;
  readonly inventory: Inventory;
  #source: ListingSource;
  #running: Promise<void> | undefined;
  #retry = false;

  /** @param onChange called when its rows or their state changed */
  constructor(source: ListingSource, deps: ListingDeps, onChange: () => void) {
    const { scope, keyState } = source;
    const { api, listings, clock, log } = deps;
    this.key = scopeKey(scope);
    this.keyState = keyState;
    this.#source = source;
    // Cached rows might belong to another account when the credentials are gone or the account was never verified.
    const cache = keyState === 'kept' && !isUnverified(source) ? listings : undefined;
    this.inventory = createInventory({ scope, api, listings: cache, clock, log });
    this.inventory.onDidChange(onChange);
  }

  get profile(): Profile {
    return this.#source.profile;
  }

  get scope(): Scope {
    return this.#source.scope;
  }

  get amongTypes(): boolean {
    return this.#source.amongTypes;
  }

  get state(): ListingState {
    return this.keyState === 'kept' ? listingStateOf(this.inventory.state) : 'keyNotKept';
  }

  /** True when it should be listed without a request of the user. After a failure only {@link allowRetry} makes it due. */
  get isDue(): boolean {
    const { phase } = this.inventory.state;
    if (this.keyState !== 'kept') return false;
    return phase === 'empty' || phase === 'stored' || (phase === 'failed' && this.#retry);
  }

  /** Takes over new names of the profile and the pin, and what is listed beside it; the scope has the same key. */
  rename(source: ListingSource): void {
    this.#source = source;
  }

  /** Makes a failed listing due again: its credentials changed. */
  allowRetry(): void {
    this.#retry = this.inventory.state.phase === 'failed';
  }

  /** Lists its clients, or joins a call that's running or queued. Failures end in its state, not in a rejection. */
  list(queue: ListingQueue): Promise<void> {
    this.#retry = false;
    return (this.#running ??= queue
      .run(() => this.inventory.refresh())
      .finally(() => (this.#running = undefined)));
  }

  dispose(): void {
    this.inventory.dispose();
  }
}

/** True while nobody knows which account the profile belongs to. */
export function isUnverified({ scope }: Pick<ListingSource, 'scope'>): boolean {
  return scope.accountId === '';
}

/** What a pin of a profile lists: one scope for each type. A cluster has container clients only, whatever types are chosen. */
export function scopesOf(profile: Profile, pin: Pin, types: readonly ClientType[]): readonly Scope[] {
  const own: readonly ClientType[] = pin.filter?.clusterId === undefined ? types : ['CONTAINER_CLIENT'];
  return own.map((type) => scopeOf(profile, pin, type));
}

function scopeOf(
  { id, accountId = '' }: Profile,
  { regionId, crossAccount, filter }: Pin,
  clientType: ClientType,
): Scope {
  return {
    profileId: id,
    accountId,
    regionId,
    clientType,
    ...(crossAccount && { crossAccount }),
    ...(filter && { filter }),
  };
}
