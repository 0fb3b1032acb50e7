import { t } from '@vscode/l10n';
import type { Questions } from '../interaction/interaction';
import { plural } from '../kernel/localize';
import type { Operation } from './operation';
import { requestIdsOf } from './operationFacts';
import type { Operations } from './operations';
import { operationTitle } from './words';

/** How many operations "Clear Finished…" removes: those that have ended, also unread ones, and damaged records. */
export function finishedCount({
  list,
  olderCount,
  ledger,
}: Pick<Operations, 'olderCount' | 'ledger'> & { readonly list: readonly Operation[] }): number {
  return list.filter(({ phase }) => phase === 'ended').length + olderCount + ledger.damaged.length;
}

/** "Clear Finished…": asks, and deletes the records of all operations that have ended. Throws what deleting throws. */
export async function clearFinished(
  operations: Pick<Operations, 'list' | 'olderCount' | 'ledger' | 'clearFinished'>,
  questions: Pick<Questions, 'confirm'>,
): Promise<void> {
  const { olderCount, ledger } = operations;
  const count = finishedCount({ list: operations.list(), olderCount, ledger });
  if (count === 0) return;
  const clear = t({ message: 'Clear', comment: ['Button: deletes finished operations from the list.'] });
  const answer = await questions.confirm({
    message: plural(count, {
      one: (n) => t('Clear {0} finished operation?', n),
      other: (n) => t('Clear {0} finished operations?', n),
    }),
    detail: t('Their records with all request IDs are deleted from this computer.'),
    actions: [clear],
  });
  if (answer === clear) await operations.clearFinished();
}

/**
 * "Remove from History…": deletes the records of an operation that has ended, and asks first where request IDs are lost
 * with them. Throws what deleting throws.
 */
export async function removeOperation(
  operation: Operation,
  operations: Pick<Operations, 'remove'>,
  questions: Pick<Questions, 'confirm'>,
): Promise<void> {
  if (requestIdsOf(operation).length > 0) {
    const remove = t({ message: 'Remove', comment: ['Button: deletes an operation from the history.'] });
    const answer = await questions.confirm({
      message: t('Remove “{0}” from the history?', operationTitle(operation)),
      detail: t('Its records with all request IDs are deleted from this computer.'),
      actions: [remove],
    });
    if (answer !== remove) return;
  }
  await operations.remove(operation.id);
}
