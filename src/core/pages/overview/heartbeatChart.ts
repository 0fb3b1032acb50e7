import { t } from '@vscode/l10n';
import { writeTerm } from '../../clients/filter/filterText';
import { numberInWords, plural } from '../../kernel/localize';
import { clientsInWords } from '../../service/words';
import { chartOf, Tally, type Chart } from './chart';
import type { CountedClient } from './facts';
import type { ShowClients } from './targets';

/** Minutes. A client sends a heartbeat every minute or so; after a week nobody expects one. */
const usualLimits = [5, 15, 60, 6 * 60, 24 * 60, 7 * 24 * 60];

/** A range of ages in minutes: over `from`, up to `to`. */
interface Bin {
  readonly id: string;
  readonly from: number;
  /** Absent: without an end. */
  readonly to?: number;
}

/**
 * Clients by the age of their last heartbeat; those without a heartbeat are left out.
 *
 * @param staleMinutes the limit for active clients, which is a boundary between two bins; 0 for no limit
 */
export function heartbeatChart(
  clients: readonly CountedClient[],
  staleMinutes: number,
  showClients: ShowClients,
): Chart {
  const bins = binsOf(staleMinutes);
  const tally = new Tally();
  let counted = 0;
  let late = 0;
  for (const { client, listing } of clients) {
    if (client.lastHeartBeatTime === undefined) continue;
    const minutes = (listing.serviceNow / 1000 - client.lastHeartBeatTime) / 60;
    const bin = bins.find(({ to = Infinity }) => minutes <= to);
    const isLate = staleMinutes > 0 && minutes > staleMinutes;
    tally.add(bin?.id ?? '', isLate ? 'late' : 'recent');
    counted++;
    if (isLate) late++;
  }
  const firstLate = bins.find(({ from }) => from === staleMinutes);
  return {
    id: 'heartbeats',
    title: t({ message: 'Last heartbeat', comment: ['Heading of a chart: the age of heartbeats.'] }),
    summary: summaryOf(counted, late, staleMinutes),
    shape: 'columns',
    rowHeading: t({ message: 'Age', comment: ['Column: how long ago the last heartbeat was.'] }),
    ...(staleMinutes > 0 &&
      firstLate && { limit: { before: firstLate.id, label: limitInWords(staleMinutes) } }),
    ...chartOf({
      rows: counted === 0 ? [] : bins.map((bin) => ({ id: bin.id, label: binInWords(bin) })),
      series: [
        {
          id: 'recent',
          label: t({ message: 'Recent', comment: ['Clients with a heartbeat within the limit.'] }),
          tone: 'good',
          texture: 0,
        },
        {
          id: 'late',
          label: t({ message: 'Past the limit', comment: ['Clients without a heartbeat within the limit.'] }),
          tone: 'warning',
          texture: 1,
        },
      ],
      countOf: (bin, series) => tally.get(bin, series),
      targetOf: (bin) => showClients(writeTerm('heartbeat', bin)),
      sentenceOf: (age, _, count) =>
        t({
          message: 'Last heartbeat {age} ago: {clients}',
          args: { age, clients: clientsInWords(count) },
          comment: ['{age}: a range such as 5–15 min. {clients}: a number of clients.'],
        }),
    }),
  };
}

/** The id of a bin is the range as a filter writes it. */
function binsOf(staleMinutes: number): readonly Bin[] {
  const limits = [...new Set([...usualLimits, ...(staleMinutes > 0 ? [staleMinutes] : [])])].sort(
    (a, b) => a - b,
  );
  return [0, ...limits].map((from, n) => {
    const to = limits[n];
    if (to === undefined) return { id: `>${inUnits(from)}`, from };
    return { id: from === 0 ? `<${inUnits(to)}` : `${inUnits(from)}-${inUnits(to)}`, from, to };
  });
}

/** As a filter writes it: "90m", "6h", "7d". */
function inUnits(minutes: number): string {
  const { count, unit } = unitsOf(minutes);
  return `${count}${unit}`;
}

type Unit = 'm' | 'h' | 'd';

function unitsOf(minutes: number): { readonly count: number; readonly unit: Unit } {
  if (minutes % 1440 === 0) return { count: minutes / 1440, unit: 'd' };
  return minutes % 60 === 0 ? { count: minutes / 60, unit: 'h' } : { count: minutes, unit: 'm' };
}

function binInWords({ from, to }: Bin): string {
  if (to === undefined)
    return t({ message: '> {age}', args: { age: ageInWords(from) }, comment: ['An age over {age}.'] });
  if (from === 0)
    return t({ message: '< {age}', args: { age: ageInWords(to) }, comment: ['An age up to {age}.'] });
  const { unit } = unitsOf(from);
  // In one unit where that's usual: 15–60 min and 6–24 h, but 1–7 d.
  const end = unit === 'm' && to <= 60 ? to : unit === 'h' && to <= 1440 ? to / 60 : undefined;
  const same = unitsOf(to).unit === unit;
  if (end === undefined && !same) {
    return t({
      message: '{from}–{to}',
      args: { from: ageInWords(from), to: ageInWords(to) },
      comment: ['A range of ages, such as 50 min–6 h.'],
    });
  }
  return rangeInWords(unitsOf(from).count, end ?? unitsOf(to).count, unit);
}

function rangeInWords(start: number, end: number, unit: Unit): string {
  const from = numberInWords(start);
  const to = numberInWords(end);
  switch (unit) {
    case 'm':
      return t({ message: '{from}–{to} min', args: { from, to }, comment: ['A range of durations.'] });
    case 'h':
      return t({ message: '{from}–{to} h', args: { from, to }, comment: ['A range of durations.'] });
    case 'd':
      return t({ message: '{from}–{to} d', args: { from, to }, comment: ['A range of durations.'] });
  }
}

function ageInWords(minutes: number): string {
  const { count, unit } = unitsOf(minutes);
  const n = numberInWords(count);
  switch (unit) {
    case 'm':
      return t({ message: '{count} min', args: { count: n }, comment: ['A duration in minutes.'] });
    case 'h':
      return t({ message: '{count} h', args: { count: n }, comment: ['A duration in hours.'] });
    case 'd':
      return t({ message: '{count} d', args: { count: n }, comment: ['A duration in days.'] });
  }
}

function limitInWords(staleMinutes: number): string {
  return t({
    message: 'Limit: {age}',
    args: { age: ageInWords(staleMinutes) },
    comment: ['A line in a chart: clients without a heartbeat for {age} need attention.'],
  });
}

function summaryOf(counted: number, late: number, staleMinutes: number): string {
  if (counted === 0) return t('No client has sent a heartbeat yet.');
  if (staleMinutes === 0) return '';
  const age = ageInWords(staleMinutes);
  if (late === 0) return t('Every client has sent a heartbeat within {0}.', age);
  return plural(late, {
    one: (count) =>
      t({
        message: '{count} client has sent no heartbeat for more than {age}.',
        args: { count, age },
        comment: ['{age}: a duration such as 60 min.'],
      }),
    other: (count) =>
      t({
        message: '{count} clients have sent no heartbeat for more than {age}.',
        args: { count, age },
        comment: ['{age}: a duration such as 60 min.'],
      }),
  });
}
