import type { ClientRow, RowChoice, SortColumn } from '../protocol/messages';

/** Everything, in the order of the plan. */
export const everyRow: RowChoice = { text: '', state: '' };

/** Value of the state filter that takes whatever went wrong. */
export const problemState = 'problems';

/** Value of the state filter for one state. */
export function stateFilterOf(text: string): string {
  return `state:${text}`;
}

/** The rows that a choice lets through, in its order. Without filter and order they are the rows given. */
export function rowsInView(rows: readonly ClientRow[], choice: RowChoice): readonly ClientRow[] {
  const words = choice.text.toLowerCase().split(/\s+/).filter(Boolean);
  const filtered =
    words.length === 0 && choice.state === ''
      ? rows
      : rows.filter((row) => isOfState(row, choice.state) && hasWords(row, words));
  if (!choice.sort) return filtered;
  const { column, descending } = choice.sort;
  const compare = comparisons[column];
  const sorted = [...filtered].sort(compare);
  // Reversed, not compared the other way round: rows that are alike turn round too, as a second click should show.
  return descending ? sorted.reverse() : sorted;
}

/** The next order after a click on a column: up, down, then as planned. */
export function nextSort(sort: RowChoice['sort'], column: SortColumn): RowChoice['sort'] {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? undefined : { column, descending: true };
}

function isOfState({ problem, state }: ClientRow, wanted: string): boolean {
  return wanted === '' || (wanted === problemState ? problem : stateFilterOf(state.text) === wanted);
}

/** Every word has to be somewhere in the row. */
function hasWords(row: ClientRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const { name, instanceId, state, version, details, code } = row;
  const text = [name, instanceId, state.text, version, details, code].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

// Numbers in names count as numbers: web-2 stands before web-10.
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const looks = ['bad', 'warning', 'off', 'running', 'waiting', 'good'];

const comparisons: Readonly<Record<SortColumn, (a: ClientRow, b: ClientRow) => number>> = {
  name: (a, b) => collator.compare(a.name, b.name),
  instanceId: (a, b) => collator.compare(a.instanceId, b.instanceId),
  // What needs a person stands first, whatever the words are.
  state: (a, b) =>
    looks.indexOf(a.state.look) - looks.indexOf(b.state.look) || collator.compare(a.state.text, b.state.text),
  version: (a, b) => collator.compare(a.version, b.version),
  wave: (a, b) => a.wave - b.wave,
  details: (a, b) => collator.compare(a.details, b.details),
};
