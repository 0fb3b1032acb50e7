import { DisposableStore, type Disposable } from '../kernel/disposables';
import { Emitter, type Event } from '../kernel/events';
import type { KeyRing } from '../profiles/keys/keyRing';
import { pinsOf, type Profile } from '../profiles/profile';
import type { ProfileStore } from '../profiles/profileStore';
import type { ClientTypesInView } from '../profiles/view/clientTypesInView';
import type { ProfilesInView } from '../profiles/view/profilesInView';
import type { BackupClient } from '../service/model';
import { scopeKey, withoutFilter, type Scope } from '../service/scope';
import {
  isUnverified,
  OpenListing,
  scopesOf,
  type Listing,
  type ListingDeps,
  type ListingSource,
} from './listing';
import { ListingQueue } from './listingQueue';
import type { ClientReading } from './readClients';
import type { ListingStore } from './storedListing';
import type { SeenStore } from './seen/seenClients';
import { ProfileVerifier } from './verifyProfiles';
import type { ViewState } from './viewState';

/** Which scopes are shown, and when they are listed. */
export interface Session extends Disposable {
  /** The active profile; others can be shown with it. */
  readonly profile: Profile | undefined;
  /** One for each type of clients of each pin of each shown profile, in the order of profiles, pins, and types. */
  readonly listings: readonly Listing[];
  readonly state: ViewState;
  /** Fires when the shown profiles, a listing, or its rows changed. */
  readonly onDidChange: Event<void>;
  /** The listing of a scope or {@link scopeKey}, while it's shown. */
  listingOf(scope: Scope | string): Listing | undefined;
  /** While the view is visible, what wasn't listed yet is listed. */
  setVisible(visible: boolean): void;
  /** Lists what wasn't listed yet, as a visible view does. */
  listDue(): void;
  /** From now on, changes are those to the lists as they are. */
  markSeen(): void;
  /** Lists everything again, a few scopes at a time. Failures end in the states, not in a rejection. */
  refresh(): Promise<void>;
  /** Lists one scope again; does nothing when it's no longer shown. */
  refreshListing(key: string): Promise<void>;
  /**
   * Takes over rows that were read by ID, and drops the missing ones. Other listings of the same clients, which a filter
   * narrows in another way, take over what they show. Ignores scopes that aren't shown.
   */
  update(scope: Scope, clients: readonly BackupClient[], missingKeys?: readonly string[]): void;
}

export interface SessionDeps extends ListingDeps {
  readonly view: Pick<ProfilesInView, 'active' | 'shown' | 'onDidChange'>;
  readonly keys: Pick<KeyRing, 'state' | 'identify' | 'onDidChange'>;
  readonly types: Pick<ClientTypesInView, 'current' | 'onDidChange'>;
  readonly store: Pick<ProfileStore, 'onDidRemove'>;
  readonly listings: ListingStore;
  readonly seen: SeenStore;
  /** Fires with clients that were read by ID for an operation. */
  readonly readings: Event<ClientReading>;
}

/** Follows the shown profiles. Listings that stay keep their rows; those that go are cancelled first. */
export function createSession(deps: SessionDeps): Session {
  return new ShownListings(deps);
}

class ShownListings implements Session {
  readonly #deps: SessionDeps;
  readonly #owned = new DisposableStore();
  readonly #changes = this.#owned.add(new Emitter<void>());
  readonly #verifier: ProfileVerifier;
  readonly #queue: ListingQueue;
  #listings: ReadonlyMap<string, OpenListing> = new Map();
  #visible = false;

  readonly onDidChange = this.#changes.event;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#queue = new ListingQueue(deps.clock);
    this.#verifier = this.#owned.add(new ProfileVerifier(deps.keys, deps.log));
    this.#owned.add(deps.view.onDidChange(() => this.#follow()));
    this.#owned.add(deps.types.onDidChange(() => this.#follow()));
    this.#owned.add(deps.keys.onDidChange((profileId) => this.#followKey(profileId)));
    this.#owned.add(deps.store.onDidRemove((profileId) => this.#forget(profileId)));
    this.#owned.add(
      deps.readings(({ scope, clients, missingKeys }) => this.update(scope, clients, missingKeys)),
    );
    this.#follow();
  }

  get profile(): Profile | undefined {
    return this.#deps.view.active;
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
    for (const listing of this.#listings.values()) listing.look();
    this.#listWhatIsDue();
  }

  listDue(): void {
    for (const listing of this.#listings.values()) if (listing.isDue) void listing.list(this.#queue);
  }

  markSeen(): void {
    for (const listing of this.#listings.values()) listing.markSeen();
  }

  async refresh(): Promise<void> {
    await this.#list([...this.#listings.values()]);
  }

  async refreshListing(key: string): Promise<void> {
    const listing = this.#listings.get(key);
    if (listing) await this.#list([listing]);
  }

  update(scope: Scope, clients: readonly BackupClient[], missingKeys: readonly string[] = []): void {
    const key = scopeKey(scope);
    const sameClients = scopeKey(withoutFilter(scope));
    for (const listing of this.#listings.values()) {
      // A key counts in one list only: two clients of an instance have the same where each is listed alone.
      if (listing.key === key) listing.inventory.update(clients, missingKeys);
      else if (
        listing.inventory.state.phase !== 'empty' &&
        scopeKey(withoutFilter(listing.scope)) === sameClients
      ) {
        listing.inventory.update(clients);
      }
    }
  }

  dispose(): void {
    this.#owned.dispose();
    for (const listing of this.#listings.values()) listing.dispose();
  }

  async #list(listings: readonly OpenListing[]): Promise<void> {
    this.#verifyAgain(listings.map(({ profile }) => profile.id));
    await Promise.all(listings.map((listing) => listing.list(this.#queue)));
  }

  /** Opens and closes listings until they are those of the shown profiles. Those that `isGone` are opened anew. */
  #follow(isGone: (listing: OpenListing) => boolean = () => false): void {
    const wanted = this.#wanted();
    const before = this.#listings;
    const stays = (listing: OpenListing): boolean =>
      !isGone(listing) && wanted.get(listing.key)?.keyState === listing.keyState;
    for (const listing of before.values()) if (!stays(listing)) listing.dispose();
    this.#listings = new Map(
      [...wanted].map(([key, source]) => {
        const listing = before.get(key);
        if (!listing || !stays(listing)) {
          const isVisible = () => this.#visible;
          return [key, new OpenListing(source, this.#deps, isVisible, () => this.#changes.fire())];
        }
        listing.rename(source);
        return [key, listing];
      }),
    );
    this.#verifier.verify(this.#deps.view.shown);
    this.#changes.fire();
    this.#listWhatIsDue();
  }

  #forget(profileId: string): void {
    void this.#deps.listings.remove(profileId);
    void this.#deps.seen.remove(profileId);
  }

  #wanted(): ReadonlyMap<string, ListingSource> {
    const { view, keys, types } = this.#deps;
    const sources = view.shown.flatMap((profile) =>
      pinsOf(profile).flatMap((pin) =>
        scopesOf(profile, pin, types.current).map((scope) => ({ profile, scope })),
      ),
    );
    const amongTypes = new Set(sources.map(({ scope }) => scope.clientType)).size > 1;
    const wanted = new Map<string, ListingSource>();
    for (const { profile, scope } of sources) {
      const key = scopeKey(scope);
      if (!wanted.has(key)) {
        wanted.set(key, { profile, scope, amongTypes, keyState: keys.state(profile.id) });
      }
    }
    return wanted;
  }

  /**
   * New credentials might list what the previous ones couldn't. Rows stay, except where the account was never verified:
   * the new credentials might be of another account.
   */
  #followKey(profileId: string): void {
    const own = [...this.#listings.values()].filter(({ profile }) => profile.id === profileId);
    for (const listing of own) listing.allowRetry();
    this.#verifyAgain([profileId]);
    if (own.some(isUnverified)) {
      this.#follow((listing) => listing.profile.id === profileId && isUnverified(listing));
    }
    this.#listWhatIsDue();
  }

  #listWhatIsDue(): void {
    if (this.#visible) this.listDue();
  }

  #verifyAgain(profileIds: readonly string[]): void {
    this.#verifier.retry(profileIds);
    this.#verifier.verify(this.#deps.view.shown);
  }
}
