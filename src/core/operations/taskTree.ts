import type { Icon } from '../icon';
import type { Translate } from '../localize';
import { countsOf, progressOf, type MachineOutcome, type MachineProgress, type Operation } from './operation';
import { plainText } from '../plainText';
import { reasonInWords } from '../reasons';
import {
  countsInWords,
  operationTitle,
  outcomeInWords,
  standingInWords,
  standingOf,
  type OperationStanding,
} from '../words';

/** A row of the Tasks view, ready to be drawn: an operation, or one of its machines. */
export interface TaskNode {
  readonly id: string;
  readonly operationId: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: Icon;
  /** Menu words: the kind first, then what can be done. */
  readonly words: readonly string[];
  readonly children: readonly TaskNode[];
}

const standingIcons: Readonly<Record<OperationStanding, Icon>> = {
  sending: { id: 'sync~spin' },
  'sending-stopped': { id: 'sync~spin' },
  watching: { id: 'sync~spin' },
  confirming: { id: 'sync~spin' },
  done: { id: 'pass', color: 'testing.iconPassed' },
  unconfirmed: { id: 'question', color: 'list.warningForeground' },
  partly: { id: 'warning', color: 'list.warningForeground' },
  failed: { id: 'error', color: 'list.errorForeground' },
  'not-sent': { id: 'circle-slash', color: 'disabledForeground' },
  unknown: { id: 'question', color: 'list.warningForeground' },
  unwatched: { id: 'eye-closed', color: 'disabledForeground' },
};

const outcomeIcons: Readonly<Record<MachineOutcome, Icon>> = {
  waiting: { id: 'clock' },
  running: { id: 'sync~spin' },
  confirming: { id: 'sync~spin' },
  done: { id: 'pass', color: 'testing.iconPassed' },
  unconfirmed: { id: 'question', color: 'list.warningForeground' },
  failed: { id: 'error', color: 'list.errorForeground' },
  refused: { id: 'circle-slash', color: 'list.errorForeground' },
  'not-sent': { id: 'circle-slash', color: 'disabledForeground' },
  unknown: { id: 'question', color: 'list.warningForeground' },
  unwatched: { id: 'eye-closed', color: 'disabledForeground' },
};

/** Rows of the Tasks view: running operations first, then the newest. */
export function buildTaskTree(operations: readonly Operation[], t: Translate): readonly TaskNode[] {
  return [...operations]
    .sort((a, b) => Number(a.phase === 'ended') - Number(b.phase === 'ended') || b.startedAt - a.startedAt)
    .map((operation) => operationNode(operation, t));
}

function operationNode(operation: Operation, t: Translate): TaskNode {
  const standing = standingOf(operation);
  const running = operation.phase !== 'ended';
  const title = operationTitle(operation, t);
  const words = standingInWords(standing, t);
  const counts = countsInWords(countsOf(operation), t);
  const state = running
    ? t('{0} · {1} %', words, progressOf(operation))
    : operation.machines.length > 1 && standing !== 'done'
      ? t('{0} · {1}', words, counts)
      : words;
  return {
    id: operation.id,
    operationId: operation.id,
    label: title,
    description: operation.demo ? t('{0} · Demo', state) : state,
    tooltip: [
      title,
      `${plainText(operation.profileName)} · ${operation.scope.regionId}`,
      `${words}: ${counts}`,
    ].join('\n'),
    icon: standingIcons[standing],
    words: [
      'operation',
      running ? 'watching' : 'ended',
      ...(operation.phase === 'sending' && !operation.sendingStopped ? ['sending'] : []),
    ],
    children: operation.machines.map((machine) => machineNode(operation, machine, t)),
  };
}

function machineNode(operation: Operation, progress: MachineProgress, t: Translate): TaskNode {
  const name = plainText(progress.machine.name);
  const outcome = outcomeInWords(progress.outcome, t);
  const reason = progress.reason === undefined ? undefined : reasonInWords(progress.reason, t);
  return {
    id: `${operation.id}/${progress.machine.key}`,
    operationId: operation.id,
    label: name,
    description: outcome,
    tooltip: reason === undefined ? `${name}: ${outcome}` : `${name}: ${outcome}. ${reason}`,
    icon: outcomeIcons[progress.outcome],
    words: ['machine'],
    children: [],
  };
}

/** What has to be drawn again in the Tasks view: everything, or the rows of some operations. */
export function diffTaskTrees(
  before: readonly TaskNode[],
  after: readonly TaskNode[],
): { readonly root: boolean; readonly ids: readonly string[] } {
  const sameRoots = before.length === after.length && before.every((node, i) => node.id === after[i]?.id);
  if (!sameRoots) return { root: true, ids: [] };
  const ids = after
    .filter((node, i) => JSON.stringify(node) !== JSON.stringify(before[i]))
    .map(({ id }) => id);
  return { root: false, ids };
}
