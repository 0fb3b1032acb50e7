import type { ClientRow, Column } from './clientTable';
import type { OperationPageState } from './operationPage';

/** What differs between two states of the page of one operation. */
export interface OperationPageChange {
  /** Everything but the clients, and those that were left out, which stay the same. */
  readonly state: Omit<OperationPageState, 'clients' | 'leftOut'>;
  readonly columns: readonly Column[];
  /** The rows of clients that look different, each with its place. */
  readonly rows: readonly (readonly [at: number, row: ClientRow])[];
}

/**
 * What a page that shows `before` needs in order to show `now`, so that a change of one client among five thousand isn't
 * sent five thousand times. Undefined if it needs everything: its clients aren't the same ones.
 */
export function operationPageChange(
  before: OperationPageState,
  now: OperationPageState,
): OperationPageChange | undefined {
  const { clients, leftOut, ...state } = now;
  const rowsBefore = before.clients.rows;
  const isSame =
    before.subject === now.subject &&
    before.leftOut.length === leftOut.length &&
    rowsBefore.length === clients.rows.length &&
    clients.rows.every(({ key }, at) => key === rowsBefore[at]?.key);
  if (!isSame) return undefined;
  return {
    state,
    columns: clients.columns,
    rows: clients.rows.flatMap((row, at) => (row === rowsBefore[at] ? [] : [[at, row] as const])),
  };
}
