import type { Disposable } from '../kernel/disposables';
import type { Event } from '../kernel/events';

/** Where the bytes of a record begin and end in its file. */
export interface RecordSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Records of operations: one append-only file each. A write resolves once it is on disk, and rejects if it might not
 * be, or only in part.
 */
export interface RecordStore {
  /** IDs of the operations that have not ended, that have ended, and that were set aside; newest last. */
  list(): Promise<{
    readonly open: readonly string[];
    readonly closed: readonly string[];
    readonly aside: readonly string[];
  }>;
  /**
   * The records of an operation from a position on (0 or an earlier `end`); undefined if it has no file. A damaged
   * line is undefined. A last line that is still being written is left for the next read.
   */
  read(
    operationId: string,
    from?: number,
  ): Promise<{ readonly records: readonly unknown[]; readonly end: number } | undefined>;
  /** Creates the file of an operation with its first record. Rejects if it exists. */
  create(operationId: string, record: object): Promise<RecordSpan>;
  /**
   * Adds a record to an open or closed operation, even while another window moves its file. Rejects if there is none.
   * If another window wrote at the same time, the span might end after its record.
   */
  append(operationId: string, record: object): Promise<RecordSpan>;
  /** Marks an operation as ended: it is no longer listed as open. */
  close(operationId: string): Promise<void>;
  /** Lists an ended operation as open again. */
  reopen(operationId: string): Promise<void>;
  /** Sets aside an open operation that cannot be read, unchanged. */
  setAside(operationId: string): Promise<void>;
  /** Lists one that was set aside as open again. */
  revoke(operationId: string): Promise<void>;
  /** Removes it from wherever it is; no error if it is nowhere. */
  remove(operationId: string): Promise<void>;
  /** Fires the ID of an operation that another window wrote to. */
  readonly onDidChange: Event<string>;
}

/** Lets exactly one window follow an operation. The lease of a window that died expires. */
export interface LeaseStore {
  /** The lease, or undefined while another living window has it. Disposing releases it. */
  take(name: string): Promise<Lease | undefined>;
}

export interface Lease extends Disposable {
  /** Fires once if another window took over, for example after this computer slept. */
  readonly onDidLose: Event<void>;
  /**
   * Checks now, and again after a failed check: false if another window took over, or if no check succeeded for as
   * long as others wait for a sign of life. Call it before a write is sent. Never rejects.
   */
  isHeld(): Promise<boolean>;
}
