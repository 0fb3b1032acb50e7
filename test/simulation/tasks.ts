import type { Action } from '../../src/core/service/actions';
import { beginChange, isThere, statusInTask, type Change, type SimulatedClient } from './machines';

/** How the service ends a task, and what becomes of its machines. */
export interface TaskEnding {
  readonly word: 'completed' | 'expired' | 'cancelled';
  readonly progress: number;
  /** What goes wrong on the machine with this number; empty when it gets there. */
  readonly failure: (index: number) => string;
  /** False: the task does not say what it did to its machines. */
  readonly isReported: boolean;
  /** Machines end this long after the task, and not before it. */
  readonly lateMs?: number;
}

const scriptFailed = (): string => 'ClientInstallScriptFailed';
const nothing = (): string => '';

export const taskFates = {
  completes: { word: 'completed', progress: 100, failure: nothing, isReported: true },
  partlyFails: {
    word: 'completed',
    progress: 100,
    failure: (index: number) => (index === 0 ? scriptFailed() : ''),
    isReported: true,
  },
  fails: { word: 'completed', progress: -1, failure: scriptFailed, isReported: true },
  expires: { word: 'expired', progress: 60, failure: scriptFailed, isReported: false },
  cancelled: { word: 'cancelled', progress: 60, failure: scriptFailed, isReported: false },
  arrivesThoughCancelled: {
    word: 'cancelled',
    progress: 60,
    failure: nothing,
    isReported: false,
    lateMs: 50_000,
  },
  arrivesThoughFailed: {
    word: 'completed',
    progress: -1,
    failure: nothing,
    isReported: false,
    lateMs: 50_000,
  },
  /** After a minute the service no longer knows the task. */
  forgotten: { word: 'completed', progress: 100, failure: nothing, isReported: true },
  /** The answer to the call does not name the task. */
  unnamed: { word: 'completed', progress: 100, failure: nothing, isReported: true },
} as const satisfies Readonly<Record<string, TaskEnding>>;

export type TaskFate = keyof typeof taskFates;

export interface Task {
  readonly action: Action;
  readonly fate: TaskFate;
  readonly beganMs: number;
  readonly endsMs: number;
  readonly machines: readonly { readonly client: SimulatedClient; readonly change: Change }[];
}

const taskSeconds: Readonly<Record<Action, number>> = { install: 90, upgrade: 150, uninstall: 60 };
const expiryMs = 15 * 60_000;

/** Begins a task: its machines are being changed from now on. */
export function startTask(
  write: { readonly number: number },
  action: Action,
  clients: readonly SimulatedClient[],
  order: {
    readonly fate: TaskFate;
    readonly slowness: number;
    readonly nowMs: number;
  },
): Task {
  const { fate, slowness, nowMs } = order;
  const ending: TaskEnding = taskFates[fate];
  const fullMs =
    fate === 'expires' ? expiryMs : Math.min(taskSeconds[action] * 1000 * slowness, expiryMs * 0.9);
  const machines = clients.map((client, index) => {
    const share = 0.5 + (0.5 * (index + 1)) / clients.length;
    const change: Change = {
      write: write.number,
      action,
      beganMs: nowMs,
      endsMs:
        nowMs +
        (ending.lateMs === undefined && fate !== 'expires' ? fullMs * share : fullMs + (ending.lateMs ?? 0)),
      wasThere: isThere(action, client),
      errorCode: ending.failure(index),
      isReported: ending.isReported,
      settled: false,
    };
    beginChange(client, action, change);
    return { client, change };
  });
  return { action, fate, beganMs: nowMs, endsMs: nowMs + fullMs, machines };
}

/** What DescribeTask says of it beyond the common fields; undefined once the service has forgotten it. */
export function taskBody(task: Task, nowMs: number): object | undefined {
  const { action, fate, beganMs, endsMs, machines } = task;
  if (fate === 'forgotten' && nowMs > beganMs + 60_000) return undefined;
  const hasEnded = nowMs >= endsMs;
  const share = (nowMs - beganMs) / (endsMs - beganMs);
  const results = machines.map(({ client, change }) => ({
    instanceId: client.instanceId,
    clientId: client.clientId,
    clientStatus: statusInTask(action, change, nowMs),
    errorCode: nowMs >= change.endsMs && change.isReported ? change.errorCode : '',
  }));
  return {
    Name: `${action}BackupClientsTask`,
    Description: hasEnded ? taskFates[fate].word : 'created',
    Progress: hasEnded ? taskFates[fate].progress : Math.floor(share * 99),
    // Nothing is known at first.
    Result: share < 0.05 ? '' : JSON.stringify(results),
    CreatedTime: Math.floor(beganMs / 1000),
    UpdatedTime: Math.floor(Math.min(nowMs, endsMs) / 1000),
    CompletedTime: hasEnded ? Math.floor(endsMs / 1000) : 0,
  };
}
