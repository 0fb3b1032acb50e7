import { t } from '@vscode/l10n';
import { numberInWords } from '../../kernel/localize';
import { plainText } from '../../kernel/plainText';
import { failureInWords, reasonInWords } from '../../service/reasons';
import type { Operation, OperationCall } from '../../operations/operation';
import type { Look } from '../../operations/outcomes';
import type { StateInWords } from '../page';

/** One request of an operation, with the task it started. */
export interface CallRow {
  /** Stable within the operation. */
  readonly key: string;
  /** Empty while there's none. */
  readonly taskId: string;
  readonly clients: number;
  readonly state: StateInWords;
  readonly details: string;
  readonly requestIds: readonly { readonly label: string; readonly id: string }[];
}

/** The requests of an operation, in the order in which they went out. */
export function callRows(operation: Operation): readonly CallRow[] {
  const failed = new Set(
    operation.machines.flatMap(({ machine, outcome }) => (outcome === 'failed' ? machine.key : [])),
  );
  return operation.calls.map((call) => callRow(call, operation, failed));
}

/** @param failed keys of the clients that failed */
function callRow(call: OperationCall, operation: Operation, failed: ReadonlySet<string>): CallRow {
  const { state, details } = callState(call, operation, failed);
  const ids = [
    {
      label: t({ message: 'Submitted', comment: ['Label of the ID of the request that started a task.'] }),
      id: call.requestId ?? call.failure?.requestId ?? '',
    },
    {
      label: t({
        message: 'Last check',
        comment: ['Label of the ID of the last request that queried a task.'],
      }),
      id: call.task?.requestId ?? '',
    },
  ];
  return {
    key: call.id,
    taskId: plainText(call.taskId ?? ''),
    clients: call.machineKeys.length,
    state,
    details,
    requestIds: ids.map(({ label, id }) => ({ label, id: plainText(id) })).filter(({ id }) => id !== ''),
  };
}

interface CallState {
  readonly state: StateInWords;
  readonly details: string;
}

function callState(call: OperationCall, operation: Operation, failed: ReadonlySet<string>): CallState {
  const plainState = (text: string, look: Look, details = ''): CallState => ({
    state: { text, look },
    details,
  });
  if (call.failure && call.state === 'failed') {
    return call.failure.ambiguous
      ? plainState(unknownText(), 'warning', failureOf(call))
      : plainState(failedText(), 'bad', failureOf(call));
  }
  if (call.state === 'intent') {
    return operation.phase === 'ended'
      ? plainState(unknownText(), 'warning')
      : plainState(t({ message: 'Sending', comment: ['State of an API request.'] }), 'running');
  }
  if (call.task) {
    return taskState(call.task, operation, call.machineKeys.filter((key) => failed.has(key)).length);
  }
  const goingOn = operation.phase === 'ended' ? 'off' : 'running';
  const carriedOut = operation.action === 'settings';
  if (call.state === 'resolved') {
    const lost = t('The response was lost. The client list shows what happened.');
    switch (call.finding) {
      case 'ran':
        if (carriedOut) return plainState(acceptedText(), 'good', lost);
        return plainState(
          t({ message: 'Running', comment: ['State of an API request or its task.'] }),
          goingOn,
          lost,
        );
      case 'not-run':
        return plainState(
          t({ message: 'Not run', comment: ['State of an API request that had no effect.'] }),
          'bad',
          failureOf(call) || lost,
        );
      default:
        return plainState(unknownText(), 'warning', failureOf(call) || lost);
    }
  }
  if (carriedOut) return plainState(acceptedText(), 'good');
  return call.taskId
    ? plainState(acceptedText(), goingOn)
    : plainState(
        t({ message: 'Rejected', comment: ['State of an API request.'] }),
        'bad',
        t('Cloud Backup rejected every client of this request.'),
      );
}

const acceptedText = (): string => t({ message: 'Accepted', comment: ['State of an API request.'] });
const failedText = (): string => t({ message: 'Failed', comment: ['State of an API request or its task.'] });
const unknownText = (): string => t({ message: 'Result unknown', comment: ['State of an API request.'] });

function taskState(
  task: NonNullable<OperationCall['task']>,
  operation: Operation,
  failed: number,
): CallState {
  if (!task.end) {
    const look = operation.phase === 'ended' ? 'off' : 'running';
    const text = t({
      message: 'Running, {0}%',
      args: [Math.max(0, task.progress)],
      comment: ['State of a task. {0} is its progress.'],
    });
    return { state: { text, look }, details: '' };
  }
  switch (task.end) {
    case 'completed':
      return failed === 0
        ? {
            state: { text: t({ message: 'Completed', comment: ['State of a task.'] }), look: 'good' },
            details: '',
          }
        : {
            state: {
              text: t({
                message: 'Completed, {0} failed',
                args: [numberInWords(failed)],
                comment: ['State of a task. {0} is a number of clients.'],
              }),
              look: 'warning',
            },
            details: '',
          };
    case 'failed':
      return { state: { text: failedText(), look: 'bad' }, details: '' };
    case 'expired':
      return {
        state: {
          text: t({ message: 'Expired', comment: ['State of a task that ran out of time.'] }),
          look: 'bad',
        },
        details: reasonInWords(task.end),
      };
    case 'cancelled':
      return {
        state: { text: t({ message: 'Canceled', comment: ['State of a task.'] }), look: 'bad' },
        details: reasonInWords(task.end),
      };
    case 'not-found':
      return {
        state: {
          text: t({ message: 'Not found', comment: ['State of a task that Cloud Backup does not know.'] }),
          look: 'warning',
        },
        details: reasonInWords(task.end),
      };
  }
}

function failureOf({ failure, finding }: OperationCall): string {
  if (!failure) return '';
  const words = failureInWords({ ...failure, finding });
  return failure.serviceCode
    ? t({
        message: '{reason} (Code: {code})',
        args: { reason: words, code: plainText(failure.serviceCode) },
        comment: ['{reason} is one or two sentences. {code} is an error code of Cloud Backup.'],
      })
    : words;
}
