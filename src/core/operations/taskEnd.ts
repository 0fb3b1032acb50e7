/** How a task ended. `failed`: progress -1. `not-found`: the service does not know the task. */
export type TaskEnd = 'completed' | 'expired' | 'cancelled' | 'failed' | 'not-found';

/**
 * The states that end a task, without case, spaces, and punctuation. `completed`, `expired`, and `cancelled` are
 * documented; the others are how services of the same vendor spell them. `partialcomplete` says nothing about a
 * client: each is judged by its own result.
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

/** How the task ended; undefined while it runs, and for unknown states. */
export function taskEnd(task: { readonly state: string; readonly progress: number }): TaskEnd | undefined {
  const word = task.state.toLowerCase().replaceAll(/[^a-z]/g, '');
  const end = Object.hasOwn(words, word) ? words[word] : undefined;
  return task.progress === -1 && end !== 'not-found' ? 'failed' : end;
}

/** True if the reason of a client is the end of its whole task. */
export function isTaskEnd(reason: string): boolean {
  return Object.values(words).some((end) => end === reason);
}
