import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import * as operationCalls from '../../../src/core/operations/operationCalls';
import type { PlannedMachine } from '../../../src/core/operations/operation';
import type { OperationAction } from '../../../src/core/service/actions';
import { aPlan, bareInstances, outdatedClients } from '../../support/operationBuilders';

function callsOf(action: OperationAction, machines: readonly PlannedMachine[]) {
  const ids = operationCalls.idsByKey(action, machines);
  return operationCalls.callsOf(
    action,
    machines.map(({ key }) => key),
    ids,
  );
}

describe('calls of an operation', () => {
  it('install at most 20 instances a call', () => {
    const calls = callsOf('install', aPlan('install', bareInstances(45)).machines);
    assert.deepEqual(
      calls.map(({ ids }) => ids.instanceIds.length),
      [20, 20, 5],
    );
    assert.ok(calls.every(({ ids }) => ids.clientIds.length === 0));
  });

  it('upgrade at most 100 ids a call, each machine in one list only', () => {
    const calls = callsOf('upgrade', aPlan('upgrade', outdatedClients(130)).machines);
    assert.deepEqual(
      calls.map(({ ids }) => [ids.instanceIds.length, ids.clientIds.length]),
      [
        [100, 0],
        [30, 0],
      ],
    );
    assert.equal(new Set(calls.flatMap(({ machineKeys }) => machineKeys)).size, 130);
  });

  it('have numbers that go on from those that were made', () => {
    const { machines } = aPlan('install', bareInstances(30));
    const keys = machines.map(({ key }) => key).slice(5);
    const calls = operationCalls.callsOf('install', keys, operationCalls.idsByKey('install', machines), 3);
    assert.deepEqual(
      calls.map(({ id, machineKeys }) => [id, machineKeys.length]),
      [
        ['4', 20],
        ['5', 5],
      ],
    );
  });

  it('change settings one client a call, by its ClientId only', () => {
    const { machines } = aPlan('settings', outdatedClients(2));
    const calls = callsOf(
      'settings',
      machines.map((machine) => ({ ...machine, namedBy: 'client' })),
    );
    assert.deepEqual(
      calls.map(({ ids }) => ids),
      [
        { instanceIds: [], clientIds: ['c-0'] },
        { instanceIds: [], clientIds: ['c-1'] },
      ],
    );
    const byInstance = machines.map((machine) => ({ ...machine, namedBy: 'instance' as const }));
    assert.throws(() => callsOf('settings', byInstance), { code: 'invalid-input' });
  });

  it('name each machine by the id that its plan names it by', () => {
    const [alone, shared] = aPlan('uninstall', outdatedClients(2)).machines;
    assert.ok(alone && shared);
    const [call] = callsOf('uninstall', [alone, { ...shared, namedBy: 'client' }]);
    assert.deepEqual(call?.ids, { instanceIds: ['i-0'], clientIds: ['c-1'] });
  });

  it('never hold an instance id that reaches another machine, whatever the plan says', () => {
    const [one, two] = aPlan('uninstall', outdatedClients(2)).machines;
    assert.ok(one && two);
    const onOne = { ...two, instanceId: 'i-0' };
    for (const machines of [
      [one, onOne],
      [one, { ...onOne, namedBy: 'client' as const }],
      [{ key: 'k', name: 'web', instanceId: 'i-0', namedBy: 'client' as const }],
    ]) {
      assert.throws(
        () => callsOf('uninstall', machines),
        (error: unknown) => error instanceof BackupError && error.code === 'invalid-input',
      );
    }
  });

  it('are refused for no machine, a machine twice and a machine without an id', () => {
    const machine = { key: 'k', name: 'web', namedBy: 'instance' as const };
    for (const machines of [
      [],
      [machine],
      [
        { ...machine, instanceId: 'i-1' },
        { ...machine, instanceId: 'i-2' },
      ],
    ]) {
      assert.throws(
        () => callsOf('install', machines),
        (error: unknown) => error instanceof BackupError && error.code === 'invalid-input',
      );
    }
  });
});
