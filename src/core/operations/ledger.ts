import { foldOperation } from './operationFold';
import { readRecord } from './operationRecord';
import type { Clock } from '../kernel/clock';
import type { Log } from '../kernel/log';
import type { RecordStore } from './stores';

/** How long the ledger keeps operations that have ended. */
export interface Retention {
  /**
   * Whole days from the start of an operation. Anything that is not a number of at least 1 counts as the default of
   * 90.
   */
  keepDays(): number;
}

/** State of the records as a whole. */
export interface LedgerState {
  /**
   * Why records cannot be read, as the system reports it; absent if they can be read. While present, no operation can
   * start.
   */
  readonly unreadable?: string;
  /** Records that were set aside because they are damaged. */
  readonly damaged: readonly DamagedRecords[];
}

/** Records that do not say what was decided. They are kept unchanged. */
export interface DamagedRecords {
  /** Id of the operation. */
  readonly id: string;
  /** IDs of tasks that they name and that might still be running. */
  readonly taskIds: readonly string[];
}

const usualDays = 90;
const dayMs = 86_400_000;
// How many ended operations are read at a time: more than fit a screen.
const pageLength = 50;

/** The ID of a new operation. IDs sort by start time, and contain it. */
export function operationIdAt(now: number, unique: string): string {
  return `${new Date(now).toISOString().replaceAll(/[:.]/g, '')}-${unique}`;
}

/** When the operation with this ID started (milliseconds since 1970); undefined for an ID of another form. */
export function beginningOf(id: string): number | undefined {
  const [, date, hour, minute, second, ms] = /^(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-/.exec(id) ?? [];
  const at = date === undefined ? NaN : Date.parse(`${date}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(at) ? undefined : at;
}

/**
 * The record files as a whole: which are read, which are read on request, which are too old to keep, and which cannot
 * be read because they are damaged or a newer release wrote them. The latter are never changed. They are set aside so
 * that they do not count as running.
 */
export class Ledger {
  readonly #records: RecordStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #retention: Retention | undefined;
  /** Ended operations that were not read yet, oldest first. */
  #older: readonly string[] = [];
  readonly #newer = new Set<string>();
  readonly #damaged = new Map<string, DamagedRecords>();

  constructor(records: RecordStore, clock: Clock, log: Log, retention?: Retention) {
    this.#records = records;
    this.#clock = clock;
    this.#log = log;
    this.#retention = retention;
  }

  /** How many ended operations were not read yet. */
  get olderCount(): number {
    return this.#older.length;
  }

  get damaged(): readonly DamagedRecords[] {
    return [...this.#damaged.values()];
  }

  /** The operations that have not ended. Those that have, and are kept, are there for `nextOlder`. */
  async open(): Promise<readonly string[]> {
    const listed = await this.#records.list();
    const revoked = await this.#lookAtAside(listed.aside);
    const tooOld = this.#tooOld();
    this.#older = listed.closed.filter((id) => !tooOld(id));
    return [...listed.open, ...revoked];
  }

  /** The next ended operations to read, newest first; none when all were read. */
  nextOlder(): readonly string[] {
    const next = this.#older.slice(-pageLength);
    this.#older = this.#older.slice(0, -pageLength);
    return [...next].reverse();
  }

  /**
   * Removes ended operations that started longer ago than they are kept, and returns their IDs. Removes file by file,
   * so a crash leaves only whole files. Running operations are never removed.
   */
  async sweep(): Promise<readonly string[]> {
    const { closed } = await this.#records.list();
    return this.#remove(closed.filter(this.#tooOld()));
  }

  /** Removes the ended operations that were not read yet, and damaged records. */
  async removeOlder(): Promise<void> {
    await this.#remove([...this.#older, ...this.#damaged.keys()]);
  }

  /** True for records that a newer release wrote at least in part: reading only the rest could be misleading. */
  isNewer(id: string, lines: readonly unknown[]): boolean {
    if (!lines.some((line) => readRecord(line) === 'newer')) return false;
    if (!this.#newer.has(id)) {
      this.#newer.add(id);
      this.#log.write('warn', `written by a newer release and left alone, operation: ${id}`);
    }
    return true;
  }

  /**
   * Handles an open file that does not say what was decided. Call it with the lease of the operation. If the file is
   * empty, its window died before anything was requested, and the file is removed. Otherwise it is set aside.
   */
  async discard(id: string): Promise<void> {
    const read = await this.#records.read(id);
    if (!read) return;
    if (read.records.length === 0) {
      await this.#records.remove(id);
      return;
    }
    await this.#records.setAside(id);
    if (!this.isNewer(id, read.records)) this.#noteDamaged(id, read.records);
  }

  /** True for an operation that started longer ago than it's kept. */
  #tooOld(): (id: string) => boolean {
    const days = this.#retention?.keepDays() ?? usualDays;
    const kept = days >= 1 ? days : usualDays;
    const before = this.#clock.now() - kept * dayMs;
    return (id) => (beginningOf(id) ?? before) < before;
  }

  /** Records that were set aside might be readable after an update. Returns those that are open again. */
  async #lookAtAside(aside: readonly string[]): Promise<readonly string[]> {
    const revoked: string[] = [];
    for (const id of aside) {
      try {
        const { records } = (await this.#records.read(id)) ?? { records: [] };
        if (this.isNewer(id, records)) continue;
        if (foldOperation(records)) {
          await this.#records.revoke(id);
          revoked.push(id);
        } else this.#noteDamaged(id, records);
      } catch (error) {
        this.#log.write('error', `records that were set aside could not be read, operation: ${id}`, error);
      }
    }
    return revoked;
  }

  #noteDamaged(id: string, records: readonly unknown[]): void {
    this.#log.write('error', `records are damaged and were set aside, operation: ${id}`);
    const taskIds = records.flatMap((line) => {
      const record = readRecord(line);
      return typeof record !== 'string' && record.type === 'answer' ? (record.taskId ?? []) : [];
    });
    this.#damaged.set(id, { id, taskIds });
  }

  async #remove(ids: readonly string[]): Promise<readonly string[]> {
    const removed: string[] = [];
    for (const id of ids) {
      try {
        await this.#records.remove(id);
        removed.push(id);
      } catch (error) {
        this.#log.write('error', `records could not be removed, operation: ${id}`, error);
      }
    }
    const gone = new Set(removed);
    this.#older = this.#older.filter((id) => !gone.has(id));
    for (const id of gone) this.#damaged.delete(id);
    return removed;
  }
}
