import { t } from '@vscode/l10n';
import { sentences } from '../../kernel/localize';
import { plainText } from '../../kernel/plainText';
import { actions } from '../../service/actions';
import { statusInWords } from '../../service/words';
import { versionColumn } from '../../operations/machineVersions';
import { causeInWords } from '../../operations/causes';
import type { MachineProgress, Operation } from '../../operations/operation';
import { looks, outcomes, type Look } from '../../operations/outcomes';
import { heldJobsInWords, waitedInWords } from '../../operations/holdWords';
import { settingsFromInWords } from '../../operations/settingsInWords';
import { machineStateInWords } from '../../operations/words';
import type { StateInWords } from '../page';
import { shortCause } from './shortCauses';

/** One cell of the table of clients. */
export interface Cell {
  /** Localized and safe to show; empty if there's nothing to say. */
  readonly text: string;
  /** A state has a look as well. */
  readonly look?: Look;
  /** The whole text, where this one is shortened. */
  readonly title?: string;
  /** Milliseconds since 1970: the page shows how much time is left until then, before the text. */
  readonly until?: number;
  /** What the column is sorted by before its text. */
  readonly rank?: number;
}

/** One column of the table of clients. */
export interface Column {
  /** The style sheet knows the columns by it, and the page remembers the order by it. */
  readonly id: string;
  readonly label: string;
  /** A track size of a CSS grid. */
  readonly width: string;
}

/** One client of an operation. */
export interface ClientRow {
  /** Stable within the operation. */
  readonly key: string;
  readonly name: string;
  readonly state: StateInWords;
  /** The code behind the state; empty if there's none. */
  readonly code: string;
  /** True if someone should look at it. */
  readonly problem: boolean;
  /** One for each column, in their order. The first one names the row. */
  readonly cells: readonly Cell[];
}

/** The clients of an operation. The page draws whatever columns it's given. */
export interface ClientTable {
  readonly columns: readonly Column[];
  readonly rows: readonly ClientRow[];
}

/** One client with what its cells are made from. */
interface Source {
  readonly progress: MachineProgress;
  readonly operation: Operation;
  /** From 1; undefined for a client that is in no wave, since it waits for a backup. */
  readonly wave: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

interface ColumnDefinition {
  readonly id: string;
  readonly label: (operation: Operation) => string;
  readonly width: string;
  readonly isShown?: (operation: Operation) => boolean;
  readonly cell: (source: Source) => Cell;
}

const isInWaves = ({ waves }: Operation): boolean => waves.length > 1;

/** All columns, in their order. To add one, add it here. */
const definitions: readonly ColumnDefinition[] = [
  {
    id: 'name',
    label: () => t({ message: 'Client', comment: ['Column: the name of a backup client.'] }),
    width: '22fr',
    cell: ({ progress: { machine } }) => ({ text: plainText(machine.name) }),
  },
  {
    id: 'instance',
    label: () => t({ message: 'Instance ID', comment: ['Column: the ID of an ECS instance.'] }),
    // An ID keeps to one line as long as the page has room for it.
    width: 'minmax(13.5em, 20fr)',
    cell: ({ progress: { machine } }) => ({ text: plainText(machine.instanceId ?? machine.clientId ?? '') }),
  },
  {
    id: 'state',
    label: () => t({ message: 'State', comment: ['Column: how far a client or a request is.'] }),
    width: '14fr',
    cell: ({ progress }) => ({
      ...stateOf(progress),
      rank: looks.indexOf(outcomes[progress.outcome].look),
    }),
  },
  {
    id: 'version',
    label: ({ action }) =>
      action === 'settings'
        ? t({ message: 'Change', comment: ['Column: which settings of a client are changed.'] })
        : t({ message: 'Version', comment: ['Column: the version of a client.'] }),
    width: 'minmax(9.5em, 13fr)',
    cell: ({ progress, operation }) => ({ text: changeOf(progress, operation) }),
  },
  {
    id: 'wave',
    label: () => t({ message: 'Wave', comment: ['Column: the number of a stage of a rollout.'] }),
    width: 'minmax(4.5em, 6fr)',
    isShown: isInWaves,
    cell: ({ wave }) => ({ text: String(wave ?? ''), rank: wave ?? Infinity }),
  },
  {
    id: 'details',
    label: () =>
      t({ message: 'Details', comment: ['Column: why a client is in its state, and what to do.'] }),
    width: '25fr',
    isShown: (operation) =>
      operation.machines.some(
        (progress) => progress.held !== undefined || detailsOf(progress, operation) !== '',
      ),
    cell: ({ progress, operation, now }) => {
      const { held, machine } = progress;
      if (held) return { text: heldJobsInWords(held, machine, now), until: held.until };
      const title = detailsOf(progress, operation);
      const code = codeOf(progress);
      // The sentence is said once, for all clients with the cause.
      return code === '' ? { text: title } : { text: shortCause(code) ?? code, title };
    },
  },
];

/** A row with what it was made from besides its client. */
interface MadeRow {
  readonly row: ClientRow;
  readonly wave: number | undefined;
  readonly columns: string;
  readonly failures: string;
}

/**
 * The tables of one operation as it goes on. A row that would look the same is the same object as before, so that only
 * what changed is made, sent, and drawn.
 */
export class ClientTables {
  readonly #made = new WeakMap<MachineProgress, MadeRow>();

  /** The table of the clients, in the order of the plan. `now`: milliseconds since 1970. */
  of(operation: Operation, now: number): ClientTable {
    const shown = definitions.filter(({ isShown }) => isShown?.(operation) ?? true);
    const waveOf = new Map(
      operation.waves.flatMap(({ number, machineKeys }) => machineKeys.map((key) => [key, number] as const)),
    );
    const columns = shown.map(({ id }) => id).join();
    // The words for a code can come from the failure of a call.
    const failures = JSON.stringify(operation.calls.flatMap(({ failure }) => failure ?? []));
    return {
      columns: shown.map(({ id, label, width }) => ({ id, label: label(operation), width })),
      rows: operation.machines.map((progress) => {
        const wave = waveOf.get(progress.machine.key);
        const before = this.#made.get(progress);
        const isSame = before?.wave === wave && before?.columns === columns && before.failures === failures;
        // How long a backup has been running changes with the time.
        if (isSame && !progress.held) return before.row;
        const row = rowOf({ progress, operation, wave, now }, shown);
        this.#made.set(progress, { row, wave, columns, failures });
        return row;
      }),
    };
  }
}

function rowOf(source: Source, shown: readonly ColumnDefinition[]): ClientRow {
  const { progress } = source;
  const { machine, outcome } = progress;
  return {
    key: machine.key,
    name: plainText(machine.name),
    state: stateOf(progress),
    code: codeOf(progress),
    problem: outcomes[outcome].problem,
    cells: shown.map(({ cell }) => cell(source)),
  };
}

/** The state of a client in words. */
export function stateOf(progress: Pick<MachineProgress, 'outcome' | 'held'>): StateInWords {
  return { text: machineStateInWords(progress), look: outcomes[progress.outcome].look };
}

/** The code behind a problem; empty if there's none. */
export function codeOf({ outcome, reason }: MachineProgress): string {
  return outcomes[outcome].problem && reason !== undefined ? plainText(reason) : '';
}

/** What is changed: versions, or settings. */
function changeOf(
  progress: MachineProgress,
  { action, settings }: Pick<Operation, 'action' | 'settings'>,
): string {
  if (settings) return settingsFromInWords(progress.machine.fromSettings ?? {}, settings);
  return plainText(versionColumn(progress, action), 80);
}

/** Why a client is in its state, and what to do next; empty if there's nothing to say. */
export function detailsOf(progress: MachineProgress, operation: Pick<Operation, 'action' | 'calls'>): string {
  const { outcome, clientStatus, clientVersion } = progress;
  const { action } = operation;
  const cause = causeInWords(progress, operation);
  if (cause !== undefined || outcome === 'done') return sentences(cause, waitedInWords(progress));
  if (outcome === 'unknown')
    return t("The request might have gone through. Refresh to see the client's status.");
  if (outcome === 'unconfirmed' && action === 'settings')
    return t('The list still shows other values. Refresh later.');
  if (outcome === 'unconfirmed' && clientVersion)
    return t('The list still shows version {0}. Refresh later.', plainText(clientVersion, 40));
  // That it's being upgraded is what Running says already.
  const isNews =
    outcome !== 'running' || action === 'settings' || clientStatus !== actions[action].busyStatus;
  return clientStatus && isNews
    ? t({
        message: 'Client status: {0}',
        args: [statusInWords(clientStatus)],
        comment: ['{0} is the status that the service reports, such as Upgrading.'],
      })
    : '';
}
