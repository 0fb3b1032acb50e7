import { t } from '@vscode/l10n';
import { dayInWords, percentInWords, plural, sentences } from '../../kernel/localize';
import type { Operation } from '../../operations/operation';
import type { OperationStanding } from '../../operations/outcomes';
import { standingInWords, standingOf } from '../../operations/words';
import { chartOf, type Chart, type SeriesSource } from './chart';
import type { Target } from './targets';

/** Days that are counted, today among them. */
const operationDays = 30;

/** How an operation ended, as far as it counts here. `other`: it says nothing about success, as when you stopped it. */
type End = 'failed' | 'errors' | 'completed' | 'other';

const ends: Readonly<Record<OperationStanding, End | undefined>> = {
  sending: undefined,
  watching: undefined,
  confirming: undefined,
  held: undefined,
  done: 'completed',
  partly: 'errors',
  'stopped-partly': 'errors',
  failed: 'failed',
  unconfirmed: 'other',
  unknown: 'other',
  unwatched: 'other',
  stopped: 'other',
  'not-sent': 'other',
};

/**
 * Operations of the last 30 days that have ended, by the day on which they started, and how many of those with a known
 * result succeeded.
 *
 * @param nowMs milliseconds since 1970; days are those of this computer's time zone
 * @param isComplete false while older operations aren't read yet
 */
export function operationsChart(operations: readonly Operation[], nowMs: number, isComplete: boolean): Chart {
  const days = daysUntil(nowMs);
  const byDay = new Map(days.map((day) => [String(day), emptyDay()]));
  const totals = emptyDay();
  for (const operation of operations) {
    const end = ends[standingOf(operation)];
    const day = end && byDay.get(String(startOfDay(operation.startedAt)));
    if (!day) continue;
    day[end].push(operation.id);
    totals[end].push(operation.id);
  }
  const ended = order.reduce((sum, end) => sum + totals[end].length, 0);
  return {
    id: 'operations',
    title: t({ message: 'Operations of the last 30 days', comment: ['Heading of a chart.'] }),
    summary: sentences(rateInWords(totals), !isComplete && t('Older operations are still being read.')),
    shape: 'columns',
    rowHeading: t({ message: 'Day', comment: ['Column of a table.'] }),
    ...chartOf({
      rows: ended === 0 ? [] : days.map((day) => ({ id: String(day), label: dayInWords(day) })),
      series: order.map((end) => seriesOf[end]()),
      countOf: (day, end) => byDay.get(day)?.[end].length ?? 0,
      targetOf: (day, end): Target => {
        const [operationId, ...more] = byDay.get(day)?.[end] ?? [];
        return operationId === undefined || more.length > 0
          ? { type: 'tasks' }
          : { type: 'operation', operationId };
      },
      sentenceOf: (day, end, count) =>
        t({
          message: '{day}, {end}: {operations}',
          args: { day, end, operations: operationsInWords(count) },
          comment: ['A part of a chart. {end}: such as Completed. {operations}: a number of operations.'],
        }),
    }),
  };
}

/** From the bottom of a column to its top. */
const order: readonly End[] = ['failed', 'errors', 'other', 'completed'];

const seriesOf: Readonly<Record<End, () => SeriesSource<End>>> = {
  failed: () => ({ id: 'failed', label: standingInWords('failed'), tone: 'bad', texture: 0 }),
  errors: () => ({ id: 'errors', label: standingInWords('partly'), tone: 'warning', texture: 1 }),
  other: () => ({
    id: 'other',
    label: t({ message: 'Stopped or not verified', comment: ['Operations without a known result.'] }),
    tone: 'off',
    texture: 2,
  }),
  completed: () => ({ id: 'completed', label: standingInWords('done'), tone: 'good', texture: 0 }),
};

function emptyDay(): Record<End, string[]> {
  return { failed: [], errors: [], other: [], completed: [] };
}

/** What there is of a success rate. It never stands alone: with few operations it says little. */
function rateInWords({ completed, errors, failed, other }: Readonly<Record<End, readonly string[]>>): string {
  const known = completed.length + errors.length + failed.length;
  const unknown = other.length;
  if (known + unknown === 0) return t('No operation has ended in the last 30 days.');
  return sentences(
    known > 0 &&
      plural(known, {
        one: (count) =>
          t({
            message: '{percent} of {count} operation completed.',
            args: { percent: percentInWords(completed.length / known), count },
            comment: ['A success rate. {count}: number of operations with a known result.'],
          }),
        other: (count) =>
          t({
            message: '{percent} of {count} operations completed.',
            args: { percent: percentInWords(completed.length / known), count },
            comment: ['A success rate. {count}: number of operations with a known result.'],
          }),
      }),
    unknown > 0 &&
      plural(unknown, {
        one: (n) => t("{0} more isn't rated, because it was stopped or its result isn't verified.", n),
        other: (n) =>
          t("{0} more aren't rated, because they were stopped or their results aren't verified.", n),
      }),
  );
}

function operationsInWords(count: number): string {
  return plural(count, {
    one: (n) => t({ message: '{0} operation', args: [n], comment: ['A number of operations.'] }),
    other: (n) => t({ message: '{0} operations', args: [n], comment: ['A number of operations.'] }),
  });
}

/** The first moments of the last days, the oldest first. Days with a change of the clock are shorter or longer. */
function daysUntil(nowMs: number): readonly number[] {
  const today = new Date(nowMs);
  return Array.from({ length: operationDays }, (_, n) =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - (operationDays - 1 - n)).getTime(),
  );
}

/** The first moment of the oldest day that is counted, in milliseconds since 1970. */
export function firstOperationDay(nowMs: number): number {
  return daysUntil(nowMs)[0] ?? nowMs;
}

function startOfDay(ms: number): number {
  const date = new Date(ms);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
