import type { Operation, Plan } from '../../src/core/operations/operation';
import type { OperationAction } from '../../src/core/service/actions';
import type { JournaledWrite } from './service';

/** A call that would change machines, as the engine decided to make it. It may take several attempts. */
export interface CallMade {
  readonly number: number;
  /** Name of the process. */
  readonly maker: string;
  /** The operation that it belongs to; undefined when the engine knows of none, which no call may be. */
  readonly operationId: string | undefined;
  readonly action: OperationAction;
  readonly instanceIds: readonly string[];
  readonly clientIds: readonly string[];
  /** Keys of the machines that it is for. */
  readonly machineKeys: readonly string[];
  readonly beganMs: number;
  endedMs: number | undefined;
}

/** One attempt at a call whose bytes left a window. */
export interface Sent {
  readonly sender: string;
  readonly atMs: number;
  readonly call: CallMade | undefined;
  /** Present once it has arrived. */
  arrived?: JournaledWrite;
}

/** A job that a window heard of. */
export interface SeenJob {
  /** Name of the process. */
  readonly maker: string;
  readonly jobId: string;
  /** Instances that the window asked about; undefined: all. */
  readonly instanceIds: readonly string[] | undefined;
  readonly atMs: number;
}

/** What a user decided about an operation, once it was taken. */
export interface Decision {
  readonly kind: 'stopSending' | 'stopWatching' | 'remove';
  readonly window: string;
  readonly operationId: string;
  readonly atMs: number;
}

/** A start that was agreed to. */
export interface Start {
  readonly maker: string;
  readonly plan: Plan;
  readonly atMs: number;
  operationId?: string;
}

export interface Violation {
  readonly invariant: Invariant;
  readonly what: string;
}

export type Invariant =
  | 'no write twice'
  | 'only planned machines'
  | 'every operation ends'
  | 'nobody interrupts a job'
  | 'outcomes are true'
  | 'outcomes are known'
  | 'no record lost'
  | 'no lease without a window'
  | 'nothing sent after the end'
  | 'no secret on disk'
  | 'refresh asks at once'
  | 'told once'
  | 'told in time'
  | 'no crash';

/** What was seen during a run, for the invariants to judge. */
export class Evidence {
  readonly calls: CallMade[] = [];
  readonly sent: Sent[] = [];
  readonly starts: Start[] = [];
  readonly seenJobs: SeenJob[] = [];
  readonly decisions: Decision[] = [];
  readonly ends: { readonly process: string; readonly operation: Operation; readonly atMs: number }[] = [];
  readonly violations: Violation[] = [];
  /** When read-only mode is on: from, until. */
  readonly readOnly: { readonly fromMs: number; untilMs: number }[] = [];
  /** Until when each window may be behind: it was frozen, or its disk failed. */
  readonly disturbedUntilMs = new Map<string, number>();

  violate(invariant: Invariant, what: string): void {
    this.violations.push({ invariant, what });
  }

  disturb(window: string | undefined, windows: readonly string[], untilMs: number): void {
    for (const one of window === undefined ? windows : [window]) {
      this.disturbedUntilMs.set(one, Math.max(untilMs, this.disturbedUntilMs.get(one) ?? 0));
    }
  }
}
