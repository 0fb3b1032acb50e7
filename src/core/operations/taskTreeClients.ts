import { numberInWords, sentences } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { causeInWords } from './causes';
import { heldJobsInWords, holdInWords, waitedInWords, waitingForInWords } from './holdWords';
import type { MachineProgress, Operation } from './operation';
import { machineOutcomes, outcomes } from './outcomes';
import { joined, once, type TaskNode } from './taskNode';
import { outcomeInWords } from './words';

/** Operations with more clients group them by outcome, so failures are easy to find. */
const machinesInSight = 30;
/** Larger groups have ranges below them. */
const rowsAtOnce = 500;
const rowsInRange = 250;

/**
 * The rows of an operation's clients. Those of a large one are grouped by outcome, and a large group in ranges, so that
 * VS Code never gets more than some hundred rows at once.
 * @param nowMs milliseconds since 1970
 */
export function clientRows(operation: Operation, nowMs: number): readonly TaskNode[] {
  if (operation.machines.length <= machinesInSight) {
    return operation.machines.map((machine) => machineNode(operation, machine, operation.id, nowMs));
  }
  return machineGroups.flatMap(({ outcome, isHeld }) => {
    const placed = operation.machines.flatMap((progress, place): readonly Placed[] =>
      progress.outcome === outcome && (progress.held !== undefined) === isHeld ? [{ progress, place }] : [],
    );
    if (placed.length === 0) return [];
    const machines = placed.map(({ progress }) => progress);
    const id = `${operation.id}/of/${isHeld ? 'held' : outcome}`;
    const label = isHeld
      ? waitingForInWords(machines.flatMap(({ held }) => held?.jobs ?? []))
      : outcomeInWords(outcome);
    const icon = outcomes[outcome].icon;
    return {
      ...groupNode(operation, { id, parentId: operation.id, label, icon }, machines),
      children: once(() =>
        machines.length > rowsAtOnce
          ? rangeRows(operation, { id, label, icon }, placed, nowMs)
          : machines.map((machine) => machineNode(operation, machine, id, nowMs)),
      ),
    };
  });
}

/** A client with its place in the plan. */
interface Placed {
  readonly progress: MachineProgress;
  readonly place: number;
}

/** A large group in ranges of the plan: where one ends doesn't depend on which clients have the outcome now. */
function rangeRows(
  operation: Operation,
  group: Pick<TaskNode, 'id' | 'label' | 'icon'>,
  placed: readonly Placed[],
  nowMs: number,
): readonly TaskNode[] {
  const ranges = new Map<number, MachineProgress[]>();
  for (const { progress, place } of placed) {
    const number = Math.floor(place / rowsInRange);
    const others = ranges.get(number);
    if (others) others.push(progress);
    else ranges.set(number, [progress]);
  }
  return [...ranges].map(([number, machines]) => {
    const id = `${group.id}/${number}`;
    const [first, last] = [machines[0], machines.at(-1)].map((one) => plainText(one?.machine.name ?? ''));
    const label = machines.length === 1 ? (first ?? '') : `${first} … ${last}`;
    return {
      ...groupNode(operation, { ...group, id, parentId: group.id, label }, machines),
      tooltip: joined([label, group.label, numberInWords(machines.length)]),
      children: once(() => machines.map((machine) => machineNode(operation, machine, id, nowMs))),
    };
  });
}

function groupNode(
  operation: Operation,
  row: Pick<TaskNode, 'id' | 'parentId' | 'label' | 'icon'>,
  machines: readonly MachineProgress[],
): Omit<TaskNode, 'children'> {
  return {
    ...row,
    operationId: operation.id,
    description: numberInWords(machines.length),
    tooltip: joined([row.label, numberInWords(machines.length)]),
    words: ['outcome'],
    folding: 'closed',
    contents: machines,
  };
}

/** Groups of clients; those that wait for a backup are one of their own. */
const machineGroups = machineOutcomes.flatMap((outcome) => [
  { outcome, isHeld: false },
  ...(outcomes[outcome].stage === 'waiting' ? [{ outcome, isHeld: true }] : []),
]);

function machineNode(
  operation: Operation,
  progress: MachineProgress,
  parentId: string,
  nowMs: number,
): TaskNode {
  const name = plainText(progress.machine.name);
  const { held } = progress;
  const outcome = held ? holdInWords(held, nowMs) : outcomeInWords(progress.outcome);
  const details = held
    ? heldJobsInWords(held, progress.machine, nowMs)
    : sentences(causeInWords(progress, operation), waitedInWords(progress));
  return {
    id: machineNodeId(operation.id, progress.machine.key),
    parentId,
    operationId: operation.id,
    machineKey: progress.machine.key,
    label: name,
    description: outcome,
    tooltip: [name, outcome, ...(details === '' ? [] : [details])].join('\n'),
    icon: outcomes[progress.outcome].icon,
    words: ['machine'],
    folding: 'none',
    children: () => [],
    contents: undefined,
  };
}

function machineNodeId(operationId: string, key: string): string {
  return `${operationId}/machine/${key}`;
}
