import type { FailureCode } from '../service/errors';
import type { RecordedSettings } from './recordedSettings';
import type { ClientSettings } from '../service/model';
import type { RunningJob, Work } from '../protection/work';
import type { Action, OperationAction } from '../service/actions';
import type { Scope } from '../service/scope';
import { isBusyOutcome, outcomes, type MachineOutcome } from './outcomes';
import type { TaskEnd } from './taskEnd';
import type { Trouble } from './trouble';

/** One client of a plan, as it was when the plan was made. */
export interface PlannedMachine {
  /** Client key: stable within the scope. */
  readonly key: string;
  readonly instanceId?: string;
  readonly clientId?: string;
  /**
   * Which ID a call names it by. `instance`: for an install, or if the whole list showed no other client on the
   * instance. `client`: if another client is or might be on the instance; then the instance ID is never sent.
   */
  readonly namedBy: 'instance' | 'client';
  /** Display name, as the service sent it. Make it safe where you show it. */
  readonly name: string;
  readonly zoneId?: string;
  /** `Status` when the plan was made: distinguishes a failure of this operation from an earlier one. */
  readonly fromStatus?: string;
  readonly fromVersion?: string;
  /** `MaxClientVersion` when the plan was made: what an upgrade has to reach. */
  readonly targetVersion?: string;
  /** The values before a change of settings; absent for other operations. */
  readonly fromSettings?: ClientSettings;
  /** What was known to run on it when the user agreed. Absent: not asked, as for an instance without a client. */
  readonly work?: Work;
  /** `send`: the user included it although something runs. Absent: it's held back while something is known to run. */
  readonly whenBusy?: 'send' | undefined;
}

/** A client that was asked for and isn't in the plan. */
export interface LeftOutClient {
  /** Display name, as the service sent it. Make it safe where you show it. */
  readonly name: string;
  readonly instanceId?: string;
  readonly clientId?: string;
  /** A few words, in the language of then: what they'd be made from has changed since. */
  readonly reason: string;
}

/** Why and how long a client is held back: a backup or restore is known to run on it. */
export interface Hold {
  readonly jobs: readonly [RunningJob, ...RunningJob[]];
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Milliseconds since 1970: if something still runs then, the client isn't sent at all. */
  readonly until: number;
}

export interface MachineProgress {
  readonly machine: PlannedMachine;
  readonly outcome: MachineOutcome;
  /**
   * Why. A code or state of the service for a rejection or failure (`InstanceNotRunning`, `UPGRADE_FAILED`,
   * `expired`, `failed`). For `not-sent`: `interrupted`, `failure-limit`, `job-running`, `not-run`, or the code of the
   * failure. For `stopped`: the same word. For `unknown`: `watch-limit` or `answer-lost`. `not-listed` if a read by ID did not find the client.
   * `no-heartbeat` if the list shows the version but no heartbeat since the call. For `confirming`, and for clients
   * that are `done` nevertheless: what the task reported against it.
   */
  readonly reason?: string;
  /** Last status and version that the task or the list showed. */
  readonly clientStatus?: string;
  readonly clientVersion?: string;
  /** UNIX seconds: the last heartbeat in the reading that verified the client. */
  readonly lastHeartBeatTime?: number;
  /** Present while it's `waiting` for a backup or restore to end; it's in no wave then. */
  readonly held?: Hold;
  /** Once it isn't held anymore: the jobs that it waited for last, and for how many milliseconds altogether. */
  readonly wasHeld?: { readonly jobs: Hold['jobs']; readonly ms: number };
}

/** What reading the clients showed about a call whose response was lost. */
export type CallFinding = 'ran' | 'not-run' | 'unknown';

/** Why a call has no response that says it ran. */
export interface CallFailure {
  readonly code: FailureCode;
  readonly serviceCode?: string;
  readonly message: string;
  readonly requestId?: string;
  /** True if the request might have gone through. */
  readonly ambiguous: boolean;
}

/** One request of an operation: at most 20 or 100 clients, at most one task. */
export interface OperationCall {
  readonly id: string;
  readonly machineKeys: readonly string[];
  /**
   * `intent`: recorded, no response yet. `answered`, `failed`: according to the response. `resolved`: found by
   * reading the clients.
   */
  readonly state: 'intent' | 'answered' | 'failed' | 'resolved';
  /** Milliseconds since 1970: when the intent was recorded, and when the response arrived. */
  readonly intentAt: number;
  readonly answeredAt?: number;
  /** The same by the clock of the service, if known. */
  readonly intentServiceAt?: number;
  readonly answeredServiceAt?: number;
  /** Request ID of the call itself. */
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
    /** Absent while it runs. */
    readonly end?: TaskEnd;
    readonly requestId: string;
    /** Milliseconds since 1970. */
    readonly checkedAt: number;
    /** The same by the clock of the service, if known. */
    readonly checkedServiceAt?: number;
  };
}

/** Clients that are changed together. The next wave starts when this one has ended. */
export interface Wave {
  /** From 1, in the order of the rollout. */
  readonly number: number;
  readonly machineKeys: readonly string[];
  /**
   * `waiting`: not started. `running`: requests are sent or tasks run. `proving`: its tasks have ended, and the list
   * is being read. `ended`: every client has an outcome. `not-sent`: it never starts.
   */
  readonly state: 'waiting' | 'running' | 'proving' | 'ended' | 'not-sent';
  /** True for clients that were held back: they come after the others. */
  readonly afterHold?: true;
}

/** What the user started: it has calls, a call has a task, and a task has results of clients. */
export interface Operation {
  readonly id: string;
  readonly action: OperationAction;
  /** What a settings operation sets. */
  readonly settings?: RecordedSettings;
  readonly scope: Scope;
  readonly profileName: string;
  readonly demo: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly timeScale: number;
  /** `sending`: requests are still being sent. `watching`: tasks run. `confirming`: the list is being read. */
  readonly phase: 'sending' | 'watching' | 'confirming' | 'ended';
  /** True once no further request is sent: the user stopped it, its window ended, or requests fail. */
  readonly sendingStopped: boolean;
  /** True once the user stopped tracking. */
  readonly watchingStopped: boolean;
  readonly strategy: Strategy;
  /** 0: no limit. See `Plan.maxFailures`. */
  readonly maxFailures: number;
  /** See `Plan.holdLimitMs`. */
  readonly holdLimitMs?: number;
  /** ID of the operation that this one retries or continues. */
  readonly retryOf?: string;
  /** True for a task that was started elsewhere and is tracked by its ID: one call, which is not ours. */
  readonly foreign?: boolean;
  /** True if its plan is damaged on disk: clients that were not started are unknown. */
  readonly damaged?: boolean;
  /** Why the window that follows it cannot check it. Not recorded. */
  readonly trouble?: Trouble;
  /** See `Plan.leftOut`. */
  readonly leftOut?: readonly LeftOutClient[];
  readonly waves: readonly Wave[];
  readonly machines: readonly MachineProgress[];
  readonly calls: readonly OperationCall[];
}

/**
 * The rollout order. `all`: at once. `canary`: one client, then the rest. `zones`: zone by zone. `batches`: a number
 * of clients at a time. A wave starts when the tasks of the one before have ended and its clients are verified.
 */
export type Strategy =
  | { readonly kind: 'all' }
  | { readonly kind: 'canary' }
  | { readonly kind: 'zones' }
  | { readonly kind: 'batches'; readonly size: number };

/** What an operation is started with. Already checked. */
export interface Plan {
  readonly action: OperationAction;
  /** What is set; only for a settings operation. */
  readonly settings?: RecordedSettings;
  readonly scope: Scope;
  readonly profileName: string;
  readonly demo: boolean;
  readonly machines: readonly PlannedMachine[];
  /** Clients that were asked for and stay as they are. Only shown. */
  readonly leftOut?: readonly LeftOutClient[];
  /** Absent: all at once. */
  readonly strategy?: Strategy;
  /**
   * No further wave starts after this many clients were rejected, failed, or could not be verified. Absent or 0: no
   * limit.
   */
  readonly maxFailures?: number;
  /**
   * Milliseconds that a client is held back at most while a backup or restore runs on it; then it isn't sent. Absent:
   * {@link defaultHoldLimitMs}.
   */
  readonly holdLimitMs?: number;
  /** ID of the operation that is retried or continued. */
  readonly retryOf?: string;
}

/** See `Plan.holdLimitMs`. */
export const defaultHoldLimitMs = 120 * 60_000;

/** How many clients of an operation have each outcome, by the column `countedAs` of the table of outcomes. */
export type OperationCounts = Readonly<Record<CountedAs | 'total' | 'expected' | 'ended', number>>;
/** `forBackup`, `forRestore`: waiting for one to end, and not in `waiting`. */
export type CountedAs = (typeof outcomes)[MachineOutcome]['countedAs'] | 'forBackup' | 'forRestore';

/**
 * Counts clients by outcome. `expected`: those that a request named or will name. `ended`: those of them that have a
 * result.
 */
export function countsOf({ machines }: Pick<Operation, 'machines'>): OperationCounts {
  const counts = { ...noCounts, total: machines.length };
  // By outcome first: there are thousands of clients, and a page and a row count them several times.
  const tally = new Map<MachineOutcome, number>();
  for (const { outcome, held } of machines) {
    if (outcome === 'waiting' && held) counts[heldAs(held)]++;
    else tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
  }
  for (const [outcome, count] of tally) {
    const { countedAs } = outcomes[outcome];
    counts[countedAs] += count;
    if (countedAs === 'notSent') continue;
    counts.expected += count;
    if (!isBusyOutcome(outcome)) counts.ended += count;
  }
  counts.expected += counts.forBackup + counts.forRestore;
  return counts;
}

function heldAs({ jobs }: Hold): CountedAs {
  return jobs.some(({ kind }) => kind === 'backup') ? 'forBackup' : 'forRestore';
}

const noCounts: OperationCounts = {
  ...{ total: 0, expected: 0, ended: 0 },
  ...{
    done: 0,
    unconfirmed: 0,
    failed: 0,
    refused: 0,
    notSent: 0,
    unknown: 0,
    notTracked: 0,
    waiting: 0,
    forBackup: 0,
    forRestore: 0,
    running: 0,
  },
};

/**
 * Percent of the whole operation. Each client that was or will be requested counts the same; a running one counts
 * with the progress of its task. Clients that are not started do not count.
 */
export function progressOf(operation: Operation): number {
  if (operation.phase === 'ended') return 100;
  // A task that is tracked by its ID names its clients late.
  if (operation.machines.length === 0)
    return Math.max(0, Math.min(operation.calls[0]?.task?.progress ?? 0, 95));
  const progressByKey = new Map<string, number>();
  for (const call of operation.calls) {
    for (const key of call.machineKeys) progressByKey.set(key, Math.max(0, call.task?.progress ?? 0));
  }
  const expected = operation.machines.filter(({ outcome }) => outcomes[outcome].countedAs !== 'notSent');
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

/** What the tasks of an operation do. Throws for a settings operation, which has no tasks. */
export function taskActionOf({ action }: Pick<Operation, 'action'>): Action {
  if (action === 'settings') throw new Error('an operation on settings has no tasks');
  return action;
}
