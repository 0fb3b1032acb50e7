import { strict as assert } from 'node:assert';
import { ask, exchange, json, record, refused, simulators, type CallKey, type Running } from './caller';

const start = simulators();

function arnOf({ simulator }: Running, name: string): string {
  const role = simulator.roles.find((each) => each.name === name);
  assert.ok(role, name);
  return role.arn;
}

async function assume(
  running: Running,
  name: string,
  more: Record<string, string> = {},
  key?: CallKey,
): Promise<CallKey & { readonly expiration: unknown }> {
  const query = { RoleArn: arnOf(running, name), RoleSessionName: 'session', ...more };
  const answer = await ask(running, 'AssumeRole', query, key === undefined ? {} : { key });
  const from = record(answer['Credentials']);
  return {
    accessKeyId: String(from['AccessKeyId']),
    accessKeySecret: String(from['AccessKeySecret']),
    securityToken: String(from['SecurityToken']),
    expiration: from['Expiration'],
  };
}

const refuse = (running: Running, name: string, more: Record<string, string> = {}, key?: CallKey) =>
  refused(
    running,
    'AssumeRole',
    { RoleArn: arnOf(running, name), RoleSessionName: 'session', ...more },
    key === undefined ? {} : { key },
  );

/** Asks AssumeRoleWithOIDC as the official client does: unsigned, the operation in the query. */
async function assumeWithOidc(
  running: Running,
  form: Record<string, string>,
  timestampMs = running.time.nowMs(),
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const query = new URLSearchParams({
    ...{ Action: 'AssumeRoleWithOIDC', Version: '2015-04-01', Format: 'JSON' },
    Timestamp: `${new Date(timestampMs).toISOString().slice(0, 19)}Z`,
  });
  const answer = await exchange(
    running.simulator,
    {
      method: 'POST',
      path: `/?${query.toString()}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    new URLSearchParams(form).toString(),
  );
  return { status: answer.status, body: json(answer) };
}

describe('a role of the simulator', () => {
  it('gives a session as long as asked for, up to its own limit', async () => {
    const running = await start();
    const key = await assume(running, 'backup-operator', { DurationSeconds: '900' });
    assert.equal(key.expiration, '2026-01-02T03:19:05Z');
    running.time.move(899);
    await ask(running, 'DescribeRegions', {}, { key });
    running.time.move(1);
    assert.equal(await refused(running, 'DescribeRegions', {}, { key }), '400 InvalidSecurityToken.Expired');
    for (const [name, DurationSeconds] of [
      ['backup-operator', '43201'],
      ['partner-operator', '3601'],
      ['backup-operator', '899'],
    ] as const) {
      const more = { DurationSeconds, ExternalId: 'partner/7' };
      assert.equal(await refuse(running, name, more), '400 InvalidParameter.DurationSeconds');
    }
  });

  it('wants the external id that was agreed on', async () => {
    const running = await start();
    assert.equal(await refuse(running, 'partner-operator'), '403 NoPermission');
    assert.equal(await refuse(running, 'partner-operator', { ExternalId: 'partner/8' }), '403 NoPermission');
    await assume(running, 'partner-operator', { ExternalId: 'partner/7' });
  });

  it('may lead to another one, and only those may who are trusted', async () => {
    const running = await start();
    assert.equal(await refuse(running, 'chained-operator'), '403 NoPermission');
    const first = await assume(running, 'backup-operator');
    const second = await assume(running, 'chained-operator', {}, first);
    const identity = await ask(running, 'GetCallerIdentity', {}, { key: second });
    assert.match(JSON.stringify(identity), /"IdentityType":"AssumedRoleUser".*chained-operator\/session"/);
    assert.equal(await refuse(running, 'chained-operator', {}, second), '403 NoPermission');
    for (const name of ['cluster-operator', 'instance-operator']) {
      assert.equal(await refuse(running, name), '403 NoPermission');
    }
    const RoleArn = 'acs:ram::1234567890123456:role/nowhere';
    assert.equal(
      await refused(running, 'AssumeRole', { RoleArn, RoleSessionName: 'session' }),
      '404 EntityNotExist.Role',
    );
  });

  it('of another account sees the machines of that account, and no other account from there', async () => {
    const running = await start();
    const { simulator } = running;
    const [branch, subsidiary] = simulator.crossAccounts;
    assert.ok(branch && subsidiary);
    const key = await assume(running, branch.roleName);
    const list = { ClientType: 'ECS_CLIENT' };
    const answer = await ask(running, 'DescribeBackupClients', list, { key });
    assert.equal(await refuse(running, 'backup-operator', {}, key), '403 NoPermission');
    const theirs = simulator.machines(simulator.regionId, branch.accountId).clients();
    assert.equal(answer['TotalCount'], theirs.length);
    const cross = { CrossAccountType: 'CROSS_ACCOUNT_BY_RD', CrossAccountUserId: subsidiary.accountId };
    await ask(running, 'DescribeBackupClients', { ...list, ...cross });
    assert.equal(
      await refused(running, 'DescribeBackupClients', { ...list, ...cross }, { key }),
      '403 BackupAccountNotInSpecifiedRd',
    );
  });

  it('is given for a token of the provider that it trusts, unsigned', async () => {
    const running = await start();
    const token = running.simulator.issueOidcToken(600);
    const asked = {
      OIDCProviderArn: `acs:ram::${running.simulator.accountId}:oidc-provider/cluster`,
      RoleArn: arnOf(running, 'cluster-operator'),
      ...{ OIDCToken: token, RoleSessionName: 'session', DurationSeconds: '900' },
    };
    const { status, body } = await assumeWithOidc(running, asked);
    assert.equal(status, 200);
    assert.equal(record(body['Credentials'])['Expiration'], '2026-01-02T03:19:05Z');
    assert.ok(!JSON.stringify(running.simulator.journal()).includes(token));
    const code = async (change: Record<string, string>, timestampMs?: number): Promise<string> => {
      const answer = await assumeWithOidc(running, { ...asked, ...change }, timestampMs);
      return `${answer.status} ${String(answer.body['Code'])}`;
    };
    const RoleArn = arnOf(running, 'backup-operator');
    assert.equal(await code({ RoleArn }), '401 AuthenticationFail.NoPermission');
    assert.equal(
      await code({ OIDCProviderArn: 'acs:ram::1:oidc-provider/x' }),
      '401 AuthenticationFail.NoPermission',
    );
    assert.equal(await code({ OIDCToken: 'a.b.c' }), '401 AuthenticationFail.OIDCToken.Invalid');
    assert.equal(await code({}, running.time.nowMs() - 16 * 60_000), '400 InvalidTimeStamp.Expired');
    running.time.move(600);
    assert.equal(await code({}), '401 AuthenticationFail.OIDCToken.Expired');
  });
});

describe('temporary keys of the simulator', () => {
  it('end when a test says so, one or all of them', async () => {
    const running = await start();
    const { simulator } = running;
    const keys = [simulator.issueTemporaryKey(3600), simulator.issueTemporaryKey(3600)] as const;
    simulator.expireKeys(keys[0].accessKeyId);
    const expired = '400 InvalidSecurityToken.Expired';
    assert.equal(await refused(running, 'DescribeRegions', {}, { key: keys[0] }), expired);
    await ask(running, 'DescribeRegions', {}, { key: keys[1] });
    simulator.expireKeys();
    assert.equal(await refused(running, 'DescribeRegions', {}, { key: keys[1] }), expired);
    await ask(running, 'DescribeRegions');
  });
});
