import { strict as assert } from 'node:assert';
import { judgeReading } from '../../../src/core/operations/proof';
import type { BackupClient } from '../../../src/core/service/model';

const machine = {
  key: 'i-1',
  name: 'web-01',
  namedBy: 'instance',
  instanceId: 'i-1',
  fromStatus: 'ACTIVATED',
  fromVersion: '2.4.0',
  targetVersion: '2.4.5',
} as const;
const unread = { client: undefined, missing: false, hasNewHeartbeat: false };
const listed = (clientVersion: string): BackupClient => ({
  clientType: 'ECS_CLIENT',
  status: 'ACTIVATED',
  instanceId: 'i-1',
  clientVersion,
  lastHeartBeatTime: 1,
  tags: [],
});

/** The last word on a machine after its task ended with this reason. */
function lastWord(reason: string, seen: Parameters<typeof judgeReading>[2]) {
  const progress = { machine, outcome: 'confirming', reason } as const;
  return judgeReading('upgrade', progress, seen, { last: true, awaited: false });
}

describe('the last word on a machine of a task that failed as a whole', () => {
  for (const end of ['cancelled', 'expired', 'failed']) {
    it(`is not known where the list could not be read: ${end}`, () => {
      assert.deepEqual(lastWord(end, unread), { outcome: 'unknown', reason: end });
    });

    it(`is not verified where the list shows the version without a new heartbeat: ${end}`, () => {
      const seen = { client: listed('2.4.5'), missing: false, hasNewHeartbeat: false };
      assert.deepEqual(lastWord(end, seen), { outcome: 'unconfirmed', reason: 'no-heartbeat' });
    });

    it(`is that it failed where the list shows the old version: ${end}`, () => {
      const seen = { client: listed('2.4.0'), missing: false, hasNewHeartbeat: true };
      assert.deepEqual(lastWord(end, seen), { outcome: 'failed', reason: end });
    });
  }

  it('is the cause that the task names for the machine itself, also where the list could not be read', () => {
    assert.deepEqual(lastWord('DiskFull', unread), { outcome: 'failed', reason: 'DiskFull' });
  });
});
