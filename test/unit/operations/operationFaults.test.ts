import { strict as assert } from 'node:assert';
import { CancelledError } from '../../../src/core/kernel/cancelled';
import { createFakeService, taken } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { appendAsItIs, createMemoryDisk } from '../../support/memoryRecords';
import {
  aPlan,
  bareInstances,
  held,
  openWindow,
  outcomesOf,
  outdatedClients,
  type OperationsWindow,
} from '../../support/operationBuilders';

const second = 1000;
const minute = 60 * second;

function world(clients = outdatedClients(2)) {
  const clock = createHandClock();
  const service = createFakeService(clients);
  const disk = createMemoryDisk();
  const open = () => openWindow(service, clock, disk.window());
  const arrive = (): void => {
    service.onPoll = () => ({ state: 'completed', progress: 100 });
    for (const [key, client] of service.clients) {
      const lastHeartBeatTime = clock.now() / 1000 + 3600;
      service.clients.set(key, {
        ...client,
        status: 'ACTIVATED',
        clientVersion: '2.4.5',
        lastHeartBeatTime,
      });
    }
  };
  const typesOf = (id: string) => disk.lines(id).map(({ type }) => type);
  return { clock, service, disk, open, clients, arrive, typesOf };
}

function failing(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}

/** Makes the next readings of a window, of one operation or of all, fail. */
function failNext(
  { disk: { records } }: OperationsWindow,
  name: 'read' | 'list',
  times: number,
  code = 'EIO',
): void {
  let left = times;
  const read = records.read.bind(records);
  const list = records.list.bind(records);
  if (name === 'read')
    records.read = (...asked) => (left-- > 0 ? Promise.reject(failing(code)) : read(...asked));
  else records.list = () => (left-- > 0 ? Promise.reject(failing(code)) : list());
}

describe('a disk that fails while an operation goes on', () => {
  it('keeps nobody from stopping it, and gets what it did not take before the next record', async () => {
    const w = world(bareInstances(45));
    const [one, two] = [w.open(), w.open()];
    await two.operations.resume();
    const answer = held<'open'>();
    w.service.onWrite = async (n) => {
      if (n === 1) await answer.promise;
      return taken(`t-${n}`);
    };
    const { id } = await one.operations.start(aPlan('install', w.clients));
    await w.clock.advance(0);
    // The second call waits for its key when the other window stops the sending.
    w.service.onAttempt = async (n) => {
      if (n === 2) await two.operations.stop(id, 'rollout');
    };
    one.disk.beforeAppend = (record) => {
      if ('type' in record && record.type === 'answer') {
        one.disk.beforeAppend = () => undefined;
        throw failing('ENOSPC');
      }
    };
    answer.settle('open');
    await w.clock.advance(second);
    assert.equal(w.service.writes.length, 1);
    assert.deepEqual(w.typesOf(id), [
      'operation',
      'intent',
      'answer',
      'intent',
      'sendingStopped',
      'resolved',
    ]);
    const outcomes = outcomesOf(one.operations.get(id));
    assert.deepEqual(
      [outcomes['i-0'], outcomes['i-20'], outcomes['i-44']],
      ['running', 'stopped: stopped', 'stopped: stopped'],
    );
    assert.deepEqual(outcomesOf(two.operations.get(id)), outcomes);
  });

  it('does not keep it from hearing what others decide while the disk takes nothing', async () => {
    const w = world();
    const [one, two] = [w.open(), w.open()];
    await two.operations.resume();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(0);
    one.disk.beforeAppend = () => {
      throw failing('ENOSPC');
    };
    await w.clock.advance(31 * second);
    assert.equal(one.operations.get(id)?.calls[0]?.task?.progress, 10);
    await two.operations.stop(id, 'tracking');
    await w.clock.advance(0);
    assert.deepEqual(new Set(Object.values(outcomesOf(one.operations.get(id)))), new Set(['unwatched']));
    assert.equal(one.ended.length, 1);
    assert.ok(w.disk.open.has(id));
    one.disk.beforeAppend = () => undefined;
    await w.clock.advance(5 * second);
    assert.deepEqual(w.typesOf(id), ['operation', 'intent', 'answer', 'watchingStopped', 'task', 'ended']);
    assert.ok(w.disk.closed.has(id));
    await w.clock.advance(minute);
    assert.deepEqual([one.ended.length, two.ended.length], [1, 0]);
  });

  it('tells its end once, also when the disk takes it later', async () => {
    const w = world();
    const [one, two] = [w.open(), w.open()];
    await two.operations.resume();
    w.arrive();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(0);
    one.disk.beforeAppend = () => {
      throw failing('ENOSPC');
    };
    await w.clock.advance(10 * minute);
    assert.deepEqual([one.ended.length, one.operations.get(id)?.phase], [1, 'ended']);
    assert.equal(two.operations.get(id)?.phase, 'watching');
    one.disk.beforeAppend = () => undefined;
    await w.clock.advance(minute);
    assert.equal(two.operations.get(id)?.phase, 'ended');
    assert.deepEqual([one.ended.length, two.ended.length], [1, 0]);
    assert.ok(w.disk.closed.has(id));
  });

  it.each([
    ['loses what it had written before', (text: string) => `${text.slice(0, -40)}\n`],
    ['has the start of another record right before it', (text: string) => `${text}{"v":1,"type":"check`],
  ])('ends with one notice when its file %s', async (_, damage) => {
    const w = world();
    const one = w.open();
    w.arrive();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    const append = one.disk.records.append.bind(one.disk.records);
    one.disk.records.append = async (operationId, record) => {
      if (!('type' in record) || record.type !== 'ended') return append(operationId, record);
      one.disk.records.append = append;
      return appendAsItIs(w.disk, operationId, damage(w.disk.open.get(operationId) ?? ''), record);
    };
    await w.clock.advance(10 * minute);
    assert.deepEqual([one.ended.length, one.operations.get(id)?.phase], [1, 'ended']);
    assert.equal(w.typesOf(id).at(-1), 'ended');
    assert.ok(w.disk.closed.has(id));
  });

  it('sends nothing for an intent that may be on the disk or not, and says so', async () => {
    const w = world();
    const one = w.open();
    const append = one.disk.records.append.bind(one.disk.records);
    one.disk.records.append = async (id, record) => {
      const span = await append(id, record);
      if ('type' in record && record.type === 'intent') throw failing('EIO');
      return span;
    };
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(minute);
    assert.equal(w.service.writes.length, 0);
    const next = w.open();
    await next.operations.resume();
    for (const window of [one, next]) {
      assert.deepEqual(
        new Set(Object.values(outcomesOf(window.operations.get(id)))),
        new Set(['not-sent: storage-failed']),
      );
    }
  });
});

describe('following that stops short of the end', () => {
  it('is taken up again, here, when a look at the lease fails', async () => {
    const w = world();
    const one = w.open();
    const { leases } = one.disk;
    const take = leases.take.bind(leases);
    let looks = 0;
    leases.take = async (name) => {
      const lease = await take(name);
      return (
        lease && {
          onDidLose: lease.onDidLose,
          isHeld: () => (++looks === 3 ? Promise.reject(failing('EMFILE')) : lease.isHeld()),
          dispose: () => lease.dispose(),
        }
      );
    };
    const { id } = await one.operations.start({
      ...aPlan('upgrade', w.clients),
      strategy: { kind: 'canary' },
    });
    w.arrive();
    await w.clock.advance(10 * minute);
    assert.ok(looks > 3);
    assert.equal(one.operations.get(id)?.phase, 'ended');
    assert.ok(w.disk.closed.has(id));
  });

  it('is taken up by another window when the records cannot be read at first', async () => {
    const w = world();
    const [one, two] = [w.open(), w.open()];
    await two.operations.resume();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(second);
    one.kill();
    failNext(two, 'read', 3);
    w.arrive();
    await w.clock.advance(minute);
    assert.equal(two.operations.get(id)?.phase, 'ended');
    assert.deepEqual(Object.values(outcomesOf(two.operations.get(id))), ['done', 'done']);
    assert.equal(two.ended.length, 1);
    // What the disk failed with is no longer told.
    assert.equal(two.operations.ledger.unreadable, undefined);
  });

  it('never costs the records of what could not be read at the start', async () => {
    const w = world();
    const one = w.open();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(second);
    one.kill();
    const next = w.open();
    failNext(next, 'read', 2);
    await next.operations.resume();
    assert.ok(w.disk.open.has(id));
    w.arrive();
    await w.clock.advance(minute);
    assert.deepEqual(Object.values(outcomesOf(next.operations.get(id))), ['done', 'done']);
    assert.equal(w.service.writes.length, 1);
  });

  it('gives the lease back to others when it cannot be taken up', async () => {
    const w = world();
    const one = w.open();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(second);
    const [blind, seeing] = [w.open(), w.open()];
    await blind.operations.resume();
    failNext(blind, 'read', Number.MAX_SAFE_INTEGER);
    one.kill();
    await w.clock.advance(10 * second);
    await seeing.operations.resume();
    await w.clock.advance(10 * second);
    assert.ok(seeing.operations.nextCheckAt(id) !== undefined);
    assert.match(blind.operations.ledger.unreadable ?? '', /EIO/);
    blind.operations.dispose();
    seeing.operations.dispose();
  });
});

describe('an operation that another window took over', () => {
  it('comes back to the window that lost it, once the other one is gone', async () => {
    const w = world();
    const one = w.open();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(second);
    for (const tellsHolder of [true, false]) {
      one.disk.expire(tellsHolder);
      const two = w.open();
      await two.operations.resume();
      assert.ok(two.operations.nextCheckAt(id) !== undefined);
      await w.clock.advance(40 * second);
      assert.equal(one.operations.nextCheckAt(id), undefined);
      two.kill();
      await w.clock.advance(10 * second);
      assert.ok(one.operations.nextCheckAt(id) !== undefined);
    }
    one.operations.dispose();
  });
});

describe('right before the bytes of a call', () => {
  it('a window that lost its operation meanwhile sends nothing', async () => {
    const w = world(bareInstances(45));
    const one = w.open();
    w.service.onAttempt = (n) => {
      // Throttled, and asleep for longer than its lease lasts.
      if (n === 2) one.disk.expire(false);
    };
    const { id } = await one.operations.start(aPlan('install', w.clients));
    await w.clock.advance(0);
    assert.equal(w.service.writes.length, 1);
    const two = w.open();
    await two.operations.resume();
    await w.clock.advance(second);
    const outcomes = outcomesOf(two.operations.get(id));
    assert.deepEqual(
      [outcomes['i-0'], outcomes['i-20'], outcomes['i-44']],
      ['running', 'not-sent: interrupted', 'not-sent: interrupted'],
    );
    one.operations.dispose();
    two.operations.dispose();
  });

  it('a window that was frozen while it looked at its lease looks again, and sends nothing', async () => {
    const w = world(bareInstances(1));
    const one = w.open();
    const { leases } = one.disk;
    const take = leases.take.bind(leases);
    let isAttempt = false;
    leases.take = async (name) => {
      const lease = await take(name);
      return (
        lease && {
          onDidLose: lease.onDidLose,
          isHeld: async () => {
            const isHeld = await lease.isHeld();
            // Frozen once it had the answer: another window takes over meanwhile.
            if (isAttempt && isHeld) {
              w.clock.suspend(45 * second);
              one.disk.expire(false);
            }
            return isHeld;
          },
          dispose: () => lease.dispose(),
        }
      );
    };
    w.service.onAttempt = () => void (isAttempt = true);
    await one.operations.start(aPlan('install', w.clients));
    await w.clock.advance(0);
    assert.equal(w.service.writes.length, 0);
    one.operations.dispose();
  });

  for (const what of ['rollout', 'tracking'] as const) {
    it(`a stop of the ${what} that came while it waited leaves its machines unsent`, async () => {
      const w = world(bareInstances(25));
      const one = w.open();
      w.service.onAttempt = (n) => {
        const [operation] = one.operations.list();
        if (n === 2 && operation) void one.operations.stop(operation.id, what);
      };
      const { id } = await one.operations.start(aPlan('install', w.clients));
      await w.clock.advance(0);
      assert.equal(w.service.writes.length, 1);
      const outcomes = outcomesOf(one.operations.get(id));
      assert.equal(outcomes['i-24'], 'stopped: stopped');
      assert.equal(outcomes['i-0'], what === 'rollout' ? 'running' : 'unwatched');
      assert.deepEqual(outcomesOf(one.operations.get(id)), outcomes);
      one.operations.dispose();
    });
  }
});

describe('a call that waits for its key', () => {
  it('does not go out when the records of others cannot be read any more', async () => {
    const w = world();
    const one = w.open();
    w.service.onAttempt = () => {
      failNext(one, 'read', Number.MAX_SAFE_INTEGER);
    };
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(minute);
    assert.equal(w.service.writes.length, 0);
    assert.deepEqual(
      new Set(Object.values(outcomesOf(one.operations.get(id)))),
      new Set(['not-sent: storage-failed']),
    );
  });

  it('goes out when they can be read a moment later', async () => {
    const w = world();
    const one = w.open();
    w.service.onAttempt = () => {
      failNext(one, 'read', 2);
    };
    await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(minute);
    assert.equal(w.service.writes.length, 1);
    one.operations.dispose();
  });

  it('is recorded as not sent when its window loses the operation meanwhile', async () => {
    const w = world();
    const one = w.open();
    const key = held<'here'>();
    w.service.onAttempt = async () => {
      await key.promise;
      throw new CancelledError();
    };
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(0);
    one.disk.expire(true);
    key.settle('here');
    await w.clock.advance(0);
    assert.deepEqual(w.typesOf(id), ['operation', 'intent', 'resolved']);
    assert.deepEqual(
      new Set(Object.values(outcomesOf(one.operations.get(id)))),
      new Set(['not-sent: interrupted']),
    );
    one.operations.dispose();
  });
});

describe('read-only mode', () => {
  it('sends no call that it finds on its way, nor a later one', async () => {
    for (const from of [0, 1, 2]) {
      const w = world(bareInstances(45));
      let isReadOnly = from === 0;
      w.service.onAttempt = (n) => void (isReadOnly ||= n === from + 1);
      const { operations } = openWindow(w.service, w.clock, w.disk.window(), {
        isReadOnly: () => isReadOnly,
      });
      const { id } = await operations.start(aPlan('install', w.clients));
      await w.clock.advance(0);
      assert.equal(w.service.writes.length, from);
      isReadOnly = false;
      await w.clock.advance(minute);
      assert.equal(w.service.writes.length, from);
      const outcomes = Object.values(outcomesOf(operations.get(id)));
      assert.equal(outcomes.filter((outcome) => outcome === 'stopped: stopped').length, 45 - 20 * from);
      operations.dispose();
    }
  });
});

describe('damaged records', () => {
  const damage = (w: ReturnType<typeof world>, id: string, line: number): void => {
    const lines = w.disk.lines(id).map((one) => JSON.stringify(one));
    lines[line] = (lines[line] ?? '').replace('{"v":1', '\u0000\u0000\u0000');
    w.disk.write(id, `${lines.join('\n')}\n`);
  };

  it('without their plan still tell what was sent, and it is followed to its end', async () => {
    const w = world(bareInstances(25));
    w.service.onWrite = (n) => (n === 1 ? taken('t-1') : new Promise(() => undefined));
    const one = w.open();
    const { id } = await one.operations.start(aPlan('install', w.clients));
    await w.clock.advance(0);
    one.kill();
    damage(w, id, 0);
    w.arrive();
    const next = w.open();
    await next.operations.resume();
    const operation = next.operations.get(id);
    assert.deepEqual([operation?.damaged, operation?.machines.length], [true, 25]);
    await w.clock.advance(20 * minute);
    assert.deepEqual(new Set(Object.values(outcomesOf(next.operations.get(id)))), new Set(['done']));
    assert.ok(w.disk.closed.has(id));
    assert.equal(w.service.writes.length, 2);
  });

  it('without an intent still tell which machines an answered call had', async () => {
    const w = world();
    const one = w.open();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(0);
    one.kill();
    damage(w, id, 1);
    w.arrive();
    const next = w.open();
    await next.operations.resume();
    await w.clock.advance(minute);
    assert.deepEqual(Object.values(outcomesOf(next.operations.get(id))), ['done', 'done']);
  });

  it('that tell neither are set aside with the tasks that they name, and removed on request only', async () => {
    const w = world();
    const text = [
      'rubbish',
      '{"v":1,"at":1,"type":"intent","call":"1","machineKeys":["i-0"]}',
      '{"v":1,"at":2,"type":"answer","call":"1","requestId":"R-1","taskId":"t-77","refusals":[]}',
    ].join('\n');
    w.disk.write('op-damaged', `${text}\n`);
    for (let start = 0; start < 2; start++) {
      const { operations } = w.open();
      await operations.resume();
      assert.deepEqual(operations.ledger.damaged, [{ id: 'op-damaged', taskIds: ['t-77'] }]);
      assert.deepEqual([[...w.disk.open.keys()], [...w.disk.aside.keys()]], [[], ['op-damaged']]);
      operations.dispose();
    }
    const { operations } = w.open();
    await operations.resume();
    await operations.clearFinished();
    assert.deepEqual([operations.ledger.damaged, w.disk.aside.size], [[], 0]);
  });
});

describe('a ledger that cannot be read', () => {
  it('does not keep the window from starting, refuses changes, and is read as soon as it can be', async () => {
    const w = world();
    const one = w.open();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(0);
    one.kill();
    const next = w.open();
    let told = 0;
    next.operations.onDidChangeLedger(() => told++);
    failNext(next, 'list', 4, 'EACCES');
    await next.operations.resume();
    assert.match(next.operations.ledger.unreadable ?? '', /EACCES/);
    assert.equal(told, 1);
    await assert.rejects(next.operations.start(aPlan('upgrade', outdatedClients(3).slice(2))), {
      code: 'storage-failed',
    });
    assert.equal(w.service.writes.length, 1);
    await w.clock.advance(20 * second);
    assert.equal(next.operations.ledger.unreadable, undefined);
    assert.ok(next.operations.nextCheckAt(id) !== undefined);
    next.operations.dispose();
  });
});

describe('reading along', () => {
  it('reads only what is new, and joins readings that wait', async () => {
    const w = world();
    const [one, two] = [w.open(), w.open()];
    await two.operations.resume();
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    await w.clock.advance(0);
    const read = two.disk.records.read.bind(two.disk.records);
    const positions: (number | undefined)[] = [];
    const gate = held<'open'>();
    two.disk.records.read = async (of, from) => {
      positions.push(from);
      await gate.promise;
      return read(of, from);
    };
    for (let n = 0; n < 100; n++) await one.disk.records.append(id, { v: 1, at: n, type: 'checkAsked' });
    await w.clock.advance(0);
    assert.equal(positions.length, 1);
    gate.settle('open');
    await w.clock.advance(0);
    assert.equal(positions.length, 2);
    assert.ok(positions.every((from) => from !== undefined && from > 0));
    one.operations.dispose();
    two.operations.dispose();
  });

  it('reads a new operation once, and then only what came meanwhile', async () => {
    const w = world();
    const [one, two] = [w.open(), w.open()];
    await two.operations.resume();
    const read = two.disk.records.read.bind(two.disk.records);
    const positions: number[] = [];
    const gate = held<'open'>();
    two.disk.records.read = async (of, from = 0) => {
      positions.push(from);
      await gate.promise;
      return read(of, from);
    };
    const { id } = await one.operations.start(aPlan('upgrade', w.clients));
    for (let n = 0; n < 100; n++) await one.disk.records.append(id, { v: 1, at: n, type: 'checkAsked' });
    await w.clock.advance(0);
    assert.deepEqual(positions, [0]);
    gate.settle('open');
    await w.clock.advance(0);
    assert.equal(positions.length, 2);
    assert.ok((positions[1] ?? 0) > 0);
    assert.equal(two.operations.get(id)?.calls.length, 1);
    one.operations.dispose();
    two.operations.dispose();
  });
});
