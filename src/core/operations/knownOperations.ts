import type { Disposable } from '../kernel/disposables';
import { isCancelled } from '../service/errors';
import { Emitter } from '../kernel/events';
import { closeRecords, followOperation, type FollowingWorld, type Tracked } from './followOperation';
import { Ledger, type LedgerState, type Retention } from './ledger';
import { Nap } from '../kernel/nap';
import type { Operation } from './operation';
import { OperationJournal } from './operationJournal';
import type { Lease, LeaseStore } from './stores';
import type { ClientReading } from '../clients/readClients';

export interface KnownOperationsWorld extends FollowingWorld {
  readonly leases: LeaseStore;
  /** Absent: 90 days. */
  readonly retention?: Retention;
}

// How soon an operation of a window that died is taken over, after its lease has run out, and how soon what the disk
// failed with is tried again.
const seekEveryMs = 5_000;

/**
 * The operations that this window knows: it reads their records, and follows those that no other living window follows.
 * However following stops short of the end, it is taken up again, here or in another window.
 */
export class KnownOperations implements Disposable {
  readonly #world: KnownOperationsWorld;
  readonly #ledger: Ledger;
  readonly #tracked = new Map<string, Tracked>();
  /** What the disk failed with, by the operation; and for the ledger as a whole. */
  readonly #failures = new Map<string, string>();
  #ledgerFailure: string | undefined;
  readonly #changes = new Emitter<Operation>();
  readonly #ends = new Emitter<Operation>();
  readonly #removals = new Emitter<string>();
  readonly #readings = new Emitter<ClientReading>();
  readonly #ledgerChanges = new Emitter<void>();
  readonly #disposal = new AbortController();
  #seeking = false;

  readonly onDidChange = this.#changes.event;
  readonly onDidEnd = this.#ends.event;
  readonly onDidRemove = this.#removals.event;
  readonly onDidReadClients = this.#readings.event;
  readonly onDidChangeLedger = this.#ledgerChanges.event;

  constructor(world: KnownOperationsWorld) {
    this.#world = world;
    this.#ledger = new Ledger(world.records, world.clock, world.log, world.retention);
  }

  /** Newest first. */
  list(): readonly Operation[] {
    return [...this.#tracked.values()]
      .map(({ journal }) => journal.operation)
      .sort((a, b) => b.startedAt - a.startedAt);
  }

  get(id: string): Tracked | undefined {
    return this.#tracked.get(id);
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  /** See `Operations.ledger`. */
  get ledgerState(): LedgerState {
    const [failure] = this.#failures.values();
    const unreadable = this.#ledgerFailure ?? failure;
    return { damaged: this.#ledger.damaged, ...(unreadable === undefined ? {} : { unreadable }) };
  }

  /** Aborts when this window ends. */
  get disposal(): AbortSignal {
    return this.#disposal.signal;
  }

  /** Reads the records and takes up what no living window follows. What the disk fails with is tried again. */
  async resume(): Promise<void> {
    await this.#readLedger();
    this.#seek();
  }

  async loadOlder(): Promise<void> {
    await Promise.all(this.#ledger.nextOlder().map((id) => this.#load(id)));
  }

  /** Takes in an open operation that another window began. Throws what the disk fails with. */
  async read(id: string): Promise<Tracked | undefined> {
    const read = await this.#world.records.read(id);
    this.#noteFailure(id, undefined);
    if (!read || this.#ledger.isNewer(id, read.records)) return undefined;
    const known = this.#tracked.get(id);
    if (known || this.#disposal.signal.aborted) return known;
    const journal = OperationJournal.open(this.#world, id, read);
    if (!journal) return undefined;
    const tracked = this.track(journal);
    this.#tell(this.#changes, journal.operation);
    // Its end may come without another event of the disk.
    this.#seek();
    return tracked;
  }

  /** Another window wrote: to an operation that is known here, or to a new one. */
  async takeIn(id: string): Promise<void> {
    const tracked = this.#tracked.get(id);
    if (tracked) await this.#reread(id, tracked);
    else await this.#load(id);
    this.#seek();
  }

  track(journal: OperationJournal): Tracked {
    const tracked: Tracked = { journal, nap: new Nap(), nextChecks: new Map() };
    this.#tracked.set(journal.operation.id, tracked);
    journal.onDidChange((operation) => {
      this.#tell(this.#changes, operation);
    });
    return tracked;
  }

  forget(id: string): void {
    this.#noteFailure(id, undefined);
    if (this.#tracked.delete(id)) this.#tell(this.#removals, id);
  }

  /** Sends or follows in the background until the end, the loss of the lease or disposal. */
  follow(tracked: Tracked, lease: Lease, sends: boolean): void {
    const { journal } = tracked;
    const following = followOperation(this.#world, tracked, lease, sends, {
      onSchedule: () => {
        this.#tell(this.#changes, journal.operation);
      },
      onReading: (reading) => {
        this.#tell(this.#readings, reading);
      },
      onLose: () => {
        this.#seek();
      },
      onEnd: () => {
        this.#tell(this.#ends, journal.operation);
      },
    }).then(async () => {
      for (const id of await this.#ledger.sweep()) this.forget(id);
    });
    this.#background(
      following.finally(() => {
        this.#seek();
      }),
    );
  }

  /** The ledger changed on request. */
  tellLedger(): void {
    this.#tell(this.#ledgerChanges, undefined);
  }

  dispose(): void {
    this.#disposal.abort();
    for (const { following } of this.#tracked.values()) following?.dispose();
    for (const emitter of [this.#changes, this.#ends, this.#removals, this.#readings, this.#ledgerChanges]) {
      emitter.dispose();
    }
  }

  async #readLedger(): Promise<void> {
    try {
      const { open, latest } = await this.#ledger.open();
      this.#ledgerFailure = undefined;
      this.tellLedger();
      await Promise.all([...latest, ...open].map((id) => this.#load(id)));
      await this.#takeUp(open);
    } catch (error) {
      const failure = inWords(error);
      if (failure === this.#ledgerFailure) return;
      this.#world.log.write('error', 'the records of operations could not be read', error);
      this.#ledgerFailure = failure;
      this.tellLedger();
    }
  }

  async #load(id: string): Promise<void> {
    try {
      await this.read(id);
    } catch (error) {
      this.#noteFailure(id, error);
    }
  }

  async #reread(id: string, { journal, following }: Tracked): Promise<void> {
    try {
      const exists = await journal.reread();
      this.#noteFailure(id, undefined);
      if (!exists && !following) this.forget(id);
    } catch (error) {
      this.#noteFailure(id, error);
    }
  }

  /** Remembers that the disk failed, until it does not: it is tried again while it is remembered. */
  #noteFailure(id: string, error: unknown): void {
    const before = this.#failures.get(id);
    const failure = error === undefined ? undefined : inWords(error);
    if (failure === before) return;
    if (failure === undefined) this.#failures.delete(id);
    else {
      this.#world.log.write('error', `records could not be read, operation: ${id}`, error);
      this.#failures.set(id, failure);
    }
    this.tellLedger();
    this.#seek();
  }

  /** Looks every few seconds for operations that no living window follows, as long as there is one to look for. */
  #seek(): void {
    if (this.#seeking || this.#disposal.signal.aborted || !this.#hasToSeek()) return;
    this.#seeking = true;
    const seek = async (): Promise<void> => {
      try {
        do {
          await this.#world.clock.sleep(seekEveryMs, { signal: this.#disposal.signal });
          if (this.#ledgerFailure !== undefined) await this.#readLedger();
          const failed = [...this.#failures.keys()];
          for (const id of failed) await this.takeIn(id);
          await this.#takeUp([...new Set([...this.#unfollowed(), ...failed])]);
        } while (this.#hasToSeek());
      } finally {
        this.#seeking = false;
      }
    };
    this.#background(seek());
  }

  #hasToSeek(): boolean {
    return this.#ledgerFailure !== undefined || this.#failures.size > 0 || this.#unfollowed().length > 0;
  }

  #unfollowed(): readonly string[] {
    return [...this.#tracked]
      .filter(([, { journal, following }]) => !following && journal.operation.phase !== 'ended')
      .map(([id]) => id);
  }

  /** Follows each operation whose lease is free. */
  async #takeUp(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      let lease: Lease | undefined;
      try {
        lease = await this.#world.leases.take(id);
        if (lease && (await this.#takeUpWith(id, lease))) lease = undefined;
      } catch (error) {
        this.#noteFailure(id, error);
      } finally {
        lease?.dispose();
      }
    }
  }

  /** True when the operation is followed from here, which takes the lease over. */
  async #takeUpWith(id: string, lease: Lease): Promise<boolean> {
    const tracked = this.#tracked.get(id) ?? (await this.read(id));
    const exists = (await tracked?.journal.reread()) ?? false;
    this.#noteFailure(id, undefined);
    if (this.#disposal.signal.aborted || tracked?.following) return false;
    if (!tracked || !exists) {
      await this.#ledger.discard(id);
      this.forget(id);
      this.tellLedger();
      return false;
    }
    if (tracked.journal.operation.phase === 'ended') {
      // Its window died between the last record and closing the file.
      await closeRecords(this.#world, id);
      return false;
    }
    this.#world.log.write('info', `followed on here, operation: ${id}`);
    this.follow(tracked, lease, false);
    return true;
  }

  /** A listener's fault must not stop an operation. */
  #tell<T>(emitter: Emitter<T>, value: T): void {
    try {
      emitter.fire(value);
    } catch (error) {
      this.#world.log.write('error', 'a listener of operations failed', error);
    }
  }

  #background(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!isCancelled(error)) this.#world.log.write('error', 'following an operation failed', error);
    });
  }
}

function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
