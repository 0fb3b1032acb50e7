import { t } from '@vscode/l10n';
import type { Notices, Questions } from '../interaction/interaction';
import { scopeInRow } from '../service/scopeLabel';
import type { Operation } from './operation';
import type { Operations } from './operations';
import type { TaskRowWord } from './taskNode';
import { operationWordsOf } from './taskTree';
import { operationRowTitle, stateInWords } from './words';

export interface AskOperationDeps {
  readonly operations: Pick<Operations, 'list'>;
  readonly questions: Pick<Questions, 'one'>;
  readonly notices: Pick<Notices, 'info'>;
}

/**
 * Asks for one of the operations with which something can be done, newest first, for a command that was started without
 * a row. Says so when there is none. Undefined then, and when the user backed out.
 *
 * @param word what the row of such an operation has among its menu words
 */
export async function askOperation(
  { operations, questions, notices }: AskOperationDeps,
  word: TaskRowWord,
): Promise<Operation | undefined> {
  const all = operations.list();
  const fitting = all
    .filter((operation) => operationWordsOf(operation, all).includes(word))
    .sort((a, b) => b.startedAt - a.startedAt);
  if (fitting.length === 0) {
    notices.info(t('There is no operation to do this with.'));
    return undefined;
  }
  return await questions.one(
    {
      title: t({ message: 'Select Operation', comment: ['The title of a pick'] }),
      placeholder: t('Select the operation.'),
    },
    fitting.map((operation) => ({
      id: operation.id,
      label: operationRowTitle(operation),
      description: [scopeInRow(operation), stateInWords(operation)].join(' · '),
      value: operation,
    })),
  );
}
