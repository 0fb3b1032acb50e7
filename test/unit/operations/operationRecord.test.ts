import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  recordVersion,
  redactFreeText,
  type OperationFact,
} from '../../../src/core/operations/operationRecord';
import { recordedSettingsOf } from '../../../src/core/operations/recordedSettings';
import type { Plan } from '../../../src/core/operations/operation';
import { readRecord } from '../../../src/core/operations/operationRecord';
import { Redactor } from '../../../src/core/kernel/redact';
import { aScope } from '../../support/builders';
import { aPlan, outdatedClients } from '../../support/operationBuilders';

describe('a record of an operation', () => {
  it('keeps whose machines they are, what their owner is called, and what their list was limited to', () => {
    const scope = aScope({
      filter: { tags: [{ key: 'env', value: '' }], instanceIds: ['i-1'], clusterId: 'cl-1' },
      crossAccount: { type: 'CROSS_ACCOUNT', userId: '99', roleName: 'backup', alias: 'logistics' },
    });
    const record: unknown = JSON.parse(
      JSON.stringify({
        v: recordVersion,
        at: 1,
        type: 'tracked',
        id: 'o-1',
        action: 'upgrade',
        scope,
        profileName: 'production',
        demo: false,
        timeScale: 1,
        taskId: 't-1',
        begunAt: 1,
      }),
    );
    const read = readRecord(record);
    assert.ok(typeof read === 'object' && read.type === 'tracked');
    assert.deepEqual(read.scope, scope);
  });

  it('of an older release names an installed instance as a whole, and every other client by its ClientId', () => {
    for (const [action, namedBy] of [
      ['install', 'instance'],
      ['upgrade', 'client'],
      ['uninstall', 'client'],
    ] as const) {
      const plan = aPlan(action, outdatedClients(1));
      const record = { v: 1, at: 1, type: 'operation', id: 'o-1', plan, timeScale: 1 };
      const isNew = (name: string) => name === 'namedBy';
      const old = JSON.stringify(record, (name, value: unknown) => (isNew(name) ? undefined : value));
      const read = readRecord(JSON.parse(old));
      assert.ok(typeof read === 'object' && read.type === 'operation');
      assert.deepEqual(read.plan.machines, [{ ...plan.machines[0], namedBy }]);
    }
  });

  const planRecord = (machine: object, fields: object = {}) => {
    const plan = aPlan('upgrade', outdatedClients(1));
    const machines = plan.machines.map((one) => ({ ...one, ...machine }));
    const record = { v: 1, at: 1, type: 'operation', id: 'o-1', timeScale: 1 };
    const read = readRecord(
      JSON.parse(JSON.stringify({ ...record, plan: { ...plan, machines, ...fields } })),
    );
    assert.ok(typeof read === 'object' && read.type === 'operation');
    return read.plan;
  };

  it('keeps what was known to run on a client, whether it was included, and how long it is held', () => {
    const job = { kind: 'backup', jobId: 'job-1', status: 'RUNNING', percent: 43, since: 1_767_000_000 };
    for (const work of [
      { kind: 'running', jobs: [{ ...job, certain: true, stuck: false }] },
      { kind: 'none' },
      { kind: 'unknown', gaps: [{ call: 'hbr:DescribeRestoreJobs2', why: 'permission-denied' }] },
    ]) {
      const plan = planRecord({ work, whenBusy: 'send' }, { holdLimitMs: 300_000 });
      assert.deepEqual(plan.machines[0]?.work, work);
      assert.equal(plan.machines[0].whenBusy, 'send');
      assert.equal(plan.holdLimitMs, 300_000);
    }
  });

  it('of an older release says nothing about what ran', () => {
    const [machine] = planRecord({}).machines;
    assert.ok(machine && !('work' in machine) && !('whenBusy' in machine));
  });

  it('keeps its plan where what was known to run is damaged or of a newer release', () => {
    const endless = { kind: 'backup', jobId: 'job-1', status: 'RUNNING', since: 1e14 };
    for (const work of [
      ...[7, { kind: 'paused' }, { kind: 'running', jobs: [] }, { kind: 'unknown' }],
      { kind: 'running', jobs: [endless] },
    ]) {
      const plan = planRecord({ work, whenBusy: 'ask' }, { holdLimitMs: 'long' });
      assert.equal(plan.machines[0]?.work?.kind, 'unknown');
      assert.equal(plan.machines[0].whenBusy, undefined);
      assert.equal(plan.holdLimitMs, 7_200_000);
    }
    const newer = { kind: 'unknown', gaps: [{ call: 'hbr:DescribeNewJobs', why: 'too-new' }] };
    assert.equal(planRecord({ work: newer }).machines[0]?.work?.kind, 'unknown');
  });

  it('keeps what settings are changed, and of the password that it is changed', () => {
    const change = { useHttps: true, maxCpuCore: 4, proxyUser: 'backup', proxyPassword: 'hush' };
    const settings = recordedSettingsOf(change);
    const plan: Plan = {
      ...aPlan('settings', outdatedClients(1)),
      settings,
      machines: [
        { key: 'i-0', name: 'web-0', clientId: 'c-0', namedBy: 'client', fromSettings: { maxCpuCore: 0 } },
      ],
    };
    const line = JSON.stringify({
      v: recordVersion,
      at: 1,
      type: 'operation',
      id: 'o-1',
      timeScale: 1,
      plan,
    });
    assert.doesNotMatch(line, /hush/);
    const read = readRecord(JSON.parse(line));
    assert.ok(typeof read === 'object' && read.type === 'operation');
    assert.deepEqual(read.plan, plan);
    assert.deepEqual(settings, {
      values: { useHttps: true, maxCpuCore: 4, proxyUser: 'backup' },
      proxyPasswordChanged: true,
    });
  });
});

/** A fact of each kind, with a message of the service in the one that has free text. */
const factsWith = (message: string): readonly OperationFact[] => [
  { type: 'operation', id: 'op-1', plan: aPlan('upgrade', outdatedClients(2)), timeScale: 1 },
  {
    type: 'tracked',
    id: 'op-2',
    action: 'install',
    scope: aScope(),
    profileName: 'production',
    demo: false,
    timeScale: 1,
    taskId: 't-000123',
    begunAt: 1,
  },
  { type: 'intent', call: '1', machineKeys: ['i-bp1abcdef123456xyz'] },
  {
    type: 'answer',
    call: '1',
    requestId: 'R-123456',
    taskId: 't-000123',
    refusals: [{ instanceId: 'i-bp1abcdef123456xyz', errorCode: 'InstanceNotRunning' }],
  },
  {
    type: 'callFailed',
    call: '1',
    fate: 'refused',
    failure: {
      code: 'bad-request',
      serviceCode: 'InvalidParameter',
      message,
      requestId: 'R-123456',
      ambiguous: false,
    },
  },
  { type: 'resolved', call: '1', finding: 'not-run' },
  {
    type: 'task',
    call: '1',
    state: 'completed',
    progress: 100,
    requestId: 'R-123456',
    machines: [{ instanceId: 'i-bp1abcdef123456xyz', clientStatus: 'UPGRADE_FAILED', errorCode: 'DiskFull' }],
  },
  { type: 'machines', machines: [{ key: 'i-bp1abcdef123456xyz', outcome: 'failed', reason: 'DiskFull' }] },
  { type: 'sendingStopped', reason: 'failure-limit' },
  { type: 'watchingStopped' },
  { type: 'checkAsked' },
  { type: 'ended' },
];

/** Every text in a value, and every name of a field. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => [name, ...textsIn(field)]);
}

describe('secrets in records', () => {
  it('are masked in messages of the service', () => {
    const redactor = new Redactor();
    redactor.add('s3cret-value');
    const texts = factsWith('the value "s3cret-value" is wrong').map((fact) =>
      redactFreeText(fact, (text) => redactor.redact(text)),
    );
    assert.ok(!JSON.stringify(texts).includes('s3cret-value'));
  });

  it('change nothing else, whichever word, id or part of one they are equal to', () => {
    const facts = factsWith('');
    const parts = fc
      .constantFrom(...facts.flatMap(textsIn).filter((text) => text.length > 0))
      .chain((text) => fc.tuple(fc.constant(text), fc.nat(text.length - 1), fc.nat(text.length)))
      .map(([text, from, length]) => text.slice(from, from + length + 1));
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 5 }), (secrets) => {
        const hide = (text: string): string =>
          secrets.reduce((rest, secret) => rest.replaceAll(secret, '******'), text);
        assert.deepEqual(
          facts.map((fact) => redactFreeText(fact, hide)),
          facts,
        );
      }),
    );
  });
});
