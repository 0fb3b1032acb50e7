import { t } from '@vscode/l10n';
import { stateColors, type Icon } from '../kernel/icon';
import type { Operation } from './operation';
import { standings } from './outcomes';
import { accountInWords, listedInWords, scopeInRow } from '../service/scopeLabel';
import { numberInWords, plural } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { canResumeTracking, hasProblems, requestIdsOf } from './operationFacts';
import { joined, once, type TaskNode, type TaskRowWord } from './taskNode';
import { clientRows } from './taskTreeClients';
import { linksOf } from './operationLinks';
import { leftFor } from './retryPlan';
import { operationRowTitle, operationTitle, standingOf, stateInWords } from './words';
import { durationInWords } from '../service/words';

export interface TaskTreeDeps {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Writes a day in the user's language, such as "Monday, 2 November". */
  readonly dayInWords: (ms: number) => string;
  /** Writes a time of day in the user's language. */
  readonly timeInWords: (ms: number) => string;
}

interface Drawing extends TaskTreeDeps {
  readonly kept: KeptTaskRows;
  /** Operations that retry or continue others, and those others. */
  readonly related: readonly Operation[];
  /** True if rows show their scope: with a single one that would be noise. */
  readonly severalPlaces: boolean;
}

/** The elapsed time of a running operation is shown in steps of this many seconds: each step redraws the row. */
const elapsedStepSeconds = 10;
/** An operation stays in place for this many seconds after it ended: a row must not move while you reach for it. */
const stayingSeconds = 10;

const troubleIcon: Icon = { id: 'warning', color: stateColors.warning };

/** Rows of operations that have ended, with what each was made from. */
export type KeptTaskRows = WeakMap<Operation, KeptTaskRow>;

interface KeptTaskRow {
  readonly node: TaskNode;
  readonly hasProblems: boolean;
  readonly related: readonly Operation[];
  readonly severalPlaces: boolean;
}

/**
 * Rows of the Tasks view: operations that run or have just ended, newest first, then days of the history.
 * @param kept rows of an earlier tree, and after this call of this one: an ended operation then costs nothing
 */
export function buildTaskTree(
  operations: readonly Operation[],
  deps: TaskTreeDeps,
  kept: KeptTaskRows = new WeakMap(),
): readonly TaskNode[] {
  const repeated = new Set(operations.map(({ retryOf }) => retryOf));
  const drawing: Drawing = {
    ...{ ...deps, kept },
    related: operations.filter(({ id, retryOf }) => retryOf !== undefined || repeated.has(id)),
    severalPlaces: new Set(operations.map((one) => scopeInRow(one))).size > 1,
  };
  const sorted = [...operations].sort((a, b) => b.startedAt - a.startedAt);
  const current = sorted.filter((operation) => isCurrent(operation, deps.nowMs));
  const days = new Map<string, Operation[]>();
  for (const operation of sorted) {
    if (isCurrent(operation, deps.nowMs)) continue;
    const day = dayOf(operation.startedAt);
    const others = days.get(day);
    if (others) others.push(operation);
    else days.set(day, [operation]);
  }
  return [
    ...current.map((operation) => operationNode(operation, undefined, drawing)),
    ...[...days].map(([day, of]) => dayNode(day, of, drawing)),
  ];
}

function isCurrent({ endedAt }: Operation, nowMs: number): boolean {
  if (endedAt === undefined) return true;
  const since = nowMs - endedAt;
  return since >= 0 && since < stayingSeconds * 1000;
}

/** A day of the user's calendar, as used in IDs. */
function dayOf(ms: number): string {
  const date = new Date(ms);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
}

function dayNode(day: string, operations: readonly Operation[], drawing: Drawing): TaskNode {
  const { nowMs, dayInWords } = drawing;
  const id = `day/${day}`;
  const yesterday = new Date(nowMs);
  yesterday.setDate(yesterday.getDate() - 1);
  const isToday = day === dayOf(nowMs);
  const isYesterday = day === dayOf(yesterday.getTime());
  const written = dayInWords(operations[0]?.startedAt ?? nowMs);
  const rows = operations.map((operation) => keptRow(operation, id, drawing));
  const withErrors = rows.filter((row) => row.hasProblems).length;
  const label = isToday
    ? t({ message: 'Today', comment: ['Row with the operations of a day.'] })
    : isYesterday
      ? t({ message: 'Yesterday', comment: ['Row with the operations of a day.'] })
      : written;
  const description = joined([
    plural(operations.length, {
      one: (n) =>
        t({
          message: '{count} operation',
          args: { count: n },
          comment: ['A number of operations, in the row of a day'],
        }),
      other: (n) =>
        t({
          message: '{count} operations',
          args: { count: n },
          comment: ['A number of operations, in the row of a day'],
        }),
    }),
    withErrors > 0 && withErrorsInWords(withErrors),
  ]);
  const children = rows.map(({ node }) => node);
  return {
    id,
    label,
    description,
    tooltip: `${written}\n${description}`,
    words: ['day'],
    folding: isToday || isYesterday ? 'open' : 'closed',
    children: () => children,
    contents: children.map((child) => child.id).join(),
  };
}

/** The row of an ended operation, as it was where nothing that it's made from differs. */
function keptRow(operation: Operation, parentId: string, drawing: Drawing): KeptTaskRow {
  const { kept, related, severalPlaces } = drawing;
  const before = kept.get(operation);
  const isSame =
    before?.node.parentId === parentId &&
    before.severalPlaces === severalPlaces &&
    before.related.length === related.length &&
    before.related.every((one, at) => one === related[at]);
  if (isSame) return before;
  const node = operationNode(operation, parentId, drawing);
  const row = { node, hasProblems: hasProblems(operation), related, severalPlaces };
  kept.set(operation, row);
  return row;
}

function operationNode(
  operation: Operation,
  parentId: string | undefined,
  { nowMs, timeInWords, related, severalPlaces }: Drawing,
): TaskNode {
  const standing = standingOf(operation);
  const running = operation.phase !== 'ended';
  const title = operationTitle(operation);
  const state = stateInWords(operation);
  const steps = Math.floor(Math.max(0, nowMs - operation.startedAt) / (elapsedStepSeconds * 1000));
  const time = running
    ? steps > 0 && durationInWords(steps * elapsedStepSeconds * 1000)
    : timeInWords(operation.startedAt);
  const place = [
    plainText(operation.profileName),
    accountInWords(operation.scope),
    plainText(operation.scope.regionId),
    ...listedInWords(operation.scope),
  ];
  return {
    id: operation.id,
    ...(parentId !== undefined && { parentId }),
    operationId: operation.id,
    label: operationRowTitle(operation),
    // What matters comes first: a narrow view cuts the end.
    description: joined([
      state,
      time,
      severalPlaces
        ? scopeInRow(operation)
        : operation.demo && t({ message: 'Demo', comment: ['Mark of an operation on demo data.'] }),
    ]),
    tooltip: [
      title,
      joined(place),
      state,
      operation.endedAt === undefined
        ? t({
            message: 'Started {0}',
            args: [timeInWords(operation.startedAt)],
            comment: ['{0} is a time of day.'],
          })
        : t({
            message: 'Started {time}, took {duration}',
            args: {
              time: timeInWords(operation.startedAt),
              duration: durationInWords(operation.endedAt - operation.startedAt),
            },
            comment: ['{time} is a time of day. {duration} is a duration such as "3 min 12 s".'],
          }),
      ...linksOf(operation, related, timeInWords).map(({ text }) => text),
      ...(operation.damaged
        ? [t("Its records on disk are damaged. Clients that weren't started yet are missing here.")]
        : []),
    ].join('\n'),
    icon: operation.trouble ? troubleIcon : standings[standing].icon,
    words: operationWordsOf(operation, related),
    folding: running ? 'open' : 'closed',
    children: once(() => clientRows(operation, nowMs)),
    contents: operation.machines,
  };
}

/**
 * The menu words of an operation: its kind first, then what can be done with it.
 *
 * @param related operations that retry or continue others
 */
export function operationWordsOf(
  operation: Operation,
  related: readonly Operation[],
): readonly TaskRowWord[] {
  return [
    'operation',
    operation.phase === 'ended' ? 'ended' : 'watching',
    ...(operation.phase === 'sending' && !operation.sendingStopped ? (['sending'] as const) : []),
    ...(leftFor('retry', operation, related).length > 0 ? (['retryable'] as const) : []),
    ...(leftFor('continue', operation, related).length > 0 ? (['continuable'] as const) : []),
    ...(canResumeTracking(operation) ? (['unwatched'] as const) : []),
    ...(requestIdsOf(operation).length > 0 ? (['hasRequestIds'] as const) : []),
  ];
}

/**
 * The row of an operation or of one of its clients, with the rows above it: the topmost first. None if there's no such
 * row.
 */
export function pathToTaskRow(
  roots: readonly TaskNode[],
  operationId: string,
  machineKey?: string,
): readonly TaskNode[] {
  for (const root of roots) {
    const above = root.operationId === undefined ? [root] : [];
    const operation = (above.length > 0 ? root.children() : [root]).find(({ id }) => id === operationId);
    if (!operation) continue;
    if (machineKey === undefined) return [...above, operation];
    const below = pathBelow(operation, machineKey);
    return below ? [...above, operation, ...below] : [];
  }
  return [];
}

function pathBelow(node: TaskNode, machineKey: string): readonly TaskNode[] | undefined {
  for (const child of node.children()) {
    if (child.machineKey === machineKey) return [child];
    const below = child.machineKey === undefined ? pathBelow(child, machineKey) : undefined;
    if (below) return [child, ...below];
  }
  return undefined;
}

function withErrorsInWords(count: number): string {
  return t({
    message: '{0} with errors',
    args: [numberInWords(count)],
    comment: ['Number of operations or of clients.'],
  });
}
