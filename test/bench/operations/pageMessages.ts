// What the host sends to the page of an operation on 5,000 machines while tasks go on, as one JSON array: everything
// first, then changes.
import { ClientTables } from '../../../src/core/pages/operation/clientTable';
import { operationPageState } from '../../../src/core/pages/operation/operationPage';
import { operationPageChange } from '../../../src/core/pages/operation/pageChange';
import { factsOf, foldOf, recordsOf } from './rollout';

const changes = 60;
const records = recordsOf(factsOf(5_000, 4), Date.now() - 1_000);
// 250 tasks are known to run; then each of them ends, and the list shows their clients.
const begun = 1 + 250 * 2 + 250 * 3;
const fold = foldOf(records.slice(0, begun));
const tables = new ClientTables();
const context = { now: Date.now(), nextCheckAt: undefined, known: [], timeInWords: String };

function stateNow(): ReturnType<typeof operationPageState> {
  if (!fold.operation) throw new Error('a plan comes first');
  return operationPageState(fold.operation, context, tables);
}

let before = stateNow();
const messages: unknown[] = [{ type: 'state', state: before }];
for (const record of records.slice(begun, begun + changes)) {
  fold.apply(record);
  const state = stateNow();
  messages.push({ type: 'changed', change: operationPageChange(before, state) });
  before = state;
}
process.stdout.write(JSON.stringify(messages));
