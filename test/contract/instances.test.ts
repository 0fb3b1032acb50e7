import { strict as assert } from 'node:assert';
import type { InstanceQuery } from '../../src/core/service/api';
import type { Instance } from '../../src/core/service/model';
import { startSimulator, type JournalEntry, type Simulator } from '../../simulator/main';
import { neverCancelled } from '../support/apiBuilders';
import { createSimulatedApi, type Simulated } from '../support/simulated';

describe('ECS instances', () => {
  let simulator: Simulator;
  let simulated: Simulated;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 260 });
    simulated = createSimulatedApi(simulator);
  });
  beforeEach(() => {
    simulator.setFaults([]);
    simulator.clearJournal();
  });
  afterAll(async () => {
    simulated.api.dispose();
    await simulator.dispose();
  });

  const calls = (action: string): readonly JournalEntry[] =>
    simulator.journal().filter((entry) => entry.action === action);
  const allIds = (): string[] => simulator.instances().map(({ instanceId }) => instanceId);
  const idsOf = (instances: readonly { readonly instanceId: string }[]): string[] =>
    instances.map(({ instanceId }) => instanceId).sort();

  async function list(query: InstanceQuery = {}, { api, scope }: Simulated = simulated): Promise<Instance[]> {
    const found: Instance[] = [];
    for await (const page of api.listInstances(scope, query, neverCancelled)) found.push(...page);
    return found;
  }

  describe('of a region', () => {
    it('are read to the last page, a hundred a page, each once', async () => {
      const found = await list();
      assert.ok(found.length > 200);
      assert.deepEqual(idsOf(found), allIds().sort());
      const pages = calls('DescribeInstances');
      assert.equal(pages.length, Math.ceil(found.length / 100));
      for (const [index, { parameters, inQuery, version }] of pages.entries()) {
        assert.equal(parameters['RegionId'], simulator.regionId);
        assert.equal(parameters['MaxResults'], '100');
        assert.equal(parameters['NextToken'] !== undefined, index > 0);
        assert.ok(inQuery.includes('RegionId'));
        assert.equal(version, '2014-05-26');
      }
    });

    it('come in pages, the first of them before the last was asked for', async () => {
      const pages = simulated.api.listInstances(simulated.scope, {}, neverCancelled);
      const first = await pages.next();
      assert.equal(first.done, false);
      assert.equal(calls('DescribeInstances').length, 1);
      await pages.return();
      assert.equal(calls('DescribeInstances').length, 1);
    });

    it('can be asked for by status', async () => {
      const found = await list({ status: 'Stopped' });
      const stopped = simulator.instances().filter(({ status }) => status === 'Stopped');
      assert.ok(stopped.length > 0);
      assert.deepEqual(idsOf(found), idsOf(stopped));
    });

    it('can be asked for by tags, with a key alone for any value, and by IDs as well', async () => {
      const tagged = simulator.instances().filter(({ tags }) => tags.some(({ Key }) => Key === 'env'));
      const value = tagged[0]?.tags.find(({ Key }) => Key === 'env')?.Value ?? '';
      const own = tagged.filter(({ tags }) => tags.some((tag) => tag.Key === 'env' && tag.Value === value));
      assert.ok(own.length > 0 && own.length < tagged.length);
      assert.deepEqual(idsOf(await list({ tags: [{ key: 'env', value }] })), idsOf(own));
      assert.deepEqual(idsOf(await list({ tags: [{ key: 'env', value: '' }] })), idsOf(tagged));
      assert.ok(calls('DescribeInstances').every(({ inQuery }) => inQuery.includes('Tag.1.Key')));
      const [first, second] = [own[0], tagged.find((instance) => !own.includes(instance))];
      assert.ok(first && second);
      const instanceIds = idsOf([first, second]);
      assert.deepEqual(idsOf(await list({ instanceIds, tags: [{ key: 'env', value }] })), [first.instanceId]);
    });

    it('say which VPC each is in', async () => {
      const found = await list();
      const expected = new Map(simulator.instances().map(({ instanceId, vpcId }) => [instanceId, vpcId]));
      assert.ok(new Set(expected.values()).size > 1);
      assert.deepEqual(new Map(found.map(({ instanceId, vpcId }) => [instanceId, vpcId])), expected);
    });

    it('keep what an administrator knows them by', async () => {
      const instance = simulator
        .instances()
        .find(({ tags, instanceName }) => tags.length > 0 && instanceName);
      assert.ok(instance);
      const [found] = await list({ instanceIds: [instance.instanceId] });
      assert.deepEqual(found, {
        instanceId: instance.instanceId,
        instanceName: instance.instanceName,
        hostName: instance.hostName,
        status: instance.status,
        zoneId: instance.zoneId,
        vpcId: instance.vpcId,
        osType: instance.osType,
        privateIps: [instance.privateIp],
        publicIps: [],
        tags: instance.tags.map(({ Key, Value }) => ({ key: Key, value: Value })),
      });
    });
  });

  describe('with given ids', () => {
    it('are asked for a hundred a call, and one that does not exist is left out', async () => {
      const ids = allIds().slice(0, 230);
      const found = await list({ instanceIds: [...ids, 'i-missing', ids[0] ?? ''] });
      assert.deepEqual(idsOf(found), [...ids].sort());
      const asked = calls('DescribeInstances').map(({ parameters }) => countIds(parameters['InstanceIds']));
      assert.deepEqual(asked.sort(), [100, 100, 31]);
    });

    it('are none when none is named: that must not mean all', async () => {
      assert.deepEqual(await list({ instanceIds: [] }), []);
      assert.equal(calls('DescribeInstances').length, 0);
    });

    it('are refused before any call when an id is empty', async () => {
      await assert.rejects(list({ instanceIds: ['i-1', ' '] }), { code: 'invalid-input', fate: 'not-run' });
      assert.equal(calls('DescribeInstances').length, 0);
    });
  });

  describe('and their Cloud Assistant', () => {
    const statusOf = (ids: readonly string[]) =>
      simulated.api.listCloudAssistantStatus(simulated.scope, ids, neverCancelled);

    it('are asked for fifty a call, in the query', async () => {
      const ids = allIds().slice(0, 120);
      const statuses = await statusOf(ids);
      assert.deepEqual(idsOf(statuses), [...ids].sort());
      const asked = calls('DescribeCloudAssistantStatus').map(({ inQuery }) =>
        inQuery.filter((name) => name.startsWith('InstanceId.')),
      );
      assert.deepEqual(asked.map(({ length }) => length).sort(), [20, 50, 50]);
    });

    it('say whether it answers', async () => {
      const answering = simulator.instances().find((one) => one.status === 'Running' && one.assistantRunning);
      const silent = simulator.instances().find((one) => one.status === 'Stopped');
      assert.ok(answering && silent);
      const statuses = await statusOf([answering.instanceId, silent.instanceId]);
      const byId = new Map(statuses.map((status) => [status.instanceId, status]));
      assert.deepEqual(byId.get(answering.instanceId), { instanceId: answering.instanceId, running: true });
      assert.deepEqual(byId.get(silent.instanceId), { instanceId: silent.instanceId, running: false });
    });

    it('leave out instances that ECS does not know, and tell of the others', async () => {
      const ids = allIds().slice(0, 70);
      const statuses = await statusOf(['i-missing-1', ...ids, 'i-missing-2']);
      assert.deepEqual(idsOf(statuses), [...ids].sort());
      assert.deepEqual(await statusOf(['i-missing-1', 'i-missing-2']), []);
    });

    it('are not asked for without ids', async () => {
      assert.deepEqual(await statusOf([]), []);
      assert.equal(simulator.journal().length, 0);
    });
  });

  it('may be forbidden, and the permission that is missing is named', async () => {
    simulator.setFaults([
      { action: 'DescribeInstances', fault: 'denied' },
      { action: 'DescribeCloudAssistantStatus', fault: 'denied' },
    ]);
    const denied = { code: 'permission-denied', fate: 'refused' };
    await assert.rejects(list(), { ...denied, ramAction: 'ecs:DescribeInstances' });
    await assert.rejects(simulated.api.listCloudAssistantStatus(simulated.scope, allIds(), neverCancelled), {
      ...denied,
      ramAction: 'ecs:DescribeCloudAssistantStatus',
    });
    assert.ok(calls('DescribeCloudAssistantStatus').length <= 6, 'what was refused once is not asked for on');
  });

  it('are read although the service throttles and fails now and then', async () => {
    simulator.setFaults([
      { action: 'DescribeInstances', nth: 2, fault: 'throttle' },
      { action: 'DescribeCloudAssistantStatus', nth: [1, 3], fault: 'serverError' },
    ]);
    assert.deepEqual(idsOf(await list()), allIds().sort());
    const statuses = await simulated.api.listCloudAssistantStatus(simulated.scope, allIds(), neverCancelled);
    assert.deepEqual(idsOf(statuses), allIds().sort());
  });

  it('end with a cancel, and no call follows it', async () => {
    const cancelling = new AbortController();
    const off = simulator.onRequest(() => cancelling.abort());
    const waiting = { signal: cancelling.signal };
    await assert.rejects(simulated.api.listCloudAssistantStatus(simulated.scope, allIds(), waiting), {
      name: 'AbortError',
    });
    off();
    assert.ok(simulator.journal().length <= 6);
  });

  it('by the ten thousand are read in seconds, six calls at a time', async () => {
    const large = await startSimulator({ clients: 10_000, latencyMs: 10 });
    const region = createSimulatedApi(large);
    try {
      const ids = large.instances().map(({ instanceId }) => instanceId);
      assert.ok(ids.length >= 9_000, `${ids.length} instances`);
      const started = Date.now();
      const found = await list({ instanceIds: ids }, region);
      const statuses = await region.api.listCloudAssistantStatus(region.scope, ids, neverCancelled);
      const seconds = (Date.now() - started) / 1000;
      assert.equal(found.length, ids.length);
      assert.equal(statuses.length, ids.length);
      assert.ok(seconds < 15, `took ${seconds} s`);
      assert.equal(large.peakInFlight(), 6);
    } finally {
      region.api.dispose();
      await large.dispose();
    }
  });
});

function countIds(json: string | undefined): number {
  const ids: unknown = JSON.parse(json ?? '[]');
  return Array.isArray(ids) ? ids.length : 0;
}
