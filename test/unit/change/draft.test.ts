import { strict as assert } from 'node:assert';
import { keyClients } from '../../../src/core/service/clientFacts';
import { nothingListed, reachIn, reachOf, type Reach } from '../../../src/core/clients/reach';
import type { BackupClient } from '../../../src/core/service/model';
import { planDocumentOf } from '../../../src/core/change/document';
import type { Draft } from '../../../src/core/change/draft';
import type { CheckFacts, InstanceFacts } from '../../../src/core/change/precheck';
import type { Action } from '../../../src/core/service/actions';
import { protectionCalls } from '../../../src/core/service/protection';
import { aBareClient, aClient, aScope } from '../../support/builders';
import { aDraft, label } from '../../support/draftBuilders';

const outdated = (name: string, fields: Partial<BackupClient> = {}): BackupClient =>
  aClient({
    instanceName: name,
    instanceId: `i-${name}`,
    clientId: `c-${name}`,
    clientVersion: '2.4.1',
    ...fields,
  });
const told = (instances: Readonly<Record<string, InstanceFacts>>): CheckFacts => ({
  instances: new Map(Object.entries(instances)),
  notChecked: [],
  works: new Map(),
});
const fleet = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    outdated(`web-${n}`, { zoneId: `cn-hangzhou-${'abc'[n % 3] ?? ''}` }),
  );

describe('a draft', () => {
  it('leaves out what the list rules out, each with the reason', () => {
    const { eligible, leftOut } = aDraft('upgrade', [
      outdated('ok'),
      outdated('latest', { clientVersion: '2.4.5' }),
      outdated('busy', { status: 'UPGRADING' }),
      outdated('gone', { status: 'NOT_INSTALLED' }),
    ]);
    assert.deepEqual(
      eligible.map(({ client }) => client.instanceName),
      ['ok'],
    );
    assert.deepEqual(
      leftOut.map(({ client, obstacle }) => [client.instanceName, obstacle]),
      [
        ['latest', 'already-latest'],
        ['busy', 'busy'],
        ['gone', 'not-installed'],
      ],
    );
  });

  it('leaves out what another operation has', () => {
    const holder = { id: 'op-1', action: 'upgrade', profileName: 'prod', heldForMs: 192_000 } as const;
    const { leftOut } = aDraft('upgrade', fleet(2), {
      holders: new Map([['i-web-1', holder]]),
    });
    assert.deepEqual(
      leftOut.map(({ obstacle }) => obstacle),
      ['in-operation'],
    );
  });

  it('leaves out what the pre-check found, for every action', () => {
    const checks = told({
      'i-gone': { exists: false },
      'i-stopped': { exists: true, status: 'Stopped', assistantRunning: false },
      'i-silent': { exists: true, status: 'Running', assistantRunning: false },
      'i-fine': { exists: true, status: 'Running', assistantRunning: true },
      'i-half': { status: 'Running' },
    });
    const clients = ['gone', 'stopped', 'silent', 'fine', 'half', 'unchecked'].map((name) => outdated(name));
    for (const action of ['upgrade', 'uninstall'] as const) {
      const { eligible, leftOut } = aDraft(action, clients, { checks });
      assert.deepEqual(
        leftOut.map(({ key, obstacle }) => [key, obstacle]),
        [
          ['i-gone', 'no-such-instance'],
          ['i-stopped', 'instance-not-running'],
          ['i-silent', 'assistant-silent'],
        ],
      );
      assert.equal(eligible.length, 3);
    }
  });

  describe('and the other clients of an instance', () => {
    const old = outdated('old', { instanceId: 'i-1', clientId: 'c-old', status: 'UNKNOWN' });
    const live = outdated('live', { instanceId: 'i-1', clientId: 'c-live' });
    const alone = outdated('alone');
    const named = (action: Action, clients: readonly BackupClient[], reach: Reach) =>
      aDraft(action, clients, { listed: reach }).plan.machines.map(({ clientId, namedBy }) => [
        clientId,
        namedBy,
      ]);
    const reasons = (action: Action, clients: readonly BackupClient[], reach: Reach) =>
      aDraft(action, clients, { listed: reach }).leftOut.map(({ client, obstacle }) => [
        client.clientId,
        obstacle,
      ]);

    it('names a client by its ClientId where the list shows another one, chosen or not', () => {
      const reach = reachOf([old, live, alone], true);
      for (const action of ['upgrade', 'uninstall'] as const) {
        assert.deepEqual(named(action, [old, alone], reach), [
          ['c-old', 'client'],
          ['c-alone', 'instance'],
        ]);
        assert.deepEqual(named(action, [old, live], reach), [
          ['c-old', 'client'],
          ['c-live', 'client'],
        ]);
      }
    });

    it('names every client by its ClientId while the list is not whole', () => {
      const state = { scope: aScope(), clients: keyClients([alone]), changedWhileReading: false };
      for (const [phase, namedBy] of [
        ['ready', 'instance'],
        ['loading', 'client'],
        ['stored', 'client'],
        ['failed', 'client'],
      ] as const) {
        assert.deepEqual(named('uninstall', [alone], reachIn({ ...state, phase })), [['c-alone', namedBy]]);
      }
      const moved = reachIn({ ...state, phase: 'ready', changedWhileReading: true });
      assert.deepEqual(named('uninstall', [alone], moved), [['c-alone', 'client']]);
      const narrowed = aScope({ filter: { instanceIds: ['i-alone'] } });
      const part = reachIn({ ...state, scope: narrowed, phase: 'ready' });
      assert.deepEqual(named('uninstall', [alone], part), [['c-alone', 'client']]);
      assert.deepEqual(named('uninstall', [alone], nothingListed), [['c-alone', 'client']]);
    });

    it('names each by its ClientId where later waves go out long after the list was read', () => {
      const facts = { rollout: { order: { kind: 'canary' }, maxFailures: 0 } } as const;
      const ids = (action: Action, count: number, status: string) =>
        aDraft(
          action,
          fleet(count).map((client) => ({ ...client, status })),
          facts,
        ).plan.machines.map(({ namedBy }) => namedBy);
      assert.deepEqual(ids('upgrade', 2, 'ACTIVATED'), ['client', 'client']);
      assert.deepEqual(ids('upgrade', 1, 'ACTIVATED'), ['instance']);
      assert.deepEqual(ids('install', 2, 'STOPPED'), ['instance', 'instance']);
    });

    it('leaves out a client that no ID means alone', () => {
      const nameless = aBareClient({ instanceId: 'i-1', instanceName: 'old', status: 'UNKNOWN' });
      assert.deepEqual(reasons('uninstall', [nameless], reachOf([nameless, live], true)), [
        [undefined, 'not-told-apart'],
      ]);
      assert.deepEqual(reasons('uninstall', [nameless], nothingListed), [[undefined, 'not-told-apart']]);
      assert.deepEqual(named('uninstall', [nameless], reachOf([nameless], true)), [[undefined, 'instance']]);
    });

    it('installs where all of them are meant, once, and nowhere else', () => {
      const reach = reachOf([old, live, alone], true);
      assert.deepEqual(reasons('install', [old], reach), [['c-old', 'shared-instance']]);
      const stopped = { ...live, status: 'STOPPED' };
      const dead = reachOf([old, stopped], true);
      assert.deepEqual(reasons('install', [old], dead), [['c-old', 'shared-instance']]);
      assert.deepEqual(named('install', [old, stopped], dead), [['c-old', 'instance']]);
    });

    it('lists those that are not touched', () => {
      const reach = reachOf([old, live, alone], true);
      const neighbours = (clients: readonly BackupClient[]) =>
        aDraft('uninstall', clients, { listed: reach }).neighbors.map(({ clientId }) => clientId);
      assert.deepEqual(neighbours([old, alone]), ['c-live']);
      assert.deepEqual(neighbours([old, live]), []);
      assert.deepEqual(neighbours([alone]), []);
    });
  });

  it('adds what was left out before', () => {
    const before = { key: 'x', client: aBareClient({ instanceId: 'x' }), obstacle: 'not-an-id' } as const;
    assert.deepEqual(aDraft('install', [], { leftOutBefore: [before] }).leftOut, [before]);
  });

  it('counts calls by what one takes: 20 installs, 100 upgrades, 20 uninstalls', () => {
    const bare = Array.from({ length: 101 }, (_, n) => aBareClient({ instanceId: `i-${n}` }));
    assert.equal(aDraft('install', bare).requests, 6);
    assert.equal(aDraft('upgrade', fleet(101)).requests, 2);
    assert.equal(aDraft('uninstall', fleet(101)).requests, 6);
    assert.equal(aDraft('upgrade', []).requests, 0);
  });

  it('counts calls wave by wave', () => {
    const waves = (kind: 'canary' | 'zones') => ({ rollout: { order: { kind }, maxFailures: 1 } }) as const;
    assert.deepEqual(aDraft('upgrade', fleet(9), waves('canary')).waveSizes, [1, 8]);
    assert.deepEqual(aDraft('upgrade', fleet(9), waves('zones')).waveSizes, [3, 3, 3]);
    assert.equal(aDraft('upgrade', fleet(9), waves('zones')).requests, 3);
    const batches = aDraft('uninstall', fleet(50), {
      rollout: { order: { kind: 'batches', size: 30 }, maxFailures: 0 },
    });
    assert.deepEqual([batches.waveSizes, batches.requests], [[30, 20], 3]);
  });

  it('names the RAM actions of the call, of following it, and of the checks', () => {
    const named = (draft: Draft) =>
      planDocumentOf(draft, 'now')
        .text.match(/`(hbr|ecs):\w+`/g)
        ?.map((name) => name.slice(1, -1));
    const ofUninstall = ['hbr:UninstallBackupClients', 'hbr:DescribeTask', 'hbr:DescribeBackupClients'];
    assert.deepEqual(named(aDraft('uninstall', fleet(1))), [
      ...ofUninstall,
      'ecs:DescribeInstances',
      'ecs:DescribeCloudAssistantStatus',
      ...protectionCalls,
    ]);
    const bare = aBareClient({ instanceId: 'i-new' });
    assert.equal(
      named(aDraft('install', [bare]))?.some((name) => protectionCalls.some((one) => one === name)),
      false,
    );
    const scope = aScope({ crossAccount: { type: 'CROSS_ACCOUNT', userId: '2', roleName: 'r' } });
    assert.deepEqual(named(aDraft('uninstall', fleet(1), { label: { ...label, scope } })), [
      ...ofUninstall,
      ...protectionCalls,
    ]);
  });

  it('shows the safety rules the tags of a client and of its instance', () => {
    const checks = told({
      'i-web': { exists: true, status: 'Running', tags: [{ key: 'env', value: 'prod' }] },
    });
    const { guarded } = aDraft('upgrade', [outdated('web', { tags: [{ key: 'team', value: 'a' }] })], {
      checks,
    });
    assert.deepEqual(guarded, [
      {
        backupStatus: 'PROTECTED',
        tags: [
          { key: 'team', value: 'a' },
          { key: 'env', value: 'prod' },
        ],
        tagsKnown: true,
      },
    ]);
  });

  it('becomes an operation with its order, its limit and what it retries; the plain case stays plain', () => {
    const facts = { rollout: { order: { kind: 'canary' }, maxFailures: 2 }, retryOf: 'op-1' } as const;
    const { strategy, maxFailures, retryOf, machines } = aDraft('upgrade', fleet(2), facts).plan;
    assert.deepEqual([strategy, maxFailures, retryOf], [{ kind: 'canary' }, 2, 'op-1']);
    assert.deepEqual(machines[0], {
      key: 'i-web-0',
      namedBy: 'client',
      name: 'web-0',
      fromStatus: 'ACTIVATED',
      instanceId: 'i-web-0',
      clientId: 'c-web-0',
      zoneId: 'cn-hangzhou-a',
      fromVersion: '2.4.1',
      targetVersion: '2.4.5',
    });
    assert.deepEqual(Object.keys(aDraft('upgrade', fleet(1)).plan), [
      'action',
      'scope',
      'profileName',
      'demo',
      'machines',
      'holdLimitMs',
    ]);
  });
});
