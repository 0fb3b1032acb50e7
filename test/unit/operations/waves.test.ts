import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Strategy } from '../../../src/core/operations/operation';
import { idsByKey } from '../../../src/core/operations/operationCalls';
import { wavesOf } from '../../../src/core/operations/waves';
import { aPlan, outdatedClients } from '../../support/operationBuilders';

const machine = (name: string, zoneId?: string) => ({ name, ...(zoneId === undefined ? {} : { zoneId }) });

function namesOf(strategy: Strategy, machines: readonly ReturnType<typeof machine>[]): readonly string[] {
  return wavesOf(machines, strategy).map((wave) => wave.map(({ name }) => name).join(' '));
}

describe('waves', () => {
  const five = [
    machine('a', 'z-2'),
    machine('b'),
    machine('c', 'z-1'),
    machine('d', 'z-2'),
    machine('e', ''),
  ];

  it('are one, one and the rest, zone by zone with no zone last, or batches', () => {
    assert.deepEqual(namesOf({ kind: 'all' }, five), ['a b c d e']);
    assert.deepEqual(namesOf({ kind: 'canary' }, five), ['a', 'b c d e']);
    assert.deepEqual(namesOf({ kind: 'zones' }, five), ['c', 'a d', 'b e']);
    assert.deepEqual(namesOf({ kind: 'batches', size: 2 }, five), ['a b', 'c d', 'e']);
  });

  it('are none of nothing, and one of one machine', () => {
    for (const strategy of [
      { kind: 'all' },
      { kind: 'canary' },
      { kind: 'zones' },
      { kind: 'batches', size: 3 },
    ] as const) {
      assert.deepEqual(namesOf(strategy, []), []);
      assert.deepEqual(namesOf(strategy, [machine('a')]), ['a']);
    }
  });

  it('take at least one machine, whatever the size of a batch reads', () => {
    for (const size of [0, -3, 0.5, NaN]) {
      assert.deepEqual(namesOf({ kind: 'batches', size }, five), ['a', 'b', 'c', 'd', 'e']);
    }
  });

  it('hold each machine once, and no wave is empty', () => {
    const machines = fc.array(fc.constantFrom('', 'z-1', 'z-2', 'z-10'), { maxLength: 40 });
    const strategies = fc.oneof(
      fc.constantFrom<Strategy>({ kind: 'all' }, { kind: 'canary' }, { kind: 'zones' }),
      fc.nat(12).map((size): Strategy => ({ kind: 'batches', size })),
    );
    fc.assert(
      fc.property(machines, strategies, (zones, strategy) => {
        const all = zones.map((zone, n) => machine(String(n), zone));
        const waves = wavesOf(all, strategy);
        assert.ok(waves.every((wave) => wave.length > 0));
        const names = waves.flat().map(({ name }) => Number(name));
        assert.deepEqual(
          names.sort((a, b) => a - b),
          all.map((_, n) => n),
        );
      }),
    );
  });

  it('name a client by its own id when another wave has a client on the same instance', () => {
    const [one, two] = outdatedClients(2);
    assert.ok(one && two);
    const machines = aPlan('upgrade', [one, { ...two, instanceId: 'i-0' }]).machines.map((planned, n) => ({
      ...planned,
      key: `k-${n}`,
      namedBy: 'client' as const,
    }));
    assert.deepEqual(
      [...idsByKey('upgrade', machines).values()],
      [
        { instanceIds: [], clientIds: ['c-0'] },
        { instanceIds: [], clientIds: ['c-1'] },
      ],
    );
  });
});
