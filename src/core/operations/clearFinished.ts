import { t } from '@vscode/l10n';
import type { Questions } from '../interaction/interaction';
import { plural } from '../kernel/localize';
import type { Operations } from './operations';

/** "Clear Finished…": asks, and deletes the records of all operations that have ended. Throws what deleting throws. */
export async function clearFinished(
  operations: Pick<Operations, 'list' | 'olderCount' | 'clearFinished'>,
  questions: Pick<Questions, 'confirm'>,
): Promise<void> {
  const count = operations.list().filter(({ phase }) => phase === 'ended').length + operations.olderCount;
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
