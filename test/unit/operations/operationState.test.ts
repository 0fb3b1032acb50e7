import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { foldOperation, OperationFold } from '../../../src/core/operations/operationFold';
import type { OperationFact, OperationRecord } from '../../../src/core/operations/operationRecord';
import { aPlan, outdatedClients } from '../../support/operationBuilders';

const framed = (fact: OperationFact, n: number): OperationRecord => ({ v: 1, at: 1000 + n, ...fact });

const zones = ['z-1', 'z-2', 'z-3'];
const clients = outdatedClients(6).map((client, n) => ({ ...client, zoneId: zones[n % 3] ?? '' }));
const planned: OperationFact = {
  type: 'operation',
  id: 'op-1',
  plan: { ...aPlan('upgrade', clients), strategy: { kind: 'zones' } },
  timeScale: 1,
};

const keys = fc.subarray(
  clients.map(({ instanceId = '' }) => instanceId),
  { minLength: 1 },
);
const call = fc.constantFrom('1', '2', '3');
const job = { jobId: 'j-1', status: 'RUNNING', kind: 'backup', certain: true, stuck: false } as const;
const facts: fc.Arbitrary<OperationFact> = fc.oneof(
  fc.record({ type: fc.constant('intent' as const), call, machineKeys: keys }),
  fc.record({
    type: fc.constant('answer' as const),
    call,
    requestId: fc.constant('R-1'),
    taskId: fc.constant('t-1'),
    refusals: fc.constantFrom([], [{ instanceId: 'i-2', errorCode: 'InstanceNotRunning' }]),
  }),
  fc.record({
    type: fc.constant('task' as const),
    call,
    state: fc.constantFrom('created', 'completed', 'expired'),
    progress: fc.constant(50),
    machines: fc.constant([]),
    requestId: fc.constant('R-2'),
  }),
  fc.record({
    type: fc.constant('machines' as const),
    machines: keys.map((some) => some.map((key) => ({ key, outcome: 'done' as const }))),
  }),
  fc.record({
    type: fc.constant('held' as const),
    machines: keys.map((some) => some.map((key) => ({ key, jobs: [job] as const, until: 9_000 }))),
  }),
  fc.record({ type: fc.constant('released' as const), machineKeys: keys }),
  fc.record({ type: fc.constant('canary' as const), machineKey: fc.constant('i-4') }),
  fc.constantFrom<OperationFact>(
    { type: 'sendingStopped', reason: 'stopped' },
    { type: 'watchingStopped' },
    { type: 'watchingResumed' },
    { type: 'ended' },
  ),
);

describe('an operation that is read after each fact', () => {
  it('is the same as one that is read once at the end', () => {
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 12 }), (some) => {
        const records = [planned, ...some].map(framed);
        const fold = new OperationFold();
        for (const [n, record] of records.entries()) {
          fold.apply(record);
          assert.deepEqual(fold.operation, foldOperation(records.slice(0, n + 1)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leaves a copy alone, and is left alone by it', () => {
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 6 }), fc.array(facts, { maxLength: 6 }), (first, further) => {
        const records = [planned, ...first].map(framed);
        const fold = new OperationFold();
        for (const record of records) fold.apply(record);
        const before = fold.operation;
        const copy = fold.copy();
        assert.equal(copy.operation, before);
        const others = further.map((fact, n) => framed(fact, records.length + n));
        for (const record of others) copy.apply(record);
        assert.deepEqual(copy.operation, foldOperation([...records, ...others]));
        assert.deepEqual(fold.operation, foldOperation(records));
        assert.equal(fold.operation, before);
      }),
    );
  });

  it('keeps what a fact does not name, as the same objects', () => {
    const fold = new OperationFold();
    const [first, second, ...rest] = [
      planned,
      { type: 'intent', call: '1', machineKeys: ['i-0', 'i-3'] },
      { type: 'machines', machines: [{ key: 'i-0', outcome: 'done' }] },
    ].map((fact, n) => framed(fact as OperationFact, n));
    for (const record of [first, second]) if (record) fold.apply(record);
    const before = fold.operation;
    for (const record of rest) fold.apply(record);
    const after = fold.operation;
    assert.ok(before && after);
    const changed = after.machines.filter((machine, n) => machine !== before.machines[n]);
    assert.deepEqual(
      changed.map(({ machine }) => machine.key),
      ['i-0'],
    );
    assert.deepEqual(before.machines[0]?.outcome, 'running');
    assert.equal(after.waves, before.waves);
    assert.equal(after.calls, before.calls);
  });
});
