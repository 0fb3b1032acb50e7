import { strict as assert } from 'node:assert';
import { Elapsed } from '../../../src/core/operations/elapsed';
import { createFakeService } from '../../support/fakeService';
import { createHandClock, createSetClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import { aPlan, openWindow, outcomesOf, outdatedClients } from '../../support/operationBuilders';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** A computer with a wrong clock. `offsetMs`: what the service's replies say of it, undefined for nothing. */
function world({ aheadMs = 0, offsetMs }: { aheadMs?: number; offsetMs: number | undefined }) {
  const clock = createHandClock();
  const computer = createSetClock(clock, aheadMs);
  const service = createFakeService(outdatedClients(1));
  service.offsetMs = offsetMs;
  const disk = createMemoryDisk();
  const open = () => openWindow(service, computer, disk.window());
  const set = (fields: object): void => {
    for (const [key, client] of service.clients) service.clients.set(key, { ...client, ...fields });
  };
  const secondsNow = () => clock.now() / 1000;
  return { clock, computer, service, disk, open, set, secondsNow };
}

type World = ReturnType<typeof world>;

/** Its window dies before the answer; another one opens after `awayMs`. */
async function restartAfterLostAnswer(w: World, awayMs: number, meanwhile: () => void = () => undefined) {
  const first = w.open();
  w.service.onWrite = () => new Promise(() => undefined);
  const { id } = await first.operations.start(aPlan('upgrade', [...w.service.clients.values()]));
  await w.clock.advance(0);
  meanwhile();
  first.kill();
  await w.clock.advance(awayMs);
  const next = w.open();
  await next.operations.resume();
  await w.clock.advance(2 * minute);
  return next.operations.get(id);
}

describe('what became of a call whose window died', () => {
  const ahead = { aheadMs: 10 * minute, offsetMs: -10 * minute };

  it('is not known where the service touched the client since, also with a clock that is ahead', async () => {
    const w = world(ahead);
    const operation = await restartAfterLostAnswer(w, 5 * minute, () =>
      w.set({ updatedTime: w.secondsNow() }),
    );
    assert.equal(operation?.calls[0]?.finding, 'unknown');
  });

  it('is that it did not run where the service touched nothing, also with a clock that is behind', async () => {
    const w = world({ aheadMs: -10 * minute, offsetMs: 10 * minute });
    w.set({ updatedTime: w.secondsNow() - 5 * 60 });
    const operation = await restartAfterLostAnswer(w, 5 * minute);
    assert.equal(operation?.calls[0]?.finding, 'not-run');
  });

  it("is not known where the service's clock is not", async () => {
    const operation = await restartAfterLostAnswer(world({ offsetMs: undefined }), 5 * minute);
    assert.equal(operation?.calls[0]?.finding, 'unknown');
  });

  it('is not known where the clock was set back, so that the call looks as if it was just made', async () => {
    const w = world({ offsetMs: undefined });
    const operation = await restartAfterLostAnswer(w, hour, () => (w.computer.aheadMs -= hour));
    assert.equal(operation?.calls[0]?.finding, 'unknown');
  });

  it('is not known from records of a release that did not write the time of the service', async () => {
    const w = world({ offsetMs: 0 });
    const first = w.open();
    w.service.onWrite = () => new Promise(() => undefined);
    const { id } = await first.operations.start(aPlan('upgrade', [...w.service.clients.values()]));
    await w.clock.advance(0);
    first.kill();
    w.disk.write(
      id,
      w.disk
        .lines(id)
        .map(({ serviceAt, ...line }) => (assert.ok(serviceAt), `${JSON.stringify(line)}\n`))
        .join(''),
    );
    await w.clock.advance(5 * minute);
    const next = w.open();
    await next.operations.resume();
    await w.clock.advance(2 * minute);
    assert.equal(next.operations.get(id)?.calls[0]?.finding, 'unknown');
  });
});

describe('a heartbeat', () => {
  const upgraded = (beatAt: number) => ({ clientVersion: '2.4.5', lastHeartBeatTime: beatAt });

  async function start(w: World) {
    const window = w.open();
    w.service.onPoll = () => ({ state: 'completed', progress: 100 });
    const { id } = await window.operations.start(aPlan('upgrade', [...w.service.clients.values()]));
    await w.clock.advance(0);
    return () => outcomesOf(window.operations.get(id))['i-0'];
  }

  for (const aheadMs of [10 * minute, -10 * minute]) {
    it(`proves an upgrade by the clock of the service, with one that is off by ${aheadMs} ms`, async () => {
      const w = world({ aheadMs, offsetMs: -aheadMs });
      const outcome = await start(w);
      w.set(upgraded(w.secondsNow() - 5 * 60));
      await w.clock.advance(30 * second);
      assert.equal(outcome(), 'confirming');
      w.set(upgraded(w.secondsNow()));
      await w.clock.advance(30 * second);
      assert.equal(outcome(), 'done');
    });
  }

  it("proves an upgrade where the service's clock is not known, once there is a newer one", async () => {
    const w = world({ offsetMs: undefined });
    const outcome = await start(w);
    w.set(upgraded(w.secondsNow() + 20));
    await w.clock.advance(30 * second);
    assert.equal(outcome(), 'confirming');
    await w.clock.advance(30 * second);
    assert.equal(outcome(), 'confirming');
    w.set(upgraded(w.secondsNow()));
    await w.clock.advance(30 * second);
    assert.equal(outcome(), 'done');
  });

  it("leaves an upgrade unconfirmed where the service's clock is not known and no newer one comes", async () => {
    const w = world({ offsetMs: undefined });
    const outcome = await start(w);
    w.set(upgraded(w.secondsNow() + 20));
    await w.clock.advance(6 * minute);
    assert.equal(outcome(), 'unconfirmed: no-heartbeat');
  });
});

describe('a task without an end', () => {
  it('is watched for 17 minutes also when the clock is set while no reply says what time it is', async () => {
    for (const byMs of [-hour, hour]) {
      const w = world({ offsetMs: undefined });
      const window = w.open();
      const { id } = await window.operations.start(aPlan('upgrade', [...w.service.clients.values()]));
      await w.clock.advance(minute);
      w.computer.aheadMs += byMs;
      await w.clock.advance(15 * minute);
      assert.equal(window.operations.get(id)?.phase, 'watching');
      await w.clock.advance(2 * minute);
      assert.equal(outcomesOf(window.operations.get(id))['i-0'], 'unknown: watch-limit');
    }
  });

  it('says when it is asked next by the clock as it is then', async () => {
    const w = world({ offsetMs: 0 });
    const window = w.open();
    const { id } = await window.operations.start(aPlan('upgrade', [...w.service.clients.values()]));
    await w.clock.advance(10 * second);
    w.computer.aheadMs -= hour;
    assert.equal(window.operations.nextCheckAt(id), w.computer.now() + 20 * second);
  });

  it('is asked within 2 s of Refresh Now after the clock was set back', async () => {
    const w = world({ offsetMs: 0 });
    const window = w.open();
    const { id } = await window.operations.start(aPlan('upgrade', [...w.service.clients.values()]));
    await w.clock.advance(30 * second);
    assert.equal(w.service.polls.length, 1);
    w.computer.aheadMs -= hour;
    await window.operations.checkNow(id);
    await w.clock.advance(2 * second);
    assert.equal(w.service.polls.length, 2);
  });

  it('is read within 2 s of Refresh Now after the clock was set back, once it has ended', async () => {
    const w = world({ offsetMs: 0 });
    const window = w.open();
    w.service.onPoll = () => ({ state: 'completed', progress: 100 });
    const { id } = await window.operations.start(aPlan('upgrade', [...w.service.clients.values()]));
    await w.clock.advance(30 * second);
    assert.equal(w.service.reads.length, 1);
    w.computer.aheadMs -= hour;
    await window.operations.checkNow(id);
    await w.clock.advance(2 * second);
    assert.equal(w.service.reads.length, 2);
  });
});

describe('the time since a moment', () => {
  it('is what the service says, also over a sleep and a clock that was set', async () => {
    const clock = createHandClock();
    const computer = createSetClock(clock);
    const serviceNow = () => clock.now();
    const elapsed = new Elapsed(
      { clock: computer, serviceNow },
      { at: computer.now(), serviceAt: clock.now() },
    );
    await clock.advance(minute);
    computer.aheadMs -= hour;
    clock.suspend(3 * minute);
    assert.deepEqual([elapsed.ms(), elapsed.longestMs(false)], [4 * minute, 4 * minute]);
  });

  it("does not follow a clock that was set where the service's is not known", async () => {
    const clock = createHandClock();
    const computer = createSetClock(clock);
    const serviceNow = () => undefined;
    const elapsed = new Elapsed({ clock: computer, serviceNow }, { at: computer.now() - minute });
    await clock.advance(minute);
    computer.aheadMs += hour;
    assert.equal(elapsed.ms(), 2 * minute);
    assert.equal(elapsed.longestMs(true), hour + 2 * minute);
    assert.equal(elapsed.longestMs(false), Infinity);
  });

  it('is never below zero', () => {
    const clock = createHandClock();
    const elapsed = new Elapsed({ clock, serviceNow: () => undefined }, { at: clock.now() + hour });
    assert.equal(elapsed.ms(), 0);
  });
});
