import type { NamedCredentials } from '../../../src/credentials/credentialFile';
import { strict as assert } from 'node:assert';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSdkCredentialsFile } from '../../../src/credentials/sdkCredentialsFile';
import { fakeKeyDeps, patient, sentenceOf } from '../../support/keyDeps';
import { inTemporaryFolder } from '../../support/temporaryFolder';

const role = 'acs:ram::1234567890123456:role/backup';
const text = `
[default]
type = access_key
access_key_id = LTAIdefault
access_key_secret = secret-of-default
region_id = cn-hangzhou

[session]
type = sts
access_key_id = STS.session
access_key_secret = secret-of-session
security_token = token+of/session==

[machine]
type = ecs_ram_role
role_name = backup-role

[role]
type = ram_role_arn
access_key_id = LTAIrole
access_key_secret = secret-of-role
role_arn = ${role}
role_session_name = alice
policy = {"Version":"1","Statement":[]}

[cluster]
type = oidc_role_arn
role_arn = ${role}
oidc_provider_arn = acs:ram::1234567890123456:oidc-provider/k8s
oidc_token_file_path = token

[pair]
type = rsa_key_pair
public_key_id = kp-1

[bearer]
type = bearer
bearer_token = bearer-of-somebody

[odd]
type = Access_Key

[off]
enable = false
type = access_key

[half]
type = access_key
access_key_id = LTAIhalf
`;

type Parts = ReturnType<typeof fakeKeyDeps>;

/** The file in a home of its own, as it is written there; none for no text. */
async function withFile(
  content: string | Buffer | undefined,
  work: (file: NamedCredentials, parts: Parts, path: string) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await inTemporaryFolder(async (home) => {
    const path = join(home, '.alibabacloud', 'credentials');
    await mkdir(join(home, '.alibabacloud'));
    if (content !== undefined) await writeFile(path, content);
    const parts = fakeKeyDeps(home);
    Object.assign(parts.env, env);
    const file = createSdkCredentialsFile({ ...parts, pollMs: 20 });
    try {
      await work(file, parts, path);
      // Nothing outside VS Code is ever written.
      if (Buffer.isBuffer(content)) assert.deepEqual(await readFile(path), content);
    } finally {
      file.dispose();
    }
  });
}

describe('the credentials file of the SDKs', () => {
  it('offers every section, those that cannot be used with their reason', async () => {
    await withFile(text, async (file) => {
      const { offers, problems } = await file.offers();
      assert.deepEqual(problems, []);
      assert.deepEqual(
        offers.map(({ name, kindInWords, blocked }) => [name, kindInWords, blocked === undefined]),
        [
          ['default', 'Access key', true],
          ['session', 'Temporary credentials', true],
          ['machine', 'RAM role of this ECS instance', true],
          ['role', 'RAM role', true],
          ['cluster', 'RAM role with an OIDC token', true],
          ['pair', 'RSA key pair', false],
          ['bearer', 'Bearer token', false],
          ['odd', 'Unknown type', false],
          ['off', 'Access key', false],
          ['half', 'Access key', false],
        ],
      );
      assert.deepEqual(offers[0], {
        source: { kind: 'sdkFile', section: 'default' },
        name: 'default',
        kindInWords: 'Access key',
        regionId: 'cn-hangzhou',
        current: true,
      });
      assert.match(
        offers.find(({ name }) => name === 'half')?.blocked ?? '',
        /access_key_secret isn't set in section “half” of/,
      );
      assert.match(
        offers.find(({ name }) => name === 'off')?.blocked ?? '',
        /turned off by “enable = false”/,
      );
    });
  });

  it('gives the keys of access_key and sts', async () => {
    await withFile(text, async (file, _parts, path) => {
      assert.deepEqual(await file.read('default', patient), {
        key: { accessKeyId: 'LTAIdefault', accessKeySecret: 'secret-of-default' },
      });
      assert.deepEqual(await file.read('session', patient), {
        key: {
          accessKeyId: 'STS.session',
          accessKeySecret: 'secret-of-session',
          securityToken: 'token+of/session==',
        },
        tokenName: `security_token in the section “session” of ${path}`,
      });
    });
  });

  it('assumes the role of ram_role_arn with its policy', async () => {
    await withFile(text, async (file, { sts }) => {
      assert.equal((await file.read('role', patient)).key.accessKeyId, 'STS.1');
      assert.deepEqual(sts.roles, [
        {
          endpoint: 'https://sts.aliyuncs.com',
          key: { accessKeyId: 'LTAIrole', accessKeySecret: 'secret-of-role' },
          role: {
            roleArn: role,
            sessionName: 'alice',
            durationSeconds: 3600,
            policy: '{"Version":"1","Statement":[]}',
          },
        },
      ]);
    });
  });

  it('asks the STS of the region and the network that the environment names', async () => {
    const env = { ALIBABA_CLOUD_STS_REGION: 'cn-beijing', ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED: 'true' };
    await withFile(
      text,
      async (file, { sts, overrideHosts }) => {
        await file.read('role', patient);
        overrideHosts.current = { sts: 'http://127.0.0.1:4010' };
        await file.read('role', patient);
        assert.deepEqual(
          sts.roles.map(({ endpoint }) => endpoint),
          ['https://sts-vpc.cn-beijing.aliyuncs.com', 'http://127.0.0.1:4010'],
        );
      },
      env,
    );
  });

  it('takes the role and the session name from the environment where a section leaves them out', async () => {
    const env = { ALIBABA_CLOUD_ROLE_ARN: role, ALIBABA_CLOUD_ROLE_SESSION_NAME: 'of-the-environment' };
    const section = '[s]\ntype = ram_role_arn\naccess_key_id = LTAI1\naccess_key_secret = secret-of-s';
    await withFile(
      section,
      async (file, { sts }) => {
        await file.read('s', patient);
        assert.deepEqual(
          [sts.roles[0]?.role.roleArn, sts.roles[0]?.role.sessionName],
          [role, 'of-the-environment'],
        );
      },
      env,
    );
  });

  it('reads the token of oidc_role_arn anew each time, from beside the home', async () => {
    await withFile(text, async (file, { sts, home, hidden }) => {
      await writeFile(join(home, 'token'), 'oidc-token-1\n');
      await file.read('cluster', patient);
      await writeFile(join(home, 'token'), 'oidc-token-2');
      await file.read('cluster', patient);
      assert.deepEqual(
        sts.oidc.map(({ request }) => request.oidcToken),
        ['oidc-token-1', 'oidc-token-2'],
      );
      assert.ok(hidden.has('oidc-token-1'));
    });
  });

  it('asks the metadata service for ecs_ram_role', async () => {
    await withFile(text, async (file, { http }) => {
      await sentenceOf(file.read('machine', patient));
      assert.match(http.asked.at(-1)?.url ?? '', /security-credentials\/backup-role$/);
    });
  });

  it('tells every secret of every section before it is used', async () => {
    await withFile(text, async (file, { hidden }) => {
      await file.offers();
      assert.deepEqual(
        [...hidden],
        [
          'secret-of-default',
          'secret-of-session',
          'token+of/session==',
          'secret-of-role',
          'bearer-of-somebody',
        ],
      );
    });
  });

  it('knows the section that ALIBABA_CLOUD_PROFILE names', async () => {
    await withFile(
      text,
      async (file) => {
        const { offers } = await file.offers();
        assert.deepEqual(
          offers.filter(({ current }) => current).map(({ name }) => name),
          ['session'],
        );
      },
      { ALIBABA_CLOUD_PROFILE: 'session' },
    );
  });

  it('says of an unknown section, type, role or session name what to do, without quoting it', async () => {
    await withFile(text, async (file) => {
      assert.match(
        await sentenceOf(file.read('none', patient)),
        /There's no section “none” in .*credentials/,
      );
      const odd = await sentenceOf(file.read('odd', patient));
      assert.match(odd, /Use one of these: access_key, sts, /);
      assert.doesNotMatch(odd, /Access_Key/);
    });
    const wrong = (roleArn: string, session: string) =>
      `[s]\ntype = ram_role_arn\naccess_key_id = LTAI1\naccess_key_secret = x\nrole_arn = ${roleArn}\nrole_session_name = ${session}`;
    await withFile(wrong('not-an-arn', 'alice'), async (file) => {
      const sentence = await sentenceOf(file.read('s', patient));
      assert.match(sentence, /^role_arn in section “s” of .* isn't the ARN of a RAM role\./);
      assert.doesNotMatch(sentence, /not-an-arn/);
    });
    await withFile(wrong(role, 'a b'), async (file) => {
      assert.match(await sentenceOf(file.read('s', patient)), /for role_session_name in section “s”/);
    });
  });

  it('offers nothing where there is no file, and says so only when one is asked for', async () => {
    await withFile(undefined, async (file) => {
      assert.deepEqual(await file.offers(), { offers: [], problems: [] });
      assert.equal(await file.isThere(), false);
      assert.match(
        await sentenceOf(file.read('default', patient)),
        /There's no credentials file .*credentials/,
      );
    });
  });

  it('reads the file that ALIBABA_CLOUD_CREDENTIALS_FILE names, and says when that is missing', async () => {
    await inTemporaryFolder(async (home) => {
      const parts = fakeKeyDeps(home);
      parts.env['ALIBABA_CLOUD_CREDENTIALS_FILE'] = join(home, 'elsewhere');
      const file = createSdkCredentialsFile({ ...parts, pollMs: 20 });
      const { problems } = await file.offers();
      assert.match(
        problems[0] ?? '',
        /ALIBABA_CLOUD_CREDENTIALS_FILE names .*elsewhere, which doesn't exist/,
      );
      await writeFile(join(home, 'elsewhere'), text);
      assert.equal((await file.read('default', patient)).key.accessKeyId, 'LTAIdefault');
      file.dispose();
    });
  });

  const broken: readonly (readonly [string, string | Buffer, RegExp])[] = [
    [
      'a line that is nothing',
      '[default]\ntype = access_key\nsecret-of-mine',
      /Line 3 is neither a section header nor/,
    ],
    ['a section without an end', '[secret-of-mine\n', /Line 1 isn't a valid section header/],
    ['a value before any section', 'access_key_secret = secret-of-mine', /Line 1 comes before the first/],
    ['UTF-16', Buffer.from('\uFEFF[default]\r\ntype = secret-of-mine', 'utf16le'), /It isn't UTF-8 text/],
    ['more than 8 MB', `[default]\n${'# x\n'.repeat(2_200_000)}`, /larger than 8 MB/],
  ];
  for (const [what, content, expected] of broken) {
    it(`names file and line of ${what}, and never the content`, async () => {
      await withFile(content, async (file, _parts, path) => {
        const { offers, problems } = await file.offers();
        assert.deepEqual(offers, []);
        assert.match(problems[0] ?? '', expected);
        assert.ok(problems[0]?.includes(path));
        assert.equal(await file.isThere(), true);
        await assert.rejects(file.read('default', patient), (error: Error & { sentence?: string }) => {
          assert.equal(error.sentence, problems[0]);
          assert.doesNotMatch(`${error.message} ${error.sentence ?? ''}`, /mine/);
          return true;
        });
      });
    });
  }

  it('tells when the file changes, appears or goes, once it was read', async () => {
    await withFile(text, async (file, _parts, path) => {
      await file.offers();
      const next = async (act: () => Promise<void>): Promise<void> => {
        const changed = new Promise<void>((resolve) => {
          const listening = file.onDidChange(() => {
            listening.dispose();
            resolve();
          });
        });
        // Watching may begin a moment after the first read: what happened before that is not told.
        const again = setInterval(() => void act(), 40);
        await act();
        await changed.finally(() => clearInterval(again));
      };
      let comments = '';
      await next(() => writeFile(path, (comments += '# changed\n')));
      await next(() => rm(path, { force: true }));
      await next(() => writeFile(path, (comments += '# changed\n')));
    });
  });
});
