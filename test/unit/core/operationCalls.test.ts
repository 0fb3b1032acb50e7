import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/errors';
import { callsOf } from '../../../src/core/operations/operationCalls';
import { aPlan, bareInstances, outdatedClients } from '../../support/operationBuilders';

describe('calls of an operation', () => {
  const ecs = { clientType: 'ECS_CLIENT' } as const;

  it('install at most 20 instances a call', () => {
    const calls = callsOf('install', ecs, aPlan('install', bareInstances(45)).machines);
    assert.deepEqual(
      calls.map(({ ids }) => ids.instanceIds.length),
      [20, 20, 5],
    );
    assert.ok(calls.every(({ ids }) => ids.clientIds.length === 0));
  });

  it('upgrade at most 100 ids a call, each machine in one list only', () => {
    const calls = callsOf('upgrade', ecs, aPlan('upgrade', outdatedClients(130)).machines);
    assert.deepEqual(
      calls.map(({ ids }) => [ids.instanceIds.length, ids.clientIds.length]),
      [
        [100, 0],
        [30, 0],
      ],
    );
    assert.equal(new Set(calls.flatMap(({ machineKeys }) => machineKeys)).size, 130);
  });

  it('name clients by ClientId where two share an instance, and where they are not on ECS', () => {
    const [one, two, other] = outdatedClients(3);
    assert.ok(one && two && other);
    const machines = aPlan('upgrade', [one, { ...two, instanceId: 'i-0' }, other]).machines.map(
      (machine, n) => ({
        ...machine,
        key: `k-${n}`,
      }),
    );
    const [ecsCall] = callsOf('upgrade', ecs, machines);
    assert.deepEqual(ecsCall?.ids, { instanceIds: ['i-2'], clientIds: ['c-0', 'c-1'] });
    const [localCall] = callsOf('upgrade', { clientType: 'LOCAL_CLIENT' }, machines.slice(1));
    assert.deepEqual(localCall?.ids, { instanceIds: [], clientIds: ['c-1', 'c-2'] });
  });

  it('are refused for no machine, a machine twice and a machine without an id', () => {
    const machine = { key: 'k', name: 'web' };
    for (const machines of [
      [],
      [machine],
      [
        { ...machine, instanceId: 'i-1' },
        { ...machine, instanceId: 'i-2' },
      ],
    ]) {
      assert.throws(
        () => callsOf('install', ecs, machines),
        (error: unknown) => error instanceof BackupError && error.code === 'invalid-input',
      );
    }
  });
});
