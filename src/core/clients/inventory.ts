import { keyClients, loneKeyOf, machineKeyOf, sharedKeyOf } from '../service/clientFacts';
import { throwIfCancelled } from '../kernel/cancelled';
import { readClients } from './readClients';
import type { Disposable } from '../kernel/disposables';
import { isCancelled, toBackupError, type BackupError } from '../service/errors';
import { Emitter, type Event } from '../kernel/events';
import type { BackupClient } from '../service/model';
import type { BackupApi } from '../service/api';
import type { Clock } from '../kernel/clock';
import { knownOr, ListedPages, merge, type Rows } from './listedRows';
import type { ListingStore } from './storedListing';
import type { Log } from '../kernel/log';
import type { Scope } from '../service/scope';
import { meetsFilter } from '../service/serviceFilter';

/** What's known of one scope now. */
export interface InventoryState {
  readonly scope: Scope;
  readonly clients: ReadonlyMap<string, BackupClient>;
  /** `stored`: the rows are of an earlier listing, or of one that was stopped. */
  readonly phase: 'empty' | 'stored' | 'loading' | 'ready' | 'failed';
  /** While loading: number of rows received, and of all rows according to the service. */
  readonly received: number;
  readonly total: number | undefined;
  /** When all rows were last listed, in milliseconds since 1970. */
  readonly listedAt: number | undefined;
  /** True when the list kept changing while it was being read. */
  readonly changedWhileReading: boolean;
  readonly error: BackupError | undefined;
}

/** The last listing of one scope. */
export interface Inventory extends Disposable {
  readonly state: InventoryState;
  readonly onDidChange: Event<InventoryState>;
  /** Lists the scope again. A second call joins the first. Failures end in the state, not in a rejection. */
  refresh(): Promise<void>;
  /**
   * Takes over rows that were read by ID; those of `missingKeys` weren't found and go. A client outside the scope's filter
   * isn't added. One that is a row stays until the next listing, so an upgrade that's being tracked doesn't lose its row.
   */
  update(clients: readonly BackupClient[], missingKeys?: readonly string[]): void;
  /** Cancels a running listing; rows that were received stay. */
  stop(): void;
  /** Cancels everything, drops the rows, and fires no more events. */
  dispose(): void;
}

// Rows are shown as pages arrive, as often as that takes an eighth of the time, within these limits. Where showing them takes
// longer than the rarest pause, the pause is as long: a slow computer gets on with the list.
const shareOfTime = 8;
const oftenestMs = 200;
const rarestMs = 1000;

/** Starts with the cached listing of a scope; {@link Inventory.refresh} lists it. */
export function createInventory(deps: {
  readonly scope: Scope;
  readonly api: Pick<BackupApi, 'listClients'>;
  /** Absent: no earlier listing is shown, and none is cached. */
  readonly listings: Pick<ListingStore, 'read' | 'write'> | undefined;
  readonly clock: Clock;
  readonly log: Log;
}): Inventory {
  return new ScopedInventory(deps);
}

/** What was read by ID while a listing runs. It's newer than the pages, so it wins. */
interface ReadById {
  readonly rows: BackupClient[];
  /** Keys of rows that weren't found. */
  readonly missing: Set<string>;
}

interface Run {
  readonly done: Promise<void>;
  readonly abort: AbortController;
  readonly readById: ReadById;
  /** Known rows with what the pages have so far; absent until it has begun. */
  soFar?: () => Rows;
}

class ScopedInventory implements Inventory {
  readonly #api: Pick<BackupApi, 'listClients'>;
  readonly #listings: Pick<ListingStore, 'read' | 'write'> | undefined;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #changes = new Emitter<InventoryState>();
  readonly #restored: Promise<void>;
  #state: InventoryState;
  #run: Run | undefined;
  #disposed = false;

  readonly onDidChange = this.#changes.event;

  constructor(deps: Parameters<typeof createInventory>[0]) {
    this.#api = deps.api;
    this.#listings = deps.listings;
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#state = nothingKnownOf(deps.scope);
    this.#restored = this.#restore();
  }

  get state(): InventoryState {
    return this.#state;
  }

  refresh(): Promise<void> {
    if (this.#disposed) return Promise.resolve();
    if (this.#run) return this.#run.done;
    const abort = new AbortController();
    const readById: ReadById = { rows: [], missing: new Set() };
    const done = this.#list(readById, abort.signal).finally(() => {
      if (this.#run?.abort === abort) this.#run = undefined;
    });
    this.#run = { done, abort, readById };
    return done;
  }

  update(clients: readonly BackupClient[], missingKeys: readonly string[] = []): void {
    if (this.#disposed) return;
    const rows = rowsAmong(this.#state, clients);
    if (this.#run) note(this.#run.readById, rows, missingKeys);
    const gone = new Set(missingKeys);
    const { clients: known } = this.#state;
    this.#set({
      clients: merge(
        without(known, gone),
        rows.map((row) => knownOr(row, known)),
      ),
    });
    this.#store();
  }

  stop(): void {
    const received = this.#run?.soFar?.();
    this.#abandon();
    const { phase, listedAt, clients: shown } = this.#state;
    if (phase !== 'loading') return;
    const clients = received ?? shown;
    this.#set({ clients, phase: listedAt === undefined && clients.size === 0 ? 'empty' : 'stored' });
  }

  dispose(): void {
    this.#disposed = true;
    this.#changes.dispose();
    this.#state = nothingKnownOf(this.#state.scope);
    this.#abandon();
  }

  #abandon(): void {
    const run = this.#run;
    this.#run = undefined;
    run?.abort.abort();
  }

  async #list(readById: ReadById, signal: AbortSignal): Promise<void> {
    await this.#restored;
    if (isAborted(signal)) return;
    const { scope, clients: known } = this.#state;
    this.#set({ phase: 'loading', received: 0, total: undefined, error: undefined });
    const pages = new ListedPages(known);
    const soFar = (): Rows => withRead(pages.soFar(), readById);
    if (this.#run) this.#run.soFar = soFar;
    let pauseMs = oftenestMs;
    // The first page is shown at once only when there are no rows yet; a quick refresh is shown once, at its end.
    let publishedAt = known.size === 0 ? Number.NEGATIVE_INFINITY : this.#clock.monotonic();
    try {
      const reading = this.#api.listClients(scope, {}, { signal });
      let step = await reading.next();
      while (!step.done) {
        throwIfCancelled(signal);
        pages.add(step.value.clients);
        const { total } = step.value;
        const now = this.#clock.monotonic();
        if (now - publishedAt >= pauseMs) {
          this.#set({ clients: soFar(), received: pages.count, total });
          publishedAt = this.#clock.monotonic();
          pauseMs = pauseAfter(publishedAt - now);
        }
        step = await reading.next();
      }
      throwIfCancelled(signal);
      const { changedWhileReading } = step.value;
      const stillThere = await this.#readAbsent(scope, known, pages.all(), signal);
      throwIfCancelled(signal);
      this.#set({
        clients: withRead(pages.all(stillThere), readById),
        phase: 'ready',
        received: pages.count,
        total: pages.count,
        listedAt: this.#clock.now(),
        changedWhileReading,
      });
      this.#store();
    } catch (error) {
      if (isCancelled(error) || isAborted(signal)) return;
      const failure = toBackupError(error);
      this.#log.write('error', 'listing failed', failure);
      // Those too that came after rows were shown last.
      this.#set({ clients: soFar(), received: pages.count, phase: 'failed', error: failure });
    }
  }

  /** A client that isn't in a listing is gone only when a read by its ID doesn't find it there either. */
  async #readAbsent(
    scope: Scope,
    known: ReadonlyMap<string, BackupClient>,
    listed: ReadonlyMap<string, BackupClient>,
    signal: AbortSignal,
  ): Promise<readonly BackupClient[]> {
    if (listed === known) return [];
    const absent = [...known]
      .filter(([key]) => !listed.has(key))
      .map(([key, { instanceId, clientId }]) => ({ key, instanceId, clientId }));
    const { clients } = await readClients(this.#api, scope, absent, { signal });
    return clients.filter((client) => meetsFilter(client, scope.filter));
  }

  async #restore(): Promise<void> {
    try {
      const stored = await this.#listings?.read(this.#state.scope);
      if (!stored || this.#disposed || this.#state.phase !== 'empty') return;
      this.#set({ clients: keyClients(stored.clients), phase: 'stored', listedAt: stored.listedAt });
    } catch (error) {
      this.#log.write('warn', 'stored listing could not be read', error);
    }
  }

  #store(): void {
    const { scope, clients, listedAt } = this.#state;
    if (listedAt === undefined) return;
    this.#listings?.write(scope, { clients: [...clients.values()], listedAt }).catch((error: unknown) => {
      this.#log.write('warn', 'listing could not be stored', error);
    });
  }

  #set(change: Partial<InventoryState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changes.fire(this.#state);
  }
}

/** How long no rows are shown after showing some took that long; both in milliseconds. */
function pauseAfter(tookMs: number): number {
  return Math.max(oftenestMs, Math.min(shareOfTime * tookMs, Math.max(rarestMs, tookMs)));
}

function nothingKnownOf(scope: Scope): InventoryState {
  return {
    scope,
    clients: new Map(),
    phase: 'empty',
    received: 0,
    total: undefined,
    listedAt: undefined,
    changedWhileReading: false,
    error: undefined,
  };
}

// A function, because the compiler doesn't know that `aborted` can change across an await.
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Clients that were read by ID and have a row, or get one: all where nothing narrows the listing. */
function rowsAmong(
  { scope: { filter }, clients }: Pick<InventoryState, 'scope' | 'clients'>,
  read: readonly BackupClient[],
): readonly BackupClient[] {
  if (!filter) return read;
  const readIds = new Set(read.map(({ clientId }) => clientId));
  const rows = [...clients.values()];
  // An install gives the client of a row another ClientId; another client of its instance leaves it as it is.
  const hasRow = (client: BackupClient): boolean =>
    rows.some(
      (row) =>
        machineKeyOf(row) === machineKeyOf(client) &&
        (row.clientId === client.clientId || !readIds.has(row.clientId)),
    );
  return read.filter((client) => meetsFilter(client, filter) || hasRow(client));
}

function note(
  { rows, missing }: ReadById,
  read: readonly BackupClient[],
  missingKeys: readonly string[],
): void {
  for (const key of missingKeys) missing.add(key);
  for (const row of read) {
    rows.push(row);
    missing.delete(loneKeyOf(row));
    missing.delete(sharedKeyOf(row));
  }
}

/** Rows of a listing with what was read by ID meanwhile. */
function withRead(listed: Rows, { rows, missing }: ReadById): Rows {
  return merge(without(listed, missing), rows);
}

/** The rows without those keys; the same object where it has none of them. */
function without(rows: Rows, keys: ReadonlySet<string>): Rows {
  if (![...keys].some((key) => rows.has(key))) return rows;
  return keyClients([...rows].flatMap(([key, client]) => (keys.has(key) ? [] : [client])));
}
