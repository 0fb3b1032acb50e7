import { t } from '@vscode/l10n';
import { listOf, plural } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import type { LedgerState } from './ledger';

// A path of the system, with what it did not allow.
const longestReason = 300;

/** What the Tasks view says above its rows when records cannot be read; undefined when there is nothing to say. */
export function ledgerMessage({ unreadable, damaged }: LedgerState): string | undefined {
  const taskIds = damaged.flatMap((one) => one.taskIds).map((id) => plainText(id));
  const parts = [
    unreadable !== undefined &&
      t(
        "The records of operations can't be read, so no operation can be started. Make the file or folder readable and writable for your user. The extension tries again every few seconds. The system reports: {0}",
        plainText(unreadable, longestReason),
      ),
    damaged.length > 0 &&
      plural(damaged.length, {
        one: (n) =>
          t(
            'The records of {0} operation are damaged and were set aside. Check the status of your clients before you change them again. Clear Finished removes the records.',
            n,
          ),
        other: (n) =>
          t(
            'The records of {0} operations are damaged and were set aside. Check the status of your clients before you change them again. Clear Finished removes the records.',
            n,
          ),
      }),
    taskIds.length > 0 &&
      t(
        'Damaged records name tasks that might still be running: {0}. Use Track Task by ID to track them.',
        listOf(taskIds),
      ),
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : parts.join('\n');
}
