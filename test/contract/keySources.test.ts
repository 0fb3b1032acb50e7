import { strict as assert } from 'node:assert';
import { createPlainHttp } from '../../src/api/nodePlainHttp';
import { neverCancelled } from '../support/apiBuilders';
import { realClock } from '../support/realClock';
import { ownerOf, signedIn, type SignedIn } from '../support/signedIn';

describe('a token of an OIDC provider', () => {
  const asked = ({ simulator }: SignedIn, oidcToken: string) => ({
    roleArn: `acs:ram::${simulator.accountId}:role/cluster-operator`,
    oidcProviderArn: `acs:ram::${simulator.accountId}:oidc-provider/cluster`,
    ...{ oidcToken, sessionName: 'backup-clients', durationSeconds: 900 },
  });

  it('gives a key that lives as long as asked for', () =>
    signedIn({ clients: 0 }, async (world) => {
      const { simulator, sts, clock } = world;
      const token = simulator.issueOidcToken(600);
      const from = asked(world, token);
      const { key, expiresAtMs } = await sts.assumeRoleWithOidc(simulator.endpoint, from, neverCancelled);
      assert.equal(expiresAtMs, clock.now() + 900_000);
      assert.match(await ownerOf(world, key), /assumed-role\/cluster-operator\/backup-clients$/);
      assert.deepEqual(world.calls('AssumeRoleWithOIDC')[0]?.inQuery, []);
    }));

  it('gives none when it is over or wrong, or the role trusts another provider', () =>
    signedIn({ clients: 0 }, async (world) => {
      const { simulator, sts, log } = world;
      const token = simulator.issueOidcToken(600);
      const fails = async (change: object, code: string): Promise<void> => {
        const from = { ...asked(world, token), ...change };
        await assert.rejects(sts.assumeRoleWithOidc(simulator.endpoint, from, neverCancelled), { code });
      };
      await fails({ oidcToken: 'a.b.c' }, 'credentials-rejected');
      await fails({ oidcProviderArn: 'acs:ram::1:oidc-provider/other' }, 'permission-denied');
      world.move(600);
      await fails({}, 'credentials-expired');
      assert.ok(!log.lines.join('\n').includes(token));
    }));

  it('is sent again with the time of the service where the clock of this computer is wrong', () =>
    signedIn({ clients: 0 }, async (world) => {
      const { simulator, sts } = world;
      simulator.setFaults([{ action: 'AssumeRoleWithOIDC', nth: 1, fault: 'skew', seconds: 7200 }]);
      const from = asked(world, simulator.issueOidcToken(600));
      const { key } = await sts.assumeRoleWithOidc(simulator.endpoint, from, neverCancelled);
      assert.match(key.accessKeyId, /^STS\./);
      assert.equal(world.calls('AssumeRoleWithOIDC').length, 2);
    }));
});

describe('the metadata service of an instance', () => {
  it('gives keys that the service takes, by token, and by the credentials URI', () =>
    signedIn({ clients: 0 }, async (world) => {
      const { endpoint, credentialsUri } = await world.simulator.serveMetadata({ tokenless: false });
      const http = createPlainHttp(realClock, 'contract-tests');
      const ask = (method: 'GET' | 'PUT', url: string, headers: Record<string, string> = {}) =>
        http.request({ method, url, headers, timeoutMs: 1000 }, neverCancelled);
      const roles = `${endpoint}/latest/meta-data/ram/security-credentials/`;
      assert.equal((await ask('GET', roles)).status, 403);
      const { body: token } = await ask('PUT', `${endpoint}/latest/api/token`, {
        'x-aliyun-ecs-metadata-token-ttl-seconds': '21600',
      });
      const admitted = { 'x-aliyun-ecs-metadata-token': token };
      const { body: role } = await ask('GET', roles, admitted);
      for (const { body } of [
        await ask('GET', `${roles}${role}`, admitted),
        await ask('GET', credentialsUri),
      ]) {
        const [accessKeyId = '', accessKeySecret = '', securityToken = ''] = [
          ...['AccessKeyId', 'AccessKeySecret', 'SecurityToken'],
        ].map((name) => new RegExp(`"${name}":"([^"]+)"`).exec(body)?.[1]);
        const owner = await ownerOf(world, { accessKeyId, accessKeySecret, securityToken });
        assert.match(owner, /assumed-role\/instance-operator\//);
      }
    }));
});
