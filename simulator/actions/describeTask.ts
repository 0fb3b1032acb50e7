import { refusal } from '../errors';
import { hbrAnswer, type Call } from './call';

/** DescribeTask: a task that this account started. */
export function describeTask(call: Call): string {
  const taskId = call.parameters.required('TaskId');
  const view = call.world.tasks.view(taskId, call.caller.identity.accountId, call.nowMs);
  if (view === undefined) throw refusal('TaskNotFound');
  return hbrAnswer(call, view);
}
