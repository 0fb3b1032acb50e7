import { strict as assert } from 'node:assert';
import { followBusyClients } from '../../../src/core/clients/busyClients';
import { Emitter } from '../../../src/core/kernel/events';
import { keyClients } from '../../../src/core/service/clientFacts';
import { BackupError } from '../../../src/core/service/errors';
import type { BackupClient } from '../../../src/core/service/model';
import { aBareClient, aScope } from '../../support/builders';
import { createFakeService } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createKeptLog, outdatedClients } from '../../support/operationBuilders';

const second = 1000;
const minute = 60 * second;

function world(covered: (client: BackupClient) => boolean = () => false) {
  const clock = createHandClock();
  const service = createFakeService(outdatedClients(3));
  const busy = service.clients.get('i-1');
  if (busy) service.clients.set('i-1', { ...busy, status: 'UPGRADING' });
  let rows = keyClients(service.clients.values());
  const readings: (readonly string[])[] = [];
  const looks = new Emitter<void>();
  const looking = { current: true, onDidChange: looks.event };
  const following = followBusyClients({
    api: service,
    clock,
    log: createKeptLog(),
    scope: aScope(),
    looking,
    clients: () => rows,
    covered: () => covered,
    onReading: ({ clients }) => {
      readings.push(clients.map(({ instanceId = '' }) => instanceId));
      rows = keyClients([...rows.values(), ...clients]);
    },
  });
  const look = (current: boolean): void => {
    looking.current = current;
    looks.fire();
  };
  return { clock, service, readings, following, looking, look };
}

describe('busy clients begun elsewhere', () => {
  it('are read by id every 30 s until they are no longer busy', async () => {
    const w = world();
    await w.clock.advance(minute);
    assert.deepEqual(w.readings, [['i-1'], ['i-1']]);
    const client = w.service.clients.get('i-1');
    if (client) w.service.clients.set('i-1', { ...client, status: 'ACTIVATED' });
    await w.clock.advance(5 * minute);
    assert.equal(w.readings.length, 3);
  });

  it('are left alone where no id is known to read them by', async () => {
    const w = world(() => true);
    const read: unknown[] = [];
    const clock = createHandClock();
    const following = followBusyClients({
      api: w.service,
      clock,
      log: createKeptLog(),
      scope: aScope(),
      looking: w.looking,
      clients: () => keyClients([aBareClient({ status: 'UPGRADING', hostname: 'web' })]),
      covered: () => () => false,
      onReading: (reading) => read.push(reading),
    });
    await clock.advance(5 * minute);
    following.dispose();
    assert.deepEqual([read, w.service.reads], [[], []]);
  });

  it('are given up after 17 minutes', async () => {
    const w = world();
    await w.clock.advance(60 * minute);
    assert.equal(w.readings.length, 34);
  });

  it('are left alone while nobody looks, and read at once when somebody looks again after long', async () => {
    const w = world();
    await w.clock.advance(minute);
    w.look(false);
    await w.clock.advance(60 * minute);
    assert.equal(w.readings.length, 2);
    w.look(true);
    await w.clock.advance(0);
    assert.equal(w.readings.length, 3);
    w.look(false);
    w.look(true);
    await w.clock.advance(0);
    assert.equal(w.readings.length, 3, 'a glance asks for nothing');
    w.look(false);
    await w.clock.advance(minute);
    w.following.dispose();
    w.look(true);
    await w.clock.advance(minute);
    assert.equal(w.readings.length, 3);
  });

  it('are left to the operation that has them', async () => {
    const w = world(({ instanceId }) => instanceId === 'i-1');
    await w.clock.advance(5 * minute);
    assert.equal(w.service.reads.length, 0);
  });

  it('are asked for again after a reading that failed, and no longer once disposed', async () => {
    const w = world();
    w.service.onRead = () => {
      throw new BackupError('throttled', 'slow down');
    };
    await w.clock.advance(minute);
    assert.equal(w.service.reads.length, 2);
    w.following.dispose();
    await w.clock.advance(minute);
    assert.equal(w.service.reads.length, 2);
    assert.deepEqual(w.clock.dueTimes(), []);
  });
});
