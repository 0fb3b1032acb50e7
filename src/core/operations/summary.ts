import { t } from '@vscode/l10n';
import { summaryInWords } from './noticeTexts';
import type { Disposable } from '../kernel/disposables';
import { BackupError, failures } from '../service/errors';
import type { Event } from '../kernel/events';
import type { NoticeAction, NoticeActions, Notices } from '../interaction/interaction';
import { countsOf, type Operation } from './operation';
import { canResumeTracking, hasProblems } from './operationFacts';
import type { Again } from './outcomes';
import { leftFor } from './retryPlan';
import { againInWords } from './words';
import { actions as traits } from '../service/actions';

/** What the one notice at the end of an operation needs. */
export interface SummaryDeps {
  readonly notices: Pick<Notices, 'info' | 'warn' | 'failure'>;
  /** Opens an operation; with `failures`, only its failed clients are shown at first. */
  readonly showReport: (operationId: string, failures: boolean) => void;
  /** Tracks an operation again that the user stopped tracking. */
  readonly resumeTracking: (operationId: string) => void;
  /** Plans a new operation with the failed clients of one that has ended, or with those that were left out. */
  readonly again: (operation: Operation, how: Again) => void;
}

/**
 * Shows one notice for each operation that ended and that this window followed, whether it was started here, taken
 * over after a reload, or tracked by its task ID. If the user stopped tracking, that is said, with a way back.
 */
export function showSummaries(
  operations: { readonly onDidEnd: Event<Operation> },
  deps: SummaryDeps,
): Disposable {
  return operations.onDidEnd((operation) => showSummary(operation, deps));
}

function showSummary(operation: Operation, deps: SummaryDeps): void {
  const { notices, showReport, again } = deps;
  const troubled = hasProblems(operation);
  const show: NoticeAction = {
    label: troubled
      ? t({
          message: 'Show Failures',
          comment: ['Button: opens an operation with the clients that failed.'],
        })
      : t({ message: 'Show Details', comment: ['Button: opens an operation.'] }),
    run: () => showReport(operation.id, troubled),
  };
  if (canResumeTracking(operation)) {
    const resume: NoticeAction = {
      label: t({ message: 'Resume Tracking', comment: ['Button.'] }),
      run: () => deps.resumeTracking(operation.id),
    };
    notices.info(summaryInWords(operation), [resume, show]);
    return;
  }
  const [offer] = (['continue', 'retry'] as const)
    .map((how) => ({ how, count: leftFor(how, operation).length }))
    .filter(({ count }) => count > 0);
  const repeat = offer && {
    label: againInWords(offer.how, offer.count),
    run: () => again(operation, offer.how),
  };
  // Whoever stopped an operation knows how it ended, and came to look or to continue.
  const actions: NoticeActions = !repeat ? [show] : troubled ? [show, repeat] : [repeat, show];
  const { total, notSent, refused } = countsOf(operation);
  const failure = operation.calls.find((call) => call.failure && call.state === 'failed')?.failure;
  if (!troubled) notices.info(summaryInWords(operation), actions);
  else if (failure && total > 0 && notSent + refused === total) {
    // No client was reached, so the failure of the call says more than counts.
    const { code, message, serviceCode, requestId } = failure;
    const error = new BackupError(code, message, {
      serviceCode,
      requestId,
      profileId: operation.scope.profileId,
      ramAction: code === 'permission-denied' ? traits[operation.action].ramAction : undefined,
    });
    // What helps against the failure comes before another try; the page has that too.
    notices.failure(error, failures[code].remedy === 'none' ? actions : [show]);
  } else notices.warn(summaryInWords(operation), actions);
}
