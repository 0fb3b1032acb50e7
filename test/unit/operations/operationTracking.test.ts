import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import type { TrackRequest } from '../../../src/core/operations/trackTask';
import { aScope } from '../../support/builders';
import { createFakeService } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import { openWindow, outcomesOf, outdatedClients } from '../../support/operationBuilders';

const second = 1000;
const minute = 60 * second;

function world() {
  const clock = createHandClock();
  const service = createFakeService(outdatedClients(2));
  service.onPoll = (_task, n) => ({
    name: 'UpgradeBackupClientsTask',
    createdTime: clock.now() / 1000,
    machines: n < 2 ? [] : [{ instanceId: 'i-0', clientId: 'c-0', clientStatus: 'UPGRADING', errorCode: '' }],
  });
  const disk = createMemoryDisk();
  const open = () => openWindow(service, clock, disk.window());
  return { clock, service, disk, open, window: open() };
}

function request(parts: Partial<TrackRequest> = {}): TrackRequest {
  return { scope: aScope(), profileName: 'Production', demo: false, taskId: 't-9', ...parts };
}

describe('a task followed by its id', () => {
  it('becomes an operation without a call of ours, by its name, with the machines it names', async () => {
    const w = world();
    const begun = await w.window.operations.track(request());
    assert.deepEqual(
      [begun.action, begun.foreign, begun.phase, begun.machines.length, begun.waves.length],
      ['upgrade', true, 'watching', 0, 1],
    );
    await w.clock.advance(30 * second);
    const running = w.window.operations.get(begun.id);
    assert.deepEqual(outcomesOf(running), { 'i-0': 'running' });
    assert.equal(running?.phase, 'watching');
    assert.ok(w.window.operations.holdersIn(aScope())({ instanceId: 'i-0' }));
    assert.equal(w.service.writes.length, 0);
  });

  it('is proven by the list, which also tells the names of its machines', async () => {
    const w = world();
    const { id } = await w.window.operations.track(request());
    w.service.onPoll = () => ({
      state: 'completed',
      progress: 100,
      machines: [
        { instanceId: 'i-0', clientStatus: 'ACTIVATED', errorCode: '' },
        { instanceId: 'i-1', clientStatus: 'UPGRADE_FAILED', errorCode: 'DiskFull' },
      ],
    });
    const [first] = outdatedClients(1);
    assert.ok(first);
    const upgraded = { ...first, clientVersion: '2.4.5', lastHeartBeatTime: w.clock.now() / 1000 };
    w.service.clients.set('i-0', upgraded);
    await w.clock.advance(minute);
    const operation = w.window.operations.get(id);
    assert.deepEqual(outcomesOf(operation), { 'i-0': 'done', 'i-1': 'failed: DiskFull' });
    assert.equal(operation?.machines[0]?.machine.name, 'web-0');
    assert.deepEqual([operation.phase, operation.waves[0]?.state], ['ended', 'ended']);
    assert.deepEqual(operation.waves[0]?.machineKeys, ['i-0', 'i-1']);
    assert.equal(w.window.ended.length, 1);
  });

  it('is told as unknown when the service does not know it, and leaves nothing behind', async () => {
    const w = world();
    w.service.onPoll = () => {
      throw new BackupError('not-found', 'no such task', { requestId: 'R-404' });
    };
    await assert.rejects(w.window.operations.track(request()), { code: 'not-found', requestId: 'R-404' });
    assert.deepEqual([w.window.operations.list(), w.disk.open.size], [[], 0]);
  });

  it('needs to be told what it does when its name does not say so', async () => {
    const w = world();
    w.service.onPoll = () => ({ name: 'RestoreTask' });
    await assert.rejects(w.window.operations.track(request()), { code: 'invalid-input' });
    const operation = await w.window.operations.track(request({ action: 'uninstall' }));
    assert.equal(operation.action, 'uninstall');
  });

  it('is not followed twice: neither again, nor at the same time, nor in another window', async () => {
    const w = world();
    const two = w.open();
    const [first, again] = await Promise.allSettled([
      w.window.operations.track(request()),
      w.window.operations.track(request()),
    ]);
    assert.equal(first.status, 'fulfilled');
    assert.equal(again.status, 'rejected');
    await w.clock.advance(second);
    const { id } = await w.window.operations.track(request());
    assert.equal((await two.operations.track(request())).id, id);
    assert.deepEqual([w.window.operations.list().length, w.service.polls.length], [1, 1]);
    const elsewhere = await two.operations.track(request({ scope: aScope({ regionId: 'cn-beijing' }) }));
    assert.notEqual(elsewhere.id, id);
  });

  it('is taken up by the next window', async () => {
    const w = world();
    const { id } = await w.window.operations.track(request());
    await w.clock.advance(40 * second);
    w.window.kill();
    const next = w.open();
    await next.operations.resume();
    await w.clock.advance(0);
    assert.equal(next.operations.get(id)?.foreign, true);
    assert.deepEqual(outcomesOf(next.operations.get(id)), { 'i-0': 'running' });
    await w.clock.advance(30 * second);
    assert.equal(w.service.polls.length, 3);
    await next.operations.stop(id, 'tracking');
    await w.clock.advance(0);
    assert.deepEqual(outcomesOf(next.operations.get(id)), { 'i-0': 'unwatched' });
  });

  it('is not proven by a stopped client when it failed to uninstall it, since nobody knows how it was before', async () => {
    const w = world();
    const [first] = outdatedClients(1);
    assert.ok(first);
    w.service.clients.set('i-0', { ...first, status: 'STOPPED' });
    w.service.onPoll = () => ({
      name: 'UninstallBackupClientsTask',
      state: 'completed',
      progress: -1,
      machines: [{ instanceId: 'i-0', clientStatus: 'STOPPED', errorCode: '' }],
    });
    const { id } = await w.window.operations.track(request());
    await w.clock.advance(minute);
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), { 'i-0': 'failed: failed' });
  });

  it('ends without machines when it never names any', async () => {
    const w = world();
    w.service.onPoll = () => ({ name: 'InstallBackupClientsTask', state: 'expired', progress: 60 });
    const { id } = await w.window.operations.track(request());
    await w.clock.advance(minute);
    const operation = w.window.operations.get(id);
    assert.deepEqual([operation?.phase, operation?.calls[0]?.task?.state], ['ended', 'expired']);
  });
});
