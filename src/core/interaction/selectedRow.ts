import type { Clock } from '../kernel/clock';
import type { Waiting } from '../kernel/waiting';

/** Milliseconds that a view may take to learn its rows again, and between two looks whether it has. */
const redrawing = { most: 2000, step: 50 } as const;

/**
 * The row that a click has just selected in a view; undefined when there is none. While VS Code draws a view again, the
 * view does not know its rows for a moment, so none is waited for up to two seconds.
 *
 * @throws Cancelled when `waiting` is aborted
 */
export async function selectedRow<Row>(
  view: { readonly selection: readonly Row[] },
  clock: Clock,
  waiting: Waiting,
): Promise<Row | undefined> {
  for (let waited = 0; ; waited += redrawing.step) {
    const [row] = view.selection;
    if (row || waited >= redrawing.most) return row;
    await clock.sleep(redrawing.step, waiting);
  }
}
