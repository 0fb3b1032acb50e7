import { strict as assert } from 'node:assert';
import { lastOperationOf } from '../../../src/core/operations/operationFacts';
import { aClient, aScope } from '../../support/builders';
import { uninstallOf } from '../../support/operationBuilders';

describe('the last operation of a client', () => {
  const client = aClient({ instanceId: 'i-1', clientId: 'c-1' });
  const other = { ...client, clientId: 'c-2' };
  const operation = (id: string, startedAt: number, namedBy: 'instance' | 'client') => {
    const made = uninstallOf(client, { id, startedAt });
    const machines = made.machines.map((one) => ({
      ...one,
      machine: { ...one.machine, key: `i-1+${id}`, namedBy },
    }));
    return { ...made, machines };
  };

  it('is the newest that has it, under whichever key and through whichever profile of the region', () => {
    const known = [operation('old', 1, 'client'), operation('new', 2, 'client')];
    const last = lastOperationOf(known, aScope({ profileId: 'profile-2' }), client);
    assert.deepEqual([last?.operation.id, last?.machineKey], ['new', 'i-1+new']);
    assert.equal(lastOperationOf(known, aScope({ regionId: 'cn-beijing' }), client), undefined);
  });

  it('is not that of another client on its instance', () => {
    assert.equal(lastOperationOf([operation('one', 1, 'client')], aScope(), other), undefined);
    const install = lastOperationOf([operation('one', 1, 'instance')], aScope(), other);
    assert.equal(install?.operation.id, 'one');
  });
});
