import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from '../../../src/core/service/errors';
import { SourceUnusable } from '../../../src/core/profiles/keys/credentialSource';
import { decodeCliConfig } from '../../../src/credentials/cliConfig';
import { resolveCliProfile } from '../../../src/credentials/cliProfileKey';
import { fakeKeyDeps, patient, sentenceOf } from '../../support/keyDeps';
import { inTemporaryFolder } from '../../support/temporaryFolder';

type Fields = Readonly<Record<string, unknown>> & { readonly name: string };

const pair = { access_key_id: 'LTAI1', access_key_secret: 'the secret' };
const pairKey = { accessKeyId: 'LTAI1', accessKeySecret: 'the secret' };
const arn = 'acs:ram::1234567890123456:role/backup';
const role = { ram_role_arn: arn, ram_session_name: 'me' };
const first = { accessKeyId: 'STS.1', accessKeySecret: 'secret-of-sts-1', securityToken: 'token-of-sts-1' };

describe('the key of a CLI profile', () => {
  let parts: ReturnType<typeof fakeKeyDeps>;
  beforeEach(() => {
    parts = fakeKeyDeps();
  });

  /** The way of the first one of these profiles. */
  function way(...profiles: readonly [Fields, ...Fields[]]) {
    const config = decodeCliConfig(JSON.stringify({ profiles }), parts.hide);
    const [profile] = config.profiles;
    return profile ? resolveCliProfile(profile, config, parts) : assert.fail('no profile');
  }
  const read = async (...profiles: readonly [Fields, ...Fields[]]) => await way(...profiles).read(patient);
  /** Why the first one cannot be used; nobody is asked for that. */
  function blocked(...profiles: readonly [Fields, ...Fields[]]): string {
    return refusal(...profiles).sentence;
  }
  function refusal(...profiles: readonly [Fields, ...Fields[]]): SourceUnusable {
    try {
      way(...profiles);
    } catch (error) {
      if (error instanceof SourceUnusable) return error;
      throw error;
    }
    return assert.fail('can be used');
  }
  /** What STS was asked, once. */
  const asked = () => {
    assert.equal(parts.sts.roles.length, 1);
    return parts.sts.roles[0] ?? assert.fail();
  };

  describe('AK and StsToken', () => {
    it('is what the file holds', async () => {
      assert.deepEqual(await read({ name: 'a', mode: 'AK', ...pair, sts_token: 'not of this mode' }), {
        key: pairKey,
      });
      assert.deepEqual(await read({ name: 'a', mode: 'StsToken', ...pair, sts_token: 'the token' }), {
        key: { ...pairKey, securityToken: 'the token' },
        tokenName: 'sts_token in the CLI profile “a”',
      });
    });

    it('names host and field where the global STS is not reached, and no region is named', async () => {
      const profile = { name: 'a', mode: 'RamRoleArn', ...pair, ...role };
      for (const code of ['timeout', 'unreachable'] as const) {
        parts.sts.assumeRole = () => Promise.reject(new BackupError(code, 'nobody there'));
        assert.equal(
          await sentenceOf(read(profile)),
          "https://sts.aliyuncs.com can't be reached. Set sts_region in the CLI profile “a” to your region " +
            'to use its STS endpoint.',
        );
        await assert.rejects(read({ ...profile, sts_region: 'cn-beijing' }), { code });
      }
    });

    it('has its token named where STS says that it belongs to another key', async () => {
      const refused = new BackupError('credentials-expired', 'refused', {
        serviceCode: 'InvalidSecurityToken.MismatchWithAccessKey',
      });
      parts.sts.assumeRole = () => Promise.reject(refused);
      const profile = { name: 'a', mode: 'RamRoleArn', ...pair, ...role, sts_token: 'stale' };
      assert.match(await sentenceOf(read(profile)), /Correct sts_token in the CLI profile “a”, or remove it/);
    });

    it('needs every part', () => {
      assert.equal(
        blocked({ name: 'my work', mode: 'AK', access_key_id: 'LTAI1' }),
        "The CLI profile “my work” has no access_key_secret. Run: aliyun configure --profile 'my work'",
      );
      assert.match(blocked({ name: 'a', mode: 'AK', access_key_secret: 's' }), /has no access_key_id/);
      assert.match(blocked({ name: 'a', mode: 'StsToken', ...pair }), /has no sts_token/);
    });
  });

  describe('RamRoleArn', () => {
    it('is assumed with everything that the profile says', async () => {
      const timed = await read({
        ...{ name: 'a', mode: 'RamRoleArn', ...pair, ...role, sts_token: 'the token' },
        ...{ external_id: 'ext 1', expired_seconds: 1800, sts_endpoint: 'sts.example.com' },
      });
      assert.deepEqual(timed, { key: first, expiresAtMs: parts.clock.now() + 3_600_000 });
      assert.deepEqual(asked(), {
        endpoint: 'https://sts.example.com',
        key: { ...pairKey, securityToken: 'the token' },
        role: { roleArn: arn, sessionName: 'me', durationSeconds: 1800, externalId: 'ext 1' },
      });
    });

    it('lasts an hour and has a name when the profile says neither', async () => {
      await read({ name: 'a', mode: 'RamRoleArn', ...pair, ram_role_arn: arn });
      assert.deepEqual(asked().role, {
        roleArn: arn,
        sessionName: 'cloud-backup-vscode',
        durationSeconds: 3600,
      });
      parts.env['ALIBABA_CLOUD_ROLE_SESSION_NAME'] = 'from-environment';
      await read({ name: 'a', mode: 'RamRoleArn', ...pair, ram_role_arn: arn });
      assert.equal(parts.sts.roles[1]?.role.sessionName, 'from-environment');
    });

    it('asks the STS of the profile, of its region, of the user, or the global one', async () => {
      const endpoint = async (fields: object): Promise<string | undefined> => {
        await read({ name: 'a', mode: 'RamRoleArn', ...pair, ...role, ...fields });
        return parts.sts.roles.at(-1)?.endpoint;
      };
      const region = { sts_region: 'cn-beijing' };
      assert.equal(await endpoint({}), 'https://sts.aliyuncs.com');
      // Named for the profile, not for STS: a session of the regional host is the same.
      for (const region_id of ['ap-southeast-5', ' AP-Southeast-5 ', 'ap-southeast-5a']) {
        assert.equal(await endpoint({ region_id }), 'https://sts.ap-southeast-5.aliyuncs.com', region_id);
      }
      assert.equal(await endpoint({ region_id: 'ap-southeast-6' }), 'https://sts.aliyuncs.com');
      assert.equal(
        await endpoint({ ...region, region_id: 'eu-west-1' }),
        'https://sts.cn-beijing.aliyuncs.com',
      );
      assert.equal(await endpoint(region), 'https://sts.cn-beijing.aliyuncs.com');
      assert.equal(await endpoint({ sts_region: 'ap-southeast-6' }), 'https://sts.aliyuncs.com');
      assert.equal(await endpoint({ ...region, sts_endpoint: 'http://127.0.0.1:80' }), 'http://127.0.0.1');
      parts.env['ALIBABA_CLOUD_STS_REGION'] = 'eu-central-1';
      assert.equal(await endpoint({}), 'https://sts.eu-central-1.aliyuncs.com');
      parts.env['ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED'] = 'true';
      assert.equal(await endpoint(region), 'https://sts-vpc.cn-beijing.aliyuncs.com');
      parts.overrideHosts.current = { sts: 'https://sts.mine.example' };
      assert.equal(await endpoint(region), 'https://sts.mine.example');
      const ofRegion = new Map([['cn-beijing', { sts: 'https://sts.beijing.example' }]]);
      parts.overrideHosts.current = { sts: 'https://sts.mine.example', regions: ofRegion };
      assert.equal(await endpoint(region), 'https://sts.beijing.example');
      assert.equal(
        await endpoint({ ...region, sts_endpoint: 'sts.aliyuncs.com' }),
        'https://sts.aliyuncs.com',
      );
    });

    it('says what STS has against it; a refused key stays a refused key', async () => {
      const profile = { name: 'a', mode: 'RamRoleArn', ...pair, ...role };
      const refuse = (error: Error) => {
        parts.sts.assumeRole = () => Promise.reject(error);
      };
      refuse(new BackupError('permission-denied', 'no', { serviceCode: 'NoPermission' }));
      assert.equal(
        await sentenceOf(read(profile)),
        "The profile “a” can't assume this role. It needs the sts:AssumeRole permission, and the role must trust it.",
      );
      refuse(new BackupError('not-found', 'no', { serviceCode: 'EntityNotExist.Role' }));
      assert.match(await sentenceOf(read(profile)), /This role doesn't exist/);
      refuse(new BackupError('credentials-rejected', 'no'));
      await assert.rejects(read(profile), { code: 'credentials-rejected' });
    });

    it('is blocked where STS could not take it, or a signed request may not go', () => {
      const blockedBy = (fields: object) =>
        blocked({ name: 'a', mode: 'RamRoleArn', ...pair, ...role, ...fields });
      assert.match(blockedBy({ ram_role_arn: '' }), /has no ram_role_arn/);
      assert.match(
        blockedBy({ ram_role_arn: 'backup' }),
        /^ram_role_arn in the CLI profile “a” isn't the ARN/,
      );
      assert.match(
        blockedBy({ ram_session_name: 'a b' }),
        /^Use 2 to 64 .* for ram_session_name in the CLI profile “a”/,
      );
      assert.match(
        blockedBy({ expired_seconds: 60 }),
        /^The value of expired_seconds in .* is less than 900/,
      );
      assert.match(blockedBy({ sts_region: 'cn-beijing.evil.com/' }), /^sts_region of .* isn't a region/);
      assert.match(
        blockedBy({ sts_region: 'cn-beijing-a' }),
        /^sts_region of .* isn't a region\. cn-beijing-a is a zone. Did you mean region cn-beijing\?$/,
      );
      for (const sts_endpoint of [
        'http://sts.aliyuncs.com',
        'sts.aliyuncs.com/x',
        'https://u:p@sts.aliyuncs.com',
      ]) {
        assert.match(blockedBy({ sts_endpoint }), /^sts_endpoint of .* isn't an https address/);
      }
    });
  });

  describe('ChainableRamRoleArn', () => {
    const source = { name: 'source', mode: 'AK', ...pair };

    it('is assumed with the key of the source profile', async () => {
      await read({ name: 'a', mode: 'ChainableRamRoleArn', source_profile: 'source', ...role }, source);
      assert.deepEqual(asked().key, pairKey);
    });

    it('may stand on another one', async () => {
      const chained = (name: string, source_profile: string, ram_session_name: string): Fields => ({
        ...{ name, mode: 'ChainableRamRoleArn', source_profile, ram_session_name },
        ...{ ram_role_arn: arn, external_id: name },
      });
      const timed = await read(chained('a', 'b', 'outer'), chained('b', 'source', 'inner'), source);
      assert.equal(timed.key.accessKeyId, 'STS.2');
      assert.deepEqual(
        parts.sts.roles.map(({ key, role: { sessionName, externalId } }) => [
          key.accessKeyId,
          sessionName,
          externalId,
        ]),
        [
          ['LTAI1', 'inner', 'b'],
          ['STS.1', 'outer', 'a'],
        ],
      );
    });

    it('names the circle that profiles go in', () => {
      const chained = (name: string, source_profile: string): Fields => ({
        ...{ name, mode: 'ChainableRamRoleArn', source_profile, ...role },
      });
      assert.equal(
        blocked(chained('a', 'b'), chained('b', 'c'), chained('c', 'b')),
        'These CLI profiles are source profiles of each other: b → c → b. Change source_profile in one of them.',
      );
      assert.match(blocked(chained('a', 'a')), /: a → a\./);
    });

    it('is blocked by what blocks its source', () => {
      const chained = { name: 'a', mode: 'ChainableRamRoleArn', source_profile: 'source', ...role };
      assert.equal(
        blocked(chained),
        "The source profile of the CLI profile “a” is “source”, which doesn't exist. Run: aliyun configure --profile a",
      );
      assert.match(blocked(chained, { name: 'source', mode: 'AK' }), /“source” has no access_key_id/);
      assert.match(blocked({ ...chained, source_profile: '' }, source), /“a” has no source_profile/);
    });
  });

  describe('EcsRamRole and RamRoleArnWithRoleName', () => {
    beforeEach(() => {
      const body = JSON.stringify({
        ...{ Code: 'Success', AccessKeyId: 'STS.ecs', AccessKeySecret: 'secret of ecs' },
        ...{ SecurityToken: 'token of ecs', Expiration: '2026-01-02T09:00:00Z' },
      });
      const url = 'http://100.100.100.200/latest/meta-data/ram/security-credentials/machine';
      parts.http.replies.set(`GET ${url}`, { status: 200, body });
    });
    const ecsKey = {
      accessKeyId: 'STS.ecs',
      accessKeySecret: 'secret of ecs',
      securityToken: 'token of ecs',
    };

    it('is the one of the instance', async () => {
      const timed = await read({ name: 'a', mode: 'EcsRamRole', ram_role_name: 'machine' });
      assert.deepEqual(timed, { key: ecsKey, expiresAtMs: Date.UTC(2026, 0, 2, 9) });
    });

    it('lets another role be assumed', async () => {
      const timed = await read({
        name: 'a',
        mode: 'RamRoleArnWithRoleName',
        ram_role_name: 'machine',
        ...role,
      });
      assert.deepEqual(timed.key, first);
      assert.deepEqual(asked().key, ecsKey);
    });
  });

  describe('External', () => {
    const command = `"${process.execPath}" -p 'JSON.stringify({mode:"AK",access_key_id:"LTAI9",access_key_secret:"printed"})'`;
    const profile = { name: 'tool', mode: 'External', process_command: command };

    it('comes from a program that runs only when it was allowed', async () => {
      await inTemporaryFolder(async (home) => {
        parts = fakeKeyDeps(home);
        await assert.rejects(read(profile), { code: 'command-not-allowed', message: /^(?!.*LTAI9)/ });
        assert.equal(way(profile).program?.commandLine, command);
        await parts.consent.allow('tool', command, 'cloud-key');
        assert.deepEqual(await read(profile), { key: { accessKeyId: 'LTAI9', accessKeySecret: 'printed' } });
        assert.equal(parts.hidden.has('printed'), true);
        await assert.rejects(read({ ...profile, name: 'other' }), { code: 'command-not-allowed' });
        await assert.rejects(read({ ...profile, process_command: `${command} x` }), {
          code: 'command-not-allowed',
        });
      });
    });

    it('may be the source of a role, and is asked about all the same', async () => {
      const chained = { name: 'a', mode: 'ChainableRamRoleArn', source_profile: 'tool', ...role };
      assert.equal(way(chained, profile).program?.profileName, 'tool');
      await assert.rejects(read(chained, profile), { code: 'command-not-allowed' });
    });

    it('is blocked where the environment forbids it, or the command cannot be read', () => {
      assert.match(blocked({ ...profile, process_command: 'tool "x' }), /an unclosed quote/);
      assert.match(blocked({ ...profile, process_command: '' }), /has no process_command/);
      for (const value of ['1', 'true', 'TRUE']) {
        parts.env['ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS'] = value;
        assert.match(blocked(profile), /ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS blocks running programs/);
        assert.match(
          blocked({ name: 'a', mode: 'CredentialsURI', credentials_uri: 'https://x/' }),
          /blocks getting credentials/,
        );
      }
    });
  });

  describe('CredentialsURI', () => {
    const body = JSON.stringify({
      ...{ Code: 'Success', AccessKeyId: 'STS.uri', AccessKeySecret: 'secret of uri' },
      ...{ SecurityToken: 'token of uri', Expiration: '2026-01-02T09:00:00Z' },
    });

    it('comes from the address in the profile, else in the environment', async () => {
      parts.http.replies.set('GET https://keys.example.com/', { status: 200, body });
      parts.http.replies.set('GET http://localhost:7001/', { status: 200, body });
      const profile = { name: 'a', mode: 'CredentialsURI' };
      assert.match(blocked(profile), /has no credentials_uri/);
      parts.env['ALIBABA_CLOUD_CREDENTIALS_URI'] = 'http://localhost:7001/';
      assert.equal((await read(profile)).key.accessKeyId, 'STS.uri');
      await read({ ...profile, credentials_uri: 'https://keys.example.com/' });
      assert.deepEqual(
        parts.http.asked.map(({ url }) => url),
        ['http://localhost:7001/', 'https://keys.example.com/'],
      );
    });

    it('is blocked for an address that a key may not come from', () => {
      assert.match(
        blocked({ name: 'a', mode: 'CredentialsURI', credentials_uri: 'http://x.com' }),
        /neither https/,
      );
    });
  });

  describe('OIDC', () => {
    it('is assumed with the token in the file, as it is then', async () => {
      await inTemporaryFolder(async (home) => {
        parts = fakeKeyDeps(home);
        const profile = {
          ...{ name: 'a', mode: 'OIDC', oidc_provider_arn: 'acs:ram::1:oidc-provider/p', ...role },
          ...{ oidc_token_file: 'token', sts_region: 'cn-beijing' },
        };
        await assert.rejects(read(profile), {
          code: 'source-unusable',
          message: 'OIDC token file cannot be read',
        });
        await writeFile(join(home, 'token'), ' \n');
        await assert.rejects(read(profile), { message: 'OIDC token file is empty' });
        for (const token of ['first.token', 'second.token']) {
          await writeFile(join(home, 'token'), `${token}\n`);
          await read({
            ...profile,
            oidc_token_file: token === 'first.token' ? 'token' : join(home, 'token'),
          });
        }
        assert.deepEqual(
          parts.sts.oidc.map(({ request }) => request.oidcToken),
          ['first.token', 'second.token'],
        );
        assert.deepEqual(parts.sts.oidc[0], {
          endpoint: 'https://sts.cn-beijing.aliyuncs.com',
          request: {
            ...{ roleArn: arn, sessionName: 'me', durationSeconds: 3600 },
            ...{ oidcProviderArn: 'acs:ram::1:oidc-provider/p', oidcToken: 'first.token' },
          },
        });
        assert.equal(parts.hidden.has('second.token'), true);
      });
    });

    it('needs provider, token and role', () => {
      const whole = { name: 'a', mode: 'OIDC', oidc_provider_arn: 'p', oidc_token_file: 'f', ...role };
      for (const field of ['oidc_provider_arn', 'oidc_token_file', 'ram_role_arn']) {
        assert.match(blocked({ ...whole, [field]: '' }), new RegExp(`has no ${field}`));
      }
    });
  });

  describe('CloudSSO and OAuth', () => {
    const now = () => parts.clock.now() / 1000;
    const modes = [
      { mode: 'CloudSSO', ends: 'cloud_sso_access_token_expire' },
      { mode: 'OAuth', ends: 'oauth_refresh_token_expire' },
    ];

    it('is the triple that the CLI keeps, while it is valid', async () => {
      for (const { mode } of modes) {
        const profile = { name: 'a', mode, ...pair, sts_token: 'kept', sts_expiration: now() + 1 };
        assert.deepEqual(await read(profile), {
          key: { ...pairKey, securityToken: 'kept' },
          expiresAtMs: parts.clock.now() + 1000,
        });
        // Over by our clock, which is two hours ahead of the service's.
        const ahead = { name: 'a', mode, ...pair, sts_token: 'kept', sts_expiration: now() - 3600 };
        parts.offset.ms = -2 * 3_600_000;
        assert.equal((await read(ahead)).expiresAtMs, (now() + 3600) * 1000);
        parts.offset.ms = 0;
      }
    });

    it('has expired when it is over: the CLI renews it, or needs a new sign-in', () => {
      for (const { mode, ends } of modes) {
        const profile = { name: 'prod', mode, ...pair, sts_token: 'kept', sts_expiration: now() };
        const renew = refusal({ ...profile, [ends]: now() + 60 });
        assert.equal(renew.code, 'credentials-expired');
        assert.equal(
          renew.sentence,
          'The temporary credentials of CLI profile “prod” have expired. To renew them, run: aliyun sts GetCallerIdentity --profile prod',
        );
        const over = refusal({ ...profile, [ends]: now() });
        assert.equal(over.code, 'credentials-expired');
        assert.equal(
          over.sentence,
          'Sign in to the CLI profile “prod” again. Run: aliyun configure --profile prod',
        );
        assert.match(
          blocked({ name: 'prod', mode, sts_expiration: now() + 60 }),
          /^Sign in to the CLI profile .* again/,
        );
      }
    });
  });

  describe('what cannot be used', () => {
    it('says why, and what to do', () => {
      assert.match(
        blocked({ name: 'a', mode: 'RsaKeyPair', private_key: 'k', key_pair_name: 'n' }),
        /RSA key pairs aren't supported\. To set up other credentials, run: aliyun configure --profile a/,
      );
      assert.match(
        blocked({ name: 'a', mode: 'BearerToken', bearer_token: 'b' }),
        /Bearer tokens aren't supported/,
      );
      assert.match(blocked({ name: 'a', mode: 'Anonymous' }), /has no credentials\. To set them up, run/);
      assert.match(blocked({ name: 'a' }), /“a” is empty\. To set it up, run/);
      assert.match(
        blocked({ name: 'a', mode: 'Telepathy' }),
        /has the mode “Telepathy”, which this extension doesn't know/,
      );
      assert.match(blocked({ name: 'a', mode: 'ak', ...pair }), /has the mode “ak”\. Correct it to “AK”/);
      assert.match(
        blocked({ name: 'a', mode: 'AK', ...pair, sts_token: 1 }),
        /profiles\[0\]\.sts_token isn't text/,
      );
    });
  });
});
