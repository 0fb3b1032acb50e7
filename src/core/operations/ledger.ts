import { foldOperation } from './operationFold';
import { readRecord } from './operationRecord';
import type { Clock } from '../kernel/clock';
import type { Log } from '../kernel/log';
import type { RecordStore } from './stores';

/** How long the ledger keeps an operation that has ended. */
export interface Retention {
  /** Whole days from its start; a number that is no day count, or less than one, reads as the usual 90. */
  keepDays(): number;
}

/** What there is to say of the records as a whole. */
export interface LedgerState {
  /** Why records cannot be read, in the words of the system; absent while they can. Then no operation begins. */
  readonly unreadable?: string;
  /** Records that were set aside because they are damaged. */
  readonly damaged: readonly DamagedRecords[];
}

/** Records that do not say what was decided. They are kept as they are. */
export interface DamagedRecords {
  /** Id of the operation. */
  readonly id: string;
  /** Tasks that they name; the service may still run them. */
  readonly taskIds: readonly string[];
}

const usualDays = 90;
const dayMs = 86_400_000;
// How many ended operations are read at a time: more than fit a screen.
const pageLength = 50;

/** A new operation's id: file names in the order of time, which also tell how old each one is. */
export function operationIdAt(now: number, unique: string): string {
  return `${new Date(now).toISOString().replaceAll(/[:.]/g, '')}-${unique}`;
}

/** When the operation of an id began (milliseconds since 1970); undefined for an id of another making. */
export function beginningOf(id: string): number | undefined {
  const [, date, hour, minute, second, ms] = /^(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-/.exec(id) ?? [];
  const at = date === undefined ? NaN : Date.parse(`${date}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(at) ? undefined : at;
}

/**
 * The record files as a whole: which are read, which wait to be asked for, which are too old to keep, and which cannot be
 * read, since a newer release wrote them or they are damaged. The last are never changed, and set aside so that they do
 * not count as unfinished.
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

  /** Removes what is too old, and answers the operations that have not ended and the latest that have. */
  async open(): Promise<{ readonly open: readonly string[]; readonly latest: readonly string[] }> {
    await this.#lookAtAside();
    await this.sweep();
    const { open, closed } = await this.#records.list();
    this.#older = closed;
    return { open, latest: this.nextOlder() };
  }

  /** The next ended operations to read, newest first; none when all were read. */
  nextOlder(): readonly string[] {
    const next = this.#older.slice(-pageLength);
    this.#older = this.#older.slice(0, -pageLength);
    return [...next].reverse();
  }

  /**
   * Removes ended operations that began longer ago than is kept, file by file, so that a crash in between leaves whole
   * files only. Answers their ids. What goes on is never removed, however old.
   */
  async sweep(): Promise<readonly string[]> {
    const days = this.#retention?.keepDays() ?? usualDays;
    const kept = days >= 1 ? days : usualDays;
    const before = this.#clock.now() - kept * dayMs;
    const { closed } = await this.#records.list();
    return this.#remove(closed.filter((id) => (beginningOf(id) ?? before) < before));
  }

  /** Removes the ended operations that were not read yet, and damaged records. */
  async removeOlder(): Promise<void> {
    await this.#remove([...this.#older, ...this.#damaged.keys()]);
  }

  /** True for records that a newer release wrote in part: to read the rest alone could tell something untrue. */
  isNewer(id: string, lines: readonly unknown[]): boolean {
    if (!lines.some((line) => readRecord(line) === 'newer')) return false;
    if (!this.#newer.has(id)) {
      this.#newer.add(id);
      this.#log.write('warn', `written by a newer release and left alone, operation: ${id}`);
    }
    return true;
  }

  /**
   * Deals with an open file that does not say what was decided, while its lease is ours. When its window died while it
   * wrote the first line, before anything was sent, it is removed. Else it is set aside.
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

  /** What was set aside may be readable after an update. */
  async #lookAtAside(): Promise<void> {
    const { aside } = await this.#records.list();
    for (const id of aside) {
      try {
        const { records } = (await this.#records.read(id)) ?? { records: [] };
        if (this.isNewer(id, records)) continue;
        if (foldOperation(records)) await this.#records.revoke(id);
        else this.#noteDamaged(id, records);
      } catch (error) {
        this.#log.write('error', `records that were set aside could not be read, operation: ${id}`, error);
      }
    }
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
