import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { countsOf } from '../../../src/core/operations/operation';
import { foldOperation } from '../../../src/core/operations/operationFold';
import type { OperationFact, OperationRecord } from '../../../src/core/operations/operationRecord';
import { aPlan, outcomesOf, outdatedClients } from '../../support/operationBuilders';

const frame = (facts: readonly OperationFact[]): readonly OperationRecord[] =>
  facts.map((fact, n) => ({ v: 1, at: 1000 + n, ...fact }));

const planned: OperationFact = {
  type: 'operation',
  id: 'op-1',
  plan: aPlan('upgrade', outdatedClients(3)),
  timeScale: 1,
};
const intent: OperationFact = { type: 'intent', call: '1', machineKeys: ['i-0', 'i-1', 'i-2'] };
const answer: OperationFact = {
  type: 'answer',
  call: '1',
  requestId: 'R-1',
  taskId: 't-1',
  refusals: [{ instanceId: 'i-2', errorCode: 'InstanceNotRunning' }],
};
const completed: OperationFact = {
  type: 'task',
  call: '1',
  state: 'completed',
  progress: 100,
  requestId: 'R-2',
  machines: [
    { instanceId: 'i-0', clientStatus: 'ACTIVATED', errorCode: '' },
    { instanceId: 'i-1', clientStatus: 'UPGRADE_FAILED', errorCode: '' },
  ],
};
const whole: readonly OperationFact[] = [
  planned,
  intent,
  answer,
  { type: 'task', call: '1', state: 'created', progress: 40, machines: [], requestId: 'R-1a' },
  completed,
  {
    type: 'machines',
    machines: [
      { key: 'i-0', outcome: 'done', clientVersion: '2.4.5' },
      { key: 'i-1', outcome: 'failed', reason: 'UPGRADE_FAILED' },
    ],
  },
  { type: 'checkAsked' },
  { type: 'ended' },
];

describe('records of an operation', () => {
  it('tell each machine of a call its own end', () => {
    const operation = foldOperation(frame(whole));
    assert.deepEqual(outcomesOf(operation), {
      'i-0': 'done',
      'i-1': 'failed: UPGRADE_FAILED',
      'i-2': 'refused: InstanceNotRunning',
    });
    assert.equal(operation?.phase, 'ended');
    assert.equal(operation.calls[0]?.requestId, 'R-1');
    assert.equal(operation.calls[0].task?.requestId, 'R-2');
  });

  it('do not take what a task says of another client on the instance for its own', () => {
    const plan = aPlan('uninstall', outdatedClients(1));
    const told = (namedBy: 'instance' | 'client', clientId: string) =>
      foldOperation(
        frame([
          { ...planned, plan: { ...plan, machines: plan.machines.map((one) => ({ ...one, namedBy })) } },
          { type: 'intent', call: '1', machineKeys: ['i-0'] },
          { ...answer, refusals: [] },
          {
            ...completed,
            state: 'created',
            machines: [{ instanceId: 'i-0', clientId, clientStatus: 'UNINSTALLING', errorCode: '' }],
          },
        ]),
      )?.machines[0]?.clientStatus;
    assert.equal(told('client', 'c-0'), 'UNINSTALLING');
    assert.equal(told('client', ''), 'UNINSTALLING');
    assert.equal(told('client', 'c-other'), undefined);
    assert.equal(told('instance', 'c-new'), 'UNINSTALLING');
  });

  it('keep which clients were left out, and do without where that is damaged', () => {
    const leftOut = [{ name: 'db', clientId: 'c-9', reason: 'not installed' }];
    const withList = (list: unknown) =>
      foldOperation([
        ...[{ ...planned, v: 1, at: 1, plan: { ...aPlan('upgrade', outdatedClients(3)), leftOut: list } }],
        ...frame([intent]),
      ]);
    assert.deepEqual(withList(leftOut)?.leftOut, leftOut);
    const damaged = withList('nothing');
    assert.equal(damaged?.machines.length, 3);
    assert.deepEqual(damaged.leftOut, []);
  });

  it('go through the phases of the operation', () => {
    const phases = whole.map((_, n) => foldOperation(frame(whole.slice(0, n + 1)))?.phase);
    assert.deepEqual(phases, [
      'sending',
      'watching',
      'watching',
      'watching',
      'confirming',
      'confirming',
      'confirming',
      'ended',
    ]);
  });

  it('fold without throwing when the file is torn at any byte, and lose no machine', () => {
    const text = frame(whole)
      .map((record) => `${JSON.stringify(record)}\n`)
      .join('');
    for (let length = 0; length <= text.length; length++) {
      const lines = text
        .slice(0, length)
        .split('\n')
        .flatMap((line) => {
          try {
            return [JSON.parse(line) as unknown];
          } catch {
            return [];
          }
        });
      const operation = foldOperation(lines);
      if (operation) assert.equal(countsOf(operation).total, 3);
    }
  });

  it('pass over what is unknown, newer or malformed, and say so', () => {
    const skipped: string[] = [];
    const records = [
      { v: 1, at: 1, type: 'mystery' },
      ...frame([planned]),
      { v: 2, at: 2, type: 'intent', call: '1', machineKeys: ['i-0'] },
      { v: 1, at: 3, type: 'intent', call: 7 },
      'text',
      null,
      ...frame([intent]),
    ];
    const operation = foldOperation(records, (why, index) => skipped.push(`${index} ${why}`));
    assert.deepEqual(skipped, ['0 unknown-type', '2 newer', '3 malformed', '4 malformed', '5 malformed']);
    assert.equal(operation?.phase, 'watching');
  });

  it('fold whatever stands in the file without throwing', () => {
    const facts = fc.constantFrom(...frame(whole));
    const damaged = fc.tuple(facts, fc.string(), fc.jsonValue()).map(([fact, key, value]) => ({
      ...fact,
      [key]: value,
      machines: value,
    }));
    fc.assert(
      fc.property(fc.array(fc.oneof(facts, damaged, fc.jsonValue())), (lines) => {
        const operation = foldOperation(lines);
        if (operation) assert.ok(['sending', 'watching', 'confirming', 'ended'].includes(operation.phase));
      }),
    );
  });

  it('mean the same when facts are told twice', () => {
    const twice = frame(whole).flatMap((record) => [record, record]);
    assert.deepEqual(outcomesOf(foldOperation(twice)), outcomesOf(foldOperation(frame(whole))));
    assert.equal(foldOperation(twice)?.calls.length, 1);
  });

  it('mark every machine of a call that was refused as a whole with its code', () => {
    const operation = foldOperation(
      frame([
        planned,
        intent,
        {
          type: 'callFailed',
          call: '1',
          fate: 'refused',
          failure: {
            code: 'machine-not-ready',
            serviceCode: 'CloudAssistNotRunningOnInstance',
            message: 'no',
            requestId: 'R-9',
            ambiguous: false,
          },
        },
      ]),
    );
    assert.equal(outcomesOf(operation)['i-1'], 'refused: CloudAssistNotRunningOnInstance');
    assert.equal(operation?.calls[0]?.requestId, 'R-9');
  });

  it('take an intent that comes after the stop for a call that did not go out, unless it is answered', () => {
    const stopped: OperationFact = { type: 'sendingStopped', reason: 'interrupted' };
    const late = foldOperation(frame([planned, stopped, intent]));
    assert.deepEqual(outcomesOf(late), {
      'i-0': 'not-sent: interrupted',
      'i-1': 'not-sent: interrupted',
      'i-2': 'not-sent: interrupted',
    });
    assert.deepEqual([late?.calls[0]?.finding, late?.phase], ['not-run', 'confirming']);
    const keys = { machineKeys: ['i-0', 'i-1', 'i-2'] };
    const answered = foldOperation(frame([planned, stopped, intent, { ...answer, ...keys }]));
    assert.deepEqual(outcomesOf(answered), {
      'i-0': 'running',
      'i-1': 'running',
      'i-2': 'refused: InstanceNotRunning',
    });
  });

  it('leave nothing running in an operation that has ended, whatever is told later', () => {
    for (const late of [
      [intent],
      [intent, { ...answer, machineKeys: ['i-0', 'i-1', 'i-2'] }],
      [intent, completed],
    ]) {
      const operation = foldOperation(frame([planned, { type: 'ended' }, ...late]));
      assert.equal(operation?.phase, 'ended');
      assert.equal(countsOf(operation).running, 0);
      assert.equal(countsOf(operation).waiting, 0);
    }
  });

  it('leave nothing running once watching has stopped, also for a call that is answered later', () => {
    const operation = foldOperation(frame([planned, intent, { type: 'watchingStopped' }, answer]));
    assert.deepEqual(outcomesOf(operation), {
      'i-0': 'unwatched',
      'i-1': 'unwatched',
      'i-2': 'refused: InstanceNotRunning',
    });
    assert.equal(operation?.calls[0]?.taskId, 't-1');
  });

  it('leave no doubt about a call once reading told what became of it', () => {
    const failure = { code: 'unexpected-reply', message: 'a page', ambiguous: true } as const;
    const lost: OperationFact = { type: 'callFailed', call: '1', fate: 'ambiguous', failure };
    for (const [finding, ambiguous] of [
      ['ran', false],
      ['not-run', false],
      ['unknown', true],
    ] as const) {
      const found: OperationFact = { type: 'resolved', call: '1', finding };
      const operation = foldOperation(frame([planned, intent, lost, found]));
      assert.equal(operation?.calls[0]?.failure?.ambiguous, ambiguous, finding);
    }
  });

  for (const [state, progress, reason] of [
    ['created', -1, 'failed'],
    ['completed', -1, 'failed'],
    ['expired', 60, 'expired'],
    ['cancelled', 10, 'cancelled'],
  ] as const) {
    const task: OperationFact = { type: 'task', call: '1', state, progress, machines: [], requestId: 'R' };

    it(`leave the machines of a task that ended as ${state}, ${progress} to the list`, () => {
      const operation = foldOperation(frame([planned, intent, answer, task]));
      assert.equal(outcomesOf(operation)['i-0'], `confirming: ${reason}`);
      assert.equal(operation?.calls[0]?.task?.end, reason);
    });

    it(`fail the machines of a task that ended as ${state}, ${progress} where nobody read the list`, () => {
      const operation = foldOperation(frame([planned, intent, answer, task, { type: 'ended' }]));
      assert.equal(outcomesOf(operation)['i-0'], `failed: ${reason}`);
    });
  }
});
