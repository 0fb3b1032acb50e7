import { t } from '@vscode/l10n';
import type { Notices, Questions } from '../interaction/interaction';
import { countsOf } from '../operations/operation';
import type { Operations } from '../operations/operations';

/** What stopping a rollout needs. */
export interface StopRolloutWorld {
  readonly operations: Pick<Operations, 'get' | 'stop'>;
  readonly questions: Pick<Questions, 'confirm'>;
  readonly notices: Pick<Notices, 'info'>;
}

/**
 * "Stop Rollout…": says which clients go on and which are left out, and stops the waves that are left once the user
 * agrees. Throws what `Operations.stop` throws.
 */
export async function stopRollout(id: string, world: StopRolloutWorld): Promise<void> {
  const { operations, questions, notices } = world;
  const waiting = (): number => {
    const operation = operations.get(id);
    return operation ? countsOf(operation).waiting : 0;
  };
  const tellNothingLeft = (): void =>
    notices.info(t('Nothing was stopped: the request for the last client has already been sent.'));
  const operation = operations.get(id);
  if (!operation || waiting() === 0) {
    tellNothingLeft();
    return;
  }
  const stop = t('Stop Rollout');
  const { running } = countsOf(operation);
  const answer = await questions.confirm({
    message: t('Stop this rollout?'),
    detail: [goesOn(running), leftOut(waiting()), t('You can start the rest later with Retry Failed.')]
      .filter(Boolean)
      .join('\n'),
    actions: [stop],
  });
  if (answer !== stop) return;
  // The last wave may have been sent while the question was open.
  if (waiting() === 0) tellNothingLeft();
  else await operations.stop(id, 'rollout');
}

function goesOn(running: number): string {
  if (running === 0) return '';
  return running === 1
    ? t('1 client is already being changed. It continues and is followed to its end.')
    : t('{0} clients are already being changed. They continue and are followed to their end.', running);
}

function leftOut(waiting: number): string {
  return waiting === 1
    ? t('1 client is still waiting. It won’t be changed.')
    : t('{0} clients are still waiting. They won’t be changed.', waiting);
}
