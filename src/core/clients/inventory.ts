import { keyClients, machineKeyOf } from './clientFacts';
import { throwIfCancelled } from '../cancelled';
import type { Disposable } from '../disposables';
import { isCancelled, toBackupError, type BackupError } from '../errors';
import { Emitter, type Event } from '../events';
import type { BackupClient } from '../model';
import type { BackupApi, Clock, ListingStore, Log } from '../ports';
import { scopeKey, type Scope } from '../scope';

/** What is known of one scope now. */
export interface InventoryState {
  readonly scope: Scope;
  readonly clients: ReadonlyMap<string, BackupClient>;
  /** `stored`: rows that were not read again yet, of an earlier listing or of one that was stopped. */
  readonly phase: 'empty' | 'stored' | 'loading' | 'ready' | 'failed';
  /** While loading: rows received, and all rows as the service counts them. */
  readonly received: number;
  readonly total: number | undefined;
  /** Milliseconds since 1970: when the rows were last listed whole. */
  readonly listedAt: number | undefined;
  /** True when rows kept moving while they were read. */
  readonly changedWhileReading: boolean;
  readonly error: BackupError | undefined;
}

export interface Inventory extends Disposable {
  /** Undefined while signed out. */
  readonly state: InventoryState | undefined;
  readonly onDidChange: Event<InventoryState | undefined>;
  /**
   * Shows another scope, or none. Everything of the old one is dropped and its calls are cancelled before this
   * returns; the last stored listing of the new one appears as soon as it is read.
   */
  open(scope: Scope | undefined): void;
  /** Lists the scope again. A second call joins the first. Failures end in the state, not in a rejection. */
  refresh(): Promise<void>;
  /** Takes rows that were read by id; `missingKeys` were asked for and are gone. Rows of another scope are ignored. */
  update(scope: Scope, clients: readonly BackupClient[], missingKeys?: readonly string[]): void;
  /** Cancels a running listing; rows that came stay. */
  stop(): void;
}

// Rows are painted as pages come, but not more often than this.
const paintEveryMs = 200;
// How many ids one read by id takes: what the page size allows.
const idsPerRead = 99;

/** Holds the last listing of the scope in view. Starts nothing by itself. */
export function createInventory(world: {
  readonly api: Pick<BackupApi, 'listClients'>;
  readonly listings: ListingStore;
  readonly clock: Clock;
  readonly log: Log;
}): Inventory {
  return new ScopedInventory(world.api, world.listings, world.clock, world.log);
}

interface Listing {
  readonly done: Promise<void>;
  readonly abort: AbortController;
  /** Rows that were read by id while it runs: later than its pages, so they win over them. */
  readonly readById: BackupClient[];
}

class ScopedInventory implements Inventory {
  readonly #api: Pick<BackupApi, 'listClients'>;
  readonly #listings: ListingStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #changes = new Emitter<InventoryState | undefined>();
  #state: InventoryState | undefined;
  #listing: Listing | undefined;
  #restored: Promise<void> = Promise.resolve();

  readonly onDidChange = this.#changes.event;

  constructor(api: Pick<BackupApi, 'listClients'>, listings: ListingStore, clock: Clock, log: Log) {
    this.#api = api;
    this.#listings = listings;
    this.#clock = clock;
    this.#log = log;
  }

  get state(): InventoryState | undefined {
    return this.#state;
  }

  open(scope: Scope | undefined): void {
    this.#abandon();
    // Everything is in place before anybody hears of it: a listener may well ask for a listing.
    this.#state = scope && {
      scope,
      clients: new Map(),
      phase: 'empty',
      received: 0,
      total: undefined,
      listedAt: undefined,
      changedWhileReading: false,
      error: undefined,
    };
    this.#restored = scope ? this.#restore(scope) : Promise.resolve();
    this.#changes.fire(this.#state);
  }

  refresh(): Promise<void> {
    if (!this.#state) return Promise.resolve();
    if (this.#listing) return this.#listing.done;
    const abort = new AbortController();
    const readById: BackupClient[] = [];
    const done = this.#list(this.#state.scope, readById, abort.signal).finally(() => {
      if (this.#listing?.abort === abort) this.#listing = undefined;
    });
    this.#listing = { done, abort, readById };
    return done;
  }

  update(scope: Scope, clients: readonly BackupClient[], missingKeys: readonly string[] = []): void {
    const state = this.#state;
    if (!state || scopeKey(state.scope) !== scopeKey(scope)) return;
    this.#listing?.readById.push(...clients);
    const gone = new Set(missingKeys);
    const kept = [...state.clients].filter(([key]) => !gone.has(key)).map(([, client]) => client);
    this.#set({ ...state, clients: merge(kept, clients) });
    this.#store();
  }

  stop(): void {
    this.#abandon();
    const state = this.#state;
    if (state?.phase === 'loading') {
      const nothingKnown = state.listedAt === undefined && state.clients.size === 0;
      this.#set({ ...state, phase: nothingKnown ? 'empty' : 'stored' });
    }
  }

  dispose(): void {
    this.#abandon();
    this.#changes.dispose();
  }

  #abandon(): void {
    const listing = this.#listing;
    this.#listing = undefined;
    listing?.abort.abort();
  }

  async #list(scope: Scope, readById: readonly BackupClient[], signal: AbortSignal): Promise<void> {
    await this.#restored;
    const before = this.#state;
    if (!before || isAborted(signal)) return;
    const known = before.clients;
    this.#set({ ...before, phase: 'loading', received: 0, total: undefined, error: undefined });
    const listed: BackupClient[] = [];
    // The first page is waited for only where nothing stands yet; a quick refresh is painted once, at its end.
    let paintedAt = known.size === 0 ? Number.NEGATIVE_INFINITY : this.#clock.now();
    try {
      const pages = this.#api.listClients(scope, {}, { signal });
      let step = await pages.next();
      while (!step.done) {
        throwIfCancelled(signal);
        listed.push(...step.value.clients);
        const { total } = step.value;
        if (this.#clock.now() - paintedAt >= paintEveryMs) {
          paintedAt = this.#clock.now();
          this.#change((state) => ({
            ...state,
            clients: merge([...merge([...known.values()], listed).values()], readById),
            received: listed.length,
            total,
          }));
        }
        step = await pages.next();
      }
      throwIfCancelled(signal);
      const { changedWhileReading } = step.value;
      const stillThere = await this.#readAbsent(scope, known, keyClients(listed), signal);
      throwIfCancelled(signal);
      this.#change((state) => ({
        ...state,
        clients: merge([...keyClients([...listed, ...stillThere]).values()], readById),
        phase: 'ready',
        received: listed.length,
        total: listed.length,
        listedAt: this.#clock.now(),
        changedWhileReading,
      }));
      this.#store();
    } catch (error) {
      if (isCancelled(error) || isAborted(signal)) return;
      const failure = toBackupError(error);
      this.#log.write('error', 'listing failed', failure);
      this.#change((state) => ({ ...state, phase: 'failed', error: failure }));
    }
  }

  /** A client that a listing missed is gone only when a read by its id misses it too. */
  async #readAbsent(
    scope: Scope,
    known: ReadonlyMap<string, BackupClient>,
    listed: ReadonlyMap<string, BackupClient>,
    signal: AbortSignal,
  ): Promise<readonly BackupClient[]> {
    const absent = [...known].filter(([key]) => !listed.has(key)).map(([, client]) => client);
    // By the id that names the machine: the InstanceId of a local client is a fingerprint, no ECS instance.
    const byInstance = (client: BackupClient) => client.clientType === 'ECS_CLIENT' || !client.clientId;
    const instanceIds = absent.flatMap((client) => (byInstance(client) ? (client.instanceId ?? []) : []));
    const clientIds = absent.flatMap((client) =>
      byInstance(client) && client.instanceId ? [] : (client.clientId ?? []),
    );
    const found: BackupClient[] = [];
    for (const [kind, ids] of [
      ['instanceIds', instanceIds],
      ['clientIds', clientIds],
    ] as const) {
      for (let at = 0; at < ids.length; at += idsPerRead) {
        const query = { [kind]: ids.slice(at, at + idsPerRead) };
        for await (const page of this.#api.listClients(scope, query, { signal })) found.push(...page.clients);
      }
    }
    return found;
  }

  async #restore(scope: Scope): Promise<void> {
    try {
      const stored = await this.#listings.read(scope);
      if (!stored || this.#state?.scope !== scope || this.#state.phase !== 'empty') return;
      this.#set({
        ...this.#state,
        clients: keyClients(stored.clients),
        phase: 'stored',
        listedAt: stored.listedAt,
      });
    } catch (error) {
      this.#log.write('warn', 'stored listing could not be read', error);
    }
  }

  #store(): void {
    const state = this.#state;
    if (state?.listedAt === undefined) return;
    this.#listings
      .write(state.scope, { clients: [...state.clients.values()], listedAt: state.listedAt })
      .catch((error: unknown) => {
        this.#log.write('warn', 'listing could not be stored', error);
      });
  }

  #change(next: (state: InventoryState) => InventoryState): void {
    if (this.#state) this.#set(next(this.#state));
  }

  #set(state: InventoryState | undefined): void {
    this.#state = state;
    this.#changes.fire(state);
  }
}

// Behind a function, since a signal aborts while its reader waits and the compiler cannot know.
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/**
 * The rows of `older` with those of `newer` in their place. A machine that stood once is one and the same row although
 * an install changed its ClientId; where two clients share a machine, the ClientId tells which of them was read.
 */
function merge(older: readonly BackupClient[], newer: readonly BackupClient[]): Map<string, BackupClient> {
  const rowsBefore = new Map<string, number>();
  for (const client of older) {
    const machine = machineKeyOf(client);
    rowsBefore.set(machine, (rowsBefore.get(machine) ?? 0) + 1);
  }
  const readOf = new Map<string, Set<string | undefined>>();
  for (const client of newer) {
    const machine = machineKeyOf(client);
    readOf.set(machine, (readOf.get(machine) ?? new Set()).add(client.clientId));
  }
  const kept = older.filter((client) => {
    const machine = machineKeyOf(client);
    const read = readOf.get(machine);
    return !read || (rowsBefore.get(machine) !== 1 && !read.has(client.clientId));
  });
  return keyClients([...kept, ...newer]);
}
