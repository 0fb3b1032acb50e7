import { t } from '@vscode/l10n';
import { numberInWords, sentences } from '../kernel/localize';
import type { OperationAction } from '../service/actions';
import { countsOf, type Operation } from './operation';
import { troubleInWords } from './trouble';
import { operationTitle, stateInWords } from './words';

/** Text of the status bar while operations run. */
export interface RunningStatus {
  /** "Upgrading 3/12". */
  readonly text: string;
  /** One line per operation. */
  readonly tooltip: string;
  /** For a screen reader: the same without icons. */
  readonly sentence: string;
  /** True if an operation waits for the user. */
  readonly warning: boolean;
}

/**
 * Counts clients with a result among those of running operations, without those that are not started; undefined if
 * none runs.
 */
export function runningStatusOf(operations: readonly Operation[]): RunningStatus | undefined {
  const running = operations.filter(({ phase }) => phase !== 'ended');
  if (running.length === 0) return undefined;
  const troubles = new Set(running.flatMap((operation) => troubleInWords(operation) ?? []));
  let done = 0;
  let total = 0;
  for (const operation of running) {
    const counts = countsOf(operation);
    done += counts.ended;
    total += counts.expected;
  }
  return {
    text: inShort(running, done, total),
    tooltip: running
      .map((operation) => [operationTitle(operation), stateInWords(operation)].join(' · '))
      .join('\n'),
    sentence: sentences(
      t({
        message: 'Cloud Backup: {done} of {total} clients finished. Show the Tasks view.',
        args: { done: numberInWords(done), total: numberInWords(total) },
        comment: ['Read by a screen reader for the status bar item while operations run.'],
      }),
      ...troubles,
    ),
    warning: troubles.size > 0,
  };
}

const activities: Readonly<Record<OperationAction | 'several', () => string>> = {
  install: () => t({ message: 'Installing', comment: ['Status bar, before a count such as 3/12.'] }),
  upgrade: () => t({ message: 'Upgrading', comment: ['Status bar, before a count such as 3/12.'] }),
  uninstall: () => t({ message: 'Uninstalling', comment: ['Status bar, before a count such as 3/12.'] }),
  settings: () => t({ message: 'Changing settings', comment: ['Status bar, before a count such as 3/12.'] }),
  several: () =>
    t({ message: 'Running', comment: ['Status bar, before a count such as 3/12: several changes run.'] }),
};

function inShort(running: readonly Operation[], done: number, total: number): string {
  const [action, ...others] = new Set(running.map((operation) => operation.action));
  const activity = activities[action === undefined || others.length > 0 ? 'several' : action]();
  // A task that is tracked by its ID names its clients late.
  if (total === 0) return activity;
  return t({
    message: '{activity} {done}/{total}',
    args: { activity, done: numberInWords(done), total: numberInWords(total) },
    comment: ['Status bar. {activity} is a word such as "Upgrading". The counts are of clients.'],
  });
}
