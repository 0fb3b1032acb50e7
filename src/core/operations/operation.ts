import type { FailureCode } from '../service/errors';
import type { RecordedSettings } from './recordedSettings';
import type { ClientSettings } from '../service/model';
import type { Action, OperationAction } from '../service/actions';
import type { Scope } from '../service/scope';
import { isBusyOutcome, outcomes, type MachineOutcome } from './outcomes';
import type { TaskEnd } from './taskEnd';
import type { Trouble } from './trouble';

/** One machine of a plan, as it was when the plan was made. */
export interface PlannedMachine {
  /** Client key: stable within the scope. */
  readonly key: string;
  readonly instanceId?: string;
  readonly clientId?: string;
  /**
   * By which id a call names it. `instance`: an install, or the whole list showed no other client on the instance.
   * `client`: another client is on the instance, or nobody knows that there is none when its call goes out; its instance
   * id is never sent.
   */
  readonly namedBy: 'instance' | 'client';
  /** Display name, as the service sent it; made safe where it is shown. */
  readonly name: string;
  readonly zoneId?: string;
  /** `Status` when the plan was made: tells a failure of this operation from one that was there before. */
  readonly fromStatus?: string;
  readonly fromVersion?: string;
  /** `MaxClientVersion` when the plan was made: what an upgrade has to reach. */
  readonly targetVersion?: string;
  /** Values before, of the settings that the operation changes; absent where it changes none. */
  readonly fromSettings?: ClientSettings;
}

export interface MachineProgress {
  readonly machine: PlannedMachine;
  readonly outcome: MachineOutcome;
  /**
   * Why: the service's code or state behind a refusal or failure (`InstanceNotRunning`, `UPGRADE_FAILED`,
   * `expired`, `failed`); for what was not sent `stopped`, `interrupted`, `failure-limit`, `not-run` or the code of the
   * failure; for what is unknown `watch-limit` or `answer-lost`; `not-listed` when a read by id did not find the
   * machine; `no-heartbeat` when the list shows the version and no heartbeat since the call. While `confirming`, and
   * for what is `done` nevertheless: what the task said against it.
   */
  readonly reason?: string;
  /** Last status and version the task or the list told. */
  readonly clientStatus?: string;
  readonly clientVersion?: string;
  /** UNIX seconds: the last heartbeat that the list told when it verified the machine. */
  readonly lastHeartBeatTime?: number;
}

/** What reading the clients told about a call whose answer is not known. */
export type CallFinding = 'ran' | 'not-run' | 'unknown';

/** Why a call did not get an answer that says it ran. */
export interface CallFailure {
  readonly code: FailureCode;
  readonly serviceCode?: string;
  readonly message: string;
  readonly requestId?: string;
  /** True when the service may have acted all the same. */
  readonly ambiguous: boolean;
}

/** One call of an operation: at most 20 or 100 machines, at most one task. */
export interface OperationCall {
  readonly id: string;
  readonly machineKeys: readonly string[];
  /** `intent`: recorded, no answer yet. `answered`, `failed`: as the service said. `resolved`: found by reading. */
  readonly state: 'intent' | 'answered' | 'failed' | 'resolved';
  /** Milliseconds since 1970: when the intent was recorded, and when the answer came. */
  readonly intentAt: number;
  readonly answeredAt?: number;
  /** The same by the service's clock, as far as that was known. */
  readonly intentServiceAt?: number;
  readonly answeredServiceAt?: number;
  /** RequestId of the call itself. */
  readonly requestId?: string;
  readonly failure?: CallFailure;
  /** Present when the call is `resolved`. */
  readonly finding?: CallFinding;
  readonly taskId?: string;
  readonly task?: {
    /** `created`, `completed`, `expired`, `cancelled`, or other text of the service; `not-found` when unknown. */
    readonly state: string;
    /** 0 to 100, or -1 for failed. */
    readonly progress: number;
    /** Absent while it goes on. */
    readonly end?: TaskEnd;
    readonly requestId: string;
    /** Milliseconds since 1970. */
    readonly checkedAt: number;
    /** The same by the service's clock, as far as that was known. */
    readonly checkedServiceAt?: number;
  };
}

/** Machines that are sent together. The next wave begins when this one has ended. */
export interface Wave {
  /** From 1, in the order of sending. */
  readonly number: number;
  readonly machineKeys: readonly string[];
  /**
   * `waiting`: its turn has not come. `running`: calls go out or tasks run. `proving`: its tasks have ended and the
   * list is being read. `ended`: each machine has its outcome. `not-sent`: no call went out for it and none will.
   */
  readonly state: 'waiting' | 'running' | 'proving' | 'ended' | 'not-sent';
}

/** One decision of the user: it holds calls, a call holds a task, a task holds results of machines. */
export interface Operation {
  readonly id: string;
  readonly action: OperationAction;
  /** What an operation on settings sets. */
  readonly settings?: RecordedSettings;
  readonly scope: Scope;
  readonly profileName: string;
  readonly demo: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly timeScale: number;
  /** `sending`: calls still go out. `watching`: tasks run. `confirming`: the list is being read. `ended`. */
  readonly phase: 'sending' | 'watching' | 'confirming' | 'ended';
  /** True once no further call goes out: the user chose so, its window ended, or calls fail. */
  readonly sendingStopped: boolean;
  /** True once the user chose to stop watching; remembered. */
  readonly watchingStopped: boolean;
  readonly strategy: Strategy;
  /** 0: no limit. See `Plan.maxFailures`. */
  readonly maxFailures: number;
  /** Id of the operation whose failed machines this one tries again. */
  readonly retryOf?: string;
  /** True for a task that was started elsewhere and is tracked by its ID: one call, which is not ours. */
  readonly foreign?: boolean;
  /** True when its plan is damaged on the disk: machines that were not sent are not known. */
  readonly damaged?: boolean;
  /** Why it isn't heard of, in the window that follows it; not recorded. */
  readonly trouble?: Trouble;
  readonly waves: readonly Wave[];
  readonly machines: readonly MachineProgress[];
  readonly calls: readonly OperationCall[];
}

/**
 * In what order machines are sent. `all`: at once. `canary`: one machine, then the rest. `zones`: zone by zone.
 * `batches`: so many at a time. A wave begins when the tasks of the one before have ended and its machines are proven.
 */
export type Strategy =
  | { readonly kind: 'all' }
  | { readonly kind: 'canary' }
  | { readonly kind: 'zones' }
  | { readonly kind: 'batches'; readonly size: number };

/** What is about to be done, already checked: which machines, where, as whom. */
export interface Plan {
  readonly action: OperationAction;
  /** What is set; present for an operation on settings. */
  readonly settings?: RecordedSettings;
  readonly scope: Scope;
  readonly profileName: string;
  readonly demo: boolean;
  readonly machines: readonly PlannedMachine[];
  /** Absent: all at once. */
  readonly strategy?: Strategy;
  /** No further wave is sent once so many machines were refused, failed or could not be proven. Absent or 0: never. */
  readonly maxFailures?: number;
  /** Id of the operation whose failed machines are tried again. */
  readonly retryOf?: string;
}

/** How many clients of an operation have each outcome, by the column `countedAs` of the table of outcomes. */
export type OperationCounts = Readonly<Record<CountedAs | 'total' | 'expected' | 'ended', number>>;
export type CountedAs = (typeof outcomes)[MachineOutcome]['countedAs'];

/**
 * Counts clients by outcome. `expected`: those that a request named or will name. `ended`: those of them that have a
 * result.
 */
export function countsOf({ machines }: Pick<Operation, 'machines'>): OperationCounts {
  const counts = { ...noCounts, total: machines.length };
  for (const { outcome } of machines) {
    counts[outcomes[outcome].countedAs]++;
    if (outcome === 'not-sent') continue;
    counts.expected++;
    if (!isBusyOutcome(outcome)) counts.ended++;
  }
  return counts;
}

const noCounts: OperationCounts = {
  ...{ total: 0, expected: 0, ended: 0 },
  ...{ done: 0, unconfirmed: 0, failed: 0, refused: 0, notSent: 0, unknown: 0, waiting: 0, running: 0 },
};

/**
 * Percent of the whole operation: each machine that was sent or will be counts alike, a running one by its task's
 * progress. What is not sent is no progress.
 */
export function progressOf(operation: Operation): number {
  if (operation.phase === 'ended') return 100;
  // A task that is followed by its id names its machines late.
  if (operation.machines.length === 0)
    return Math.max(0, Math.min(operation.calls[0]?.task?.progress ?? 0, 95));
  const progressByKey = new Map<string, number>();
  for (const call of operation.calls) {
    for (const key of call.machineKeys) progressByKey.set(key, Math.max(0, call.task?.progress ?? 0));
  }
  const expected = operation.machines.filter(({ outcome }) => outcome !== 'not-sent');
  let sum = 0;
  for (const { machine, outcome } of expected) {
    switch (outcomes[outcome].stage) {
      case 'waiting':
        break;
      case 'running':
        sum += Math.min(progressByKey.get(machine.key) ?? 0, 95);
        break;
      case 'verifying':
        sum += 98;
        break;
      case 'settled':
        sum += 100;
    }
  }
  return Math.floor(sum / Math.max(1, expected.length));
}

/** What the tasks of an operation do. Throws for one on settings, which has no tasks. */
export function taskActionOf({ action }: Pick<Operation, 'action'>): Action {
  if (action === 'settings') throw new Error('an operation on settings has no tasks');
  return action;
}
