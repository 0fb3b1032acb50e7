import { t } from '@vscode/l10n';
import type { Notices } from '../interaction/interaction';
import type { Disposable } from '../kernel/disposables';
import { heldCountInWords } from './holdWords';
import type { Operation } from './operation';
import type { Operations } from './operations';
import { operationTitle } from './words';

export interface HeldNoticeDeps {
  readonly notices: Pick<Notices, 'info'>;
  /** Opens an operation. */
  readonly showReport: (operationId: string) => void;
}

/**
 * Says once for each operation that this window follows that clients wait for a backup that nobody knew of when the user
 * agreed: the operation may take hours because of it.
 */
export function showHolds(
  operations: Pick<Operations, 'onDidChange' | 'nextCheckAt'>,
  { notices, showReport }: HeldNoticeDeps,
): Disposable {
  const shown = new Set<string>();
  return operations.onDidChange((operation) => {
    const { id } = operation;
    if (shown.has(id) || !isNews(operation) || operations.nextCheckAt(id) === undefined) return;
    shown.add(id);
    const message = t({
      message: '{operation}: {held}',
      args: { operation: operationTitle(operation), held: heldCountInWords(operation) },
      comment: [
        '{operation} is a title such as "Upgrade 20 clients". {held} is a sentence such as "2 clients wait for a backup."',
      ],
    });
    notices.info(message, [
      {
        label: t({ message: 'Show Details', comment: ['Button: opens an operation.'] }),
        run: () => showReport(id),
      },
    ]);
  });
}

function isNews({ phase, machines }: Operation): boolean {
  return phase !== 'ended' && machines.some(({ machine, held }) => held && machine.work?.kind !== 'running');
}
