import { t } from '@vscode/l10n';
import { progressOf, type Operation } from '../../operations/operation';
import { standings } from '../../operations/outcomes';
import { canResumeTracking } from '../../operations/operationFacts';
import { linksOf, type OperationLink } from '../../operations/operationLinks';
import { leftFor } from '../../operations/retryPlan';
import { regionName } from '../../service/regions';
import { accountInWords, listedInWords } from '../../service/scopeLabel';
import { plainText } from '../../kernel/plainText';
import { problemRows, type ProblemRow } from './problemRows';
import { ClientTables, type ClientTable } from './clientTable';
import { leftOutRows, type LeftOutRow } from './leftOutRows';
import { callRows, type CallRow } from './requestRows';
import type { PageState, StateInWords } from '../page';
import { pageTexts, type PageTexts } from './pageTexts';
import { waveRows, type WaveRow } from './waveRows';
import { againInWords, countsBeside, operationTitle, phaseInWords, standingOf } from '../../operations/words';

/** What the user can ask of an operation. */
export type OperationPageCommand =
  | 'checkNow'
  | 'stopSending'
  | 'stopWatching'
  | 'watchAgain'
  | 'retryFailed'
  | 'continueRollout'
  | 'exportReport';

/** A button of the page. */
export interface OperationAction {
  readonly command: OperationPageCommand;
  readonly label: string;
  /** True for what one needs now. At most one is. */
  readonly primary: boolean;
}

/** Everything the page of one operation shows. Its subject is the ID of the operation. */
export interface OperationPageState extends PageState {
  /** The word Demo for an operation on demo data. */
  readonly demo?: string;
  /** Profile, region, and account. */
  readonly place: string;
  /** The operation that it retries or continues, and those that retry or continue it. */
  readonly links: readonly OperationLink[];
  readonly standing: StateInWords;
  /** "9 done · 2 failed · 1 running". */
  readonly summary: string;
  /** 0 to 100. */
  readonly percent: number;
  /** Milliseconds since 1970 by the host's clock. */
  readonly times: {
    readonly startedAt: number;
    readonly endedAt?: number;
    readonly nextCheckAt?: number;
  };
  readonly commands: readonly OperationAction[];
  /** Empty if everything is requested at once. */
  readonly waves: readonly WaveRow[];
  /** Empty while there are no problems. */
  readonly problems: readonly ProblemRow[];
  readonly clients: ClientTable;
  readonly calls: readonly CallRow[];
  /** Never changes. */
  readonly leftOut: readonly LeftOutRow[];
  readonly texts: PageTexts;
}

/** What a page shows besides its operation. */
export interface PageContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** When the service is queried next; undefined if no query is planned. */
  readonly nextCheckAt: number | undefined;
  /** All known operations: one of them might have retried what failed. */
  readonly known: readonly Operation[];
  /** Writes a moment (milliseconds since 1970) in the user's language. */
  readonly timeInWords: (ms: number) => string;
}

/**
 * What the page of an operation shows now.
 * @param tables what was shown before, where it goes on
 */
export function operationPageState(
  operation: Operation,
  { now, nextCheckAt, known, timeInWords }: PageContext,
  tables = new ClientTables(),
): OperationPageState {
  const standing = standingOf(operation);
  const ended = operation.phase === 'ended';
  return {
    subject: operation.id,
    title: operationTitle(operation),
    ...(operation.demo && { demo: t({ message: 'Demo', comment: ['Mark of an operation on demo data.'] }) }),
    place: placeOf(operation),
    links: linksOf(operation, known, timeInWords),
    standing: {
      text: phaseInWords(operation),
      look: operation.trouble ? 'warning' : standings[standing].look,
    },
    summary: countsBeside(operation),
    percent: progressOf(operation),
    now,
    times: {
      startedAt: operation.startedAt,
      ...(operation.endedAt !== undefined && { endedAt: operation.endedAt }),
      ...(!ended && nextCheckAt !== undefined && { nextCheckAt }),
    },
    commands: commandsOf(operation, known),
    waves: waveRows(operation),
    problems: problemRows(operation),
    clients: tables.of(operation, now),
    calls: callRows(operation),
    leftOut: leftOutRows(operation),
    texts: {
      ...pageTexts(),
      // Settings are changed at once, by requests without a task.
      ...(operation.action === 'settings' && {
        tasks: t({ message: 'Requests', comment: ['Heading: API requests.'] }),
      }),
    },
  };
}

/** The name of the profile isn't said for demo data, which has a mark. */
function placeOf({ profileName, scope, demo }: Operation): string {
  const account = accountInWords(scope);
  return [
    demo ? '' : plainText(profileName),
    plainText(regionName(scope.regionId)),
    account === ''
      ? ''
      : t({
          message: 'account {account}',
          args: { account },
          comment: ['An account by its ID, in a list of facts'],
        }),
    ...listedInWords(scope),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

const labels: Readonly<
  Record<OperationPageCommand, (operation: Operation, known: readonly Operation[]) => string>
> = {
  checkNow: () => t({ message: 'Check Now', comment: ['Button: queries the task now.'] }),
  stopSending: () => t({ message: 'Stop Rollout…', comment: ['Button: starts no further clients.'] }),
  stopWatching: () => t({ message: 'Stop Tracking', comment: ['Button.'] }),
  watchAgain: () => t({ message: 'Resume Tracking', comment: ['Button.'] }),
  retryFailed: (...of) => againInWords('retry', leftFor('retry', ...of).length),
  continueRollout: (...of) => againInWords('continue', leftFor('continue', ...of).length),
  exportReport: () => t({ message: 'Export…', comment: ['Button: saves a report of the operation.'] }),
};

/** What makes up for something. Everything else can wait. */
const needed: ReadonlySet<OperationPageCommand> = new Set(['watchAgain', 'continueRollout', 'retryFailed']);

function commandsOf(operation: Operation, known: readonly Operation[]): OperationPageState['commands'] {
  const names = namesOf(operation, known);
  const primary = names.find((command) => needed.has(command));
  return names.map((command) => ({
    command,
    label: labels[command](operation, known),
    primary: command === primary,
  }));
}

function namesOf(operation: Operation, known: readonly Operation[]): readonly OperationPageCommand[] {
  if (canResumeTracking(operation)) return ['watchAgain', 'exportReport'];
  if (operation.phase === 'ended') {
    return [
      ...(leftFor('continue', operation, known).length > 0 ? (['continueRollout'] as const) : []),
      ...(leftFor('retry', operation, known).length > 0 ? (['retryFailed'] as const) : []),
      'exportReport',
    ];
  }
  if (operation.phase !== 'sending') return ['checkNow', 'stopWatching', 'exportReport'];
  return operation.sendingStopped
    ? ['checkNow', 'exportReport']
    : ['checkNow', 'stopSending', 'exportReport'];
}
