import { t } from '@vscode/l10n';
import { clientStatuses } from '../../service/model';
import { statusInWords } from '../../service/words';

/** Why a client isn't done, in a few words, for the codes that are ours and not the service's. */
const causes: Readonly<Record<string, () => string>> = {
  'failure-limit': () =>
    t({ message: 'Failure limit reached', comment: ['Why a client is not done, in a table and a list.'] }),
  'job-running': () =>
    t({ message: 'Backup still running', comment: ['Why a client is not done, in a table and a list.'] }),
  stopped: () =>
    t({ message: 'Rollout stopped first', comment: ['Why a client is not done, in a table and a list.'] }),
  interrupted: () =>
    t({ message: 'VS Code was closed', comment: ['Why a client is not done, in a table and a list.'] }),
  'not-run': () =>
    t({ message: 'Request not received', comment: ['Why a client is not done, in a table and a list.'] }),
  'no-heartbeat': () =>
    t({ message: 'No heartbeat since', comment: ['Why a client is not done, in a table and a list.'] }),
  'watch-limit': () =>
    t({ message: 'No result in time', comment: ['Why a client is not done, in a table and a list.'] }),
  'not-listed': () =>
    t({ message: 'Not in the client list', comment: ['Why a client is not done, in a table and a list.'] }),
  'answer-lost': () =>
    t({ message: 'Response lost', comment: ['Why a client is not done, in a table and a list.'] }),
  unreadable: () =>
    t({ message: 'Response lost', comment: ['Why a client is not done, in a table and a list.'] }),
  'task-denied': () =>
    t({ message: 'Permission missing', comment: ['Why a client is not done, in a table and a list.'] }),
  'list-denied': () =>
    t({ message: 'Permission missing', comment: ['Why a client is not done, in a table and a list.'] }),
  expired: () =>
    t({ message: 'Task expired', comment: ['Why a client is not done, in a table and a list.'] }),
  cancelled: () =>
    t({ message: 'Task canceled', comment: ['Why a client is not done, in a table and a list.'] }),
  'not-found': () =>
    t({ message: 'Task not found', comment: ['Why a client is not done, in a table and a list.'] }),
  failed: () => t({ message: 'Task failed', comment: ['Why a client is not done, in a table and a list.'] }),
  completed: () =>
    t({
      message: 'Not in the client list yet',
      comment: ['Why a client is not done, in a table and a list.'],
    }),
};

/** A cause in a few words; undefined for a code of the service, which is short itself and what one searches for. */
export function shortCause(code: string): string | undefined {
  if (Object.hasOwn(causes, code)) return causes[code]?.();
  return clientStatuses.some((status) => status === code) ? statusInWords(code) : undefined;
}
