import { strict as assert } from 'node:assert';
import { ask, json, records, refused, send, simulators } from './caller';

const ecsClients = { ClientType: 'ECS_CLIENT', PageSize: '99' };
const regions = ['cn-hangzhou', 'cn-shanghai', 'ap-southeast-1'];

describe('a simulator of several regions', () => {
  const start = simulators();

  it('has an endpoint for each, with machines and zones of its own, fewer beyond the first', async () => {
    const running = await start({ regions });
    const { simulator } = running;
    assert.equal(simulator.endpointOf('cn-hangzhou'), simulator.endpoint);
    assert.equal(new Set(Object.values(simulator.endpoints)).size, 3);
    assert.deepEqual(Object.keys(simulator.endpoints), regions);
    assert.throws(() => simulator.endpointOf('cn-beijing'), /cn-beijing is not served/);
    const ids = new Set<unknown>();
    for (const regionId of regions) {
      const answer = await ask(running, 'DescribeBackupClients', ecsClients, {
        endpoint: simulator.endpointOf(regionId),
      });
      const rows = records(answer['Clients']);
      assert.equal(answer['TotalCount'], regionId === 'cn-hangzhou' ? 60 : 20);
      for (const row of rows) ids.add(row['InstanceId']);
      const zones = rows.flatMap(({ ZoneId }) => (typeof ZoneId === 'string' ? [ZoneId] : []));
      assert.ok(zones.length > 0 && zones.every((zone) => zone.startsWith(regionId)));
      assert.equal(simulator.machines(regionId).clients().length, rows.length);
    }
    assert.equal(ids.size, 100);
  });

  it('shares keys, nonces, tasks and journal, and tells the region of each call', async () => {
    const running = await start({ regions });
    const { simulator } = running;
    const shanghai = { endpoint: simulator.endpointOf('cn-shanghai') };
    await ask(running, 'DescribeRegions', {}, { nonce: 'n1' });
    assert.equal(
      await refused(running, 'DescribeRegions', {}, { ...shanghai, nonce: 'n1' }),
      '400 SignatureNonceUsed',
    );
    simulator.revokeKey();
    assert.equal(await refused(running, 'DescribeRegions', {}, shanghai), '404 InvalidAccessKeyId.NotFound');
    assert.deepEqual(
      simulator.journal().map(({ index, regionId }) => [index, regionId]),
      [
        [1, 'cn-hangzhou'],
        [2, 'cn-shanghai'],
        [3, 'cn-shanghai'],
      ],
    );
  });

  it('lets a fault strike one region alone, and counts its calls alone', async () => {
    const running = await start({
      regions,
      faults: [{ action: 'DescribeRegions', regionId: 'cn-shanghai', nth: 2, fault: 'denied' }],
    });
    const shanghai = { endpoint: running.simulator.endpointOf('cn-shanghai') };
    await ask(running, 'DescribeRegions');
    await ask(running, 'DescribeRegions');
    await ask(running, 'DescribeRegions', {}, shanghai);
    assert.equal(await refused(running, 'DescribeRegions', {}, shanghai), '403 NoPermission');
  });

  it('lets a test change any region and account', async () => {
    const running = await start({ clients: 0, regions });
    const { simulator } = running;
    const shanghai = simulator.machines('cn-shanghai');
    shanghai.insertClient({ InstanceId: 'i-there' });
    assert.equal(simulator.clients().length, 0);
    const branch = simulator.crossAccounts[0]?.accountId ?? '';
    simulator.machines('cn-shanghai', branch).insertClient({ InstanceId: 'i-branch' });
    const list = async (query: Record<string, string>): Promise<unknown[]> => {
      const answer = await send(running, 'DescribeBackupClients', {
        query: { ...ecsClients, ...query },
        endpoint: simulator.endpointOf('cn-shanghai'),
      });
      return records(json(answer)['Clients']).map((row) => row['InstanceId']);
    };
    assert.deepEqual(await list({}), ['i-there']);
    const role = simulator.crossAccounts[0]?.roleName ?? '';
    assert.ok(
      (
        await list({
          CrossAccountType: 'CROSS_ACCOUNT',
          CrossAccountUserId: branch,
          CrossAccountRoleName: role,
        })
      ).includes('i-branch'),
    );
    shanghai.deleteClient('i-there');
    assert.deepEqual(await list({}), []);
  });
});
