import { t } from '@vscode/l10n';
import { summaryInWords } from './noticeTexts';
import type { Disposable } from '../kernel/disposables';
import { BackupError } from '../service/errors';
import type { Event } from '../kernel/events';
import type { NoticeAction, Notices } from '../interaction/interaction';
import { countsOf, type Operation } from './operation';
import { canRetry, hasProblems } from './operationFacts';
import { actions as traits } from '../service/actions';

/** What the one notice at the end of an operation needs. */
export interface SummaryWorld {
  readonly notices: Pick<Notices, 'info' | 'warn' | 'failure'>;
  /** Opens the report of an operation; with `failures` only what went wrong is shown at first. */
  readonly showReport: (operationId: string, failures: boolean) => void;
  /** Plans the failed machines of an operation anew. */
  readonly retryFailed: (operation: Operation) => void;
}

/**
 * Tells the user how each operation ended that this window followed: one notice an operation, whether it was started
 * here, taken over after a reload, or followed by its task id. None where the user stopped watching: the end is not
 * known then.
 */
export function tellSummaries(
  operations: { readonly onDidEnd: Event<Operation> },
  world: SummaryWorld,
): Disposable {
  return operations.onDidEnd((operation) => {
    if (!operation.watchingStopped) tellSummary(operation, world);
  });
}

function tellSummary(operation: Operation, { notices, showReport, retryFailed }: SummaryWorld): void {
  const troubled = hasProblems(operation);
  const actions: NoticeAction[] = [
    {
      label: troubled
        ? t({
            message: 'Show Failures',
            comment: ['Button: opens an operation with the clients that failed.'],
          })
        : t({ message: 'Show Details', comment: ['Button: opens an operation.'] }),
      run: () => showReport(operation.id, troubled),
    },
  ];
  if (canRetry(operation)) {
    actions.push({
      label: t({ message: 'Retry Failed…', comment: ['Button: plans the failed clients again.'] }),
      run: () => retryFailed(operation),
    });
  }
  const { total, notSent, refused } = countsOf(operation);
  const failure = operation.calls.find((call) => call.failure && call.state === 'failed')?.failure;
  if (!troubled) notices.info(summaryInWords(operation), actions);
  else if (failure && total > 0 && notSent + refused === total) {
    // No machine was reached: what stopped the call says more than counts do.
    const { code, message, serviceCode, requestId } = failure;
    const error = new BackupError(code, message, {
      serviceCode,
      requestId,
      profileId: operation.scope.profileId,
      ramAction: code === 'permission-denied' ? traits[operation.action].ramAction : undefined,
    });
    notices.failure(error, actions);
  } else notices.warn(summaryInWords(operation), actions);
}
