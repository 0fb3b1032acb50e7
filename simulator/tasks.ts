import { toSeconds } from './clock';
import type { Random } from './random';
import type { ClientRecord, ClientRow, ClientStatus } from './rows';

export type TaskKind = 'install' | 'upgrade' | 'uninstall';

/** How a task will end; decided when it is made. */
export type TaskFate =
  | { readonly end: 'completes' }
  | { readonly end: 'fails'; readonly errorCode: string }
  | { readonly end: 'expires' }
  | { readonly end: 'cancelled' }
  | { readonly end: 'partlyFails'; readonly machines: number; readonly errorCode: string };

/** One machine of a new task: its record, and what becomes of it when all goes well. */
export interface TaskTarget {
  readonly record: ClientRecord;
  readonly success: Partial<ClientRow>;
}

interface Plan {
  readonly name: string;
  /** Task seconds of a small batch. */
  readonly seconds: number;
  readonly busy: ClientStatus;
  readonly failed: ClientStatus;
  /** What the record reads afterwards, and what the task says: they differ after an uninstall. */
  readonly done: ClientStatus;
  readonly doneInTask: ClientStatus;
}

const plans: Record<TaskKind, Plan> = {
  install: {
    name: 'InstallBackupClientsTask',
    seconds: 90,
    busy: 'INSTALLING',
    failed: 'INSTALL_FAILED',
    done: 'ACTIVATED',
    doneInTask: 'ACTIVATED',
  },
  upgrade: {
    name: 'UpgradeBackupClientsTask',
    seconds: 150,
    busy: 'UPGRADING',
    failed: 'UPGRADE_FAILED',
    done: 'ACTIVATED',
    doneInTask: 'ACTIVATED',
  },
  uninstall: {
    name: 'UninstallBackupClientsTask',
    seconds: 60,
    busy: 'UNINSTALLING',
    failed: 'UNINSTALL_FAILED',
    done: 'STOPPED',
    doneInTask: 'NOT_INSTALLED',
  },
};

const expirySeconds = 15 * 60;
// A stuck or failing task gets this far.
const breakingPoint = 0.6;
// A fresh client is registered for a moment before it is activated.
const registeredSeconds = 8;

interface Machine extends TaskTarget {
  /** Task seconds at which this machine is finished, well or badly. */
  readonly endS: number;
  /** Empty for a machine that succeeds. */
  readonly errorCode: string;
  /** False where the task ended without a word about this machine. */
  readonly reported: boolean;
  settled: boolean;
}

interface Task {
  readonly taskId: string;
  readonly accountId: string;
  readonly plan: Plan;
  readonly createdMs: number;
  readonly endS: number;
  /** Task seconds that 100 percent stand for. */
  readonly fullS: number;
  readonly endDescription: 'completed' | 'expired' | 'cancelled';
  readonly endProgress: number;
  readonly machines: readonly Machine[];
}

/** The fields of DescribeTask beyond the common ones. */
export interface TaskView {
  readonly Name: string;
  readonly Description: string;
  readonly Progress: number;
  readonly Result: string;
  readonly CreatedTime: number;
  readonly UpdatedTime: number;
  readonly CompletedTime: number;
}

/**
 * All tasks of a simulator. Nothing runs by itself: whoever asks says what time it is, and `settle` first brings
 * the client records to that moment. Task seconds pass `timeScale` times as fast as the clock.
 */
export class Tasks {
  readonly #timeScale: number;
  readonly #random: Random;
  readonly #tasks = new Map<string, Task>();
  readonly #open = new Set<Task>();

  constructor(timeScale: number, random: Random) {
    this.#timeScale = timeScale;
    this.#random = random;
  }

  /** True while an unfinished task works on this record. */
  isBusy(record: ClientRecord): boolean {
    for (const task of this.#open) {
      if (task.machines.some((machine) => machine.record === record && !machine.settled)) return true;
    }
    return false;
  }

  /** Starts a task, turns its records busy and returns the TaskId. `slowness` stretches it. */
  start(
    kind: TaskKind,
    targets: readonly TaskTarget[],
    order: {
      readonly accountId: string;
      readonly nowMs: number;
      readonly fate: TaskFate;
      readonly slowness?: number;
    },
  ): string {
    const plan = plans[kind];
    const fullS = (plan.seconds + Math.min(targets.length - 1, 20) * 1.5) * (order.slowness ?? 1);
    const ending = endOf(order.fate, fullS);
    const task: Task = {
      taskId: `t-000${this.#random.characters(17)}`,
      accountId: order.accountId,
      plan,
      createdMs: order.nowMs,
      fullS,
      ...ending,
      machines: targets.map((target, index) =>
        machineOf(
          target,
          fullS * (0.5 + (0.5 * (index + 1)) / targets.length),
          index,
          order.fate,
          ending.endS,
        ),
      ),
    };
    this.#tasks.set(task.taskId, task);
    this.#open.add(task);
    for (const { record } of targets) record.change({ Status: plan.busy }, toSeconds(order.nowMs));
    return task.taskId;
  }

  /** Moves every record that a task has finished by now; each change is dated when it happened. */
  settle(nowMs: number): void {
    for (const task of this.#open) {
      const elapsedS = this.#elapsed(task, nowMs);
      for (const machine of task.machines) {
        if (machine.settled) continue;
        const status = statusOf(task, machine, elapsedS);
        const finished = elapsedS >= machine.endS;
        machine.settled = finished;
        if (finished && machine.errorCode === '') {
          machine.record.change(
            { ...machine.success, Status: task.plan.done },
            this.#secondsAt(task, machine.endS),
          );
        } else if (finished) {
          machine.record.change({ Status: task.plan.failed }, this.#secondsAt(task, machine.endS));
        } else if (machine.record.status !== status) {
          machine.record.change({ Status: status }, toSeconds(nowMs));
        }
      }
      if (elapsedS >= task.endS) this.#open.delete(task);
    }
  }

  /** What DescribeTask says to this account; undefined for a task that it does not have. */
  view(taskId: string, accountId: string, nowMs: number): TaskView | undefined {
    const task = this.#tasks.get(taskId);
    if (task?.accountId !== accountId) return undefined;
    const elapsedS = this.#elapsed(task, nowMs);
    const ended = elapsedS >= task.endS;
    return {
      Name: task.plan.name,
      Description: ended ? task.endDescription : 'created',
      Progress: ended ? task.endProgress : progressAt(task, elapsedS),
      Result: resultAt(task, elapsedS),
      CreatedTime: toSeconds(task.createdMs),
      UpdatedTime: ended ? this.#secondsAt(task, task.endS) : toSeconds(nowMs),
      CompletedTime: ended ? this.#secondsAt(task, task.endS) : 0,
    };
  }

  #elapsed(task: Task, nowMs: number): number {
    return ((nowMs - task.createdMs) / 1000) * this.#timeScale;
  }

  #secondsAt(task: Task, taskSeconds: number): number {
    return toSeconds(task.createdMs + (taskSeconds / this.#timeScale) * 1000);
  }
}

function endOf(fate: TaskFate, fullS: number): Pick<Task, 'endS' | 'endDescription' | 'endProgress'> {
  const stuckAt = Math.floor(breakingPoint * 100);
  switch (fate.end) {
    case 'completes':
    case 'partlyFails':
      return { endS: fullS, endDescription: 'completed', endProgress: 100 };
    case 'fails':
      return { endS: fullS * breakingPoint, endDescription: 'completed', endProgress: -1 };
    case 'cancelled':
      return { endS: fullS * breakingPoint, endDescription: 'cancelled', endProgress: stuckAt };
    case 'expires':
      return { endS: expirySeconds, endDescription: 'expired', endProgress: stuckAt };
  }
}

function machineOf(
  target: TaskTarget,
  plannedS: number,
  index: number,
  fate: TaskFate,
  endS: number,
): Machine {
  const machine = { ...target, endS: plannedS, errorCode: '', reported: true, settled: false };
  switch (fate.end) {
    case 'completes':
      return machine;
    case 'partlyFails':
      return index < fate.machines ? { ...machine, errorCode: fate.errorCode } : machine;
    case 'fails':
      return plannedS > endS ? { ...machine, endS, errorCode: fate.errorCode } : machine;
    case 'cancelled':
      return plannedS > endS ? { ...machine, endS, errorCode: 'TaskCancelled', reported: false } : machine;
    case 'expires':
      return { ...machine, endS, errorCode: 'TaskExpired', reported: false };
  }
}

function progressAt(task: Task, elapsedS: number): number {
  const limit = task.endDescription === 'expired' ? task.endProgress : 99;
  return Math.max(0, Math.min(limit, Math.floor((elapsedS / task.fullS) * 100)));
}

function statusOf(task: Task, machine: Machine, elapsedS: number): ClientStatus {
  const { plan } = task;
  const succeeds = machine.errorCode === '';
  if (elapsedS >= machine.endS) {
    if (succeeds) return plan.doneInTask;
    return machine.reported ? plan.failed : plan.busy;
  }
  const registered = plan.busy === 'INSTALLING' && succeeds && elapsedS >= machine.endS - registeredSeconds;
  return registered ? 'REGISTERED' : plan.busy;
}

/** Empty while nothing is known, then a JSON array with one object a machine. */
function resultAt(task: Task, elapsedS: number): string {
  if (elapsedS < task.fullS * 0.05) return '';
  return JSON.stringify(
    task.machines.map((machine) => {
      const finished = elapsedS >= machine.endS;
      const newClientId = finished && machine.errorCode === '' ? machine.success.ClientId : undefined;
      return {
        instanceId: machine.record.instanceId,
        clientId: newClientId ?? machine.record.clientId,
        clientStatus: statusOf(task, machine, elapsedS),
        errorCode: finished && machine.reported ? machine.errorCode : '',
      };
    }),
  );
}
