import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import CliProfileProvider from '@alicloud/credentials/dist/src/providers/cli_profile';
import { Emitter } from '../../../src/core/kernel/events';
import { SourceUnusable } from '../../../src/core/profiles/keys/credentialSource';
import { cliConfigPath, isCliLeftOut } from '../../../src/credentials/cliConfigPath';
import { watchFile } from '../../../src/credentials/watchFile';
import { createCliSource, type CliSource } from '../../../src/credentials/cliSource';
import { fakeKeyDeps, patient, sentenceOf } from '../../support/keyDeps';
import { inTemporaryFolder } from '../../support/temporaryFolder';

const pair = { access_key_id: 'LTAI1', access_key_secret: 'the secret' };
const file = {
  current: 'default',
  profiles: [
    { name: 'default', mode: 'AK', ...pair, region_id: 'cn-hangzhou', output_format: 'json', language: 'en' },
    { name: 'temp', mode: 'StsToken', ...pair, access_key_id: 'STS.x', sts_token: 'the token' },
    {
      name: 'tool',
      mode: 'External',
      process_command: 'cloud-key --for "my team"',
      region_id: 'not a region',
    },
    { name: 'sso', mode: 'CloudSSO', region_id: 'eu-central-1', access_token: 'sign-in' },
    { name: 'keys', mode: 'RsaKeyPair', private_key: 'pem' },
  ],
};

describe('the profiles of the CLI', () => {
  let parts: ReturnType<typeof fakeKeyDeps>;
  let source: CliSource;
  let path: string;
  let setting: string;
  let pathChanges: Emitter<void>;

  const write = async (config: unknown, at = path) => {
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, typeof config === 'string' ? config : JSON.stringify(config));
  };
  /** Runs with a home of its own, in which there is no file yet. */
  const inHome = (work: (home: string) => Promise<void>) => async () => {
    await inTemporaryFolder(async (home) => {
      parts = fakeKeyDeps(home);
      parts.env['HOME'] = home;
      setting = '';
      pathChanges = new Emitter();
      path = join(home, '.aliyun', 'config.json');
      source = createCliSource({
        ...parts,
        configPath: () => setting,
        onDidChangePath: pathChanges.event,
        pollMs: 20,
      });
      try {
        await work(home);
      } finally {
        source.dispose();
      }
    });
  };
  const nameOf = async (): Promise<string> => (await source.read(undefined, patient)).key.accessKeyId;

  it(
    'are all offered, those that cannot be used with their reason',
    inHome(async () => {
      await write(file);
      const { offers, problems } = await source.offers();
      assert.deepEqual(problems, []);
      assert.deepEqual(offers, [
        {
          ...{ source: { kind: 'cli', name: 'default' }, name: 'default', kindInWords: 'Access key' },
          ...{ regionId: 'cn-hangzhou', current: true },
        },
        {
          source: { kind: 'cli', name: 'temp' },
          name: 'temp',
          kindInWords: 'Temporary credentials',
          current: false,
        },
        {
          ...{ source: { kind: 'cli', name: 'tool' }, name: 'tool', kindInWords: 'External program' },
          ...{ current: false, command: 'cloud-key --for "my team"' },
        },
        {
          ...{ source: { kind: 'cli', name: 'sso' }, name: 'sso', kindInWords: 'CloudSSO sign-in' },
          ...{ regionId: 'eu-central-1', current: false },
          blocked: 'Sign in to the CLI profile “sso” again. Run: aliyun configure --profile sso',
        },
        {
          ...{
            source: { kind: 'cli', name: 'keys' },
            name: 'keys',
            kindInWords: 'RSA key pair',
            current: false,
          },
          blocked:
            "RSA key pairs aren't supported. To set up other credentials, run: aliyun configure --profile keys",
        },
      ]);
    }),
  );

  it(
    'say which web console their account signs in to, where the CLI noted it',
    inHome(async () => {
      await write({
        current: 'cn',
        profiles: [
          { name: 'cn', mode: 'OAuth', oauth_site_type: 'CN' },
          { name: 'intl', mode: 'AK', ...pair, site: 'intl' },
          { name: 'odd', mode: 'OAuth', oauth_site_type: 'MARS', site: 'CN' },
          { name: 'silent', mode: 'AK', ...pair },
        ],
      });
      const names = [undefined, 'intl', 'odd', 'silent', 'missing'];
      assert.deepEqual(await Promise.all(names.map((name) => source.consoleSiteOf(name))), [
        'china',
        'international',
        undefined,
        undefined,
        undefined,
      ]);
    }),
  );

  it(
    'have their secrets hidden, used or not',
    inHome(async () => {
      await write(file);
      await source.offers();
      assert.deepEqual([...parts.hidden].sort(), ['pem', 'sign-in', 'the secret', 'the token']);
    }),
  );

  it(
    'are none without a file; a profile that is wanted all the same says so',
    inHome(async () => {
      assert.deepEqual(await source.offers(), { offers: [], problems: [] });
      assert.equal(
        await sentenceOf(source.read('default', patient)),
        `The Alibaba Cloud CLI has no profiles in ${path}. Run: aliyun configure`,
      );
      assert.equal(await source.isThere(), false);
      await assert.rejects(stat(dirname(path)), { code: 'ENOENT' });
    }),
  );

  it(
    'are a problem when the file is broken: file, line and column, and nothing of it',
    inHome(async () => {
      await write('{\n"profiles": [{"access_key_secret": SECRET}]\n}');
      const { offers, problems } = await source.offers();
      assert.deepEqual(offers, []);
      const sentence = `The Alibaba Cloud CLI profiles in ${path} can't be used. It isn't valid JSON in line 2, column 36. Correct the file, then try again.`;
      assert.deepEqual(problems, [sentence]);
      assert.equal(await sentenceOf(source.read('default', patient)), sentence);
      await write(`{"x": "${'x'.repeat(8 * 1024 * 1024)}"}`);
      assert.match((await source.offers()).problems[0] ?? '', /larger than 8 MB/);
      await rm(path);
      await mkdir(path);
      assert.match((await source.offers()).problems[0] ?? '', /isn't a regular file/);
    }),
  );

  it(
    'are read live: the key that the file has now',
    inHome(async () => {
      await write(file);
      assert.equal(await nameOf(), 'LTAI1');
      await write({ ...file, current: 'temp' });
      assert.equal(await nameOf(), 'STS.x');
    }),
  );

  it(
    'have a current one: of the first variable that is set, else of the file',
    inHome(async () => {
      const profiles = ['a', 'b', 'c', 'd', 'default'].map((name) => ({
        ...{ name, mode: 'AK', access_key_id: `LTAI-${name}`, access_key_secret: 's' },
      }));
      await write({ profiles });
      assert.equal(await nameOf(), 'LTAI-default');
      await write({ current: 'd', profiles });
      assert.equal(await nameOf(), 'LTAI-d');
      parts.env['ALICLOUD_PROFILE'] = 'c';
      assert.equal(await nameOf(), 'LTAI-c');
      parts.env['ALIBABA_CLOUD_PROFILE'] = 'b';
      assert.equal(await nameOf(), 'LTAI-b');
      parts.env['ALIBABACLOUD_PROFILE'] = 'a';
      assert.equal(await nameOf(), 'LTAI-a');
      assert.deepEqual(
        (await source.offers()).offers.filter(({ current }) => current).map(({ name }) => name),
        ['a'],
      );
      assert.equal((await source.read('c', patient)).key.accessKeyId, 'LTAI-c');
    }),
  );

  it(
    'say which name is unknown, and who gave it',
    inHome(async () => {
      await write({ ...file, current: 'gone' });
      assert.equal(
        await sentenceOf(source.read(undefined, patient)),
        `There's no CLI profile “gone” in ${path}. Choose another one, or create it by running: aliyun configure`,
      );
      assert.equal(await source.isThere(), true);
      parts.env['ALIBABA_CLOUD_PROFILE'] = 'nobody';
      const sentence =
        "ALIBABA_CLOUD_PROFILE names the CLI profile “nobody”, which doesn't exist. Correct the variable.";
      assert.equal(await sentenceOf(source.read(undefined, patient)), sentence);
      assert.deepEqual((await source.offers()).problems, [sentence]);
    }),
  );

  it(
    'let a program run only as it was shown',
    inHome(async () => {
      await write(file);
      await assert.rejects(source.allowCommand('tool'), SourceUnusable);
      await source.offers();
      await write(JSON.stringify(file).replace('my team', 'their team'));
      assert.equal(
        await sentenceOf(source.allowCommand('tool')),
        'The command of the CLI profile “tool” has changed. Review it again.',
      );
      assert.equal(parts.consent.allowed.size, 0);
      await source.offers();
      await source.allowCommand('tool');
      assert.deepEqual([...parts.consent.allowed], ['tool: cloud-key --for "their team"']);
      const { offers } = await source.offers();
      assert.equal(offers.find(({ name }) => name === 'tool')?.command, undefined);
      await source.allowCommand('tool');
      await source.allowCommand('default');
    }),
  );

  it(
    'lie where the user says, from then on',
    inHome(async (home) => {
      await write(file);
      await write({ profiles: [{ name: 'other', mode: 'AK', ...pair }] }, join(home, 'elsewhere.json'));
      assert.equal((await source.offers()).offers.length, 5);
      const heard = changeOf(source);
      setting = '~/elsewhere.json';
      pathChanges.fire();
      await heard;
      assert.deepEqual(
        (await source.offers()).offers.map(({ name }) => name),
        ['other'],
      );
      setting = 'elsewhere.json';
      const { problems } = await source.offers();
      assert.match(problems[0] ?? '', /cloudBackup\.credentials\.cliConfigPath isn't an absolute path/);
    }),
  );

  describe('when the file changes', () => {
    it(
      'tell it: made with its folder, written, replaced, and gone with its folder',
      inHome(async (home) => {
        await source.offers();
        const steps: readonly (() => Promise<void>)[] = [
          () => write(file),
          () => write({ ...file, current: 'temp' }),
          async () => {
            await write({ ...file, current: 'tool' }, join(home, 'config.tmp'));
            await rename(join(home, 'config.tmp'), path);
          },
          () => rm(dirname(path), { recursive: true }),
          () => write(file),
          () => write({ ...file, current: 'sso' }),
        ];
        for (const step of steps) {
          const heard = changeOf(source);
          await step();
          await heard;
        }
      }),
    );

    it(
      'tell it, however soon that is after they were read',
      inHome(async () => {
        assert.deepEqual((await source.offers()).offers, []);
        const heard = changeOf(source);
        // Nothing else that was asked of the file system is answered before these two.
        mkdirSync(dirname(path));
        writeFileSync(path, JSON.stringify(file));
        await heard;
      }),
    );

    it(
      'tell it through a symbolic link, and when the link points elsewhere',
      inHome(async (home) => {
        const [one, two] = [join(home, 'dotfiles', 'one.json'), join(home, 'dotfiles', 'two.json')];
        await write(file, one);
        await write({ ...file, current: 'temp' }, two);
        await mkdir(dirname(path));
        await symlink(one, path);
        assert.equal(await nameOf(), 'LTAI1');
        let heard = changeOf(source);
        await write({ ...file, current: 'temp' }, one);
        await heard;
        heard = changeOf(source);
        await symlink(two, `${path}.new`);
        await rename(`${path}.new`, path);
        await heard;
        assert.equal(await nameOf(), 'STS.x');
      }),
    );

    it(
      'say nothing any more once they are disposed',
      inHome(async () => {
        await write(file);
        await source.offers();
        let heard = 0;
        source.onDidChange(() => heard++);
        source.dispose();
        await write({ ...file, current: 'temp' });
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(heard, 0);
      }),
    );
  });

  it(
    'have a stamp that changes with what they and those behind them say, and with nothing else',
    inHome(async () => {
      const behind = { name: 'behind', mode: 'AK', ...pair };
      const role = { name: 'role', mode: 'ChainableRamRoleArn', source_profile: 'behind' };
      const stamps = async () =>
        await Promise.all([undefined, 'role', 'behind', 'nobody'].map((name) => source.stampOf(name)));
      await write({ current: 'behind', profiles: [behind, role] });
      const before = await stamps();
      assert.equal(new Set(before).size, 4 - 1, 'the current one is "behind"');
      assert.ok(!before.join().includes(pair.access_key_secret));

      await write({ current: 'behind', profiles: [{ name: 'new', mode: 'AK', ...pair }, behind, role] });
      assert.deepEqual(await stamps(), before);
      const changed = async () => (await stamps()).map((stamp, at) => stamp !== before[at]);
      await write({ current: 'role', profiles: [behind, role] });
      assert.deepEqual(await changed(), [true, false, false, false]);
      await write({ current: 'behind', profiles: [{ ...behind, access_key_id: 'LTAI2' }, role] });
      assert.deepEqual(await changed(), [true, true, true, false]);
      await write('{');
      assert.deepEqual(await changed(), [true, true, true, true]);
    }),
  );

  it(
    'may be thousands',
    inHome(async () => {
      // As the CLI writes them: every field, used or not.
      const fields = Object.fromEntries(
        Array.from({ length: 35 }, (_, at) => [`a_field_of_the_cli_${at}`, '']),
      );
      const profiles = Array.from({ length: 5000 }, (_, at) => ({
        ...fields,
        name: `account-${at}`,
        ...(at === 0
          ? { mode: 'AK', ...pair }
          : {
              mode: 'ChainableRamRoleArn',
              source_profile: 'account-0',
              ram_role_arn: 'acs:ram::1234567890123456:role/backup',
              ram_session_name: 'me',
            }),
      }));
      await write({ current: 'account-4999', profiles });
      const { offers, problems } = await source.offers();
      assert.deepEqual(problems, []);
      assert.equal(offers.filter(({ blocked }) => blocked === undefined).length, 5000);
    }),
  );

  it(
    'leave the file as it is, whatever is done with it',
    inHome(async (home) => {
      const tool = `"${process.execPath}" -p 'JSON.stringify({mode:"AK",access_key_id:"LTAI9",access_key_secret:"printed"})'`;
      const [first, ...rest] = file.profiles;
      await write({
        current: 'default',
        profiles: [first, { name: 'program', mode: 'External', process_command: tool }, ...rest],
      });
      await chmod(path, 0o400);
      const look = async () => [
        await readFile(path, 'utf8'),
        (await stat(path, { bigint: true })).mtimeNs,
        (await stat(dirname(path), { bigint: true })).mtimeNs,
        (await stat(home, { bigint: true })).mtimeNs,
      ];
      const before = await look();
      const { offers } = await source.offers();
      await source.allowCommand('program');
      for (const { name } of offers) await source.read(name, patient).catch(() => undefined);
      assert.equal((await source.read('program', patient)).key.accessKeyId, 'LTAI9');
      assert.deepEqual(await look(), before);
    }),
  );

  it(
    'are the ones that the official package finds in the same file',
    inHome(async (home) => {
      await write(file);
      const saved = process.env['ALIBABA_CLOUD_PROFILE'];
      try {
        for (const { current, variable, name } of [
          { current: 'default' },
          { current: 'temp' },
          { current: 'default', variable: 'temp' },
          { current: 'temp', variable: 'default', name: 'temp' },
        ] as readonly { current: string; variable?: string; name?: string }[]) {
          await write({ ...file, current });
          delete process.env['ALIBABA_CLOUD_PROFILE'];
          if (variable !== undefined) process.env['ALIBABA_CLOUD_PROFILE'] = variable;
          parts.env['ALIBABA_CLOUD_PROFILE'] = variable;
          const builder = CliProfileProvider.builder();
          const theirs = (name === undefined ? builder : builder.withProfileName(name)).build();
          // The package looks in the home of the system; it has this field for tests.
          Object.assign(theirs, { homedir: home });
          const { accessKeyId, accessKeySecret, securityToken } = await theirs.getCredentials();
          const { key } = await source.read(name, patient);
          assert.deepEqual(
            [key.accessKeyId, key.accessKeySecret, key.securityToken],
            [accessKeyId, accessKeySecret, securityToken],
          );
        }
      } finally {
        delete process.env['ALIBABA_CLOUD_PROFILE'];
        if (saved !== undefined) process.env['ALIBABA_CLOUD_PROFILE'] = saved;
      }
    }),
  );
});

describe('a watched file', () => {
  it('is told of by the file system at once, also behind a link to the same folder', async () => {
    await inTemporaryFolder(async (folder) => {
      const [link, target, other] = [join(folder, 'link'), join(folder, 'target'), join(folder, 'other')];
      await writeFile(target, 'one');
      await symlink(target, link);
      let told = (): void => undefined;
      const next = (): Promise<void> => new Promise((resolve) => (told = resolve));
      // Nobody would wait for the poll.
      const watching = watchFile(link, 3_600_000, () => told());
      try {
        // The first look only learns how things are, whenever that is.
        const begun = new AbortController();
        void next().then(() => begun.abort());
        for (let writes = 0; !begun.signal.aborted; writes++) await writeFile(target, String(writes));
        for (const step of [
          () => writeFile(target, 'longer than any number'),
          () => writeFile(other, 'three').then(() => rename(other, target)),
          () => rm(target),
          () => writeFile(target, 'four'),
        ]) {
          const heard = next();
          await step();
          await heard;
        }
      } finally {
        watching.dispose();
      }
    });
  });
});

describe('the place of the CLI configuration', () => {
  const at = (platform: NodeJS.Platform, env: Record<string, string>, setting = '') =>
    cliConfigPath({
      platform,
      env,
      home: platform === 'win32' ? 'C:\\Users\\system' : '/home/system',
      setting,
    });

  it('is in the home that the CLI takes', () => {
    assert.equal(at('linux', { HOME: '/home/me' }), '/home/me/.aliyun/config.json');
    assert.equal(at('darwin', {}), '/home/system/.aliyun/config.json');
    const windows = { HOMEDRIVE: 'D:', HOMEPATH: '\\Me', USERPROFILE: 'C:\\Users\\me', HOME: '/c/git' };
    assert.equal(at('win32', windows), 'D:\\Me\\.aliyun\\config.json');
    assert.equal(at('win32', { USERPROFILE: 'C:\\Users\\me' }), 'C:\\Users\\me\\.aliyun\\config.json');
    assert.equal(at('win32', {}), 'C:\\Users\\system\\.aliyun\\config.json');
  });

  it('is the one that the user set, if that is an absolute path', () => {
    const env = { HOME: '/home/me', USERPROFILE: 'C:\\Users\\me' };
    assert.equal(at('linux', env, ' /etc/aliyun.json '), '/etc/aliyun.json');
    assert.equal(at('linux', env, '~/x/config.json'), '/home/me/x/config.json');
    assert.equal(at('win32', env, '~\\x.json'), 'C:\\Users\\me\\x.json');
    assert.equal(at('win32', env, 'C:\\x.json'), 'C:\\x.json');
    for (const setting of ['x.json', './x.json', '~other/x.json', '$HOME/x.json']) {
      assert.equal(at('linux', env, setting), undefined, setting);
    }
  });

  it('is left out of the official order where the environment says so', () => {
    assert.equal(isCliLeftOut({}), false);
    assert.equal(isCliLeftOut({ ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'True' }), true);
    assert.equal(isCliLeftOut({ ALIBABA_CLOUD_IGNORE_PROFILE: 'TRUE' }), true);
    assert.equal(isCliLeftOut({ ALIBABA_CLOUD_IGNORE_PROFILE: 'true' }), false);
  });
});

/** Resolves with the next change. */
function changeOf(source: CliSource): Promise<void> {
  return new Promise((resolve) => {
    const heard = source.onDidChange(() => {
      heard.dispose();
      resolve();
    });
  });
}
