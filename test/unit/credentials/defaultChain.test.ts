import { strict as assert } from 'node:assert';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CancelledError } from '../../../src/core/kernel/cancelled';
import type { OutsideCredentials } from '../../../src/core/profiles/keys/credentialSource';
import { createOutsideCredentials } from '../../../src/credentials/outsideCredentials';
import { fakeKeyDeps, patient, sentenceOf } from '../../support/keyDeps';
import { inTemporaryFolder } from '../../support/temporaryFolder';

type Parts = ReturnType<typeof fakeKeyDeps>;

interface Machine {
  readonly env?: Readonly<Record<string, string>>;
  /** Content of the CLI's file: text as it is, anything else as JSON. */
  readonly cli?: unknown;
  readonly sdkFile?: string;
}

const envKey = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIenv', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret-of-env' };
const envOidc = {
  ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1234567890123456:role/backup',
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1234567890123456:oidc-provider/k8s',
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: 'token',
};
const cliWith = (...profiles: readonly object[]) => ({ current: 'prod', profiles });
const cli = cliWith({
  name: 'prod',
  mode: 'AK',
  access_key_id: 'LTAIcli',
  access_key_secret: 'secret-of-cli',
  region_id: 'cn-shanghai',
});
const sdkFile = '[default]\ntype = access_key\naccess_key_id = LTAIsdk\naccess_key_secret = secret-of-sdk\n';
const sessionAnswer = (id: string) =>
  JSON.stringify({
    Code: 'Success',
    AccessKeyId: id,
    AccessKeySecret: `secret of ${id}`,
    SecurityToken: `token of ${id}`,
    Expiration: '2026-01-02T09:00:00Z',
  });
const metadataRole = 'http://100.100.100.200/latest/meta-data/ram/security-credentials/backup-role';
const uri = 'https://keys.example.com/backup';

async function on(
  { env = {}, cli: config, sdkFile: ini }: Machine,
  work: (outside: OutsideCredentials, parts: Parts) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (home) => {
    const write = async (path: string, content: string): Promise<void> => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    };
    if (config !== undefined) {
      const text = typeof config === 'string' ? config : JSON.stringify(config);
      await write(join(home, '.aliyun', 'config.json'), text);
    }
    if (ini !== undefined) await write(join(home, '.alibabacloud', 'credentials'), ini);
    await write(join(home, 'token'), 'oidc-token');
    const parts = fakeKeyDeps(home);
    Object.assign(parts.env, { HOME: home, ...env });
    const outside = createOutsideCredentials({
      ...parts,
      pollMs: 20,
      configPath: () => '',
      onDidChangePath: () => ({ dispose: () => undefined }),
    });
    try {
      await work(outside, parts);
    } finally {
      outside.dispose();
    }
  });
}

const read = async (outside: OutsideCredentials): Promise<string> =>
  (await outside.read({ kind: 'default' }, patient)).key.accessKeyId;

const defaultOffer = async (outside: OutsideCredentials) =>
  (await outside.offers()).offers.find(({ source }) => source.kind === 'default');

describe('the default chain', () => {
  const everything: Machine = {
    env: {
      ...envKey,
      ...envOidc,
      ALIBABA_CLOUD_ECS_METADATA: 'backup-role',
      ALIBABA_CLOUD_CREDENTIALS_URI: uri,
    },
    cli,
    sdkFile,
  };
  const without = (...names: readonly string[]): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(everything.env ?? {}).filter(([name]) => !names.includes(name)));
  const noKey = without(...Object.keys(envKey));
  const noOidc = without(...Object.keys(envKey), ...Object.keys(envOidc));
  const terraform = { ALICLOUD_ACCESS_KEY: 'LTAIterraform', ALICLOUD_SECRET_KEY: 'secret-of-terraform' };
  const onlyUri = { ALIBABA_CLOUD_CREDENTIALS_URI: uri };

  // Each machine has one source less than the one before.
  const order: readonly (readonly [Machine, string, string])[] = [
    [everything, 'LTAIenv', 'Environment variables'],
    [{ ...everything, env: noKey }, 'STS.1', 'OIDC token in the environment'],
    [{ ...everything, env: noOidc }, 'LTAIcli', 'CLI profile “prod”'],
    [{ env: noOidc, sdkFile }, 'LTAIsdk', 'Section “default” of the SDK credentials file'],
    [{ env: noOidc }, 'STS.ecs', 'RAM role of this ECS instance'],
    [{ env: { ...terraform, ...onlyUri } }, 'STS.uri', 'Credentials URI in the environment'],
    [{ env: terraform }, 'LTAIterraform', 'Environment variables for the CLI and Terraform'],
  ];
  for (const [machine, id, name] of order) {
    it(`takes its key from: ${name}`, async () => {
      await on(machine, async (outside, { http }) => {
        http.replies.set(`GET ${metadataRole}`, { status: 200, body: sessionAnswer('STS.ecs') });
        http.replies.set(`GET ${uri}`, { status: 200, body: sessionAnswer('STS.uri') });
        const offer = await defaultOffer(outside);
        assert.equal(offer?.name, name);
        assert.equal(http.asked.length, 0);
        assert.equal(await read(outside), id);
      });
    });
  }

  it('offers nothing where nothing is set up, and names what it looked at', async () => {
    await on({}, async (outside) => {
      assert.deepEqual(await outside.offers(), { offers: [], problems: [] });
      assert.equal(
        await sentenceOf(outside.read({ kind: 'default' }, patient)),
        'No credentials were found in: Environment variables, OIDC token in the environment, CLI profile, ' +
          'SDK credentials file, RAM role of this ECS instance, Credentials URI in the environment, ' +
          'Environment variables for the CLI and Terraform. ' +
          'Set up one of them, or choose another source.',
      );
    });
  });

  it('names variables that may belong to another cloud, and does not read them', async () => {
    const env = { ACCESS_KEY_ID: 'AKIA1', ACCESS_KEY_SECRET: 'secret-of-somebody' };
    await on({ env }, async (outside, { hidden }) => {
      const words = /ignored because they might be for another cloud: ACCESS_KEY_ID, ACCESS_KEY_SECRET\./;
      assert.match((await outside.offers()).problems.join(), words);
      assert.match(await sentenceOf(outside.read({ kind: 'default' }, patient)), words);
      assert.ok(hidden.has('secret-of-somebody'));
    });
  });

  it('offers itself first, then the profiles of the CLI, then the sections of the file', async () => {
    await on({ env: envKey, cli, sdkFile }, async (outside) => {
      const { offers } = await outside.offers();
      assert.deepEqual(
        offers.map(({ source }) => source),
        [{ kind: 'default' }, { kind: 'cli', name: 'prod' }, { kind: 'sdkFile', section: 'default' }],
      );
      assert.deepEqual(offers[0], {
        source: { kind: 'default' },
        name: 'Environment variables',
        kindInWords: 'Default credentials',
        current: true,
      });
      assert.equal((await outside.read({ kind: 'cli', name: 'prod' }, patient)).key.accessKeyId, 'LTAIcli');
      assert.equal(
        (await outside.read({ kind: 'sdkFile', section: 'default' }, patient)).key.accessKeyId,
        'LTAIsdk',
      );
    });
  });

  it('proposes the region of the environment, else that of the source it takes', async () => {
    await on({ cli }, async (outside) =>
      assert.equal((await defaultOffer(outside))?.regionId, 'cn-shanghai'),
    );
    await on({ cli, env: { ALIBABA_CLOUD_REGION_ID: 'cn-beijing' } }, async (outside) =>
      assert.equal((await defaultOffer(outside))?.regionId, 'cn-beijing'),
    );
    await on({ env: { ...envKey, ALIBABA_CLOUD_REGION_ID: 'evil.example/' } }, async (outside) =>
      assert.equal((await defaultOffer(outside))?.regionId, undefined),
    );
  });

  it('passes half a pair over, and says so', async () => {
    const half = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIenv' };
    const said =
      "ALIBABA_CLOUD_ACCESS_KEY_ID is ignored because ALIBABA_CLOUD_ACCESS_KEY_SECRET isn't set. " +
      'Set all of them, or none.';
    await on({ env: half, cli }, async (outside) => {
      const { offers, problems } = await outside.offers();
      assert.deepEqual([offers[0]?.name, problems], ['CLI profile “prod”', [said]]);
      assert.equal(await read(outside), 'LTAIcli');
    });
    await on({ env: half }, async (outside) => {
      assert.equal(await sentenceOf(outside.read({ kind: 'default' }, patient)), said);
    });
  });

  for (const [name, value] of [
    ['ALIBABA_CLOUD_CLI_PROFILE_DISABLED', 'true'],
    ['ALIBABA_CLOUD_IGNORE_PROFILE', 'TRUE'],
  ] as const) {
    it(`leaves the profiles of the CLI out where ${name} says so, and still lists them`, async () => {
      await on({ env: { [name]: value }, cli, sdkFile }, async (outside) => {
        assert.equal(await read(outside), 'LTAIsdk');
        const { offers } = await outside.offers();
        assert.equal(offers[0]?.name, 'Section “default” of the SDK credentials file');
        assert.ok(offers.some(({ source }) => source.kind === 'cli'));
      });
    });
  }

  it('finds a profile that only the file of the SDKs has', async () => {
    const file = `${sdkFile}[other]\ntype = access_key\naccess_key_id = LTAIother\naccess_key_secret = s\n`;
    await on({ env: { ALIBABA_CLOUD_PROFILE: 'other' }, cli, sdkFile: file }, async (outside) => {
      assert.equal(await read(outside), 'LTAIother');
      assert.equal((await defaultOffer(outside))?.name, 'Section “other” of the SDK credentials file');
    });
  });

  it('never asks the metadata service unless the environment names a role', async () => {
    await on({ env: onlyUri }, async (outside, { http }) => {
      http.replies.set(`GET ${uri}`, { status: 200, body: sessionAnswer('STS.uri') });
      await read(outside);
      assert.deepEqual(
        http.asked.map(({ url }) => url),
        [uri],
      );
    });
    const off = { ALIBABA_CLOUD_ECS_METADATA: 'backup-role', ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' };
    await on({ env: off }, async (outside, { http }) => {
      await sentenceOf(outside.read({ kind: 'default' }, patient));
      assert.equal(http.asked.length, 0);
    });
  });

  it('passes a source over that fails, and tells every reason when none is left', async () => {
    await on({ cli: '{ "current": secret', sdkFile }, async (outside) => {
      assert.equal(await read(outside), 'LTAIsdk');
    });
    const env = { ...onlyUri, ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIenv' };
    await on({ env, cli: '{ "current": secret', sdkFile: '[default]\nsecret' }, async (outside) => {
      const sentence = await sentenceOf(outside.read({ kind: 'default' }, patient));
      assert.match(
        sentence,
        /^No source returned credentials\. Environment variables: .* CLI profile: .*config\.json.*line 1.* SDK credentials file: .*Line 2.* Credentials URI in the environment: /,
      );
      assert.doesNotMatch(sentence, /secret/);
    });
  });

  it('throws what the only source threw', async () => {
    await on({ env: onlyUri }, async (outside) => {
      await assert.rejects(read(outside), { code: 'unreachable' });
    });
  });

  it('does not go on when the wait is cancelled', async () => {
    await on({ env: { ...noOidc, ...onlyUri } }, async (outside, { http }) => {
      let asked = 0;
      http.request = () => {
        asked++;
        return Promise.reject(new CancelledError());
      };
      await assert.rejects(read(outside), CancelledError);
      assert.equal(asked, 1);
    });
  });

  const withProgram = cliWith({ name: 'prod', mode: 'External', process_command: 'get-key --for me' });

  it('stops at a program that is not allowed yet, instead of taking the key of somebody else', async () => {
    await on({ cli: withProgram, sdkFile }, async (outside, { consent }) => {
      await assert.rejects(read(outside), { code: 'command-not-allowed' });
      assert.equal((await defaultOffer(outside))?.command, 'get-key --for me');
      await outside.allowCommand({ kind: 'default' });
      assert.deepEqual([...consent.allowed], ['prod: get-key --for me']);
      assert.equal((await defaultOffer(outside))?.command, undefined);
    });
  });

  it('allows no program that was read, but not told', async () => {
    await on({ cli: withProgram }, async (outside, { consent }) => {
      await assert.rejects(read(outside), { code: 'command-not-allowed' });
      await sentenceOf(outside.allowCommand({ kind: 'default' }));
      assert.equal(consent.allowed.size, 0);
    });
  });

  it('tells every secret that it reads', async () => {
    await on({ env: { ...envKey, ...envOidc }, cli, sdkFile }, async (outside, { hidden }) => {
      await outside.offers();
      assert.deepEqual([...hidden].sort(), ['secret-of-cli', 'secret-of-env', 'secret-of-sdk']);
    });
  });

  it('tells when one of the files changes', async () => {
    await on({ cli, sdkFile }, async (outside, { home }) => {
      await outside.offers();
      for (const path of [join(home, '.aliyun', 'config.json'), join(home, '.alibabacloud', 'credentials')]) {
        const changed = new Promise<void>((resolve) => {
          const listening = outside.onDidChange(() => {
            listening.dispose();
            resolve();
          });
        });
        let content = '';
        const write = (): Promise<void> => writeFile(path, (content += '\n'));
        const again = setInterval(() => void write(), 40);
        await write();
        await changed.finally(() => clearInterval(again));
      }
    });
  });
});
