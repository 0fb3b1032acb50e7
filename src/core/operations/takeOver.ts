import { DisposableStore, type Disposable } from '../kernel/disposables';
import { Emitter, fireSafely } from '../kernel/events';
import { isCancelled } from '../service/errors';
import { closeRecords, type FollowDeps, type KnownOperation } from './followOperation';
import type { KnownOperations } from './knownOperations';
import { Ledger, type LedgerState, type Retention } from './ledger';
import { OperationJournal } from './operationJournal';
import type { Lease, LeaseStore } from './stores';

export interface TakeOverDeps extends FollowDeps {
  readonly leases: LeaseStore;
  /** Absent: 90 days. */
  readonly retention?: Retention;
}

// How soon an operation of a window that died is taken over, after its lease has run out, and how soon what the disk
// failed with is tried again.
const seekEveryMs = 5_000;

/** What is being read because another window wrote it. */
interface ExternalChange {
  /** True if it changed again since the reading began. */
  again: boolean;
  done: Promise<void>;
}

/**
 * Reads the records of operations, and follows those that no other living window follows. However following stops short of
 * the end, it's resumed here or in another window. What the disk fails with is tried again every few seconds.
 */
export class TakeOver implements Disposable {
  readonly #deps: TakeOverDeps;
  readonly #known: KnownOperations;
  readonly #ledger: Ledger;
  /** What the disk failed with, by operation; and for the ledger as a whole. */
  readonly #failures = new Map<string, string>();
  #ledgerFailure: string | undefined;
  readonly #ledgerChanges = new Emitter<void>();
  readonly #subscriptions = new DisposableStore();
  #seeking = false;
  readonly #applying = new Map<string, ExternalChange>();
  #noteRunningRead: () => void = () => undefined;

  /** See `Operations.runningRead`. */
  readonly runningRead = new Promise<void>((resolve) => (this.#noteRunningRead = resolve));
  readonly onDidChangeLedger = this.#ledgerChanges.event;

  constructor(deps: TakeOverDeps, known: KnownOperations) {
    this.#deps = deps;
    this.#known = known;
    this.#ledger = new Ledger(deps.records, deps.clock, deps.log, deps.retention);
    this.#subscriptions.add(this.#ledgerChanges);
    this.#subscriptions.add(
      known.onDidStopFollowing(({ ended }) => {
        if (ended) this.#background(this.#sweep());
        this.#seek();
      }),
    );
  }

  /** See `Operations.ledger`. */
  get ledgerState(): LedgerState {
    const [failure] = this.#failures.values();
    const unreadable = this.#ledgerFailure ?? failure;
    return { damaged: this.#ledger.damaged, ...(unreadable === undefined ? {} : { unreadable }) };
  }

  get olderCount(): number {
    return this.#ledger.olderCount;
  }

  /** Reads the records and follows what no living window follows. Never rejects for what the disk fails with. */
  async resume(): Promise<void> {
    await this.#readLedger();
    this.#noteRunningRead();
    this.#seek();
  }

  /** Reads the next ended operations, one after another, so that each takes a turn of its own. */
  async loadOlder(): Promise<void> {
    for (const id of this.#ledger.nextOlder()) await this.#load(id);
  }

  /** See `Ledger.removeOlder`. */
  async removeOlder(): Promise<void> {
    await this.#ledger.removeOlder();
    this.#announceLedger();
  }

  /** Reads an operation that another window started. Undefined if it's unreadable or gone. Throws what the disk fails with. */
  async read(id: string): Promise<KnownOperation | undefined> {
    const read = await this.#deps.records.read(id);
    this.#noteFailure(id, undefined);
    if (!read || this.#ledger.isNewer(id, read.records)) return undefined;
    const known = this.#known.get(id);
    if (known || this.#known.disposal.aborted) return known;
    const journal = OperationJournal.open(this.#deps, id, read);
    if (!journal) return undefined;
    const entry = this.#known.add(journal);
    this.#known.announce(journal.operation);
    // Its end may come without another event of the disk.
    this.#seek();
    return entry;
  }

  /**
   * Reads what another window wrote: to an operation that is known here, or to a new one. While it's being read, changes
   * share one further reading.
   */
  applyExternalChange(id: string): Promise<void> {
    const running = this.#applying.get(id);
    if (running) {
      running.again = true;
      return running.done;
    }
    const change: ExternalChange = { again: true, done: Promise.resolve() };
    this.#applying.set(id, change);
    change.done = this.#apply(id, change);
    return change.done;
  }

  async #apply(id: string, change: ExternalChange): Promise<void> {
    while (change.again) {
      change.again = false;
      const entry = this.#known.get(id);
      if (entry) await this.#reread(id, entry);
      else await this.#load(id);
    }
    this.#applying.delete(id);
    this.#seek();
  }

  forget(id: string): void {
    this.#noteFailure(id, undefined);
    this.#known.forget(id);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #readLedger(): Promise<void> {
    try {
      const open = await this.#ledger.open();
      this.#ledgerFailure = undefined;
      await Promise.all(open.map((id) => this.#load(id)));
      this.#noteRunningRead();
      this.#announceLedger();
      await this.#takeOver(open);
      await this.loadOlder();
      await this.#sweep();
    } catch (error) {
      const failure = messageOf(error);
      if (failure === this.#ledgerFailure) return;
      this.#deps.log.write('error', 'the records of operations could not be read', error);
      this.#ledgerFailure = failure;
      this.#announceLedger();
    }
  }

  async #load(id: string): Promise<void> {
    try {
      await this.read(id);
    } catch (error) {
      this.#noteFailure(id, error);
    }
  }

  async #reread(id: string, { journal, following }: KnownOperation): Promise<void> {
    try {
      const exists = await journal.reread();
      this.#noteFailure(id, undefined);
      if (!exists && !following) this.forget(id);
    } catch (error) {
      this.#noteFailure(id, error);
    }
  }

  /** Remembers that the disk failed until it no longer does: it's tried again while it's remembered. */
  #noteFailure(id: string, error: unknown): void {
    const before = this.#failures.get(id);
    const failure = error === undefined ? undefined : messageOf(error);
    if (failure === before) return;
    if (failure === undefined) this.#failures.delete(id);
    else {
      this.#deps.log.write('error', `records could not be read, operation: ${id}`, error);
      this.#failures.set(id, failure);
    }
    this.#announceLedger();
    this.#seek();
  }

  /** Looks every few seconds for operations that no living window follows, as long as there is one to look for. */
  #seek(): void {
    if (this.#seeking || this.#known.disposal.aborted || !this.#hasToSeek()) return;
    this.#seeking = true;
    const seek = async (): Promise<void> => {
      try {
        do {
          await this.#deps.clock.sleep(seekEveryMs, { signal: this.#known.disposal });
          if (this.#ledgerFailure !== undefined) await this.#readLedger();
          const failed = [...this.#failures.keys()];
          for (const id of failed) await this.applyExternalChange(id);
          await this.#takeOver([...new Set([...this.#known.unfollowed(), ...failed])]);
        } while (this.#hasToSeek());
      } finally {
        this.#seeking = false;
      }
    };
    this.#background(seek());
  }

  #hasToSeek(): boolean {
    return (
      this.#ledgerFailure !== undefined || this.#failures.size > 0 || this.#known.unfollowed().length > 0
    );
  }

  /** Follows each operation whose lease is free. */
  async #takeOver(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      let lease: Lease | undefined;
      try {
        lease = await this.#deps.leases.take(id);
        if (lease && (await this.#takeOverWith(id, lease))) lease = undefined;
      } catch (error) {
        this.#noteFailure(id, error);
      } finally {
        lease?.dispose();
      }
    }
  }

  /** True if the operation is followed from here, which takes the lease over. */
  async #takeOverWith(id: string, lease: Lease): Promise<boolean> {
    const entry = this.#known.get(id) ?? (await this.read(id));
    const exists = (await entry?.journal.reread()) ?? false;
    this.#noteFailure(id, undefined);
    if (this.#known.disposal.aborted || entry?.following) return false;
    if (!entry || !exists) {
      await this.#ledger.discard(id);
      this.forget(id);
      this.#announceLedger();
      return false;
    }
    if (entry.journal.operation.phase === 'ended') {
      // Its window died between the last record and closing the file.
      await closeRecords(this.#deps, id);
      return false;
    }
    this.#deps.log.write('info', `followed on here, operation: ${id}`);
    this.#known.follow(entry, lease);
    return true;
  }

  #announceLedger(): void {
    fireSafely(this.#ledgerChanges, undefined, this.#deps.log);
  }

  /** Forgets what has become too old to keep. */
  async #sweep(): Promise<void> {
    for (const id of await this.#ledger.sweep()) this.forget(id);
  }

  #background(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!isCancelled(error)) this.#deps.log.write('error', 'taking over operations failed', error);
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
