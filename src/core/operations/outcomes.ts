import { stateColors, type Icon } from '../kernel/icon';

/** How a state looks: a shape and a color. In the order in which rows are sorted: what needs you first. */
export const looks = ['bad', 'warning', 'off', 'running', 'waiting', 'good'] as const;
export type Look = (typeof looks)[number];

export type Stage = 'waiting' | 'running' | 'verifying' | 'settled';

/** What starts a new operation with clients of one that has ended. */
export type Again = 'retry' | 'continue';

interface OutcomeTraits {
  /**
   * How far the client is. `waiting`: no request names it yet. `running`: its request went out, and its task isn't known to
   * have ended. `verifying`: its task ended, and the list hasn't shown the result yet. `settled`: this is the result.
   */
  readonly stage: Stage;
  /** True where somebody should look. Counts toward the failure limit if a request named the client. */
  readonly problem: boolean;
  /**
   * How another operation can make up for it, where a second request can't do anything twice: `retry` what failed, or
   * `continue` what the user stopped.
   */
  readonly again: Again | undefined;
  /** The number of `OperationCounts` that includes it. */
  readonly countedAs: string;
  readonly look: Look;
  readonly icon: Icon;
}

const spinning: Icon = { id: 'sync~spin' };
const passed: Icon = { id: 'pass', color: stateColors.good };
const failed: Icon = { id: 'error', color: stateColors.bad };
const uncertain: Icon = { id: 'question', color: stateColors.warning };
const warning: Icon = { id: 'warning', color: stateColors.warning };
const skipped: Icon = { id: 'circle-slash', color: stateColors.quiet };
const pending: Icon = { id: 'circle-large-outline' };
const closed: Icon = { id: 'eye-closed', color: stateColors.quiet };

const problem = { stage: 'settled', problem: true, again: undefined } as const;
const open = { problem: false, again: undefined } as const;

/**
 * What is known of one client of an operation. Everything else that depends on an outcome reads a column here or is a
 * `Record` over the same names. Rows are in the order of the groups in the Tasks view: what needs you first. The names are
 * recorded: never rename one.
 */
export const outcomes = {
  /** Its task or the list says so. */
  failed: { ...problem, again: 'retry', countedAs: 'failed', look: 'bad', icon: failed },
  /** The service rejected it. */
  refused: {
    ...problem,
    again: 'retry',
    countedAs: 'refused',
    look: 'bad',
    icon: { id: 'circle-slash', color: stateColors.bad },
  },
  /** Its request might have gone through, and reading the list didn't show whether it did. */
  unknown: { ...problem, countedAs: 'unknown', look: 'warning', icon: uncertain },
  /** Its task completed, and the list didn't verify it in time. */
  unconfirmed: { ...problem, countedAs: 'unconfirmed', look: 'warning', icon: uncertain },
  /** No request named it, or the request certainly didn't run, and nobody wanted that. */
  'not-sent': { ...problem, again: 'retry', countedAs: 'notSent', look: 'off', icon: skipped },
  /** As `not-sent`, because the user stopped the rollout. */
  stopped: {
    ...open,
    stage: 'settled',
    again: 'continue',
    countedAs: 'notSent',
    look: 'off',
    icon: skipped,
  },
  /** The user stopped tracking before it was settled. */
  unwatched: { ...open, stage: 'settled', countedAs: 'notTracked', look: 'off', icon: closed },
  running: { ...open, stage: 'running', countedAs: 'running', look: 'running', icon: spinning },
  confirming: { ...open, stage: 'verifying', countedAs: 'running', look: 'running', icon: spinning },
  waiting: {
    ...open,
    stage: 'waiting',
    countedAs: 'waiting',
    look: 'waiting',
    icon: pending,
  },
  /** Verified by the list. */
  done: { ...open, stage: 'settled', countedAs: 'done', look: 'good', icon: passed },
} as const satisfies Readonly<Record<string, OutcomeTraits>>;

export type MachineOutcome = keyof typeof outcomes;

/** In the order of the table. */
export const machineOutcomes = Object.keys(outcomes).filter(
  (name): name is MachineOutcome => name in outcomes,
);

/** True while a client belongs to an operation: its request will go out or went out, and its result isn't known. */
export function isBusyOutcome(outcome: MachineOutcome): boolean {
  return outcomes[outcome].stage !== 'settled';
}

/** True for a client that a request named and whose result isn't known. */
export function isSentOutcome(outcome: MachineOutcome): boolean {
  return isBusyOutcome(outcome) && outcomes[outcome].stage !== 'waiting';
}

interface StandingTraits {
  readonly look: Look;
  readonly icon: Icon;
}

/** The state of an operation as a whole: its phase while it runs, then how it ended. */
export const standings = {
  sending: { look: 'running', icon: spinning },
  watching: { look: 'running', icon: spinning },
  confirming: { look: 'running', icon: spinning },
  /** All that's left waits for backups or restores to end. */
  held: { look: 'waiting', icon: pending },
  done: { look: 'good', icon: passed },
  unconfirmed: { look: 'warning', icon: uncertain },
  partly: { look: 'warning', icon: warning },
  failed: { look: 'bad', icon: failed },
  /** The user stopped the rollout, and nothing failed. */
  stopped: { look: 'off', icon: skipped },
  /** The user stopped the rollout, and something failed before. */
  'stopped-partly': { look: 'warning', icon: warning },
  'not-sent': { look: 'off', icon: skipped },
  unknown: { look: 'warning', icon: uncertain },
  unwatched: { look: 'off', icon: closed },
} as const satisfies Readonly<Record<string, StandingTraits>>;

export type OperationStanding = keyof typeof standings;
