import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import type { OperationAction } from '../service/actions';
import { countsOf, type CountedAs, type Operation, type OperationCounts } from './operation';
import type { MachineOutcome, OperationStanding } from './outcomes';
import { troubleInWords } from './trouble';

const outcomeWords: Readonly<Record<MachineOutcome, () => string>> = {
  waiting: () => t('Waiting'),
  running: () => t('Running'),
  refused: () => t('Refused'),
  failed: () => t('Failed'),
  confirming: () => t('Confirming'),
  done: () => t('Done'),
  unconfirmed: () => t('Done, not yet confirmed'),
  'not-sent': () => t('Not sent'),
  unknown: () => t('Outcome not known'),
  unwatched: () => t('No longer watched'),
};

const titles: Readonly<Record<OperationAction, Title>> = {
  install: { one: (name) => t('Install {0}', name), many: (count) => t('Install {0} clients', count) },
  upgrade: { one: (name) => t('Upgrade {0}', name), many: (count) => t('Upgrade {0} clients', count) },
  uninstall: {
    one: (name) => t('Uninstall {0}', name),
    many: (count) => t('Uninstall {0} clients', count),
  },
  settings: {
    one: (name) => t('Change settings of {0}', name),
    many: (count) => t('Change settings of {0} clients', count),
  },
};

interface Title {
  readonly one: (name: string) => string;
  readonly many: (count: number) => string;
}

const standingWords: Readonly<Record<OperationStanding, () => string>> = {
  sending: () => t('Sending'),
  'sending-stopped': () => t('Sending stopped'),
  watching: () => t('Running'),
  confirming: () => t('Confirming'),
  done: () => t('Done'),
  unconfirmed: () => t('Done, not yet confirmed'),
  partly: () => t('Ended with problems'),
  failed: () => t('Failed'),
  'not-sent': () => t('Not sent'),
  unknown: () => t('Outcome not known'),
  unwatched: () => t('No longer watched'),
};

/** What is known of one machine, in a word or two. */
export function outcomeInWords(outcome: MachineOutcome): string {
  return outcomeWords[outcome]();
}

/** Where an operation stands as a whole: its phase while it goes on, then the way it ended. */
export function standingOf(operation: Operation): OperationStanding {
  if (operation.phase === 'sending' && operation.sendingStopped) return 'sending-stopped';
  if (operation.phase !== 'ended') return operation.phase;
  if (operation.watchingStopped) return 'unwatched';
  const { total, done, unconfirmed, failed, refused, notSent, unknown } = countsOf(operation);
  if (total === 0) return standingOfTasks(operation);
  if (done === total) return 'done';
  if (done + unconfirmed === total) return 'unconfirmed';
  if (failed + refused === total) return 'failed';
  if (notSent === total) return 'not-sent';
  return unknown === total ? 'unknown' : 'partly';
}

/** A task that is followed by its id may end without having named a machine; then its own word counts. */
function standingOfTasks({ calls }: Operation): OperationStanding {
  const tasks = calls.map(({ task }) => task);
  if (tasks.some((task) => !task?.end || task.end === 'not-found')) return 'unknown';
  return tasks.every((task) => task?.end === 'completed') ? 'done' : 'failed';
}

/** Where an operation stands, in a word or two: for a header, a row, a status bar. */
export function standingInWords(standing: OperationStanding): string {
  return standingWords[standing]();
}

/** As `standingInWords`, or what it waits for, or the number of the wave while several are sent one after another. */
export function phaseInWords(operation: Operation): string {
  const trouble = troubleInWords(operation);
  if (trouble !== undefined) return trouble;
  const standing = standingOf(operation);
  const { waves } = operation;
  const wave = waves.findLast(({ state }) => state === 'running' || state === 'proving');
  return standing === 'sending' && waves.length > 1 && wave
    ? t('Wave {0} of {1}', wave.number, waves.length)
    : standingInWords(standing);
}

/**
 * Name of an operation, such as "Upgrade 14 clients", or with the machine's name when it is one. A task that is only
 * followed is named by its id: what it does is known by hearsay.
 */
export function operationTitle(
  operation: Pick<Operation, 'action' | 'machines'> & Partial<Pick<Operation, 'foreign' | 'calls'>>,
): string {
  if (operation.foreign) return t('Task {0}', plainText(operation.calls?.[0]?.taskId ?? ''));
  const [first, ...others] = operation.machines;
  const title = titles[operation.action];
  return first && others.length === 0
    ? title.one(plainText(first.machine.name))
    : title.many(operation.machines.length);
}

const countWords: Readonly<Record<CountedAs, (count: number) => string>> = {
  done: (count) => t('{0} done', count),
  failed: (count) => t('{0} failed', count),
  refused: (count) => t('{0} refused', count),
  unconfirmed: (count) => t('{0} not confirmed', count),
  notSent: (count) => t('{0} not sent', count),
  unknown: (count) => t('{0} not known', count),
  running: (count) => t('{0} running', count),
  waiting: (count) => t('{0} waiting', count),
};
const columns = Object.keys(countWords).filter((name): name is CountedAs => name in countWords);

/** One line such as "9 done · 2 failed · 1 running · 3 waiting". Zeros are left out. */
export function countsInWords(counts: OperationCounts): string {
  return columns
    .filter((column) => counts[column] > 0)
    .map((column) => countWords[column](counts[column]))
    .join(' · ');
}
