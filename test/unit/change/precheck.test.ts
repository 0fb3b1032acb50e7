import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import { startPrecheck, type Precheck } from '../../../src/core/change/precheck';
import type { Scope } from '../../../src/core/service/scope';
import type { BackupClient } from '../../../src/core/service/model';
import { aClient, aScope } from '../../support/builders';
import { nowMs } from '../../support/draftBuilders';
import { createFakeProtection, type FakeProtection } from '../../support/fakeProtection';
import { createHandClock, type HandClock } from '../../support/handClock';
import { HandInstances } from './changeClientsFakes';

describe('the pre-check', () => {
  let instances: HandInstances;
  let clock: HandClock;
  let protection: FakeProtection;
  /** Fields of clients, by the ID of their instance. */
  let clients: Record<string, Partial<BackupClient>>;

  beforeEach(() => {
    instances = new HandInstances();
    protection = createFakeProtection();
    clients = {};
    clock = createHandClock();
  });

  const start = (ids: readonly string[], scope: Scope = aScope()): Precheck =>
    startPrecheck(
      {
        ...{ instances, protection, clock, log: { write: () => undefined } },
        serviceNow: () => nowMs,
      },
      scope,
      ids.map((instanceId) => ({ key: instanceId, client: aClient({ instanceId, ...clients[instanceId] }) })),
    );
  const settled = (check: Precheck, limitMs = 1000) =>
    check.settled(limitMs, { signal: new AbortController().signal });

  it('asks ECS and Cloud Assistant at once, about each instance once', async () => {
    let answer = (): void => undefined;
    instances.ready = new Promise<void>((resolve) => (answer = resolve));
    const check = start(['i-1', 'i-2', 'i-1']);
    assert.deepEqual(instances.asked, ['instances i-1,i-2', 'assistant i-1,i-2']);
    assert.equal(check.running, true);
    answer();
    await settled(check);
    assert.equal(check.running, false);
  });

  it('finds which instances exist, run, and respond, and their tags', async () => {
    instances.known.set('i-gone', null);
    instances.known.set('i-off', { status: 'Stopped', tags: [{ key: 'env', value: 'prod' }] });
    instances.silent.add('i-off');
    const check = start(['i-gone', 'i-off', 'i-ok']);
    await settled(check);
    assert.equal(check.facts.instances.get('i-gone')?.exists, false);
    assert.deepEqual(check.facts.instances.get('i-off'), {
      exists: true,
      status: 'Stopped',
      tags: [{ key: 'env', value: 'prod' }],
      assistantRunning: false,
    });
    assert.equal(check.facts.instances.get('i-ok')?.assistantRunning, true);
    assert.deepEqual(check.facts.notChecked, []);
  });

  it('reports a missing permission, and continues with the other read', async () => {
    instances.failures.set('assistant', new BackupError('permission-denied', 'no'));
    const check = start(['i-1']);
    await settled(check);
    assert.deepEqual(check.facts.notChecked, [
      { call: 'ecs:DescribeCloudAssistantStatus', why: 'permission-denied' },
    ]);
    assert.equal(check.facts.instances.get('i-1')?.status, 'Running');
  });

  it('does not count an instance as gone when ECS did not respond', async () => {
    instances.failures.set('instances', new BackupError('timeout', 'late'));
    const check = start(['i-1']);
    await settled(check);
    assert.deepEqual(check.facts.notChecked, [{ call: 'ecs:DescribeInstances', why: 'failed' }]);
    assert.equal(check.facts.instances.get('i-1')?.exists, undefined);
  });

  it('reads nothing for the instances of another account', async () => {
    const check = start(
      ['i-1'],
      aScope({ crossAccount: { type: 'CROSS_ACCOUNT', userId: '2', roleName: 'r' } }),
    );
    await settled(check);
    assert.deepEqual(instances.asked, []);
    assert.deepEqual(
      check.facts.notChecked.map(({ why }) => why),
      ['other-account', 'other-account'],
    );
  });

  it('stops waiting after its limit and says so', async () => {
    instances.ready = new Promise(() => undefined);
    const check = start(['i-1']);
    const waiting = settled(check, 5000);
    await clock.advance(5000);
    await waiting;
    assert.equal(check.running, false);
    assert.deepEqual(
      check.facts.notChecked.map(({ why }) => why),
      ['too-slow', 'too-slow'],
    );
    assert.deepEqual(clock.dueTimes(), []);
  });

  it('fires at its end', async () => {
    clients['i-1'] = { status: 'NOT_INSTALLED' };
    const check = start(['i-1']);
    let told = 0;
    check.onDidChange(() => told++);
    await settled(check);
    assert.equal(told, 1);
  });

  describe('of what runs on clients and backs them up', () => {
    const clientsOn = (...ids: readonly string[]) => {
      for (const id of ids) clients[id] = { clientId: `c-${id}` };
    };

    it('reads it beside the instances, with one read of the plans for both', async () => {
      clientsOn('i-1', 'i-2', 'i-3');
      protection.jobs.push({
        ...{ kind: 'backup', jobId: 'job-1', status: 'RUNNING', edition: 'STANDARD' },
        ...{ clientId: 'c-i-2', instanceId: 'i-2' },
      });
      protection.essentialIds.push('i-3');
      const check = start(['i-1', 'i-2', 'i-3']);
      await settled(check);
      assert.deepEqual(
        [...check.facts.works].map(([key, { kind }]) => [key, kind]),
        [
          ['i-1', 'none'],
          ['i-2', 'running'],
          ['i-3', 'none'],
        ],
      );
      assert.equal(check.facts.planned?.of({ instanceId: 'i-3' }).essential, true);
      const calls = protection.protectionReads.map(({ call }) => call.slice('hbr:'.length)).sort();
      assert.deepEqual(calls, [
        ...['DescribeBackupJobs2', 'DescribeBackupJobs2', 'DescribeBackupPlans', 'DescribeBackupPlans'],
        ...['DescribePoliciesV2', 'DescribePolicyBindings', 'DescribeRestoreJobs2', 'DescribeRestoreJobs2'],
        'ListProtectedResources',
      ]);
    });

    it('leaves out what is not installed', async () => {
      clientsOn('i-1');
      clients['i-2'] = { status: 'NOT_INSTALLED' };
      clients['i-3'] = { leftover: true };
      const check = start(['i-1', 'i-2', 'i-3']);
      await settled(check);
      assert.deepEqual([...check.facts.works.keys()], ['i-1']);
    });

    it('has nothing until it is read, and fires then, however long ECS takes', async () => {
      let answer = (): void => undefined;
      const ready = new Promise<void>((resolve) => (answer = resolve));
      protection.onProtectionRead.run = () => ready;
      instances.ready = new Promise(() => undefined);
      const check = start(['i-1']);
      assert.deepEqual([check.facts.works.size, check.facts.planned], [0, undefined]);
      const changed = new Promise<void>((resolve) => check.onDidChange(resolve));
      answer();
      await changed;
      assert.deepEqual([check.facts.works.get('i-1')?.kind, check.running], ['none', true]);
      check.dispose();
    });

    it('is unknown, and not nothing, where it comes too late', async () => {
      protection.onProtectionRead.run = () => new Promise<void>(() => undefined);
      const check = start(['i-1']);
      const waiting = settled(check, 5000);
      await clock.advance(5000);
      await waiting;
      assert.equal(check.facts.works.get('i-1')?.kind, 'unknown');
      const planned = check.facts.planned?.of({ instanceId: 'i-1' });
      assert.equal(planned?.essential, undefined);
      assert.ok(planned?.gaps.every(({ why }) => why === 'too-slow'));
      assert.deepEqual(clock.dueTimes(), []);
    });

    it('ends with the question, and is not an error then', async () => {
      protection.onProtectionRead.run = () => new Promise<void>(() => undefined);
      const check = start(['i-1']);
      check.dispose();
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual([check.facts.works.size, clock.dueTimes()], [0, []]);
    });
  });

  it('reads nothing for no instances', () => {
    assert.equal(start([]).running, false);
    assert.deepEqual(instances.asked, []);
  });
});
