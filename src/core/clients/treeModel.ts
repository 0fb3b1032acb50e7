import { scopeLabelOf } from './askListing';
import { buildClientTree, type ListingTree } from './buildClientTree';
import { emptyTree, type ClientChange, type ClientTree } from './clientTree';
import { diffClientTrees, type TreeChange } from './diffClientTrees';
import type { FilterableListing } from './filter/countTerms';
import type { FilteredListing } from './filter/facets';
import { createFilter, isListingShown, parseFilter } from './filter/filter';
import { DisposableStore, type Disposable } from '../kernel/disposables';
import { Emitter, type Event } from '../kernel/events';
import type { BackupFacts } from './backups/backupFacts';
import type { LastBackups } from './backups/lastBackups';
import type { BackupClient } from '../service/model';
import type { BackupApi } from '../service/api';
import type { Clock } from '../kernel/clock';
import type { Log } from '../kernel/log';
import type { OperationAction } from '../service/actions';
import type { GroupBy } from './grouping/groupBy';
import { joinListings, type ListingPart } from './joinListings';
import type { Listing } from './listing';
import type { ClientChanges } from './seen/seenClients';
import type { Session } from './session';

/** What the user chose about the tree. */
export interface TreeChoices {
  groupBy(): GroupBy;
  /** What shown clients match: see `parseFilter`. Empty shows all. */
  filter(): string;
  /** Minutes without a heartbeat after which an active client needs attention; 0 turns the check off. */
  staleMinutes(): number;
  /** Fires when one of them changed. */
  readonly onDidChange: Event<void>;
}

/** The current tree, and what to redraw when it changes. */
export interface TreeModel extends Disposable {
  readonly tree: ClientTree;
  /** All clients by listing, shown or not. */
  readonly filterable: readonly FilterableListing[];
  /** Fires only when something that's shown changed. */
  readonly onDidChange: Event<TreeChange>;
  /** Fires after each change of the session or a choice, when the tree is up to date, whether it changed or not. */
  readonly onDidRebuild: Event<void>;
}

/** What operations know about the clients of a listing, by client key, and the list might not show yet. */
export interface OperationFacts {
  readonly inOperation: ReadonlyMap<string, ClientChange>;
  readonly leftovers: ReadonlySet<string>;
  readonly unwatched: ReadonlyMap<string, OperationAction>;
}

/** What the client tree asks of operations. */
export interface OperationsOnClients {
  factsOf(listing: Pick<Listing, 'scope' | 'inventory'>): OperationFacts;
  readonly onDidChange: Event<unknown>;
}

/** What the client tree asks of ECS. */
export interface VpcFacts {
  /** ID of the VPC by instance ID, as far as it's known; '' for a classic network. The same map until that changes. */
  vpcIdsOf(listing: Pick<Listing, 'key'>): ReadonlyMap<string, string>;
  readonly onDidChange: Event<void>;
}

/** Follows the shown listings, the running operations, and the user's choices. */
export function createTreeModel(deps: {
  readonly session: Pick<Session, 'listings' | 'onDidChange'>;
  readonly operations: OperationsOnClients;
  readonly vpcs: VpcFacts;
  readonly backups: Pick<LastBackups, 'factsOf' | 'onDidChange'>;
  readonly choices: TreeChoices;
  /** Offset of the service's clock, which heartbeats are by, from this computer's. */
  readonly api: Pick<BackupApi, 'clockOffsetMs'>;
  readonly clock: Clock;
  readonly log: Log;
}): TreeModel {
  const { session, operations, vpcs, backups, choices, api, clock, log } = deps;
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<TreeChange>());
  const rebuilds = owned.add(new Emitter<void>());
  let built: ReadonlyMap<string, BuiltListing> = new Map();
  let tree = emptyTree;

  const build = (listing: Listing, facts: OperationFacts, before: BuiltListing | undefined): BuiltListing => {
    const { scope, profile, inventory, changes: since } = listing;
    const nowMs = clock.now() + (api.clockOffsetMs(scope) ?? 0);
    const { clients, listedAt } = inventory.state;
    const vpcIds = vpcs.vpcIdsOf(listing);
    const backupFacts = backups.factsOf(listing);
    const filtered = { scope, profileName: profile.name, nowMs, ...(since && { changes: since }) };
    const filter = choices.filter();
    const tree = buildClientTree(
      {
        scope,
        clients,
        groupBy: choices.groupBy(),
        nowMs,
        staleMinutes: choices.staleMinutes(),
        ...facts,
        vpcIds,
        backups: backupFacts,
        ...(filter !== '' && { isShown: createFilter(parseFilter(filter), filtered) }),
      },
      before?.tree,
    );
    return { clients, listedAt, since, vpcIds, backupFacts, ...facts, filtered, tree };
  };
  /**
   * An unchanged listing keeps its tree: others might change several times a second. One that was listed again is judged
   * again even where it has the same clients: time has passed, and heartbeats are judged by that.
   */
  const builtOf = (listing: Listing, chosenAnew: boolean): BuiltListing => {
    const { clients, listedAt } = listing.inventory.state;
    const facts = operations.factsOf(listing);
    const before = built.get(listing.key);
    const same =
      !chosenAnew &&
      before?.clients === clients &&
      before.listedAt === listedAt &&
      before.filtered.profileName === listing.profile.name &&
      before.since === listing.changes &&
      before.vpcIds === vpcs.vpcIdsOf(listing) &&
      before.backupFacts === backups.factsOf(listing) &&
      sameFacts(before, facts);
    return same ? before : build(listing, facts, before);
  };
  const rebuild = (chosenAnew = false): void => {
    const { listings } = session;
    built = new Map(listings.map((listing) => [listing.key, builtOf(listing, chosenAnew)]));
    const before = tree;
    const filter = parseFilter(choices.filter());
    tree = joinListings(
      listings.map((listing) => ({
        ...partOf(listing, built.get(listing.key)?.tree ?? emptyTree),
        isShown: isListingShown(filter, { scope: listing.scope, profileName: listing.profile.name }),
      })),
    );
    const change = diffClientTrees(before, tree);
    if (change.root || change.ids.length > 0) {
      log.write('debug', `tree changed, drawn again: ${change.root ? 'all' : String(change.ids.length)}`);
      changes.fire(change);
    }
    rebuilds.fire();
  };
  owned.add(session.onDidChange(() => rebuild()));
  owned.add(vpcs.onDidChange(() => rebuild()));
  owned.add(backups.onDidChange(() => rebuild()));
  // An operation changes with every check of its tasks, the tree only when a client enters or leaves an operation.
  owned.add(
    operations.onDidChange(() => {
      const entered = session.listings.some((listing) => {
        const before = built.get(listing.key);
        return !before || !sameFacts(before, operations.factsOf(listing));
      });
      if (entered) rebuild();
    }),
  );
  owned.add(choices.onDidChange(() => rebuild(true)));
  rebuild();

  return {
    get tree() {
      return tree;
    },
    get filterable() {
      return [...built.values()].map(({ filtered, tree: { all } }) => ({ listing: filtered, clients: all }));
    },
    onDidChange: changes.event,
    onDidRebuild: rebuilds.event,
    dispose: () => owned.dispose(),
  };
}

/** The tree of a listing, and what it was built from. */
interface BuiltListing extends OperationFacts {
  readonly clients: ReadonlyMap<string, BackupClient>;
  readonly listedAt: number | undefined;
  readonly since: ClientChanges | undefined;
  readonly vpcIds: ReadonlyMap<string, string>;
  readonly backupFacts: BackupFacts;
  readonly filtered: FilteredListing;
  readonly tree: ListingTree;
}

function partOf(listing: Listing, tree: ClientTree): Omit<ListingPart, 'isShown'> {
  const { key, inventory, state } = listing;
  return { listing: { id: key, label: scopeLabelOf(listing), state, inventory: inventory.state }, tree };
}

function sameFacts(a: OperationFacts, b: OperationFacts): boolean {
  return (
    sameEntries(a.inOperation, b.inOperation, sameChange) &&
    sameKeys(a.leftovers, b.leftovers) &&
    sameEntries(a.unwatched, b.unwatched, (one, other) => one === other)
  );
}

function sameKeys(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((key) => b.has(key));
}

function sameEntries<T>(
  a: ReadonlyMap<string, T>,
  b: ReadonlyMap<string, T>,
  same: (one: T, other: T) => boolean,
): boolean {
  return (
    a.size === b.size &&
    [...a].every(([key, value]) => {
      const other = b.get(key);
      return other !== undefined && same(value, other);
    })
  );
}

function sameChange(a: ClientChange, b: ClientChange): boolean {
  return a.action === b.action && a.stage === b.stage;
}
