import { strict as assert } from 'node:assert';
import { beginningOf, operationIdAt } from '../../../src/core/operations/ledger';
import { createFakeService } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import { aPlan, openWindow, outdatedClients } from '../../support/operationBuilders';

const dayMs = 86_400_000;

function world(keepDays?: number) {
  const clock = createHandClock();
  const disk = createMemoryDisk();
  const open = () =>
    openWindow(
      createFakeService(outdatedClients(1)),
      clock,
      disk.window(),
      keepDays === undefined ? {} : { retention: { keepDays: () => keepDays } },
    );
  /** An operation that began so many days ago, in the place given. */
  const record = (daysAgo: number, place: 'open' | 'closed', v = 1): string => {
    const at = clock.now() - daysAgo * dayMs;
    const id = operationIdAt(at, `old-${daysAgo}`);
    const plan = aPlan('upgrade', outdatedClients(1));
    const lines = [
      { v, at, type: 'operation', id, plan, timeScale: 1 },
      ...(place === 'closed' ? [{ v, at, type: 'ended' }] : []),
    ];
    disk.write(id, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), place);
    return id;
  };
  return { clock, disk, open, record };
}

describe('the ledger', () => {
  it('tells from an id when its operation began', () => {
    const at = Date.UTC(2026, 10, 21, 22, 48, 34, 123);
    assert.equal(operationIdAt(at, 'x'), '2026-11-21T224834123Z-x');
    assert.equal(beginningOf(operationIdAt(at, 'x')), at);
    for (const id of ['op-1', '2026-13-45T996699000Z-x', '2026-11-21'])
      assert.equal(beginningOf(id), undefined);
  });

  it('keeps ended operations for 90 days unless told otherwise, and forgets older ones at the start', async () => {
    const w = world();
    const [kept] = [w.record(89, 'closed'), w.record(91, 'closed')];
    await w.open().operations.resume();
    assert.deepEqual([...w.disk.closed.keys()], [kept]);
    const shorter = world(7);
    const recent = shorter.record(6, 'closed');
    shorter.record(8, 'closed');
    await shorter.open().operations.resume();
    assert.deepEqual([...shorter.disk.closed.keys()], [recent]);
  });

  it('takes no number of days that would empty it', async () => {
    for (const days of [0, -1, NaN]) {
      const w = world(days);
      w.record(1, 'closed');
      await w.open().operations.resume();
      assert.equal(w.disk.closed.size, 1);
    }
  });

  it('reads what runs first, then the history one by one, and what is too old not at all', async () => {
    const w = world(30);
    const running = w.record(1, 'open');
    const history = [2, 3, 4].map((days) => w.record(days, 'closed'));
    w.record(31, 'closed');
    const { operations, disk } = w.open();
    const { records } = disk;
    const read = records.read.bind(records);
    const reads: string[] = [];
    const gates: (() => void)[] = [];
    records.read = async (id, from) => {
      if (from === undefined) reads.push(id);
      if (history.includes(id)) await new Promise<void>((resolve) => gates.push(resolve));
      return read(id, from);
    };
    const all = operations.resume();
    await operations.runningRead;
    await w.clock.advance(0);
    assert.ok(operations.get(running));
    for (let n = 1; n <= history.length; n++) {
      assert.deepEqual(reads, [running, ...history.slice(0, n)]);
      gates[n - 1]?.();
      await w.clock.advance(0);
    }
    await all;
    assert.equal(operations.list().length, 4);
    operations.dispose();
  });

  it('never removes what has not ended, nor what it did not name', async () => {
    const w = world(1);
    const id = w.record(300, 'open');
    w.disk.write('op-foreign', '{"v":1,"at":1,"type":"ended"}\n', 'closed');
    const { operations } = w.open();
    await operations.resume();
    assert.equal(operations.get(id)?.machines[0]?.reason, 'interrupted');
    assert.ok(w.disk.closed.has('op-foreign'));
  });

  it('forgets what has become too old when an operation ends', async () => {
    const w = world(2);
    const old = w.record(1.5, 'closed');
    const { operations } = w.open();
    await operations.resume();
    assert.ok(operations.get(old));
    await w.clock.advance(dayMs);
    const { id } = await operations.start(aPlan('upgrade', outdatedClients(1)));
    await operations.stop(id, 'tracking');
    await w.clock.advance(0);
    assert.equal(operations.get(old), undefined);
    assert.deepEqual([...w.disk.closed.keys()], [id]);
  });

  it('reads the latest 50 at the start, and further back when asked', async () => {
    const w = world(365);
    const ids = Array.from({ length: 120 }, (_, n) => w.record(n + 1, 'closed'));
    const { operations } = w.open();
    await operations.resume();
    assert.deepEqual(
      operations.list().map(({ id }) => id),
      ids.slice(0, 50),
    );
    assert.equal(operations.olderCount, 70);
    await operations.loadOlder();
    await operations.loadOlder();
    assert.deepEqual([operations.list().length, operations.olderCount], [120, 0]);
    await operations.loadOlder();
    assert.deepEqual(
      operations.list().map(({ id }) => id),
      ids,
    );
  });

  it('is cleared of all that has ended, read or not, and of nothing else', async () => {
    const w = world(365);
    Array.from({ length: 60 }, (_, n) => w.record(n + 1, 'closed'));
    const { operations } = w.open();
    await operations.resume();
    const { id } = await operations.start(aPlan('upgrade', outdatedClients(1)));
    await operations.clearFinished();
    assert.deepEqual(
      operations.list().map((one) => one.id),
      [id],
    );
    assert.deepEqual([w.disk.closed.size, w.disk.open.size, operations.olderCount], [0, 1, 0]);
  });

  it('leaves what a newer release wrote as it is, says so once, and no longer counts it as unfinished', async () => {
    const w = world();
    const unfinished = w.record(1, 'open', 2);
    const ended = w.record(2, 'closed', 2);
    const lines = [w.disk.lines(unfinished), w.disk.lines(ended)];
    const first = w.open();
    await first.operations.resume();
    assert.deepEqual(first.operations.list(), []);
    assert.deepEqual([...w.disk.open.keys()], []);
    assert.deepEqual([...w.disk.aside.keys()], [unfinished]);
    assert.deepEqual([w.disk.lines(unfinished), w.disk.lines(ended)], lines);
    assert.equal(first.log.lines.filter((line) => line.includes('newer release')).length, 2);
  });

  it('follows none of which a newer release wrote a part: what it cannot read may be a call', async () => {
    const w = world();
    const id = w.record(0, 'open');
    const plan = w.disk.lines(id).map((line) => `${JSON.stringify(line)}\n`);
    w.disk.write(id, `${plan.join('')}{"v":2,"at":1,"type":"intent"}\n`);
    const { operations } = w.open();
    await operations.resume();
    assert.equal(operations.get(id), undefined);
    assert.ok(w.disk.aside.has(id));
  });

  it('takes up after an update what was set aside before', async () => {
    const w = world();
    const id = w.record(0, 'open');
    await w.disk.window().records.setAside(id);
    const { operations } = w.open();
    await operations.resume();
    assert.equal(operations.get(id)?.machines[0]?.reason, 'interrupted');
    await w.clock.advance(0);
    assert.ok(w.disk.closed.has(id));
  });
});
