import { DisposableStore, type Disposable } from '../kernel/disposables';
import { isCancelled } from '../service/errors';
import { Emitter, type Event } from '../kernel/events';
import { createInventory, type Inventory } from './inventory';
import { ListingQueue } from './listingQueue';
import type { BackupClient } from '../service/model';
import type { BackupApi } from '../service/api';
import type { Clock } from '../kernel/clock';
import type { ListingStore } from './storedListing';
import type { Log } from '../kernel/log';
import { pinsOf, type Pin, type Profile } from '../profiles/profile';
import type { KeyRing } from '../profiles/keys/keyRing';
import type { KeyState } from '../profiles/keys/storedKeys';
import type { ProfilesInView } from '../profiles/view/profilesInView';
import { scopeKey, type Scope } from '../service/scope';
import { listingStateOf, type ListingState, type ViewState } from './viewState';

/** A scope in view: one place of one profile, with clients of its own. */
export interface Listing {
  /** {@link scopeKey} of its scope. */
  readonly key: string;
  readonly profile: Profile;
  readonly scope: Scope;
  readonly inventory: Pick<Inventory, 'state' | 'refresh'>;
  readonly state: ListingState;
}

/** Whose clients are in view, and when they are listed. */
export interface Session extends Disposable {
  /** The active profile; others may be in view beside it. */
  readonly profile: Profile | undefined;
  /** One for each place of each profile in view, in the order of the profiles and their pins. */
  readonly listings: readonly Listing[];
  readonly state: ViewState;
  /** Fires when the profiles in view, a listing or its rows changed. */
  readonly onDidChange: Event<void>;
  /** The listing of a scope or key, while it is in view. */
  listingOf(scope: Scope | string): Listing | undefined;
  /** Lists what was not listed yet as soon as somebody looks. */
  setVisible(visible: boolean): void;
  /** Lists all listings again, a few at once. Failures end in their states, not in a rejection. */
  refresh(): Promise<void>;
  /** Lists one listing again; nothing happens when it is no longer in view. */
  refreshListing(key: string): Promise<void>;
  /** Takes rows that were read by id; those of a scope that is not in view are passed over. */
  update(scope: Scope, clients: readonly BackupClient[], missingKeys?: readonly string[]): void;
}

/** Follows the profiles in view: keeps the listings that stay, and drops those that go before anything new is told. */
export function createSession(world: SessionWorld): Session {
  return new ListingsInView(world);
}

interface SessionWorld {
  readonly view: Pick<ProfilesInView, 'active' | 'shown' | 'onDidChange'>;
  readonly keys: Pick<KeyRing, 'state' | 'identify' | 'onDidChange'>;
  readonly api: Pick<BackupApi, 'listClients'>;
  readonly listings: Pick<ListingStore, 'read' | 'write'>;
  readonly clock: Clock;
  readonly log: Log;
}

class ListingsInView implements Session {
  readonly #world: SessionWorld;
  readonly #owned = new DisposableStore();
  readonly #changes = this.#owned.add(new Emitter<void>());
  readonly #leaving = new AbortController();
  readonly #queue: ListingQueue;
  /** Profiles that were asked about, so that a service which does not answer is not asked with every change. */
  readonly #identified = new Set<string>();
  #listings: ReadonlyMap<string, OpenListing> = new Map();
  #visible = false;

  readonly onDidChange = this.#changes.event;

  constructor(world: SessionWorld) {
    this.#world = world;
    this.#queue = new ListingQueue(world.clock);
    this.#owned.add(world.view.onDidChange(() => this.#follow()));
    this.#owned.add(world.keys.onDidChange((profileId) => this.#followKey(profileId)));
    this.#follow();
  }

  get profile(): Profile | undefined {
    return this.#world.view.active;
  }

  get listings(): readonly Listing[] {
    return [...this.#listings.values()];
  }

  get state(): ViewState {
    const [only, ...others] = this.#listings.values();
    if (!only) return 'signedOut';
    return others.length > 0 ? 'several' : only.state;
  }

  listingOf(scope: Scope | string): Listing | undefined {
    return this.#listings.get(typeof scope === 'string' ? scope : scopeKey(scope));
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#listIfLookedAt();
  }

  async refresh(): Promise<void> {
    const listings = [...this.#listings.values()];
    this.#askAgainWhose(listings.map(({ profile }) => profile.id));
    await Promise.all(listings.map((listing) => listing.list(this.#queue)));
  }

  async refreshListing(key: string): Promise<void> {
    const listing = this.#listings.get(key);
    if (!listing) return;
    this.#askAgainWhose([listing.profile.id]);
    await listing.list(this.#queue);
  }

  update(scope: Scope, clients: readonly BackupClient[], missingKeys: readonly string[] = []): void {
    this.#listings.get(scopeKey(scope))?.inventory.update(clients, missingKeys);
  }

  dispose(): void {
    this.#leaving.abort();
    this.#owned.dispose();
    for (const listing of this.#listings.values()) listing.dispose();
  }

  #follow(isOver: (listing: OpenListing) => boolean = () => false): void {
    const { view, keys } = this.#world;
    const wanted = new Map<string, Place>();
    for (const profile of view.shown) {
      for (const pin of pinsOf(profile)) {
        const scope = scopeOf(profile, pin);
        const key = scopeKey(scope);
        if (!wanted.has(key)) wanted.set(key, { profile, scope, keyState: keys.state(profile.id) });
      }
    }
    const before = this.#listings;
    const stays = (listing: OpenListing): boolean =>
      !isOver(listing) && wanted.get(listing.key)?.keyState === listing.keyState;
    for (const listing of before.values()) if (!stays(listing)) listing.dispose();
    this.#listings = new Map(
      [...wanted].map(([key, place]) => {
        const listing = before.get(key);
        if (!listing || !stays(listing))
          return [key, new OpenListing(key, place, this.#world, this.#changes)];
        listing.take(place);
        return [key, listing];
      }),
    );
    this.#identify();
    this.#changes.fire();
    this.#listIfLookedAt();
  }

  /**
   * Another key may open what the one before did not; rows that are there stay as they are. Only where nobody knows
   * whose they are they go: the next key may be of another account.
   */
  #followKey(profileId: string): void {
    const own = [...this.#listings.values()].filter(({ profile }) => profile.id === profileId);
    for (const listing of own) listing.tryAgain();
    this.#askAgainWhose([profileId]);
    if (own.some(isUnverified))
      this.#follow((listing) => listing.profile.id === profileId && isUnverified(listing));
    this.#listIfLookedAt();
  }

  #listIfLookedAt(): void {
    if (!this.#visible) return;
    for (const listing of this.#listings.values()) if (listing.isDue) void listing.list(this.#queue);
  }

  #askAgainWhose(profileIds: readonly string[]): void {
    for (const id of profileIds) this.#identified.delete(id);
    this.#identify();
  }

  /** A profile that was saved unverified is verified as soon as the service can be asked. */
  #identify(): void {
    const { view, keys, log } = this.#world;
    const { shown } = view;
    for (const id of this.#identified) {
      const asked = shown.some((profile) => profile.id === id) && keys.state(id) === 'kept';
      if (!asked) this.#identified.delete(id);
    }
    for (const profile of shown) {
      const { id, accountId } = profile;
      if (accountId !== undefined || this.#identified.has(id) || keys.state(id) !== 'kept') continue;
      this.#identified.add(id);
      keys.identify(id, { signal: this.#leaving.signal }).catch((error: unknown) => {
        if (!isCancelled(error)) log.write('info', 'profile still unverified', error);
      });
    }
  }
}

/** What a listing stands for. */
interface Place {
  readonly profile: Profile;
  readonly scope: Scope;
  readonly keyState: KeyState;
}

class OpenListing implements Listing, Disposable {
  readonly key: string;
  readonly keyState: KeyState;
  readonly inventory: Inventory;
  #place: Place;
  #running: Promise<void> | undefined;
  #tryAgain = false;

  constructor(key: string, place: Place, world: SessionWorld, changes: Emitter<void>) {
    const { api, listings, clock, log } = world;
    this.key = key;
    this.keyState = place.keyState;
    this.#place = place;
    // Without its key nobody here has a right to its rows, and those of nobody knows whom are nobody's.
    const kept = place.keyState === 'kept' && !isUnverified(place) ? listings : undefined;
    this.inventory = createInventory({ scope: place.scope, api, listings: kept, clock, log });
    this.inventory.onDidChange(() => changes.fire());
  }

  get profile(): Profile {
    return this.#place.profile;
  }

  get scope(): Scope {
    return this.#place.scope;
  }

  get state(): ListingState {
    return this.keyState === 'kept' ? listingStateOf(this.inventory.state) : 'keyNotKept';
  }

  /** True when it should be listed without being asked for. What failed is tried again only with another key. */
  get isDue(): boolean {
    const { phase } = this.inventory.state;
    if (this.keyState !== 'kept') return false;
    return phase === 'empty' || phase === 'stored' || (phase === 'failed' && this.#tryAgain);
  }

  /** Takes what may change of a profile and a pin without making it another listing: their names. */
  take(place: Place): void {
    this.#place = place;
  }

  tryAgain(): void {
    this.#tryAgain = this.inventory.state.phase === 'failed';
  }

  /** Joins a listing that runs or waits for its turn. */
  list(queue: ListingQueue): Promise<void> {
    this.#tryAgain = false;
    return (this.#running ??= queue
      .run(() => this.inventory.refresh())
      .finally(() => (this.#running = undefined)));
  }

  dispose(): void {
    this.inventory.dispose();
  }
}

function isUnverified({ scope }: Pick<Place, 'scope'>): boolean {
  return scope.accountId === '';
}

/** The ECS clients of one place of a profile. */
export function scopeOf({ id, accountId = '' }: Profile, { regionId, crossAccount }: Pin): Scope {
  return {
    profileId: id,
    accountId,
    regionId,
    clientType: 'ECS_CLIENT',
    ...(crossAccount && { crossAccount }),
  };
}
