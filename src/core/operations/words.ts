import { t } from '@vscode/l10n';
import { numberInWords } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { actionWords } from './actionWords';
import { waitingForInWords } from './holdWords';
import {
  countsOf,
  type CountedAs,
  type MachineProgress,
  type Operation,
  type OperationCounts,
} from './operation';
import { outcomes, type Again, type MachineOutcome, type OperationStanding } from './outcomes';
import { canResumeTracking, hasProblems } from './operationFacts';
import { troubleInWords } from './trouble';

const outcomeWords: Readonly<Record<MachineOutcome, () => string>> = {
  waiting: () => t({ message: 'Waiting', comment: ['State of a client in an operation.'] }),
  running: () => t({ message: 'Running', comment: ['State of a client in an operation.'] }),
  refused: () => t({ message: 'Rejected', comment: ['State of a client in an operation.'] }),
  failed: () => t({ message: 'Failed', comment: ['State of a client in an operation.'] }),
  confirming: () => t({ message: 'Verifying', comment: ['State of a client in an operation.'] }),
  done: () => t({ message: 'Completed', comment: ['State of a client in an operation.'] }),
  unconfirmed: () =>
    t({ message: 'Completed, not verified', comment: ['State of a client in an operation.'] }),
  'not-sent': () => t({ message: 'Not started', comment: ['State of a client in an operation.'] }),
  stopped: () => t({ message: 'Not started', comment: ['State of a client in an operation.'] }),
  unknown: () => t({ message: 'Result unknown', comment: ['State of a client in an operation.'] }),
  unwatched: () => t({ message: 'Not tracked', comment: ['State of a client in an operation.'] }),
};

const standingWords: Readonly<Record<OperationStanding, () => string>> = {
  sending: () => t({ message: 'Starting', comment: ['State of an operation.'] }),
  watching: () => t({ message: 'Running', comment: ['State of an operation.'] }),
  confirming: () => t({ message: 'Verifying', comment: ['State of an operation.'] }),
  held: () => t({ message: 'Waiting for backups', comment: ['State of an operation.'] }),
  done: () => t({ message: 'Completed', comment: ['State of an operation.'] }),
  unconfirmed: () => t({ message: 'Completed, not verified', comment: ['State of an operation.'] }),
  partly: () => t({ message: 'Completed with errors', comment: ['State of a wave or an operation.'] }),
  failed: () => t({ message: 'Failed', comment: ['State of an operation.'] }),
  stopped: () => t({ message: 'Stopped by you', comment: ['State of an operation.'] }),
  'stopped-partly': () =>
    t({
      message: 'Stopped by you, with errors',
      comment: ['State of an operation: you stopped it after some clients had failed.'],
    }),
  'not-sent': () => t({ message: 'Not started', comment: ['State of an operation.'] }),
  unknown: () => t({ message: 'Result unknown', comment: ['State of an operation.'] }),
  unwatched: () => t({ message: 'Not tracked', comment: ['State of an operation.'] }),
};

/** State of one client of an operation: "Completed", or "Waiting for a backup". */
export function machineStateInWords({ outcome, held }: Pick<MachineProgress, 'outcome' | 'held'>): string {
  return held ? waitingForInWords(held.jobs) : outcomeInWords(outcome);
}

/** State of one client, in a word or two. */
export function outcomeInWords(outcome: MachineOutcome): string {
  return outcomeWords[outcome]();
}

/** State of an operation as a whole: its phase while it runs, then how it ended. */
export function standingOf(operation: Operation): OperationStanding {
  if (operation.phase !== 'ended') return openStandingOf(operation.phase, operation.machines);
  if (canResumeTracking(operation)) return 'unwatched';
  const { total, done, unconfirmed, failed, refused, notSent, unknown } = countsOf(operation);
  if (total === 0) return standingOfTasks(operation);
  if (operation.machines.some(({ outcome }) => outcome === 'stopped')) {
    return hasProblems(operation) ? 'stopped-partly' : 'stopped';
  }
  if (done === total) return 'done';
  if (done + unconfirmed === total) return 'unconfirmed';
  if (failed + refused > 0 && failed + refused + notSent === total) return 'failed';
  if (notSent === total) return 'not-sent';
  return unknown === total ? 'unknown' : 'partly';
}

/** What goes on with the clients that don't wait for a backup; `held` where all do that are left. */
function openStandingOf(
  phase: Exclude<Operation['phase'], 'ended'>,
  machines: readonly MachineProgress[],
): OperationStanding {
  // A client that's held back still waits for its request.
  if (phase !== 'sending' || !machines.some(({ held }) => held)) return phase;
  const stages = new Set(machines.flatMap(({ outcome, held }) => (held ? [] : outcomes[outcome].stage)));
  if (stages.has('waiting')) return 'sending';
  if (stages.has('running')) return 'watching';
  return stages.has('verifying') ? 'confirming' : 'held';
}

/** A foreign task might end without having named a client; then the end of the task counts. */
function standingOfTasks({ calls }: Operation): OperationStanding {
  const tasks = calls.map(({ task }) => task);
  if (tasks.some((task) => !task?.end || task.end === 'not-found')) return 'unknown';
  return tasks.every((task) => task?.end === 'completed') ? 'done' : 'failed';
}

/** State of an operation, in a word or two. */
export function standingInWords(standing: OperationStanding): string {
  return standingWords[standing]();
}

/**
 * State of an operation in one line, the same wherever it's shown: "Wave 1 of 2 · 1 running · 11 waiting", "Stopped by you ·
 * 9 completed · 11 not started", "Completed". Counts are left out where they'd only repeat the state.
 */
export function stateInWords(operation: Operation): string {
  const counts = countsBeside(operation);
  return [phaseInWords(operation), ...(counts === '' ? [] : [counts])].join(' · ');
}

/** The counts to show beside `phaseInWords`; empty where all clients are in the one state that it names. */
export function countsBeside(operation: Operation): string {
  const all = countsOf(operation);
  // What they wait for is the state.
  const counts =
    standingOf(operation) === 'held'
      ? { ...all, waiting: all.forBackup + all.forRestore, forBackup: 0, forRestore: 0 }
      : all;
  const isOne = counts.total < 2 || columns.filter((column) => counts[column] > 0).length < 2;
  const saysItAll = operation.trouble === undefined && standingOf(operation) !== 'stopped';
  return isOne && (saysItAll || counts.total < 2) ? '' : countsInWords(counts);
}

/** As `standingInWords`, or what it waits for, or the number of the wave that is running. */
export function phaseInWords(operation: Operation): string {
  const trouble = troubleInWords(operation);
  if (trouble !== undefined) return trouble;
  const standing = standingOf(operation);
  if (standing === 'held') {
    return waitingForInWords(operation.machines.flatMap(({ held }) => held?.jobs ?? []));
  }
  const { waves, sendingStopped } = operation;
  const wave = waves.findLast(({ state }) => state === 'running' || state === 'proving');
  const isRollout = operation.phase !== 'ended' && !sendingStopped && waves.length > 1;
  return isRollout && wave && standing !== 'confirming'
    ? t({
        message: 'Wave {number} of {count}',
        args: { number: numberInWords(wave.number), count: numberInWords(waves.length) },
        comment: ['State of an operation. A wave is a stage of a rollout.'],
      })
    : standingInWords(standing);
}

/** The button that starts a new operation with `count` clients of one that has ended. */
export function againInWords(how: Again, count: number): string {
  return how === 'retry'
    ? t({ message: 'Retry Failed…', comment: ['Button: plans the failed clients again.'] })
    : t({
        message: 'Continue with {0}…',
        args: [numberInWords(count)],
        comment: ['Button: starts the clients that a stopped rollout left out. {0} is their number.'],
      });
}

/**
 * Title of an operation, such as "Upgrade 14 clients", or with the name of its only client. A foreign task is named
 * by its ID.
 */
export function operationTitle(
  operation: Pick<Operation, 'action' | 'machines'> & Partial<Pick<Operation, 'foreign' | 'calls'>>,
): string {
  if (operation.foreign) {
    return t({
      message: 'Task {0}',
      args: [plainText(operation.calls?.[0]?.taskId ?? '')],
      comment: ['Title of an operation that tracks a service task by its ID.'],
    });
  }
  const [first, ...others] = operation.machines;
  const { titleOfOne, titleOfMany } = actionWords[operation.action];
  return first && others.length === 0
    ? titleOfOne(plainText(first.machine.name))
    : titleOfMany(operation.machines.length);
}

/** As `operationTitle`, but of several clients it names the first: rows below each other must be told apart. */
export function operationRowTitle(operation: Operation): string {
  const [first, ...others] = operation.machines;
  if (operation.foreign || !first || others.length === 0) return operationTitle(operation);
  return actionWords[operation.action].titleByFirst(plainText(first.machine.name, 40), others.length);
}

/** A number of clients by their state, such as "9 completed". */
export const countWords: Readonly<Record<CountedAs, (count: number) => string>> = {
  done: (count) =>
    t({
      message: '{0} completed',
      args: [numberInWords(count)],
      comment: ['Number of clients in an operation.'],
    }),
  failed: (count) =>
    t({
      message: '{0} failed',
      args: [numberInWords(count)],
      comment: ['Number of clients in an operation.'],
    }),
  refused: (count) =>
    t({
      message: '{0} rejected',
      args: [numberInWords(count)],
      comment: ['Number of clients in an operation.'],
    }),
  unconfirmed: (count) =>
    t({
      message: '{0} not verified',
      args: [numberInWords(count)],
      comment: ['Number of clients in an operation.'],
    }),
  unknown: (count) =>
    t({
      message: '{0} unknown',
      args: [numberInWords(count)],
      comment: ['Number of clients whose result is unknown.'],
    }),
  notTracked: (count) =>
    t({
      message: '{0} not tracked',
      args: [numberInWords(count)],
      comment: ['Number of clients whose change you stopped tracking.'],
    }),
  running: (count) =>
    t({
      message: '{0} running',
      args: [numberInWords(count)],
      comment: ['Number of clients in an operation.'],
    }),
  forBackup: (count) =>
    t({
      message: '{0} waiting for a backup',
      args: [numberInWords(count)],
      comment: ['Number of clients in an operation.'],
    }),
  forRestore: (count) =>
    t({
      message: '{0} waiting for a restore',
      args: [numberInWords(count)],
      comment: ['Number of clients in an operation.'],
    }),
  waiting: (count) =>
    t({
      message: '{0} waiting',
      args: [numberInWords(count)],
      comment: ['Number of clients in an operation.'],
    }),
  notSent: (count) =>
    t({
      message: '{0} not started',
      args: [numberInWords(count)],
      comment: ['Number of clients in an operation.'],
    }),
};
const columns = Object.keys(countWords).filter((name): name is CountedAs => name in countWords);

/** One line such as "9 completed · 2 failed · 1 running · 3 waiting". Zeros are left out. */
export function countsInWords(counts: OperationCounts): string {
  return columns
    .filter((column) => counts[column] > 0)
    .map((column) => countWords[column](counts[column]))
    .join(' · ');
}
