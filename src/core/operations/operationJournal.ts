import { Emitter, fireSafely } from '../kernel/events';
import type { Operation, OperationCall } from './operation';
import { serviceClock } from './elapsed';
import { OperationFold } from './operationFold';
import {
  recordVersion,
  redactFreeText,
  type OperationFact,
  type OperationRecord,
  type PlanRecord,
  type ForeignRecord,
} from './operationRecord';
import { readRecord } from './operationRecord';
import { BackupError } from '../service/errors';
import type { Query, Trouble } from './trouble';
import type { Clock } from '../kernel/clock';
import type { Log } from '../kernel/log';
import type { OperationApi } from '../service/api';
import type { RecordStore } from './stores';
import type { Scope } from '../service/scope';

type Redact = (text: string) => string;

export interface JournalDeps {
  readonly records: RecordStore;
  readonly clock: Clock;
  /** Knows the clock of the service. */
  readonly api: Pick<OperationApi, 'clockOffsetMs'>;
  readonly log: Log;
  /** Masks every known secret in a text. */
  readonly redact: Redact;
}

type CallTask = NonNullable<OperationCall['task']>;

/** When a task was last queried, if nothing was recorded because nothing had changed. */
interface Touch {
  /** `checkedAt` of the record after which nothing changed. */
  readonly after: number;
  readonly seen: Pick<CallTask, 'requestId' | 'checkedAt' | 'checkedServiceAt'>;
}

/**
 * One operation according to its records: the file in the order of its lines, whichever window wrote them, then what
 * this window could not write yet. Lines are written and read one after another.
 */
export class OperationJournal {
  readonly #id: string;
  readonly #deps: JournalDeps;
  readonly #changes = new Emitter<Operation>();
  readonly #asks = new Emitter<void>();
  /** The file up to `#end`. */
  #written = new OperationFold();
  #end = 0;
  /** Facts that are true and not on disk yet, oldest first. */
  readonly #pending: OperationRecord[] = [];
  /** `#written` and then `#pending`; the same object while nothing is pending. */
  #known = this.#written;
  readonly #touches = new Map<string, Touch>();
  readonly #troubles = new Map<Query, Trouble>();
  #shown: Operation | undefined;
  #operation: Operation | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #rereading: Promise<boolean> | undefined;

  /** Fires after each change, with the operation as it is then. */
  readonly onDidChange = this.#changes.event;
  /** Another window asks to check now. */
  readonly onDidAsk = this.#asks.event;

  private constructor(deps: JournalDeps, id: string) {
    this.#deps = deps;
    this.#id = id;
  }

  /** Records a decision and returns its journal. Rejects if the disk does not accept it: then nothing was started. */
  static async begin(deps: JournalDeps, fact: PlanRecord | ForeignRecord): Promise<OperationJournal> {
    const journal = new OperationJournal(deps, fact.id);
    const record = journal.#recordOf(fact);
    const { to } = await deps.records.create(fact.id, record);
    journal.#written.apply(record);
    journal.#end = to;
    journal.#refresh();
    return journal;
  }

  /**
   * Opens an operation from its records, as `RecordStore.read` returns them. Undefined if none of them says what was
   * decided.
   */
  static open(
    deps: JournalDeps,
    id: string,
    { records, end }: { readonly records: readonly unknown[]; readonly end: number },
  ): OperationJournal | undefined {
    const journal = new OperationJournal(deps, id);
    journal.#apply(records);
    journal.#end = end;
    journal.#refresh();
    return journal.#operation && journal;
  }

  get operation(): Operation {
    if (!this.#operation) throw new Error('a journal has an operation');
    return this.#operation;
  }

  /** True if everything that is known here is on disk. */
  get isWritten(): boolean {
    return this.#pending.length === 0;
  }

  /**
   * Records a fact, unless `unless` says that the operation has moved on; resolves with whether it did. Rejects if
   * the disk does not accept it or what came before it: whatever depends on the record must not happen then.
   */
  record(fact: OperationFact, unless: (operation: Operation) => boolean = () => false): Promise<boolean> {
    return this.#next(async () => {
      await this.#writePending();
      if (unless(this.operation)) return false;
      const record = this.#recordOf(fact);
      if (await this.#append(record)) this.#written.apply(record);
      this.#addPending();
      return true;
    });
  }

  /**
   * Records what the service did or the user decided. Takes effect immediately; resolves when it is on disk or the
   * disk failed. Then it is written before the next fact and with each `reread`, until the disk accepts it.
   */
  note(fact: OperationFact): Promise<void> {
    const record = this.#recordOf(fact);
    if (this.#known === this.#written) this.#known = this.#written.copy();
    this.#pending.push(record);
    this.#known.apply(record);
    this.#refresh();
    return this.#next(() => this.#tryToWrite());
  }

  /** Notes that a task was queried and nothing changed. Not recorded. */
  touch(callId: string, requestId: string): void {
    const after = this.#known.operation?.calls.find(({ id }) => id === callId)?.task?.checkedAt;
    if (after === undefined) return;
    const { at: checkedAt, serviceAt } = this.#momentIn(this.operation.scope);
    const service = serviceAt !== undefined && { checkedServiceAt: serviceAt };
    this.#touches.set(callId, { after, seen: { requestId, checkedAt, ...service } });
    this.#shown = undefined;
    this.#refresh();
  }

  /** Notes that a query fails until the user does something, or no longer fails. Not recorded. */
  setTrouble(query: Query, trouble: Trouble | undefined): void {
    if (JSON.stringify(this.#troubles.get(query)) === JSON.stringify(trouble)) return;
    if (trouble) this.#troubles.set(query, trouble);
    else this.#troubles.delete(query);
    this.#shown = undefined;
    this.#refresh();
  }

  /**
   * Reads what other windows recorded, even if the disk does not accept what is known here; false if the file is
   * gone. Calls that wait in the queue at the same time share one reading. Rejects if the file cannot be read.
   */
  reread(): Promise<boolean> {
    this.#rereading ??= this.#next(async () => {
      this.#rereading = undefined;
      await this.#tryToWrite();
      const lines = await this.#catchUp();
      this.#addPending();
      return lines !== undefined;
    });
    return this.#rereading;
  }

  async #tryToWrite(): Promise<void> {
    try {
      await this.#writePending();
    } catch (error) {
      this.#deps.log.write('error', `record could not be written, operation: ${this.#id}`, error);
    }
  }

  async #writePending(): Promise<void> {
    for (let [record] = this.#pending; record; [record] = this.#pending) {
      const isNext = await this.#append(record);
      this.#pending.shift();
      if (!isNext) this.#addPending();
      else if (this.#pending.length > 0) this.#written.apply(record);
      else this.#written = this.#known;
    }
  }

  /**
   * Writes a record; false if it was already read back, together with lines that another window wrote before it. Rejects
   * unless the record is known to be whole on disk.
   */
  async #append(record: OperationRecord): Promise<boolean> {
    const { from, to } = await this.#deps.records.append(this.#id, record);
    if (from === this.#end) {
      this.#end = to;
      return true;
    }
    // A file that lost what was read from it is read from its first line.
    if (from < this.#end) this.#end = 0;
    const text = JSON.stringify(record);
    const lines = await this.#catchUp();
    if (lines?.some((line) => JSON.stringify(line) === text)) return false;
    // A window that died while writing might have left the start of its record right before this one.
    this.#addPending();
    throw new BackupError('storage-failed', 'a record was damaged while it was written');
  }

  /** Reads new lines; undefined if there is no file. */
  async #catchUp(): Promise<readonly unknown[] | undefined> {
    const from = this.#end;
    const read = await this.#deps.records.read(this.#id, from);
    if (!read) return undefined;
    if (from === 0) this.#written = new OperationFold();
    this.#apply(read.records);
    this.#end = read.end;
    if (from > 0 && read.records.some(isAsking)) fireSafely(this.#asks, undefined, this.#deps.log);
    return read.records;
  }

  #apply(records: readonly unknown[]): void {
    for (const line of records) {
      const record = readRecord(line);
      if (typeof record !== 'string') this.#written.apply(record);
      else this.#deps.log.write('warn', `record passed over: ${record}, operation: ${this.#id}`);
    }
  }

  /** Applies pending facts again after the file brought others: they come after those. */
  #addPending(): void {
    this.#known = this.#written;
    if (this.#pending.length > 0) {
      this.#known = this.#written.copy();
      for (const record of this.#pending) this.#known.apply(record);
    }
    this.#refresh();
  }

  #refresh(): void {
    const { operation } = this.#known;
    if (!operation || operation === this.#shown) return;
    this.#shown = operation;
    this.#operation = this.#withSeen(operation);
    fireSafely(this.#changes, this.#operation, this.#deps.log);
  }

  /** Adds what this window saw and did not record. */
  #withSeen(operation: Operation): Operation {
    const [trouble] = this.#troubles.values();
    const seen = { ...operation, ...(trouble && operation.phase !== 'ended' && { trouble }) };
    if (this.#touches.size === 0) return seen;
    const calls = operation.calls.map((call) => {
      const touch = this.#touches.get(call.id);
      if (!touch || !call.task) return call;
      if (touch.after === call.task.checkedAt) return { ...call, task: { ...call.task, ...touch.seen } };
      this.#touches.delete(call.id);
      return call;
    });
    return { ...seen, calls };
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** A fact with its time and no known secret in its free text: the service might echo what it was sent. */
  #recordOf(fact: OperationFact): OperationRecord {
    const scope =
      fact.type === 'operation'
        ? fact.plan.scope
        : fact.type === 'tracked'
          ? fact.scope
          : this.operation.scope;
    return { v: recordVersion, ...this.#momentIn(scope), ...redactFreeText(fact, this.#deps.redact) };
  }

  #momentIn(scope: Scope): { readonly at: number; readonly serviceAt?: number } {
    const { api, clock } = this.#deps;
    const serviceAt = serviceClock(api, clock)(scope);
    return { at: clock.now(), ...(serviceAt !== undefined && { serviceAt }) };
  }
}

function isAsking(line: unknown): boolean {
  return typeof line === 'object' && line !== null && 'type' in line && line.type === 'checkAsked';
}
