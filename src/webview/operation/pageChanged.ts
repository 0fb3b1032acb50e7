import type { OperationPageChange, OperationPageState } from '../../protocol/operation';

/** The state after a change. Rows that the change doesn't name are the same objects as before. */
export function pageChanged(
  { clients, leftOut }: OperationPageState,
  { state, columns, rows: changed }: OperationPageChange,
): OperationPageState {
  const rows = [...clients.rows];
  for (const [at, row] of changed) rows[at] = row;
  const isSame = changed.length === 0 && JSON.stringify(columns) === JSON.stringify(clients.columns);
  return { ...state, leftOut, clients: isSame ? clients : { columns, rows } };
}
