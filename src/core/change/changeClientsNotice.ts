import { t } from '@vscode/l10n';
import { isCancelled, toBackupError } from '../service/errors';
import type { NoticeAction, Notices } from '../interaction/interaction';
import type { ClientSettingsChange } from '../service/model';
import { startedInWords } from '../operations/noticeTexts';
import type { Operation, Plan } from '../operations/operation';
import { callsOf } from '../operations/operationCalls';
import type { Operations } from '../operations/operations';

/** What telling of an operation needs. */
export interface NoticeWorld {
  readonly operations: Pick<Operations, 'start'>;
  readonly notices: Pick<Notices, 'info' | 'failure'>;
  /** Opens the page of an operation. */
  readonly showReport: (operationId: string) => void;
  /** Asks whether the clients that still wait are left out. */
  readonly stopRollout: (operationId: string) => void;
}

/**
 * Starts what was agreed to and says so in one notification, which leads to the details and, where clients wait for
 * their turn, to "Stop Rollout…". Closing it changes nothing: the end is told where all ends are told, see
 * `tellSummaries`. A plan of settings comes with what is sent, see `Operations.start`. Never rejects for a failure that the user was told of.
 */
export async function startAndTell(
  world: NoticeWorld,
  plan: Plan,
  settings?: ClientSettingsChange,
): Promise<void> {
  const { operations, notices, showReport, stopRollout } = world;
  let started: Operation;
  try {
    started = await operations.start(plan, settings);
  } catch (error) {
    if (!isCancelled(error)) notices.failure(toBackupError(error));
    return;
  }
  const { id } = started;
  const actions: NoticeAction[] = [{ label: t('Show Details'), run: () => showReport(id) }];
  if (callsOf(plan.action, plan.machines, plan.strategy).length > 1) {
    actions.push({ label: t('Stop Rollout…'), run: () => stopRollout(id) });
  }
  notices.info(startedInWords(started), actions);
}
