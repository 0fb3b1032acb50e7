import type { Cell, ClientRow, ClientTable, RowChoice, RowOrder } from '../../protocol/operation';

/** Everything, in the order of the plan. */
export const everyRow: RowChoice = { text: '', state: '' };

/** The value of the state filter for all problems. */
export const problemState = 'problems';

/** The value of the state filter for one state. */
export function stateFilterOf(text: string): string {
  return `state:${text}`;
}

/** The text of the state that a value of the state filter is for. */
export function stateTextOf(filter: string): string {
  return filter.slice(filter.indexOf(':') + 1);
}

/** The rows that a choice shows, in its order. Without a filter and an order, they're the rows given. */
export function chosenRows({ columns, rows }: ClientTable, choice: RowChoice): readonly ClientRow[] {
  const words = choice.text.toLowerCase().split(/\s+/).filter(Boolean);
  const filtered =
    words.length === 0 && choice.state === ''
      ? rows
      : rows.filter((row) => isOfState(row, choice.state) && hasWords(row, words));
  const at = columns.findIndex(({ id }) => id === choice.sort?.column);
  if (at < 0) return filtered;
  const sorted = [...filtered].sort((a, b) => compareCells(a.cells[at], b.cells[at]));
  // Reversed, not compared the other way round: equal rows are reversed too, so that a second click shows something.
  return choice.sort?.descending ? sorted.reverse() : sorted;
}

/** The next order after a click on a column: ascending, descending, then as planned. */
export function nextSort(sort: RowOrder | undefined, column: string): RowOrder | undefined {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? undefined : { column, descending: true };
}

function isOfState({ problem, state }: ClientRow, wanted: string): boolean {
  return wanted === '' || (wanted === problemState ? problem : stateFilterOf(state.text) === wanted);
}

/** Every word must be somewhere in the row. */
function hasWords({ cells, code }: ClientRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [...cells.map((cell) => cell.text), code].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

// Numbers in names count as numbers: web-2 comes before web-10.
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compareCells(a: Cell | undefined, b: Cell | undefined): number {
  return (a?.rank ?? 0) - (b?.rank ?? 0) || collator.compare(a?.text ?? '', b?.text ?? '');
}
