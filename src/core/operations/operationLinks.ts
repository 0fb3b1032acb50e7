import { t } from '@vscode/l10n';
import type { Operation } from './operation';
import { howAgain } from './retryPlan';
import { operationTitle } from './words';

/** What leads from one operation to another. */
export interface OperationLink {
  readonly operationId: string;
  /** "Retries Upgrade 12 clients of 11:58", "Continued at 12:06 → Upgrade 11 clients". Localized and safe to show. */
  readonly text: string;
}

/**
 * The operation that this one retries or continues, then those that retry or continue this one, oldest first. Those that
 * aren't among `known` have been removed from the history.
 *
 * @param timeInWords writes a moment (milliseconds since 1970) in the user's language
 */
export function linksOf(
  operation: Operation,
  known: readonly Operation[],
  timeInWords: (ms: number) => string,
): readonly OperationLink[] {
  const earlier = known.filter(({ id }) => id === operation.retryOf);
  const later = known
    .filter(({ retryOf }) => retryOf === operation.id)
    .toSorted((a, b) => a.startedAt - b.startedAt);
  return [
    ...earlier.map((one) => ({ operationId: one.id, text: towardsEarlier(one, operation, timeInWords) })),
    ...later.map((one) => ({ operationId: one.id, text: towardsLater(operation, one, timeInWords) })),
  ];
}

function towardsEarlier(earlier: Operation, later: Operation, timeInWords: (ms: number) => string): string {
  const args = { operation: operationTitle(earlier), time: timeInWords(earlier.startedAt) };
  return howAgain(earlier, later) === 'continue'
    ? t({
        message: 'Continues {operation} of {time}',
        args,
        comment: ['{operation} is the title of an earlier operation, such as "Upgrade 12 clients".'],
      })
    : t({
        message: 'Retries {operation} of {time}',
        args,
        comment: ['{operation} is the title of an earlier operation, such as "Upgrade 12 clients".'],
      });
}

function towardsLater(earlier: Operation, later: Operation, timeInWords: (ms: number) => string): string {
  const args = { operation: operationTitle(later), time: timeInWords(later.startedAt) };
  return howAgain(earlier, later) === 'continue'
    ? t({
        message: 'Continued at {time} → {operation}',
        args,
        comment: ['{operation} is the title of a later operation, such as "Upgrade 2 clients".'],
      })
    : t({
        message: 'Retried at {time} → {operation}',
        args,
        comment: ['{operation} is the title of a later operation, such as "Upgrade 2 clients".'],
      });
}
