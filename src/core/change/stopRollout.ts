import { t } from '@vscode/l10n';
import type { Notices, Questions } from '../interaction/interaction';
import { plural } from '../kernel/localize';
import { countsOf } from '../operations/operation';
import type { Operations } from '../operations/operations';

export interface StopRolloutDeps {
  readonly operations: Pick<Operations, 'get' | 'stop'>;
  readonly questions: Pick<Questions, 'confirm'>;
  readonly notices: Pick<Notices, 'info'>;
}

/**
 * "Stop Rollout…": says which clients continue and which are left out, and stops the waves that haven't started once the
 * user agrees. Throws what `Operations.stop` throws.
 */
export async function stopRollout(
  id: string,
  { operations, questions, notices }: StopRolloutDeps,
): Promise<void> {
  const countsNow = () => {
    const operation = operations.get(id);
    if (!operation) return { waiting: 0, running: 0 };
    const { waiting, forBackup, forRestore, running } = countsOf(operation);
    return { waiting: waiting + forBackup + forRestore, running };
  };
  const nothingLeft = (): void =>
    notices.info(t('Nothing was stopped because every client has already been started.'));
  const { running, waiting } = countsNow();
  if (waiting === 0) {
    nothingLeft();
    return;
  }
  const stop = t({
    message: 'Stop Rollout',
    comment: ['Button: stops the waves that have not started.'],
  });
  const answer = await questions.confirm({
    message: t('Stop this rollout?'),
    detail: [
      ...(running > 0 ? [continuing(running)] : []),
      leftOut(waiting),
      t('You can continue with the rest later.'),
    ].join('\n'),
    actions: [stop],
  });
  if (answer !== stop) return;
  // The last wave may have started while the question was open.
  if (countsNow().waiting === 0) nothingLeft();
  else await operations.stop(id, 'rollout');
}

function continuing(running: number): string {
  return plural(running, {
    one: (count) =>
      t('{0} client is already being changed. That change continues and is tracked to its end.', count),
    other: (count) =>
      t('{0} clients are already being changed. Those changes continue and are tracked to their end.', count),
  });
}

function leftOut(waiting: number): string {
  return plural(waiting, {
    one: (count) => t("{0} client is still waiting. It won't be changed.", count),
    other: (count) => t("{0} clients are still waiting. They won't be changed.", count),
  });
}
