import { strict as assert } from 'node:assert';
import { hostileNames } from '../../../simulator/names';
import { clientStatuses } from '../../../simulator/rows';
import { ask, record, records, refused, simulators, type Running } from './caller';

const list = (running: Running, query: Record<string, string>): Promise<Record<string, unknown>> =>
  ask(running, 'DescribeBackupClients', { ClientType: 'ECS_CLIENT', ...query });
const ids = (answer: Record<string, unknown>): unknown[] =>
  records(answer['Clients']).map((client) => client['InstanceId']);

describe('the lists of the simulator', () => {
  const start = simulators();

  it('are the same for the same seed and differ for another', async () => {
    const [one, same, other] = [await start({ seed: 7 }), await start({ seed: 7 }), await start({ seed: 8 })];
    assert.deepEqual(one.simulator.clients(), same.simulator.clients());
    assert.deepEqual(one.simulator.instances(), same.simulator.instances());
    assert.deepEqual(one.simulator.accessKeyId, same.simulator.accessKeyId);
    assert.notDeepEqual(one.simulator.clients(), other.simulator.clients());
    assert.notEqual(one.simulator.accessKeySecret, other.simulator.accessKeySecret);
  });

  it('have only names as administrators give them where hostile ones are not wanted', async () => {
    const { simulator } = await start({ clients: 250, hostileNames: false });
    const names = simulator.clients().map((client) => client.InstanceName ?? '');
    for (const name of hostileNames) assert.ok(!names.includes(name), name);
    assert.equal(names.length, 250);
  });

  it('show a world as it is met: all statuses, zones, versions, tags, stale and hostile ones', async () => {
    const { simulator, time } = await start({ clients: 250, zones: 3 });
    const clients = simulator.clients();
    const nowS = time.nowMs() / 1000;
    assert.equal(clients.length, 250);
    assert.deepEqual(new Set(clients.map((client) => client.Status)), new Set(clientStatuses));
    assert.deepEqual([...new Set(clients.map((client) => client.ZoneId ?? ''))].sort(), [
      '',
      'cn-hangzhou-f',
      'cn-hangzhou-g',
      'cn-hangzhou-h',
    ]);
    const activated = clients.filter((client) => client.Status === 'ACTIVATED');
    const outdated = activated.filter((client) => client.ClientVersion !== client.MaxClientVersion);
    const stale = activated.filter((client) => nowS - client.LastHeartBeatTime > 3600);
    assert.ok(activated.length > 180 && activated.length < 240, `${activated.length} activated`);
    assert.ok(outdated.length > 30 && outdated.length < 45, `${outdated.length} outdated`);
    assert.ok(stale.length > 0 && stale.length < 20, `${stale.length} stale`);
    assert.deepEqual(
      new Set(clients.map((client) => client.BackupStatus)),
      new Set(['PROTECTED', 'UNPROTECTED']),
    );
    const text = JSON.stringify(clients);
    for (const part of [
      '(command:',
      '$(check)',
      '<img',
      '\u202E',
      'proxy-secret-in-settings',
      '"******"',
      '生产',
    ]) {
      assert.ok(text.includes(part), part);
    }
    assert.ok(clients.some((client) => client.InstanceName?.length === 300));
    assert.ok(clients.some((client) => client.InstanceName === ''));
    assert.ok(
      clients.every((client) => client.ClientId === '' || /^c-000[a-z0-9]{17}$/.test(client.ClientId)),
    );
    assert.ok(clients.every((client) => /^i-bp1[a-z0-9]{17}$/.test(client.InstanceId)));
    assert.equal(new Set(clients.map((client) => client.InstanceId)).size, 250);
    assert.ok(simulator.clients('LOCAL_CLIENT').length > 0);
    assert.ok(simulator.clients('CONTAINER_CLIENT').every((client) => client.ClusterId !== undefined));
  });

  it('come as small as asked, down to nothing', async () => {
    const empty = await start({ clients: 0 });
    assert.deepEqual((await list(empty, {}))['Clients'], []);
    const one = await start({ clients: 1 });
    assert.deepEqual(
      one.simulator.clients().map((client) => client.Status),
      ['ACTIVATED'],
    );
  });

  it('refuse page sizes beyond 99, missing and unknown client types, and lists that are not JSON', async () => {
    const running = await start();
    const type = { ClientType: 'ECS_CLIENT' };
    const codes = await Promise.all(
      [
        {},
        { ClientType: 'NAS_CLIENT' },
        { ...type, PageSize: '100' },
        { ...type, PageSize: '0' },
        { ...type, PageNumber: '0' },
        { ...type, ClientIds: 'c-1' },
        { ...type, InstanceIds: '{"a":1}' },
        { ...type, 'Filters.1.Key': 'Status', 'Filters.1.Values.1': 'x' },
      ].map((query) => refused(running, 'DescribeBackupClients', query)),
    );
    assert.deepEqual(codes, ['400 MissingParameter', ...Array<string>(7).fill('400 BadRequest')]);
    const tags = Object.fromEntries(
      Array.from({ length: 21 }, (_, index) => [`Tag.${index + 1}.Key`, 'env']),
    );
    assert.equal(await refused(running, 'DescribeBackupClients', { ...type, ...tags }), '400 BadRequest');
  });

  it('are narrowed by ids, tags, cluster and filters', async () => {
    const running = await start();
    const clients = running.simulator.clients();
    const [one, two] = clients.filter((client) => client.ClientId !== '');
    assert.ok(one && two);
    const byIds = await list(running, { ClientIds: JSON.stringify([one.ClientId, two.ClientId]) });
    assert.deepEqual(ids(byIds), [one.InstanceId, two.InstanceId]);
    const byFilter = await list(running, {
      'Filters.1.Key': 'InstanceId',
      'Filters.1.Values.1': two.InstanceId,
      'Filters.1.Values.2': 'i-none',
    });
    assert.deepEqual(ids(byFilter), [two.InstanceId]);
    const byTags = await list(running, {
      'Tag.1.Key': 'env',
      'Tag.1.Value': 'prod',
      'Tag.2.Key': 'team',
      PageSize: '99',
    });
    const tagged = clients.filter(
      (client) => client.Tags?.some((tag) => tag.Key === 'env' && tag.Value === 'prod') === true,
    );
    assert.deepEqual(
      ids(byTags),
      tagged.map((client) => client.InstanceId),
    );
    const [container] = running.simulator.clients('CONTAINER_CLIENT');
    const cluster = { ClientType: 'CONTAINER_CLIENT', ClusterId: container?.ClusterId ?? '' };
    const inCluster = await ask(running, 'DescribeBackupClients', cluster);
    const elsewhere = await ask(running, 'DescribeBackupClients', { ...cluster, ClusterId: 'cl-none' });
    assert.ok(ids(inCluster).includes(container?.InstanceId));
    assert.deepEqual(ids(elsewhere), []);
  });

  it('have heartbeats that go on with the clock while a client is activated', async () => {
    const { simulator, time } = await start();
    const { InstanceId } = simulator.insertClient({ InstanceId: 'i-beats' });
    const beat = (): number | undefined =>
      simulator.clients().find((client) => client.InstanceId === InstanceId)?.LastHeartBeatTime;
    const first = beat() ?? 0;
    time.move(150);
    assert.equal(beat(), first + 120);
    simulator.updateClient(InstanceId, { Status: 'UNKNOWN' });
    time.move(600);
    assert.equal(beat(), first + 120);
  });

  it('show the world of another account to those who name it rightly', async () => {
    const running = await start();
    const { simulator } = running;
    const wrapped = record((await ask(running, 'DescribeCrossAccounts'))['CrossAccounts']);
    const accounts = records(wrapped['CrossAccount']);
    assert.deepEqual(
      accounts.map((account) => account['CrossAccountType']),
      ['CROSS_ACCOUNT', 'CROSS_ACCOUNT_BY_RD'],
    );
    for (const account of accounts) {
      const accountId = String(account['CrossAccountUserId']);
      const answer = await list(running, {
        CrossAccountType: String(account['CrossAccountType']),
        CrossAccountUserId: accountId,
        CrossAccountRoleName: String(account['CrossAccountRoleName']),
        PageSize: '99',
      });
      assert.deepEqual(
        ids(answer),
        simulator
          .machines('cn-hangzhou', accountId)
          .clients()
          .map((client) => client.InstanceId),
      );
      assert.notDeepEqual(
        ids(answer),
        simulator.clients().map((client) => client.InstanceId),
      );
    }
    const [branch] = simulator.crossAccounts;
    assert.ok(branch);
    const cross = {
      ClientType: 'ECS_CLIENT',
      CrossAccountType: 'CROSS_ACCOUNT',
      CrossAccountUserId: branch.accountId,
      CrossAccountRoleName: branch.roleName,
    };
    const codes = await Promise.all(
      [
        { ...cross, CrossAccountRoleName: 'other' },
        { ...cross, CrossAccountUserId: '1000000000000000' },
        { ...cross, CrossAccountType: 'CROSS_ACCOUNT_BY_RD' },
        { ...cross, CrossAccountType: 'OTHER' },
        { ClientType: 'ECS_CLIENT', CrossAccountType: 'CROSS_ACCOUNT' },
      ].map((query) => refused(running, 'DescribeBackupClients', query)),
    );
    assert.deepEqual(codes, [
      '404 RoleNotExist',
      '403 AssumeRoleFail',
      '403 BackupAccountNotInSpecifiedRd',
      '400 BadRequest',
      '400 MissingParameter',
    ]);
  });

  it('match instances by name with a wildcard and by status', async () => {
    const running = await start({ clients: 60 });
    const answer = await ask(running, 'DescribeInstances', {
      RegionId: 'cn-hangzhou',
      InstanceName: '*-prod-*',
      Status: 'Running',
      PageSize: '100',
    });
    const expected = running.simulator
      .instances()
      .filter(({ instanceName, status }) => instanceName.includes('-prod-') && status === 'Running');
    assert.ok(expected.length > 0);
    assert.equal(answer['TotalCount'], expected.length);
  });

  it('take new settings within their limits, and never give a password back', async () => {
    const running = await start();
    const client = running.simulator.clients().find((each) => each.ClientVersion === '2.13.2');
    assert.ok(client);
    const { ClientId } = client;
    await ask(
      running,
      'UpdateClientSettings',
      {},
      {
        form: {
          ClientId,
          MaxWorker: '8',
          UseHttps: 'true',
          ProxyPassword: 'hush',
          MaxMemory: '1024',
          ProxyPort: '8080',
        },
      },
    );
    const [changed] = records((await list(running, { ClientIds: JSON.stringify([ClientId]) }))['Clients']);
    const settings = record(changed?.['Settings']);
    assert.deepEqual(
      [
        settings['MaxWorker'],
        settings['UseHttps'],
        settings['ProxyPassword'],
        settings['MaxMemory'],
        settings['ProxyPort'],
      ],
      ['8', 'true', '******', 1024, 8080],
    );
    running.simulator.insertClient({ InstanceId: 'i-old', ClientId: 'c-old', ClientVersion: '2.4.5' });
    const codes = await Promise.all(
      [
        { ClientId: 'c-none' },
        { ClientId, MaxWorker: '1000' },
        { ClientId, ProxyPort: '65536' },
        { ClientId, UseHttps: 'yes' },
        { ClientId, DataNetworkType: 'INTERNET' },
        { ClientId: 'c-old', MaxMemory: '1' },
      ].map((query) => refused(running, 'UpdateClientSettings', query)),
    );
    assert.deepEqual(codes, ['404 ResourceNotFound', ...Array<string>(5).fill('400 BadRequest')]);
  });
});
