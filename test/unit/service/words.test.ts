import { strict as assert } from 'node:assert';
import { clientStatuses } from '../../../src/core/service/model';
import { actionInWords, statusInWords } from '../../../src/core/service/words';
import { operationTitle } from '../../../src/core/operations/words';
import { aMachine } from '../operations/taskPageOperations';

describe('words', () => {
  it('has words of its own for every documented status', () => {
    const words = clientStatuses.map((status) => statusInWords(status));
    assert.equal(new Set(words).size, clientStatuses.length);
    assert.ok(words.every((word) => /^[A-Z][a-z]+( [a-z]+)?$/.test(word)));
  });

  it('shows a status of the future as the service sent it, made safe', () => {
    assert.equal(statusInWords('MIGRATING\u202e'), 'MIGRATING');
  });

  it('titles an operation by its verb, and by the name of a single client', () => {
    const machines = [aMachine(), aMachine({}, 'db-02'), aMachine({}, 'db-03')];
    for (const action of ['install', 'upgrade', 'uninstall'] as const) {
      const verb = actionInWords(action);
      assert.equal(operationTitle({ action, machines }), `${verb} 3 clients`);
      assert.equal(operationTitle({ action, machines: [aMachine()] }), `${verb} web-01`);
    }
  });
});
