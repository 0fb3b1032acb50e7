import type { Disposable } from '../kernel/disposables';
import type { Event } from '../kernel/events';

/** Where the bytes of a record begin and end in its file. */
export interface RecordSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Records of operations: one append-only file each. A write resolves only after it is on the disk, and rejects when it
 * may not be, or only in part.
 */
export interface RecordStore {
  /** Ids of the operations that have not ended, of those that have, and of those set aside; newest last. */
  list(): Promise<{
    readonly open: readonly string[];
    readonly closed: readonly string[];
    readonly aside: readonly string[];
  }>;
  /**
   * The records of an operation from a position on, 0 or an earlier `end`; undefined when it has no file. A line that is
   * damaged is undefined among them; a last one that is still being written is left to the next read.
   */
  read(
    operationId: string,
    from?: number,
  ): Promise<{ readonly records: readonly unknown[]; readonly end: number } | undefined>;
  /** Makes the file of an operation with its first record. Rejects when it has one already. */
  create(operationId: string, record: object): Promise<RecordSpan>;
  /**
   * Adds a record to an operation that is open or closed, also while another window moves its file. Rejects when it has
   * none. When another window wrote at the same time, the span may end after its record.
   */
  append(operationId: string, record: object): Promise<RecordSpan>;
  /** Marks an operation as ended: it is no longer listed as open. */
  close(operationId: string): Promise<void>;
  /** Lists an ended operation as open again: it goes on. */
  reopen(operationId: string): Promise<void>;
  /** Takes an open operation that cannot be read out of the open ones; it is kept as it is. */
  setAside(operationId: string): Promise<void>;
  /** Puts one that was set aside back among the open ones. */
  revoke(operationId: string): Promise<void>;
  /** Removes it wherever it is; no error when it is nowhere. */
  remove(operationId: string): Promise<void>;
  /** Fires the id of an operation that another window wrote to. */
  readonly onDidChange: Event<string>;
}

/** Lets exactly one window follow an operation. A window that died loses its lease by itself. */
export interface LeaseStore {
  /** The lease, or undefined while another living window holds it. Disposing gives it back. */
  take(name: string): Promise<Lease | undefined>;
}

export interface Lease extends Disposable {
  /** Fires once when another window took over, e.g. after this computer slept. */
  readonly onDidLose: Event<void>;
  /**
   * Looks now, and after a look that fails again until one succeeds: false when another window took over, or when no
   * look succeeded for as long as others wait for a sign of life. Asked before a write goes out. Never rejects.
   */
  isHeld(): Promise<boolean>;
}
