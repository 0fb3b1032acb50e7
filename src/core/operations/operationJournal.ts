import { Emitter } from '../events';
import type { Operation } from './operation';
import { applyRecord, foldOperation } from './operationFold';
import {
  recordVersion,
  redactFreeText,
  type OperationFact,
  type OperationRecord,
  type PlanRecord,
  type TrackedRecord,
} from './operationRecord';
import type { Clock, Log, RecordStore } from '../ports';

type Redact = (text: string) => string;

/** What a journal needs. */
export interface JournalWorld {
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes every known secret out of a text. */
  readonly redact: Redact;
}

/**
 * One operation as its records tell it. Facts are applied after they are on the disk, one after another, so that
 * this window never knows more than the next start would.
 */
export class OperationJournal {
  readonly #records: RecordStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #redact: Redact;
  readonly #changes = new Emitter<Operation>();
  #operation: Operation;
  #asked = 0;
  #aheadOfDisk = false;
  #queue: Promise<unknown> = Promise.resolve();

  /** Fires after each change, with the operation as it is then. */
  readonly onDidChange = this.#changes.event;

  private constructor({ records, clock, log, redact }: JournalWorld, operation: Operation) {
    this.#records = records;
    this.#clock = clock;
    this.#log = log;
    this.#redact = redact;
    this.#operation = operation;
  }

  /** Records a decision and answers its journal. Rejects when the disk does not take it: then nothing was begun. */
  static async begin(world: JournalWorld, fact: PlanRecord | TrackedRecord): Promise<OperationJournal> {
    const record = recordOf(fact, world.clock, world.redact);
    await world.records.append(fact.id, record);
    const operation = applyRecord(undefined, record);
    if (!operation) throw new Error('a first record makes an operation');
    return new OperationJournal(world, operation);
  }

  /** Takes up an operation from its records; undefined when none of them says what was decided. */
  static open(world: JournalWorld, id: string, lines: readonly unknown[]): OperationJournal | undefined {
    const operation = foldOperation(lines, (why, index) => {
      world.log.write('warn', `record passed over: ${why}, operation: ${id}, line: ${index + 1}`);
    });
    return operation && new OperationJournal(world, operation);
  }

  get operation(): Operation {
    return this.#operation;
  }

  /** How often other windows asked to look now. */
  get asked(): number {
    return this.#asked;
  }

  /**
   * Records a fact, unless `unless` says that the operation has moved on meanwhile; answers whether it did. Rejects
   * when the disk does not take it: what depends on the record must not happen then.
   */
  record(fact: OperationFact, unless: (operation: Operation) => boolean = () => false): Promise<boolean> {
    return this.#next(async () => {
      if (unless(this.#operation)) return false;
      const record = recordOf(fact, this.#clock, this.#redact);
      await this.#records.append(this.#operation.id, record);
      this.#apply(record);
      return true;
    });
  }

  /**
   * Records what the service did. The disk failing is logged only: the fact stands, this window goes on with it, and
   * the next start finds out again by reading.
   */
  note(fact: OperationFact): Promise<void> {
    return this.#next(async () => {
      const record = recordOf(fact, this.#clock, this.#redact);
      try {
        await this.#records.append(this.#operation.id, record);
      } catch (error) {
        this.#aheadOfDisk = true;
        this.#log.write('error', `record could not be written, operation: ${this.#operation.id}`, error);
      }
      this.#apply(record);
    });
  }

  /** Tells that a task was asked about and nothing changed. Not recorded. */
  touch(callId: string, requestId: string): void {
    const checkedAt = this.#clock.now();
    const calls = this.#operation.calls.map((call) =>
      call.id === callId && call.task ? { ...call, task: { ...call.task, requestId, checkedAt } } : call,
    );
    this.#set({ ...this.#operation, calls });
  }

  /** Takes in what another window recorded; false when nothing is left of it. */
  reread(): Promise<boolean> {
    return this.#next(async () => {
      const lines = await this.#records.read(this.#operation.id);
      // What is passed over was told when the file was opened.
      const operation = foldOperation(lines);
      if (!operation || this.#aheadOfDisk) return this.#aheadOfDisk;
      this.#asked = lines.filter((line) => isAsking(line)).length;
      this.#set(operation);
      return true;
    });
  }

  #apply(record: OperationRecord): void {
    const operation = applyRecord(this.#operation, record);
    if (operation && operation !== this.#operation) this.#set(operation);
  }

  #set(operation: Operation): void {
    this.#operation = operation;
    try {
      this.#changes.fire(operation);
    } catch (error) {
      // A listener's fault must not look like a record that was not written.
      this.#log.write('error', 'a listener of an operation failed', error);
    }
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

/** A fact with its time, in whose free text no known secret is left: the service may repeat what it was sent. */
function recordOf(fact: OperationFact, clock: Clock, redact: Redact): OperationRecord {
  return { v: recordVersion, at: clock.now(), ...redactFreeText(fact, redact) };
}

function isAsking(line: unknown): boolean {
  return typeof line === 'object' && line !== null && 'type' in line && line.type === 'checkAsked';
}
