import { strict as assert } from 'node:assert';
import { causeInWords } from '../../../src/core/operations/causes';
import type { CallFailure } from '../../../src/core/operations/operation';
import { aCall, anOperation } from './taskPageOperations';

describe('the cause of what became of a client', () => {
  const operation = anOperation();

  it('is a sentence with a next step also for a code that nobody knows', () => {
    assert.equal(
      causeInWords({ outcome: 'failed', reason: 'DiskFull' }, operation),
      "The instance reported DiskFull, which this extension doesn't know. Check the client's log on the instance.",
    );
    assert.equal(
      causeInWords({ outcome: 'refused', reason: 'QuotaExceeded' }, operation),
      "Cloud Backup reported QuotaExceeded, which this extension doesn't know. Give Alibaba Cloud support this code and the request ID.",
    );
  });

  it('is that of the request that failed with the code, for clients that it kept back as well', () => {
    const failure: CallFailure = {
      code: 'permission-denied',
      serviceCode: 'Forbidden.RAM',
      message: '',
      ambiguous: false,
    };
    const denied = anOperation({ calls: [aCall({ state: 'failed', failure })] });
    for (const outcome of ['refused', 'not-sent'] as const) {
      assert.equal(
        causeInWords({ outcome, reason: 'Forbidden.RAM' }, denied),
        "You don't have the hbr:UpgradeBackupClients permission. Ask your RAM administrator to grant it.",
      );
    }
  });

  it('is not known before the list was read, and only a remark where the list shows the change', () => {
    assert.equal(causeInWords({ outcome: 'confirming', reason: 'DiskFull' }, operation), undefined);
    assert.match(causeInWords({ outcome: 'done', reason: 'DiskFull' }, operation) ?? '', /although the task/);
    assert.equal(causeInWords({ outcome: 'done' }, operation), undefined);
  });
});
