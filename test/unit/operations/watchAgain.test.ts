import { strict as assert } from 'node:assert';
import { keyClients } from '../../../src/core/service/clientFacts';
import { buildClientTree } from '../../../src/core/clients/buildClientTree';
import { type ClientNode } from '../../../src/core/clients/clientTree';
import { rowTextOf } from '../../../src/core/clients/rowText';
import { unwatchedClients } from '../../../src/core/operations/operationsOnClients';
import type { Operation } from '../../../src/core/operations/operation';
import { buildTaskTree } from '../../../src/core/operations/taskTree';
import { operationPageState } from '../../../src/core/pages/operation/operationPage';
import { aScope } from '../../support/builders';
import { createFakeService } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import { aPlan, openWindow, outcomesOf, outdatedClients } from '../../support/operationBuilders';
import { allNodes } from '../../support/listingBuilders';

const second = 1000;
const minute = 60 * second;

/** Two clients that are upgraded; the user has stopped watching after the first query. */
async function unwatched() {
  const clients = outdatedClients(2);
  const clock = createHandClock();
  const service = createFakeService(clients);
  const disk = createMemoryDisk();
  const window = openWindow(service, clock, disk.window());
  const { id } = await window.operations.start(aPlan('upgrade', clients));
  await clock.advance(40 * second);
  await window.operations.stop(id, 'tracking');
  await clock.advance(0);
  const upgrade = (): void => {
    const beat = { lastHeartBeatTime: clock.now() / 1000 };
    for (const [key, client] of service.clients)
      service.clients.set(key, { ...client, ...beat, clientVersion: '2.4.5' });
    service.onPoll = () => ({ state: 'completed', progress: 100 });
  };
  const operation = (): Operation => window.operations.get(id) ?? assert.fail('forgotten');
  return { clients, clock, service, disk, window, id, upgrade, operation };
}

describe('watching an operation again', () => {
  it('follows its tasks to the verified end, told once, and sends nothing', async () => {
    const w = await unwatched();
    assert.deepEqual([w.operation().phase, [...w.disk.open.keys()]], ['ended', []]);
    const polls = w.service.polls.length;
    await w.window.operations.resumeTracking(w.id);
    assert.deepEqual(
      [w.operation().phase, w.operation().watchingStopped, w.operation().endedAt],
      ['watching', false, undefined],
    );
    assert.deepEqual(Object.values(outcomesOf(w.operation())), ['running', 'running']);
    assert.deepEqual([...w.disk.open.keys()], [w.id]);
    const told = w.window.ended.length;
    w.upgrade();
    await w.clock.advance(minute);
    assert.ok(w.service.polls.length > polls);
    assert.deepEqual(Object.values(outcomesOf(w.operation())), ['done', 'done']);
    assert.equal(w.operation().phase, 'ended');
    assert.deepEqual([w.window.ended.length - told, w.service.writes.length], [1, 1]);
    assert.deepEqual([[...w.disk.open.keys()], [...w.disk.closed.keys()]], [[], [w.id]]);
  });

  it('asks the service and the list once more when the time for it is long over', async () => {
    const w = await unwatched();
    await w.clock.advance(60 * minute);
    w.upgrade();
    await w.window.operations.resumeTracking(w.id);
    await w.clock.advance(minute);
    assert.deepEqual(Object.values(outcomesOf(w.operation())), ['done', 'done']);
  });

  it('is taken up by the next window when this one dies', async () => {
    const w = await unwatched();
    await w.window.operations.resumeTracking(w.id);
    w.window.kill();
    const next = openWindow(w.service, w.clock, w.disk.window());
    await next.operations.resume();
    w.upgrade();
    await w.clock.advance(minute);
    assert.deepEqual(Object.values(outcomesOf(next.operations.get(w.id))), ['done', 'done']);
    assert.equal(next.ended.length, 1);
  });

  it('keeps other operations off its clients again', async () => {
    const w = await unwatched();
    const [first] = w.clients;
    assert.ok(first);
    assert.equal(w.window.operations.holdersIn(aScope())(first), undefined);
    await w.window.operations.resumeTracking(w.id);
    assert.equal(w.window.operations.holdersIn(aScope())(first)?.id, w.id);
  });

  it('changes nothing when the disk does not take the decision, and can be tried again', async () => {
    const w = await unwatched();
    w.window.disk.beforeAppend = () => {
      throw new Error('ENOSPC');
    };
    await assert.rejects(w.window.operations.resumeTracking(w.id), { code: 'storage-failed' });
    assert.equal(w.operation().watchingStopped, true);
    w.window.disk.beforeAppend = () => undefined;
    await w.window.operations.resumeTracking(w.id);
    assert.equal(w.operation().phase, 'watching');
  });

  it('is offered on the page and in the menu of what is no longer watched, and nowhere else', async () => {
    const w = await unwatched();
    const offers = (): readonly boolean[] => {
      const now = w.clock.now();
      const page = operationPageState(w.operation(), {
        now,
        nextCheckAt: undefined,
        known: [],
        timeInWords: () => '12:00',
      });
      const [row] = buildTaskTree([w.operation()], {
        nowMs: now,
        dayInWords: () => '',
        timeInWords: () => '',
      });
      return [
        page.commands.some(({ command }) => command === 'watchAgain'),
        row?.words.includes('unwatched') === true,
      ];
    };
    assert.deepEqual(offers(), [true, true]);
    await w.window.operations.resumeTracking(w.id);
    assert.deepEqual(offers(), [false, false]);
    w.upgrade();
    await w.clock.advance(minute);
    assert.deepEqual(offers(), [false, false]);
  });
});

describe('the row of a client that is no longer watched', () => {
  const rowOf = (
    w: Awaited<ReturnType<typeof unwatched>>,
    listedAt: number,
    operations: readonly Operation[] = w.window.operations.list(),
  ): ClientNode => {
    const clients = keyClients(w.clients);
    const tree = buildClientTree({
      scope: aScope(),
      clients,
      groupBy: ['status', 'zone'],
      nowMs: w.clock.now(),
      staleMinutes: 0,
      unwatched: unwatchedClients(operations, aScope(), clients, listedAt),
    });
    return allNodes(tree).find((node) => node.kind === 'client') ?? assert.fail('no row');
  };

  it('says so, with nothing to start, until a listing came after that', async () => {
    const w = await unwatched();
    const endedAt = w.operation().endedAt ?? 0;
    const row = rowOf(w, endedAt - 1);
    const { description, sentence, icon } = rowTextOf(row, 0);
    assert.match(description, /^upgrading, not tracked · /);
    assert.match(sentence, /, upgrading, not tracked, /);
    assert.deepEqual([icon.id, row.capabilities.size], ['eye-closed', 0]);
    const listed = rowOf(w, endedAt + 1);
    assert.doesNotMatch(rowTextOf(listed, 0).description, /not tracked/);
    assert.ok(listed.capabilities.has('upgradable'));
  });

  it('is like any other once it is watched again, or changed by a later operation', async () => {
    const w = await unwatched();
    const later: Operation = { ...w.operation(), id: 'later', watchingStopped: false };
    const done = later.machines.map((one) => ({ ...one, outcome: 'done' as const }));
    assert.equal(rowOf(w, 0, [{ ...later, machines: done }, w.operation()]).unwatched, undefined);
    assert.equal(rowOf(w, 0).unwatched, 'upgrade');
    await w.window.operations.resumeTracking(w.id);
    assert.equal(rowOf(w, 0).unwatched, undefined);
  });
});
