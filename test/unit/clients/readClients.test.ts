import { strict as assert } from 'node:assert';
import { clientOf, readClients } from '../../../src/core/clients/readClients';
import { neverCancelled } from '../../support/apiBuilders';
import { aClient, aScope } from '../../support/builders';
import { createFakeService } from '../../support/fakeService';

const old = aClient({ instanceId: 'i-1', clientId: 'c-old', updatedTime: 1 });
const live = aClient({ instanceId: 'i-1', clientId: 'c-live', updatedTime: 2 });

describe('the client of a machine', () => {
  const ids = { key: 'k', instanceId: 'i-1', clientId: 'c-old' };

  it('is the one with its ClientId, and no other of the instance once that is gone', () => {
    assert.equal(clientOf(ids, [live, old]), old);
    assert.equal(clientOf(ids, [live]), undefined);
    assert.equal(clientOf({ ...ids, namedBy: 'client' }, [live]), undefined);
  });

  it('is the newest of the instance where the instance names it: an install brings a new ClientId', () => {
    assert.equal(clientOf({ ...ids, namedBy: 'instance' }, [live]), live);
    assert.equal(clientOf({ key: 'k', instanceId: 'i-1' }, [old, live]), live);
  });

  it('is none where the instance is another one or no id is known', () => {
    assert.equal(clientOf({ ...ids, instanceId: 'i-2', namedBy: 'instance' }, [live]), undefined);
    assert.equal(clientOf({ key: 'k' }, [live]), undefined);
  });
});

describe('a reading by id', () => {
  it('asks for an instance once, however many of its clients are read', async () => {
    const service = createFakeService([old]);
    const refs = [old, live].map(({ instanceId, clientId }, n) => ({ key: `k-${n}`, instanceId, clientId }));
    const reading = await readClients(service, aScope(), refs, neverCancelled);
    assert.deepEqual(service.reads, [{ instanceIds: ['i-1'] }]);
    assert.deepEqual(reading.missingKeys, ['k-1']);
  });

  it('asks 99 ids at a time, and by ClientId where no instance is known', async () => {
    const service = createFakeService();
    const refs = Array.from({ length: 100 }, (_, n) => ({ key: `k-${n}`, instanceId: `i-${n}` }));
    await readClients(service, aScope(), [...refs, { key: 'c', clientId: 'c-1' }], neverCancelled);
    assert.deepEqual(
      service.reads.map(({ instanceIds = [], clientIds = [] }) => [instanceIds.length, clientIds.length]),
      [
        [99, 0],
        [1, 0],
        [0, 1],
      ],
    );
  });

  it('does not call a client missing that has no id to be asked for', async () => {
    const service = createFakeService();
    const reading = await readClients(service, aScope(), [{ key: '?' }], neverCancelled);
    assert.deepEqual([service.reads, reading.missingKeys], [[], []]);
  });
});
