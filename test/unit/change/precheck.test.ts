import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import { startPrecheck, type Precheck } from '../../../src/core/change/precheck';
import type { Scope } from '../../../src/core/service/scope';
import { aScope } from '../../support/builders';
import { createHandClock, type HandClock } from '../../support/handClock';
import { HandInstances } from './changeClientsFakes';

describe('the pre-check', () => {
  let instances: HandInstances;
  let clock: HandClock;

  beforeEach(() => {
    instances = new HandInstances();
    clock = createHandClock();
  });

  const start = (ids: readonly string[], scope: Scope = aScope()): Precheck =>
    startPrecheck({ instances, clock, log: { write: () => undefined } }, scope, ids);
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
    const check = start(['i-1']);
    let told = 0;
    check.onDidChange(() => told++);
    await settled(check);
    assert.equal(told, 1);
  });

  it('reads nothing for no instances', () => {
    assert.equal(start([]).running, false);
    assert.deepEqual(instances.asked, []);
  });
});
