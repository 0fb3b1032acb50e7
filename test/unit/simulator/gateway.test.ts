import { strict as assert } from 'node:assert';
import { ask, ecs, exchange, json, record, refused, send, simulators } from './caller';

const ecsClients = { ClientType: 'ECS_CLIENT' };

describe('the simulator at the gate', () => {
  const start = simulators();

  it('answers a signed call, dated by its own clock, and says its time scale', async () => {
    const running = await start({ timeScale: 10 });
    const answer = await send(running, 'DescribeBackupClients', { query: ecsClients });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.date, 'Fri, 02 Jan 2026 03:04:05 GMT');
    assert.equal(answer.headers['x-simulator-time-scale'], '10');
    const body = json(answer);
    assert.deepEqual([body['Success'], body['Code'], body['Message']], [true, '200', 'successful']);
    assert.match(String(body['RequestId']), /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  });

  it('answers a refusal in the documented shape', async () => {
    const running = await start();
    const answer = await send(running, 'DescribeTask', { query: { TaskId: 't-1' } });
    assert.equal(answer.status, 404);
    const { RequestId, Recommend, ...rest } = json(answer);
    assert.deepEqual(rest, {
      Code: 'TaskNotFound',
      Message: "The specified task doesn't exist.",
      HostId: '127.0.0.1',
    });
    assert.equal(RequestId, answer.headers['x-acs-request-id']);
    assert.match(String(Recommend), /^https:/);
  });

  it('accepts dates up to 15 minutes off, either way, and no further', async () => {
    const running = await start();
    const at = (seconds: number): { dateMs: number } => ({ dateMs: running.time.nowMs() + seconds * 1000 });
    await ask(running, 'DescribeRegions', {}, at(900));
    await ask(running, 'DescribeRegions', {}, at(-900));
    assert.equal(await refused(running, 'DescribeRegions', {}, at(901)), '400 InvalidTimeStamp.Expired');
    assert.equal(await refused(running, 'DescribeRegions', {}, at(-901)), '400 InvalidTimeStamp.Expired');
    const malformed = (headers: Record<string, string>): void => {
      headers['x-acs-date'] = '2 January 2026';
    };
    assert.equal(
      await refused(running, 'DescribeRegions', {}, { tamper: malformed }),
      '400 InvalidTimeStamp.Format',
    );
  });

  it('takes a nonce once in 15 minutes', async () => {
    const running = await start();
    await ask(running, 'DescribeRegions', {}, { nonce: 'n1' });
    assert.equal(await refused(running, 'DescribeRegions', {}, { nonce: 'n1' }), '400 SignatureNonceUsed');
    running.time.move(901);
    await ask(running, 'DescribeRegions', {}, { nonce: 'n1' });
  });

  it('does not use up the nonce of a call whose signature is wrong', async () => {
    const running = await start();
    const key = { ...running.simulator, accessKeySecret: 'wrong' };
    assert.equal(
      await refused(running, 'DescribeRegions', {}, { key, nonce: 'n1' }),
      '400 SignatureDoesNotMatch',
    );
    await ask(running, 'DescribeRegions', {}, { nonce: 'n1' });
  });

  it('refuses a body that is not the one whose hash was signed', async () => {
    const running = await start();
    const form = { ClientIds: '["c-1"]' };
    const body = 'ClientIds=%5B%22c-2%22%5D';
    assert.equal(
      await refused(running, 'DescribeBackupClients', ecsClients, { form, body }),
      '400 SignatureDoesNotMatch',
    );
  });

  it('refuses a call that names another hash than that of its body, however well signed', async () => {
    const running = await start();
    const claimedHash = 'e3'.repeat(32);
    assert.equal(await refused(running, 'DescribeRegions', {}, { claimedHash }), '400 SignatureDoesNotMatch');
  });

  it('tells unknown, disabled and revoked keys apart', async () => {
    const running = await start();
    const { simulator } = running;
    const key = { accessKeyId: 'nobody', accessKeySecret: 'x' };
    assert.equal(await refused(running, 'DescribeRegions', {}, { key }), '404 InvalidAccessKeyId.NotFound');
    simulator.disableKey();
    assert.equal(await refused(running, 'DescribeRegions'), '400 InvalidAccessKeyId.Inactive');
    simulator.revokeKey();
    assert.equal(await refused(running, 'DescribeRegions'), '404 InvalidAccessKeyId.NotFound');
  });

  it('takes temporary keys with their own token until they expire by the wall clock', async () => {
    const running = await start({ timeScale: 60 });
    const { simulator, time } = running;
    const key = simulator.issueTemporaryKey(1000);
    const { securityToken, ...withoutToken } = key;
    await ask(running, 'DescribeRegions', {}, { key });
    const codes = [
      await refused(running, 'DescribeRegions', {}, { key: withoutToken }),
      await refused(running, 'DescribeRegions', {}, { key: { ...key, securityToken: 'invented' } }),
      await refused(running, 'DescribeRegions', {}, { key: { ...simulator, securityToken } }),
    ];
    assert.deepEqual(codes, [
      '400 MissingSecurityToken',
      '400 InvalidSecurityToken.Malformed',
      '400 InvalidSecurityToken.MismatchWithAccessKey',
    ]);
    time.move(999);
    await ask(running, 'DescribeRegions', {}, { key });
    time.move(1);
    assert.equal(await refused(running, 'DescribeRegions', {}, { key }), '400 InvalidSecurityToken.Expired');
  });

  it('tells unknown operations and versions', async () => {
    const running = await start();
    assert.equal(await refused(running, 'describeTask'), '404 InvalidApi.NotFound');
    assert.equal(await refused(running, 'toString'), '404 InvalidApi.NotFound');
    assert.equal(await refused(running, 'DescribeTask', {}, { version: ecs }), '404 InvalidApi.NotFound');
    assert.equal(await refused(running, 'DescribeTask', {}, { version: '2020-01-01' }), '400 NoSuchVersion');
  });

  it('merges query and form', async () => {
    const running = await start();
    const [client] = running.simulator.clients();
    assert.ok(client);
    const InstanceIds = JSON.stringify([client.InstanceId]);
    const inForm = await ask(running, 'DescribeBackupClients', ecsClients, { form: { InstanceIds } });
    const inQuery = await ask(running, 'DescribeBackupClients', { InstanceIds }, { form: ecsClients });
    assert.deepEqual([inForm['TotalCount'], inQuery['TotalCount']], [1, 1]);
    assert.deepEqual(inForm['Clients'], inQuery['Clients']);
  });

  it('refuses a body that is not a form, other paths and other methods', async () => {
    const running = await start();
    const { simulator } = running;
    const form = { A: '1' };
    const asJson = (headers: Record<string, string>): void => {
      headers['content-type'] = 'application/json';
    };
    assert.equal(
      await refused(running, 'DescribeRegions', {}, { form, tamper: asJson }),
      '400 InvalidParameter.Format',
    );
    assert.equal((await exchange(simulator, { method: 'GET', path: '/other' }, '')).status, 404);
    assert.equal((await exchange(simulator, { method: 'PUT', path: '/' }, '')).status, 405);
    assert.equal(
      (await exchange(simulator, { method: 'POST', path: '/' }, 'x'.repeat(1_100_000))).status,
      413,
    );
  });

  it('hands out roles of its own account and of the one that it may reach', async () => {
    const running = await start();
    const { simulator } = running;
    const [branch] = simulator.crossAccounts;
    assert.ok(branch);
    const RoleArn = `acs:ram::${branch.accountId}:role/${branch.roleName}`;
    const answer = await ask(running, 'AssumeRole', {
      RoleArn,
      RoleSessionName: 'test',
      DurationSeconds: '900',
    });
    const credentials = record(answer['Credentials']);
    const key = {
      accessKeyId: String(credentials['AccessKeyId']),
      accessKeySecret: String(credentials['AccessKeySecret']),
      securityToken: String(credentials['SecurityToken']),
    };
    assert.equal(credentials['Expiration'], '2026-01-02T03:19:05Z');
    const identity = await ask(running, 'GetCallerIdentity', {}, { key });
    assert.deepEqual(
      [identity['IdentityType'], identity['AccountId'], identity['Arn']],
      [
        'AssumedRoleUser',
        branch.accountId,
        `acs:ram::${branch.accountId}:assumed-role/${branch.roleName}/test`,
      ],
    );
    running.time.move(900);
    assert.equal(
      await refused(running, 'GetCallerIdentity', {}, { key }),
      '400 InvalidSecurityToken.Expired',
    );
  });

  it('checks what AssumeRole is asked', async () => {
    const running = await start();
    const good = {
      RoleArn: `acs:ram::${running.simulator.accountId}:role/backup-operator`,
      RoleSessionName: 'test',
    };
    await ask(running, 'AssumeRole', {}, { form: good });
    const codes = await Promise.all(
      [
        { ...good, RoleArn: 'x' },
        { ...good, RoleArn: `${good.RoleArn}-else` },
        { ...good, RoleSessionName: '!' },
        { ...good, DurationSeconds: '899' },
        { ...good, Policy: '{' },
        { ...good, ExternalId: 'x' },
      ].map((query) => refused(running, 'AssumeRole', query)),
    );
    assert.deepEqual(codes, [
      '400 InvalidParameter.RoleArn',
      '404 EntityNotExist.Role',
      '400 InvalidParameter.RoleSessionName',
      '400 InvalidParameter.DurationSeconds',
      '400 InvalidParameter.PolicyGrammar',
      '400 InvalidParameter.ExternalId',
    ]);
  });

  it('keeps a journal of every call in order, without secrets, and serves it only when told to', async () => {
    const running = await start({ journal: true });
    const { simulator } = running;
    const [client] = simulator.clients();
    assert.ok(client);
    const form = { ClientId: client.ClientId, ProxyPassword: 'hush' };
    await ask(running, 'UpdateClientSettings', {}, { form });
    await refused(running, 'DescribeTask', { TaskId: 't-1' });
    const served = await exchange(simulator, { method: 'GET', path: '/__journal' }, '');
    assert.equal(served.status, 200);
    assert.deepEqual(JSON.parse(served.text), simulator.journal());
    const [settings, task] = simulator.journal();
    assert.deepEqual(
      [settings?.action, settings?.executed, settings?.code, settings?.inQuery, settings?.parameters],
      ['UpdateClientSettings', true, '200', [], { ClientId: client.ClientId, ProxyPassword: '******' }],
    );
    assert.deepEqual(
      [task?.index, task?.executed, task?.status, task?.code, task?.inQuery, task?.time],
      [2, false, 404, 'TaskNotFound', ['TaskId'], '2026-01-02T03:04:05Z'],
    );
    for (const secret of ['hush', simulator.accessKeySecret]) assert.ok(!served.text.includes(secret));
    const silent = await start();
    const answer = await exchange(silent.simulator, { method: 'GET', path: '/__journal' }, '');
    assert.equal(answer.status, 404);
  });

  it('serves the region that the host name stands for', async () => {
    const running = await start();
    const zones = async (host: string): Promise<string> => {
      const answer = await send(running, 'DescribeBackupClients', { query: ecsClients, host });
      return /"ZoneId":"([a-z-]+-\d?)/.exec(answer.text)?.[1] ?? '';
    };
    assert.equal(await zones('hbr.cn-beijing.aliyuncs.com'), 'cn-beijing-');
    assert.equal(await zones('localhost:1'), 'cn-hangzhou-');
  });

  it('lets a hook act before a call is carried out', async () => {
    const running = await start();
    const { simulator } = running;
    const before = simulator.clients().length;
    const off = simulator.onRequest(({ action }) => {
      assert.equal(action, 'DescribeBackupClients');
      simulator.insertClient({ InstanceId: 'i-new' }, 0);
    });
    const answer = await ask(running, 'DescribeBackupClients', { ...ecsClients, PageSize: '1' });
    assert.equal(answer['TotalCount'], before + 1);
    assert.match(JSON.stringify(answer['Clients']), /"i-new"/);
    off();
    assert.equal((await ask(running, 'DescribeBackupClients', ecsClients))['TotalCount'], before + 1);
    simulator.deleteClient('i-new');
    assert.equal((await ask(running, 'DescribeBackupClients', ecsClients))['TotalCount'], before);
  });
});
