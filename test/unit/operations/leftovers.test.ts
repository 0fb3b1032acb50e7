import { strict as assert } from 'node:assert';
import { attentionOf } from '../../../src/core/clients/attention';
import { obstacleTo } from '../../../src/core/clients/capabilities';
import { isOutdated, keyClients } from '../../../src/core/service/clientFacts';
import { buildClientTree } from '../../../src/core/clients/buildClientTree';
import { needsAttention, uninstalled } from '../../../src/core/clients/clientState';
import { type ClientNode } from '../../../src/core/clients/clientTree';
import { Leftovers, markLeftovers } from '../../../src/core/operations/leftovers';
import { rowTextOf } from '../../../src/core/clients/rowText';
import type { BackupClient } from '../../../src/core/service/model';
import type { Operation } from '../../../src/core/operations/operation';
import { aClient, aScope } from '../../support/builders';
import { createFakeService } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import { aPlan, openWindow, outdatedClients, uninstallOf } from '../../support/operationBuilders';
import { allNodes } from '../../support/listingBuilders';

const beat = 1_767_000_000;
const stopped = aClient({
  instanceId: 'i-1',
  clientId: 'c-1',
  status: 'STOPPED',
  clientVersion: '2.4.1',
  lastHeartBeatTime: beat,
});
const removal = uninstallOf(stopped);

describe('a record that is left over after an uninstall', () => {
  const isLeft = (
    client: BackupClient,
    operations: readonly Operation[] = [removal],
    scope = aScope(),
  ): boolean => new Leftovers().keysOf(operations, scope, keyClients([client])).size > 0;

  it('is one that we uninstalled and that stays listed as stopped with its old heartbeat', () => {
    assert.ok(isLeft(stopped));
    assert.ok(!isLeft(stopped, []));
    assert.ok(!isLeft(stopped, [{ ...removal, action: 'upgrade' }]));
    const outcomes = (['failed', 'unconfirmed', 'unknown', 'running'] as const).map((outcome) =>
      isLeft(stopped, [{ ...removal, machines: removal.machines.map((one) => ({ ...one, outcome })) }]),
    );
    assert.deepEqual(new Set(outcomes), new Set([false]));
  });

  it('is a client again with a newer heartbeat or in another state', () => {
    assert.ok(!isLeft({ ...stopped, lastHeartBeatTime: beat + 1 }));
    for (const status of ['ACTIVATED', 'INSTALLING', 'UNKNOWN', 'INSTALL_FAILED']) {
      assert.ok(!isLeft({ ...stopped, status }), status);
    }
  });

  it('is found through every profile of the region, and in no other region', () => {
    assert.ok(isLeft(stopped, [removal], aScope({ profileId: 'profile-2', accountId: '' })));
    assert.ok(!isLeft(stopped, [removal], aScope({ regionId: 'cn-beijing' })));
  });

  it('is not another client on the same instance', () => {
    assert.ok(!isLeft({ ...stopped, clientId: 'c-2' }));
  });

  it('is known by the end of the operation where an older release recorded no heartbeat', () => {
    const old = {
      ...removal,
      machines: removal.machines.map(({ machine, outcome }) => ({ machine, outcome })),
    };
    assert.ok(isLeft(stopped, [old]));
    assert.ok(!isLeft({ ...stopped, lastHeartBeatTime: beat + 61 }, [old]));
  });

  it('needs no attention and no upgrade, and may be installed again', () => {
    const [client] = markLeftovers([removal], aScope(), [stopped]);
    assert.ok(client);
    assert.equal(attentionOf(client, beat * 1000, 60), undefined);
    assert.equal(isOutdated(client), false);
    assert.deepEqual(
      (['install', 'upgrade', 'uninstall'] as const).map((action) => obstacleTo(action, client)),
      [undefined, 'uninstalled', 'uninstalled'],
    );
  });

  it('stands in the tree as uninstalled, and not in the badge', () => {
    const clients = keyClients([stopped, { ...stopped, instanceId: 'i-2', clientId: 'c-2' }]);
    const tree = buildClientTree({
      scope: aScope(),
      clients,
      groupBy: ['status', 'zone'],
      nowMs: beat * 1000,
      staleMinutes: 60,
      leftovers: new Leftovers().keysOf([removal], aScope(), clients),
    });
    assert.equal(tree.counts.attention, 1);
    assert.deepEqual(
      tree.roots.map((node) => node.kind === 'group' && [node.value, node.clients.length]),
      [
        [needsAttention, 1],
        [uninstalled, 1],
      ],
    );
    const row = allNodes(tree).find(
      (node): node is ClientNode => node.kind === 'client' && node.client.leftover === true,
    );
    assert.ok(row);
    assert.deepEqual([row.outdated, [...row.capabilities]], [false, ['installable']]);
    assert.match(rowTextOf(row, 60).sentence, /^web-01, Uninstalled, zone/);
  });

  it('is recorded with the heartbeat that the list told when it was verified', async () => {
    const clock = createHandClock();
    const service = createFakeService(outdatedClients(1));
    const disk = createMemoryDisk();
    const { operations } = openWindow(service, clock, disk.window());
    service.onPoll = () => ({ state: 'completed', progress: 100 });
    const { id } = await operations.start(aPlan('uninstall', outdatedClients(1)));
    const [client] = outdatedClients(1);
    assert.ok(client);
    const left = { ...client, status: 'STOPPED', lastHeartBeatTime: beat + 5 };
    service.clients.set('i-0', left);
    await clock.advance(60_000);
    const resumed = openWindow(service, clock, disk.window());
    await resumed.operations.resume();
    assert.equal(resumed.operations.get(id)?.machines[0]?.lastHeartBeatTime, beat + 5);
    assert.ok(isLeft(left, resumed.operations.list()));
  });
});
