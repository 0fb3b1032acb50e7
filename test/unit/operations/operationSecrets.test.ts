import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import type { Operation } from '../../../src/core/operations/operation';
import { Redactor } from '../../../src/core/kernel/redact';
import type { Action } from '../../../src/core/service/actions';
import { aClient } from '../../support/builders';
import { createFakeService, taken } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import { aPlan, openWindow, outcomesOf } from '../../support/operationBuilders';

const minute = 60_000;
const client = aClient({
  instanceId: 'i-bp1abcdef123456xyz',
  clientId: 'c-123456000',
  clientVersion: '2.4.1',
  maxClientVersion: '2.4.5',
});
const other = aClient({ ...client, instanceId: 'i-bp1other', clientId: 'c-other' });

/** Runs an operation to its end with these secrets known, and tells everything that it did and recorded. */
async function everythingDone(action: Action, secrets: readonly string[]) {
  const clock = createHandClock();
  const service = createFakeService([client, other]);
  service.onPoll = () => ({
    state: 'completed',
    progress: 100,
    machines: [{ instanceId: 'i-bp1abcdef123456xyz', clientStatus: 'UPGRADE_FAILED', errorCode: '' }],
  });
  service.onWrite = () =>
    taken('t-000123456', [{ instanceId: 'i-bp1other', errorCode: 'InstanceNotRunning' }]);
  const disk = createMemoryDisk();
  const redactor = new Redactor();
  for (const secret of secrets) redactor.add(secret);
  const redact = (text: string): string => redactor.redact(text);
  const { operations } = openWindow(service, clock, disk.window(), { redact });
  const { id } = await operations.start(aPlan(action, [client, other]));
  await clock.advance(30 * minute);
  const reread = openWindow(service, clock, disk.window(), { redact }).operations;
  await reread.resume();
  const operation: Operation | undefined = reread.get(id);
  return { writes: service.writes, polls: service.polls, lines: disk.lines(id), operation };
}

describe('a secret that equals a word or an id of an operation', () => {
  const secrets = ['operation', 'upgrade', 'install', 'uninstall', 'ECS_CLIENT', '123456', 'c-123456000'];
  const further = ['cn-hangzhou', 'i-bp1other', 't-000123456', 'completed', 'R-t-000123456', 'machineKeys'];
  for (const action of ['install', 'upgrade', 'uninstall'] as const) {
    it(`changes nothing that an ${action} sends, records or answers`, async () => {
      const plain = await everythingDone(action, []);
      assert.equal(plain.operation?.phase, 'ended');
      assert.deepEqual(await everythingDone(action, [...secrets, ...further]), plain);
    });
  }

  it('is masked in what the service says about a call', async () => {
    const clock = createHandClock();
    const service = createFakeService([client]);
    service.onWrite = () => {
      throw new BackupError('bad-request', 'no "upgrade" with 123456', {
        fate: 'refused',
        serviceCode: 'No123456',
      });
    };
    const disk = createMemoryDisk();
    const { operations } = openWindow(service, clock, disk.window(), {
      redact: (text) => text.replaceAll('upgrade', '******').replaceAll('123456', '******'),
    });
    const { id } = await operations.start(aPlan('upgrade', [client]));
    await clock.advance(minute);
    assert.equal(operations.get(id)?.calls[0]?.failure?.message, 'no "******" with ******');
    assert.deepEqual(outcomesOf(operations.get(id)), { 'i-bp1abcdef123456xyz': 'refused: No123456' });
  });
});
