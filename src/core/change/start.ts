import { t } from '@vscode/l10n';
import type { NoticeAction, Notices } from '../interaction/interaction';
import { sentences } from '../kernel/localize';
import { present } from '../kernel/objects';
import { startedInWords } from '../operations/noticeTexts';
import type { LeftOutClient, Operation, Plan } from '../operations/operation';
import type { Operations } from '../operations/operations';
import { isCancelled, toBackupError } from '../service/errors';
import type { ClientSettingsChange } from '../service/model';
import { leftOutInCount } from './clientTexts';
import { nameOf } from '../service/clientFacts';
import type { AnyDraft, LeftOut } from './draft';
import { leftOutInWords } from './draftTexts';

export interface StartDeps {
  readonly operations: Pick<Operations, 'start'>;
  readonly notices: Pick<Notices, 'info' | 'failure' | 'progress'>;
  /** Opens the page of an operation. */
  readonly showReport: (operationId: string) => void;
  /** Asks whether the clients that still wait are left out. */
  readonly stopRollout: (operationId: string) => void;
}

/**
 * Last step: starts the operation and says so in one notification. It leads to the details, which open at once for an
 * operation that retries or continues another one, and, where more than one request is needed, to "Stop Rollout…"; closing
 * it changes nothing. How the operation ended is another notification, see `showSummaries`. Never rejects for a failure
 * that the user was shown.
 *
 * @param obstacleInWords why a client is left out: recorded for the page of the operation
 * @param settings what a change of settings sends, see `Operations.start`
 */
export async function start<O>(
  { operations, notices, showReport, stopRollout }: StartDeps,
  draft: Pick<AnyDraft, 'plan' | 'requests'> & { readonly leftOut: readonly LeftOut<O>[] },
  obstacleInWords: (obstacle: O) => string,
  settings?: ClientSettingsChange,
): Promise<void> {
  const { requests, leftOut } = draft;
  const plan: Plan = {
    ...draft.plan,
    ...(leftOut.length > 0 && { leftOut: leftOut.map((one) => recordedLeftOut(one, obstacleInWords)) }),
  };
  let started: Operation;
  try {
    // Another window that starts an operation in the region can take seconds.
    started = await notices.progress(
      t({ message: 'Starting', comment: ['Progress, while an operation is being started.'] }),
      'view',
      () => operations.start(plan, settings),
    );
  } catch (error) {
    if (!isCancelled(error)) notices.failure(toBackupError(error));
    return;
  }
  const { id } = started;
  const show: NoticeAction = {
    label: t({ message: 'Show Details', comment: ['Button: opens an operation.'] }),
    run: () => showReport(id),
  };
  const stop: NoticeAction = {
    label: t({
      message: 'Stop Rollout…',
      comment: ['Button: stops the waves that have not started.'],
    }),
    run: () => stopRollout(id),
  };
  const isRepeat = plan.retryOf !== undefined;
  // Whoever retries or continues looks at the earlier operation, which doesn't change any more.
  if (isRepeat) showReport(id);
  const waits = requests > 1;
  const others = leftOut.length > 0 ? `${leftOutInCount(leftOut.length)}.` : '';
  notices.info(
    sentences(startedInWords(started), others),
    isRepeat ? (waits ? [stop] : []) : waits ? [show, stop] : [show],
  );
}

function recordedLeftOut<O>(one: LeftOut<O>, obstacleInWords: (obstacle: O) => string): LeftOutClient {
  const { instanceId, clientId } = one.client;
  return present<LeftOutClient>({
    ...{ name: nameOf(one.client), instanceId, clientId },
    reason: leftOutInWords(one, obstacleInWords),
  });
}
