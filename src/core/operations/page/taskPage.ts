import { t } from '@vscode/l10n';
import { countsOf, progressOf, type Operation } from '../operation';
import { standings } from '../outcomes';
import { canRetry, canResumeTracking } from '../operationFacts';
import { accountInWords } from '../../service/placeInWords';
import { plainText } from '../../kernel/plainText';
import { problemRows, type ProblemRow } from './problemRows';
import { callRow, clientRow, type CallRow, type ClientRow, type StateInWords } from './taskPageRows';
import { taskPageTexts, type TaskPageTexts } from './taskPageTexts';
import { waveRows, type WaveRow } from './waveRows';
import { countsInWords, operationTitle, phaseInWords, standingOf } from '../words';

/** What the user can ask of an operation. */
export type TaskPageCommand =
  'checkNow' | 'stopSending' | 'stopWatching' | 'watchAgain' | 'retryFailed' | 'exportReport';

/** Everything the page of one operation shows. Every text is localised and safe; the page only places it. */
export interface TaskPageState {
  readonly operationId: string;
  readonly title: string;
  /** The word Demo where the operation runs on demo data. */
  readonly demo?: string;
  /** Profile, account and region. */
  readonly place: string;
  readonly standing: StateInWords;
  /** "9 done · 2 failed · 1 running". */
  readonly summary: string;
  /** 0 to 100. */
  readonly percent: number;
  /** Milliseconds since 1970 by the host's clock; `now` lets the page go on counting by its own. */
  readonly times: {
    readonly now: number;
    readonly startedAt: number;
    readonly endedAt?: number;
    readonly nextCheckAt?: number;
  };
  readonly commands: readonly { readonly command: TaskPageCommand; readonly label: string }[];
  /** Empty where everything is sent at once. */
  readonly waves: readonly WaveRow[];
  /** Empty as long as nothing went wrong. */
  readonly problems: readonly ProblemRow[];
  readonly clients: readonly ClientRow[];
  readonly calls: readonly CallRow[];
  readonly texts: TaskPageTexts;
}

/** What a page shows besides its operation. */
export interface TaskPageSurroundings {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** When the service is asked next; undefined where nothing is planned. */
  readonly nextCheckAt: number | undefined;
  /** All operations that are known: one of them may have tried again what failed. */
  readonly known: readonly Operation[];
}

/** What the page of an operation shows now. */
export function taskPageState(
  operation: Operation,
  { now, nextCheckAt, known }: TaskPageSurroundings,
): TaskPageState {
  const standing = standingOf(operation);
  const ended = operation.phase === 'ended';
  const clients = clientRows(operation);
  return {
    operationId: operation.id,
    title: operationTitle(operation),
    ...(operation.demo && { demo: t('Demo') }),
    place: placeOf(operation),
    standing: {
      text: phaseInWords(operation),
      look: operation.trouble ? 'warning' : standings[standing].look,
    },
    summary: countsInWords(countsOf(operation)),
    percent: progressOf(operation),
    times: {
      now,
      startedAt: operation.startedAt,
      ...(operation.endedAt !== undefined && { endedAt: operation.endedAt }),
      ...(!ended && nextCheckAt !== undefined && { nextCheckAt }),
    },
    commands: commandsOf(operation, known),
    waves: waveRows(operation),
    problems: problemRows(clients),
    clients,
    calls: operation.calls.map((call) => callRow(call, operation)),
    texts: {
      ...taskPageTexts(),
      // Settings are changed at once, by calls without a task.
      ...(operation.action === 'settings' && { version: t('Change'), tasks: t('Calls') }),
    },
  };
}

function clientRows(operation: Operation): readonly ClientRow[] {
  const waveOf = new Map<string, number>();
  if (operation.waves.length > 1) {
    for (const { number, machineKeys } of operation.waves) {
      for (const key of machineKeys) waveOf.set(key, number);
    }
  }
  return operation.machines.map((progress) =>
    clientRow(progress, operation, waveOf.get(progress.machine.key) ?? 0),
  );
}

function placeOf({ profileName, scope }: Operation): string {
  return [plainText(profileName), accountInWords(scope), plainText(scope.regionId)]
    .filter((part) => part !== '')
    .join(' · ');
}

function commandsOf(operation: Operation, known: readonly Operation[]): TaskPageState['commands'] {
  const exporting = { command: 'exportReport', label: t('Export…') } as const;
  if (canResumeTracking(operation)) return [{ command: 'watchAgain', label: t('Resume Tracking') }, exporting];
  if (operation.phase === 'ended') {
    return canRetry(operation, known)
      ? [{ command: 'retryFailed', label: t('Retry Failed…') }, exporting]
      : [exporting];
  }
  const refresh = { command: 'checkNow', label: t('Refresh Now') } as const;
  if (operation.phase !== 'sending') {
    return [refresh, { command: 'stopWatching', label: t('Stop Tracking') }, exporting];
  }
  return operation.sendingStopped
    ? [refresh, exporting]
    : [refresh, { command: 'stopSending', label: t('Stop Rollout…') }, exporting];
}
