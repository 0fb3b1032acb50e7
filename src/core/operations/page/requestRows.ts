import { t } from '@vscode/l10n';
import { plainText } from '../../kernel/plainText';
import { failureInWords, reasonInWords } from '../../service/reasons';
import type { Operation, OperationCall } from '../operation';
import type { Look } from '../outcomes';
import type { StateInWords } from './state';

/** One call of the page, with the task it started. */
export interface CallRow {
  /** Stable within the operation. */
  readonly key: string;
  /** Empty while there is none. */
  readonly taskId: string;
  readonly clients: number;
  readonly state: StateInWords;
  readonly details: string;
  readonly requestIds: readonly { readonly label: string; readonly id: string }[];
}

/** What the page says of one call of an operation. */
export function callRow(call: OperationCall, operation: Operation): CallRow {
  const { state, details } = callState(call, operation);
  const ids = [
    { label: t('Submitted'), id: call.requestId ?? call.failure?.requestId ?? '' },
    { label: t('Last check'), id: call.task?.requestId ?? '' },
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

function callState(call: OperationCall, operation: Operation): CallState {
  const plainState = (text: string, look: Look, details = ''): CallState => ({
    state: { text, look },
    details,
  });
  if (call.failure && call.state === 'failed') {
    const text = call.failure.ambiguous ? t('Outcome not known') : t('Failed');
    return plainState(text, call.failure.ambiguous ? 'warning' : 'bad', failureOf(call));
  }
  if (call.state === 'intent') {
    return operation.phase === 'ended'
      ? plainState(t('Outcome not known'), 'warning')
      : plainState(t('Sending'), 'running');
  }
  if (call.task) return taskState(call.task, call, operation);
  const goingOn = operation.phase === 'ended' ? 'off' : 'running';
  const carriedOut = operation.action === 'settings';
  if (call.state === 'resolved') {
    const lost = t('The answer was lost; the list was read to see what happened.');
    switch (call.finding) {
      case 'ran':
        if (carriedOut) return plainState(t('Accepted'), 'good', lost);
        return plainState(t('Running'), goingOn, lost);
      case 'not-run':
        return plainState(t('Not run'), 'bad', failureOf(call) || lost);
      default:
        return plainState(t('Outcome not known'), 'warning', failureOf(call) || lost);
    }
  }
  if (carriedOut) return plainState(t('Accepted'), 'good');
  return call.taskId
    ? plainState(t('Accepted'), goingOn)
    : plainState(t('Refused'), 'bad', t('The service refused every client of this call.'));
}

function taskState(
  task: NonNullable<OperationCall['task']>,
  call: OperationCall,
  operation: Operation,
): CallState {
  if (!task.end) {
    const look = operation.phase === 'ended' ? 'off' : 'running';
    return { state: { text: t('Running, {0}%', Math.max(0, task.progress)), look }, details: '' };
  }
  switch (task.end) {
    case 'completed': {
      const keys = new Set(call.machineKeys);
      const failed = operation.machines.some(
        ({ machine, outcome }) => outcome === 'failed' && keys.has(machine.key),
      );
      return { state: { text: t('Completed'), look: failed ? 'warning' : 'good' }, details: '' };
    }
    case 'failed':
      return { state: { text: t('Failed'), look: 'bad' }, details: '' };
    case 'expired':
      return { state: { text: t('Expired'), look: 'bad' }, details: reasonInWords(task.end) };
    case 'cancelled':
      return { state: { text: t('Cancelled'), look: 'bad' }, details: reasonInWords(task.end) };
    case 'not-found':
      return { state: { text: t('Not found'), look: 'warning' }, details: reasonInWords(task.end) };
  }
}

function failureOf({ failure, finding }: OperationCall): string {
  if (!failure) return '';
  const words = failureInWords({ ...failure, finding });
  return failure.serviceCode ? t('{0} (Code: {1})', words, plainText(failure.serviceCode)) : words;
}
