import { BackupError } from '../service/errors';
import type { Task } from '../service/model';
import type { Operation } from './operation';
import type { OperationFact, TaskRecord, ForeignRecord } from './operationRecord';
import type { BackupApi } from '../service/api';
import type { Waiting } from '../kernel/waiting';
import { taskActions, type Action } from '../service/actions';
import type { Scope } from '../service/scope';
import { idSpaceOf } from '../service/scope';

/** A task that was started elsewhere and is to be tracked. */
export interface TrackRequest {
  readonly scope: Scope;
  readonly profileName: string;
  readonly demo: boolean;
  readonly taskId: string;
  /** What the task does, if its name does not say. */
  readonly action?: Action;
}

/**
 * Queries a task for the first time and returns the first records of its operation. Throws BackupError `not-found` if
 * the service does not know the task, `invalid-input` if neither its name nor the request says what it does, and
 * whatever else the query fails with.
 */
export async function firstFacts(
  { api }: { readonly api: Pick<BackupApi, 'getTask' | 'timeScale'> },
  id: string,
  request: TrackRequest,
  waiting: Waiting,
): Promise<readonly [ForeignRecord, OperationFact & TaskRecord]> {
  const { scope, profileName, demo, taskId } = request;
  const task = await api.getTask(scope, taskId, waiting);
  const action = actionOf(task) ?? request.action;
  if (action === undefined) {
    throw new BackupError('invalid-input', `the task does not say what it does, name: ${task.name ?? ''}`, {
      requestId: task.requestId,
    });
  }
  const { createdTime, state, progress, machines, requestId } = task;
  return [
    {
      type: 'tracked',
      id,
      action,
      scope,
      profileName,
      demo,
      timeScale: api.timeScale(scope),
      taskId,
      ...(createdTime === undefined ? {} : { begunAt: createdTime * 1000 }),
    },
    { type: 'task', call: '1', state, progress, machines, requestId },
  ];
}

/** True while an operation tracks this task of the region, through any profile. */
export function followsTask(operation: Operation, scope: Scope, taskId: string): boolean {
  const { phase, watchingStopped, scope: of, calls } = operation;
  if (phase === 'ended' || watchingStopped || idSpaceOf(of) !== idSpaceOf(scope)) return false;
  return calls.some((call) => call.taskId === taskId);
}

/** By its name, such as `InstallBackupClientsTask` (documented); the others are named similarly. */
function actionOf({ name = '' }: Task): Action | undefined {
  return taskActions.find((action) => name.toLowerCase().startsWith(`${action}backupclient`));
}
