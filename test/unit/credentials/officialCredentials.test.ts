import OfficialChain from '@alicloud/credentials/dist/src/providers/default';
import { strict as assert } from 'node:assert';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { createPlainHttp } from '../../../src/api/nodePlainHttp';
import { createOutsideCredentials } from '../../../src/credentials/outsideCredentials';
import { fakeKeyDeps, patient } from '../../support/keyDeps';
import { realClock } from '../../support/realClock';
import { inTemporaryFolder } from '../../support/temporaryFolder';

/** What a machine has; `$HOME` and `$URI` stand for what is known only when it runs. */
interface Machine {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

const cliFile = '.aliyun/config.json';
const sdkFile = '.alibabacloud/credentials';
const section = (name: string, id: string): string =>
  `[${name}]\ntype = access_key\naccess_key_id = ${id}\naccess_key_secret = secret-of-${id}\n`;
const cliProfiles = (mode = 'AK'): string =>
  JSON.stringify({
    current: 'prod',
    profiles: [
      {
        name: 'prod',
        mode,
        access_key_id: 'LTAIcli',
        access_key_secret: 'secret-of-cli',
        sts_token: 'token',
      },
      { name: 'other', mode: 'AK', access_key_id: 'LTAIother', access_key_secret: 'secret-of-other' },
    ],
  });
const envKey = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIenv', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret-of-env' };

/** Runs `work` on a machine with nothing but what is said; nothing on it leaves this computer. */
async function on(
  machine: Machine,
  work: (env: Readonly<Record<string, string>>, home: string) => Promise<void>,
): Promise<void> {
  const server = createServer((_request, response) => {
    const key = { Code: 'Success', AccessKeyId: 'STS.uri', AccessKeySecret: 'secret-of-uri' };
    response.end(
      JSON.stringify({ ...key, SecurityToken: 'token-of-uri', Expiration: '2999-01-01T00:00:00Z' }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/key`;
  const before = { ...process.env };
  try {
    await inTemporaryFolder(async (home) => {
      const env: Record<string, string> = { HOME: home, ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' };
      for (const [name, value] of Object.entries(machine.env ?? {})) {
        env[name] = value.replace('$HOME', home).replace('$URI', uri);
      }
      for (const [path, content] of Object.entries(machine.files ?? {})) {
        await mkdir(dirname(join(home, path)), { recursive: true });
        await writeFile(join(home, path), content);
      }
      for (const name of Object.keys(process.env)) {
        if (/^(ALIBABA|ALICLOUD)/.test(name)) Reflect.deleteProperty(process.env, name);
      }
      Object.assign(process.env, env);
      await work(env, home);
    });
  } finally {
    for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
    server.closeAllConnections();
    server.close();
  }
}

/** Parts of the key, or undefined when there is none. */
type Told = readonly (string | undefined)[] | undefined;

async function official(): Promise<Told> {
  try {
    const key = await OfficialChain.builder().build().getCredentials();
    return [key.accessKeyId, key.accessKeySecret, key.securityToken];
  } catch {
    return undefined;
  }
}

async function ours(env: Readonly<Record<string, string>>, home: string): Promise<Told> {
  const outside = createOutsideCredentials({
    ...fakeKeyDeps(home),
    http: createPlainHttp(realClock, 'test'),
    env,
    configPath: () => '',
    onDidChangePath: () => ({ dispose: () => undefined }),
  });
  try {
    const { key } = await outside.read({ kind: 'default' }, patient);
    return [key.accessKeyId, key.accessKeySecret, key.securityToken];
  } catch {
    return undefined;
  } finally {
    outside.dispose();
  }
}

describe('the default chain beside the official package', () => {
  const both = { [cliFile]: cliProfiles(), [sdkFile]: section('default', 'LTAIsdk') };
  const same: readonly (readonly [string, Machine, Told])[] = [
    ['a key in the environment', { env: envKey, files: both }, ['LTAIenv', 'secret-of-env', undefined]],
    [
      'a temporary key in the environment',
      { env: { ...envKey, ALIBABA_CLOUD_SECURITY_TOKEN: 'token-of-env' } },
      ['LTAIenv', 'secret-of-env', 'token-of-env'],
    ],
    [
      'half a pair in the environment',
      { env: { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIenv' }, files: both },
      ['LTAIcli', 'secret-of-cli', undefined],
    ],
    ['a CLI profile and a section', { files: both }, ['LTAIcli', 'secret-of-cli', undefined]],
    [
      'a temporary key of the CLI',
      { files: { [cliFile]: cliProfiles('StsToken') } },
      ['LTAIcli', 'secret-of-cli', 'token'],
    ],
    [
      'a CLI profile that a variable names',
      { env: { ALIBABA_CLOUD_PROFILE: 'other' }, files: both },
      ['LTAIother', 'secret-of-other', undefined],
    ],
    [
      'a CLI that is switched off',
      { env: { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'True' }, files: both },
      ['LTAIsdk', 'secret-of-LTAIsdk', undefined],
    ],
    [
      'a mode in small letters',
      { files: { ...both, [cliFile]: cliProfiles('ak') } },
      ['LTAIsdk', 'secret-of-LTAIsdk', undefined],
    ],
    [
      'a CLI file that is broken',
      { files: { ...both, [cliFile]: '{ broken' } },
      ['LTAIsdk', 'secret-of-LTAIsdk', undefined],
    ],
    [
      'a name that only the file of the SDKs has',
      {
        env: { ALIBABA_CLOUD_PROFILE: 'third' },
        files: { ...both, [sdkFile]: section('default', 'LTAIsdk') + section('third', 'LTAIthird') },
      },
      ['LTAIthird', 'secret-of-LTAIthird', undefined],
    ],
    [
      'a file of the SDKs elsewhere',
      {
        env: { ALIBABA_CLOUD_CREDENTIALS_FILE: '$HOME/elsewhere' },
        files: { elsewhere: section('default', 'LTAIelsewhere') },
      },
      ['LTAIelsewhere', 'secret-of-LTAIelsewhere', undefined],
    ],
    [
      'comments, quotes and a second section of the same name',
      {
        files: {
          [sdkFile]:
            '# mine\n[default]\ntype = access_key ; kind\naccess_key_id="LTAIquoted"\naccess_key_secret=old\n' +
            "[x]\ntype=y\n[default]\naccess_key_secret = 'abc+/=='\n",
        },
      },
      ['LTAIquoted', 'abc+/==', undefined],
    ],
    [
      'a credentials URI behind files without a key',
      {
        env: { ALIBABA_CLOUD_CREDENTIALS_URI: '$URI' },
        files: { [cliFile]: cliProfiles('Anonymous'), [sdkFile]: '[default]\ntype = rsa_key_pair\n' },
      },
      ['STS.uri', 'secret-of-uri', 'token-of-uri'],
    ],
    ['nothing at all', {}, undefined],
    [
      'a section without its secret',
      { files: { [sdkFile]: '[default]\ntype = access_key\naccess_key_id = LTAIsdk\n' } },
      undefined,
    ],
  ];
  for (const [what, machine, expected] of same) {
    it(`gives the same on a machine with ${what}`, async () => {
      await on(machine, async (env, home) => {
        assert.deepEqual(await official(), expected, 'the official package');
        assert.deepEqual(await ours(env, home), expected, 'ours');
      });
    });
  }

  const more: readonly (readonly [string, string, Told])[] = [
    [
      'a section with a comment behind it, as documented',
      section('default', 'LTAIsdk').replace(']', '] # default setting'),
      ['LTAIsdk', 'secret-of-LTAIsdk', undefined],
    ],
    [
      'a temporary key in the file of the SDKs',
      '[default]\ntype = sts\naccess_key_id = STS.sdk\naccess_key_secret = s-of-sdk\nsecurity_token = token\n',
      ['STS.sdk', 's-of-sdk', 'token'],
    ],
  ];
  for (const [what, content, expected] of more) {
    it(`reads what the official package of Node does not: ${what}`, async () => {
      await on({ files: { [sdkFile]: content } }, async (env, home) => {
        assert.equal(await official(), undefined, 'the official package');
        assert.deepEqual(await ours(env, home), expected, 'ours');
      });
    });
  }

  it('keeps a secret whole that the official package of Node cuts', async () => {
    const content = section('default', 'LTAIsdk').replace('secret-of-LTAIsdk', 'abc#def;ghi');
    await on({ files: { [sdkFile]: content } }, async (env, home) => {
      assert.equal((await official())?.[1], 'abc');
      assert.equal((await ours(env, home))?.[1], 'abc#def;ghi');
    });
  });

  it('has the same order of sources', async () => {
    const env = {
      ...envKey,
      ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1:role/r',
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1:oidc-provider/p',
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: '/run/token',
      ALIBABA_CLOUD_ECS_METADATA: 'r',
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'false',
      ALIBABA_CLOUD_CREDENTIALS_URI: '$URI',
    };
    await on({ env }, () => {
      const providers: unknown = Reflect.get(OfficialChain.builder().build(), 'providers');
      assert.ok(Array.isArray(providers));
      assert.deepEqual(
        providers.map((provider: { getProviderName: () => string }) => provider.getProviderName()),
        ['env', 'oidc_role_arn', 'cli_profile', 'profile', 'ecs_ram_role', 'credential_uri'],
      );
      return Promise.resolve();
    });
  });
});
