import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import type { Submission } from '../../../src/core/service/model';
import { createFakeService, taken } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import {
  aPlan,
  bareInstances,
  openWindow,
  outcomesOf,
  outdatedClients,
} from '../../support/operationBuilders';

const second = 1000;
const minute = 60 * second;

function world(clients = outdatedClients(2)) {
  const clock = createHandClock();
  const service = createFakeService(clients);
  const disk = createMemoryDisk();
  const open = () => openWindow(service, clock, disk.window());
  const set = (fields: object): void => {
    const beat = { lastHeartBeatTime: clock.now() / 1000 };
    for (const [key, client] of service.clients) service.clients.set(key, { ...client, ...beat, ...fields });
  };
  return { clock, service, disk, open, clients, set };
}

describe('an operation whose window was killed', () => {
  it('between send and answer is resolved by reading: it ran, and is followed without a second write', async () => {
    const w = world();
    w.service.onWrite = () => new Promise<Submission>(() => undefined);
    const first = w.open();
    const { id } = await first.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(0);
    first.kill();
    w.set({ status: 'UPGRADING' });
    const next = w.open();
    await next.operations.resume();
    await w.clock.advance(0);
    assert.equal(next.operations.get(id)?.calls[0]?.finding, 'ran');
    w.set({ status: 'ACTIVATED', clientVersion: '2.4.5' });
    await w.clock.advance(minute);
    assert.deepEqual(Object.values(outcomesOf(next.operations.get(id))), ['done', 'done']);
    assert.equal(w.service.writes.length, 1);
    assert.equal(next.ended.length, 1);
    assert.equal(first.ended.length, 0);
  });

  it('between send and answer, long ago, is found not to have run when the service touched no client since', async () => {
    const w = world();
    w.service.onWrite = () => new Promise<Submission>(() => undefined);
    const first = w.open();
    const { id } = await first.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(0);
    first.kill();
    await w.clock.advance(60 * minute);
    const next = w.open();
    await next.operations.resume();
    await w.clock.advance(0);
    assert.equal(outcomesOf(next.operations.get(id))['i-0'], 'not-sent: not-run');
  });

  it('between send and answer, long ago, stays unknown when clients were touched since and look the same', async () => {
    const w = world();
    w.service.onWrite = () => new Promise<Submission>(() => undefined);
    const first = w.open();
    const { id } = await first.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(0);
    first.kill();
    await w.clock.advance(60 * minute);
    w.set({ updatedTime: w.clock.now() / 1000 });
    const next = w.open();
    await next.operations.resume();
    await w.clock.advance(2 * minute);
    assert.equal(outcomesOf(next.operations.get(id))['i-0'], 'unknown: answer-lost');
    assert.equal(w.service.writes.length, 1);
  });

  it('between two calls keeps the rest unsent', async () => {
    const w = world(bareInstances(25));
    w.service.onWrite = (n) => (n === 1 ? taken('t-1') : new Promise<Submission>(() => undefined));
    const first = w.open();
    const { id } = await first.operations.start(aPlan('install', w.clients));
    first.disk.beforeAppend = (record) => {
      // The window dies before the second intent reaches the disk.
      if ('type' in record && record.type === 'answer') first.kill();
    };
    await w.clock.advance(0);
    const next = w.open();
    await next.operations.resume();
    await w.clock.advance(0);
    const outcomes = outcomesOf(next.operations.get(id));
    assert.equal(outcomes['i-24'], 'not-sent: interrupted');
    assert.equal(w.service.writes.length, 1);
  });

  it('while its task ran is watched on at once', async () => {
    const w = world();
    const first = w.open();
    const { id } = await first.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(45 * second);
    first.kill();
    await w.clock.advance(10 * minute);
    w.service.onPoll = () => ({ state: 'completed', progress: 100 });
    w.set({ clientVersion: '2.4.5' });
    const next = w.open();
    await next.operations.resume();
    await w.clock.advance(0);
    assert.deepEqual(Object.values(outcomesOf(next.operations.get(id))), ['done', 'done']);
  });

  it('while it was confirmed is read again, and not called unconfirmed for the time that passed', async () => {
    const w = world();
    w.service.onPoll = () => ({ state: 'completed', progress: 100 });
    const first = w.open();
    const { id } = await first.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(45 * second);
    assert.equal(first.operations.get(id)?.phase, 'confirming');
    first.kill();
    await w.clock.advance(60 * minute);
    w.set({ clientVersion: '2.4.5' });
    const polls = w.service.polls.length;
    const next = w.open();
    await next.operations.resume();
    await w.clock.advance(0);
    assert.deepEqual(Object.values(outcomesOf(next.operations.get(id))), ['done', 'done']);
    assert.equal(w.service.polls.length, polls);
  });

  it('before its file was moved is closed and not told again', async () => {
    const w = world();
    const first = w.open();
    const { id } = await first.operations.start(aPlan('upgrade', w.clients));
    first.disk.beforeAppend = (record) => {
      if ('type' in record && record.type === 'ended') first.disk.expire(false);
    };
    first.disk.records.close = () => new Promise(() => undefined);
    await first.operations.stop(id, 'tracking');
    await w.clock.advance(0);
    first.kill();
    assert.ok(w.disk.open.has(id));
    const next = w.open();
    await next.operations.resume();
    await w.clock.advance(0);
    assert.ok(w.disk.closed.has(id));
    assert.equal(next.ended.length, 0);
    assert.equal(next.operations.get(id)?.phase, 'ended');
  });

  it('in the middle of its first line leaves nothing behind', async () => {
    const w = world();
    w.disk.write('op-torn', '{"v":1,"type":"opera');
    w.disk.write('op-newer', '{"v":2,"type":"operation"}\n');
    const next = w.open();
    await next.operations.resume();
    assert.deepEqual(next.operations.list(), []);
    assert.deepEqual([[...w.disk.open.keys()], [...w.disk.aside.keys()]], [[], ['op-newer']]);
  });

  it('survives a record of each kind being the last one', async () => {
    const whole = world();
    whole.service.onPoll = (_task, n) => (n > 1 ? { state: 'completed', progress: 100 } : {});
    const first = whole.open();
    const { id } = await first.operations.start(aPlan('upgrade', whole.clients));
    await whole.clock.advance(45 * second);
    whole.set({ clientVersion: '2.4.5' });
    await whole.clock.advance(5 * minute);
    const lines = whole.disk.lines(id).map((line) => `${JSON.stringify(line)}\n`);
    assert.ok(lines.length >= 6);
    for (let kept = 1; kept <= lines.length; kept++) {
      const w = world();
      w.service.onPoll = () => ({ state: 'completed', progress: 100 });
      if (kept > 1) w.set({ clientVersion: '2.4.5' });
      w.disk.write(id, lines.slice(0, kept).join(''));
      const next = w.open();
      await next.operations.resume();
      await w.clock.advance(10 * minute);
      const expected = kept === 1 ? 'not-sent: interrupted' : 'done';
      assert.equal(outcomesOf(next.operations.get(id))['i-0'], expected, `after ${kept} records`);
      assert.equal(w.service.writes.length, 0);
      assert.ok(w.disk.closed.has(id));
    }
  });
});

describe('an operation in two windows', () => {
  it('is followed by one and shown live by the other', async () => {
    const w = world();
    const one = w.open();
    const two = w.open();
    await two.operations.resume();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(30 * second);
    assert.equal(w.service.polls.length, 1);
    assert.equal(two.operations.get(id)?.calls[0]?.task?.progress, 10);
    assert.equal(two.operations.nextCheckAt(id), undefined);
    w.service.onPoll = () => ({ state: 'completed', progress: 100 });
    w.set({ clientVersion: '2.4.5' });
    await w.clock.advance(30 * second);
    assert.equal(two.operations.get(id)?.phase, 'ended');
    assert.deepEqual([one.ended.length, two.ended.length], [1, 0]);
  });

  it('passes to the other when its window dies', async () => {
    const w = world();
    const one = w.open();
    const two = w.open();
    await two.operations.resume();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(45 * second);
    one.kill();
    w.service.onPoll = () => ({ state: 'completed', progress: 100 });
    w.set({ clientVersion: '2.4.5' });
    await w.clock.advance(minute);
    assert.equal(two.operations.get(id)?.phase, 'ended');
    assert.equal(two.ended.length, 1);
  });

  it('passes to the other at once when its window closes', async () => {
    const w = world();
    const one = w.open();
    const two = w.open();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(10 * second);
    one.operations.dispose();
    await w.clock.advance(5 * second);
    assert.ok(two.operations.nextCheckAt(id) !== undefined);
    await w.clock.advance(15 * second);
    assert.equal(w.service.polls.length, 1);
  });

  it('is no longer followed, nor sent on, by a window that lost it', async () => {
    const w = world(bareInstances(45));
    const one = w.open();
    w.service.onWrite = (n) => {
      one.disk.expire(true);
      return taken(`t-${n}`);
    };
    const { id } = await one.operations.start(aPlan('install', w.clients));
    await w.clock.advance(second);
    assert.equal(w.service.writes.length, 1);
    assert.equal(one.operations.nextCheckAt(id), undefined);
    assert.equal(one.ended.length, 0);
  });

  it('asks whether it still holds the operation before each write', async () => {
    const w = world(bareInstances(45));
    const one = w.open();
    w.service.onWrite = (n) => {
      // As after a sleep: somebody took over and this window has not heard of it.
      one.disk.expire(false);
      return taken(`t-${n}`);
    };
    await one.operations.start(aPlan('install', w.clients));
    await w.clock.advance(second);
    assert.equal(w.service.writes.length, 1);
  });

  it('is asked about by one of them only, also before the other has heard that it lost', async () => {
    const w = world();
    const one = w.open();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(10 * second);
    // As after a sleep of this window, in which another took over.
    one.disk.expire(false);
    const two = w.open();
    await two.operations.resume();
    await w.clock.advance(50 * second);
    assert.equal(w.service.polls.length, 2);
    assert.deepEqual(
      [one, two].map(({ operations }) => operations.nextCheckAt(id) !== undefined),
      [false, true],
    );
  });

  it('can be stopped and looked at from the window that does not follow it', async () => {
    const w = world();
    const one = w.open();
    const two = w.open();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(5 * second);
    await two.operations.checkNow(id);
    await w.clock.advance(0);
    assert.equal(w.service.polls.length, 1);
    await two.operations.stop(id, 'tracking');
    await w.clock.advance(0);
    assert.equal(one.operations.get(id)?.phase, 'ended');
    assert.ok(w.disk.closed.has(id));
  });

  it('disappears in both when it is removed', async () => {
    const w = world();
    const one = w.open();
    const two = w.open();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await one.operations.stop(id, 'tracking');
    await w.clock.advance(0);
    const removed: string[] = [];
    two.operations.onDidRemove((gone) => removed.push(gone));
    await one.operations.remove(id);
    await w.clock.advance(0);
    assert.deepEqual(removed, [id]);
    assert.equal(two.operations.get(id), undefined);
  });

  it('does not let both begin with one machine', async () => {
    const w = world();
    const one = w.open();
    const two = w.open();
    await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(0);
    await assert.rejects(two.operations.start(aPlan('upgrade', w.clients)), (error: unknown) => {
      return error instanceof BackupError && error.code === 'busy-elsewhere';
    });
  });
});
