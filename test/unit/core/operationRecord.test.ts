import { strict as assert } from 'node:assert';
import { readRecord, recordVersion } from '../../../src/core/operations/operationRecord';
import { aScope } from '../../support/builders';

describe('a record of an operation', () => {
  it('keeps whose machines they are, and what their owner is called', () => {
    const scope = aScope({
      crossAccount: { type: 'CROSS_ACCOUNT', userId: '99', roleName: 'backup', alias: 'logistics' },
    });
    const record: unknown = JSON.parse(
      JSON.stringify({
        v: recordVersion,
        at: 1,
        type: 'tracked',
        id: 'o-1',
        action: 'upgrade',
        scope,
        profileName: 'production',
        demo: false,
        timeScale: 1,
        taskId: 't-1',
        begunAt: 1,
      }),
    );
    const read = readRecord(record);
    assert.ok(typeof read === 'object' && read.type === 'tracked');
    assert.deepEqual(read.scope, scope);
  });
});
