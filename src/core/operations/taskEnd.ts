/** How a task ended. `failed` is progress -1; `not-found` a task that the service does not know. */
export type TaskEnd = 'completed' | 'expired' | 'cancelled' | 'failed' | 'not-found';

/**
 * The words that end a task, without case, spaces and marks. `completed`, `expired` and `cancelled` are documented;
 * the others are how services of the same vendor spell the same ends. `partialcomplete` says nothing of a machine,
 * and each is judged by its own result anyway.
 */
const words: Readonly<Partial<Record<string, TaskEnd>>> = {
  complete: 'completed',
  completed: 'completed',
  finished: 'completed',
  success: 'completed',
  succeeded: 'completed',
  partialcomplete: 'completed',
  partialcompleted: 'completed',
  partiallycompleted: 'completed',
  expired: 'expired',
  timeout: 'expired',
  timedout: 'expired',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  failed: 'failed',
  failure: 'failed',
  error: 'failed',
  notfound: 'not-found',
};

/** How the task ended; undefined while it goes on, also in a state that is not known here. */
export function taskEnd(task: { readonly state: string; readonly progress: number }): TaskEnd | undefined {
  const word = task.state.toLowerCase().replaceAll(/[^a-z]/g, '');
  const end = Object.hasOwn(words, word) ? words[word] : undefined;
  return task.progress === -1 && end !== 'not-found' ? 'failed' : end;
}

/** True for the end of a whole task where the reason of one machine could be. */
export function isTaskEnd(reason: string): boolean {
  return Object.values(words).some((end) => end === reason);
}
