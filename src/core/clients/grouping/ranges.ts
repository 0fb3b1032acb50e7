import { countClients } from '../clientCounts';
import { idPart, sameNodes, unionOf, type ClientNode, type RangeNode } from '../clientTree';
import { calm, compareRows, type RowPlace } from '../rowOrder';

/** From more rows than this on, they're cut into ranges. */
const mostRows = 500;
/** Rows that are cut into ranges stay so down to this number: a client that comes and goes mustn't move all others. */
const keptFrom = 400;
const leastRows = 250;

/**
 * Cuts rows into ranges where there are too many to draw at once; undefined where there aren't. Those that need attention
 * have ranges of their own. A range begins where it began before while it has between half and twice the usual number of
 * rows, so that a row that comes or goes changes one range.
 *
 * @param rows in their order
 * @param path begins the IDs
 * @param before the ranges before; one that's the same now is the same object
 */
export function rangesOf(
  rows: readonly ClientNode[],
  path: string,
  before: readonly RangeNode[],
): readonly RangeNode[] | undefined {
  if (rows.length <= (before.length > 0 ? keptFrom : mostRows)) return undefined;
  const usual = Math.max(leastRows, Math.ceil(Math.sqrt(rows.length)));
  const known = new Map(before.map((range) => [range.id, range]));
  const starts = before.map(({ start }) => start);
  const calmFrom = firstFrom(rows, { rank: calm, name: '', key: '' });
  return [
    ...cut(rows, { from: 0, to: calmFrom }, startsOf(starts, 0, calm), usual),
    ...cut(rows, { from: calmFrom, to: rows.length }, startsOf(starts, calm, calm + 1), usual),
  ].map(({ start, from, to }) => {
    const id = `${path}/${partOf(start)}`;
    const clients = rows.slice(from, to);
    const old = known.get(id);
    if (old && sameNodes(old.clients, clients)) return old;
    return {
      kind: 'range',
      id,
      start,
      clients,
      children: clients,
      capabilities: unionOf(clients),
      counts: countClients(clients),
    };
  });
}

/** Rows next to each other: from the first on, up to and without the last. */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface Piece extends Span {
  readonly start: RowPlace;
}

/** The first piece starts before any row, so that whatever comes first belongs to it. */
function startsOf(starts: readonly RowPlace[], fromRank: number, toRank: number): readonly RowPlace[] {
  const own = starts.filter(({ rank, key }) => key !== '' && rank >= fromRank && rank < toRank);
  return [{ rank: fromRank, name: '', key: '' }, ...own];
}

function cut(
  rows: readonly ClientNode[],
  { from, to }: Span,
  starts: readonly RowPlace[],
  usual: number,
): readonly Piece[] {
  const joined: Piece[] = [];
  for (const [i, start] of starts.entries()) {
    const next = starts[i + 1];
    const piece = {
      start,
      from: i === 0 ? from : firstFrom(rows, start),
      to: next ? firstFrom(rows, next) : to,
    };
    const last = joined.at(-1);
    if (last && Math.min(sizeOf(last), sizeOf(piece)) < usual / 2) {
      joined[joined.length - 1] = { ...last, to: piece.to };
    } else if (sizeOf(piece) > 0 || i === 0) joined.push(piece);
  }
  return joined.filter((piece) => sizeOf(piece) > 0).flatMap((piece) => split(rows, piece, usual));
}

function split(rows: readonly ClientNode[], piece: Piece, usual: number): readonly Piece[] {
  const size = sizeOf(piece);
  if (size <= 2 * usual) return [piece];
  const parts = Math.round(size / usual);
  const from = (part: number): number => piece.from + Math.ceil((part * size) / parts);
  return Array.from({ length: parts }, (_, part) => {
    const first = rows[from(part)];
    const { rank, name, key } = part === 0 || !first ? piece.start : first;
    return { start: { rank, name, key }, from: from(part), to: from(part + 1) };
  });
}

function sizeOf({ from, to }: Span): number {
  return to - from;
}

/** The index of the first row that's at a place or below it. */
function firstFrom(rows: readonly RowPlace[], place: RowPlace): number {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const row = rows[middle];
    if (row && compareRows(row, place) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** No encoded value begins with a colon. */
function partOf({ rank, name, key }: RowPlace): string {
  return `:${rank}:${idPart(name)}:${idPart(key)}`;
}
