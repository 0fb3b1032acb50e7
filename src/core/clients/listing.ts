import type { Disposable } from '../kernel/disposables';
import type { Clock } from '../kernel/clock';
import type { Log } from '../kernel/log';
import type { KeyState } from '../profiles/keys/storedKeys';
import { pinsOf, type Pin, type Profile } from '../profiles/profile';
import type { BackupApi } from '../service/api';
import { clientTypes, type ClientType } from '../service/model';
import { scopeKey, type Scope } from '../service/scope';
import { createInventory, type Inventory } from './inventory';
import type { ListingQueue } from './listingQueue';
import { ChangeTracker } from './seen/changeTracker';
import type { ClientChanges, SeenStore } from './seen/seenClients';
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
  /** What changed since the user last looked; undefined while that isn't known. */
  readonly changes?: ClientChanges | undefined;
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
  readonly seen: Pick<SeenStore, 'read' | 'write'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A listing while it's shown. Disposing it cancels its calls and drops its rows. */
export class OpenListing implements Listing, Disposable {
  readonly key: string;
  readonly keyState: KeyState;
  readonly inventory: Inventory;
  readonly #tracker: ChangeTracker;
  readonly #isVisible: () => boolean;
  #source: ListingSource;
  #running: Promise<void> | undefined;
  #retry = false;

  /**
   * @param isVisible whether the user can see it
   * @param onChange called when its rows, their state, or what is known of changes changed
   */
  constructor(source: ListingSource, deps: ListingDeps, isVisible: () => boolean, onChange: () => void) {
    const { scope, keyState } = source;
    const { api, listings, seen, clock, log } = deps;
    this.key = scopeKey(scope);
    this.keyState = keyState;
    this.#source = source;
    // Cached rows might belong to another account when the credentials are gone or the account was never verified.
    const isCached = keyState === 'kept' && !isUnverified(source);
    this.inventory = createInventory({ scope, api, listings: isCached ? listings : undefined, clock, log });
    this.#tracker = new ChangeTracker({ scope, store: isCached ? seen : undefined, log, onChange });
    this.#isVisible = isVisible;
    this.inventory.onDidChange(() => {
      onChange();
      this.look();
    });
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

  get changes(): ClientChanges | undefined {
    return this.#tracker.changes;
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

  /** Compares its rows with those seen last, and takes note of them if the user can see them. */
  look(): void {
    void this.#tracker.follow(this.inventory.state, this.#isVisible());
  }

  /** From now on, changes are those to the list as it is. */
  markSeen(): void {
    this.#tracker.markSeen();
  }

  dispose(): void {
    this.#tracker.dispose();
    this.inventory.dispose();
  }
}

/** True while nobody knows which account the profile belongs to. */
export function isUnverified({ scope }: Pick<ListingSource, 'scope'>): boolean {
  return scope.accountId === '';
}

/** The pin of a listing; undefined when its profile no longer has it. */
export function pinOf({ key, profile }: Pick<Listing, 'key' | 'profile'>): Pin | undefined {
  return pinsOf(profile).find((pin) =>
    scopesOf(profile, pin, clientTypes).some((scope) => scopeKey(scope) === key),
  );
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
