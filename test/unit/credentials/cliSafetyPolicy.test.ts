import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strictestRuling } from '../../../src/core/change/safety/safetyPolicy';
import { readCliSafetyPolicies } from '../../../src/credentials/cliSafetyPolicy';
import type { CliConfigPlace } from '../../../src/credentials/cliConfigPath';

const enabled = 'ALIBABA_CLOUD_SAFETY_POLICY_ENABLED';
const rules = 'ALIBABA_CLOUD_SAFETY_POLICY_RULES';

describe('the safety policy of the CLI', () => {
  let home: string;
  let file: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'cloud-backup-policy-'));
    file = join(home, '.aliyun', 'safety-policy.json');
    await mkdir(join(home, '.aliyun'));
  });
  afterEach(() => rm(home, { recursive: true }));

  const readAll = (env: Readonly<Record<string, string>> = {}, place: Partial<CliConfigPlace> = {}) =>
    readCliSafetyPolicies({ platform: 'linux', home, env, setting: '', ...place });
  const read = async (env: Readonly<Record<string, string>> = {}) => {
    const [policy, ...others] = await readAll(env);
    assert.deepEqual(others, []);
    return policy ?? assert.fail('there is no policy');
  };
  const write = (policy: unknown) =>
    writeFile(file, typeof policy === 'string' ? policy : JSON.stringify(policy));
  const problem = async (env: Readonly<Record<string, string>> = {}) => {
    const policy = await read(env);
    return policy.state === 'broken' ? policy.problem : assert.fail(`is ${policy.state}`);
  };

  it('is off without a file, and with one that is switched off', async () => {
    assert.deepEqual(await read(), { state: 'off' });
    await write({ rules: [{ pattern: '*', action: 'deny' }] });
    assert.deepEqual(await read(), { state: 'off' });
    await write({ enabled: false, rules: 'none' });
    assert.deepEqual(await read(), { state: 'off' });
  });

  it('has its rules in order, and reads forbid as confirm', async () => {
    await write({
      enabled: true,
      rules: [
        { pattern: 'hbr:Uninstall*', action: 'deny' },
        { pattern: 'hbr:*', action: 'forbid' },
        { pattern: '*', action: 'allow' },
      ],
    });
    assert.deepEqual(await read(), {
      state: 'on',
      rules: [
        { pattern: 'hbr:Uninstall*', action: 'deny' },
        { pattern: 'hbr:*', action: 'confirm' },
        { pattern: '*', action: 'allow' },
      ],
      source: file,
    });
  });

  it('may begin with a byte order mark and have no rules', async () => {
    await write('\uFEFF{"enabled": true}');
    assert.deepEqual(await read(), { state: 'on', rules: [], source: file });
  });

  it('is switched by the environment', async () => {
    await write({ enabled: true, rules: [{ pattern: '*', action: 'deny' }] });
    assert.deepEqual(await read({ [enabled]: 'false' }), { state: 'off' });
    await write({ enabled: false, rules: [{ pattern: '*', action: 'deny' }] });
    assert.equal((await read({ [enabled]: '1' })).state, 'on');
  });

  it('has the rules of the environment in place of those of the file', async () => {
    const given = { [rules]: 'hbr:Uninstall*=deny, hbr:*=allow,, = deny,x' };
    const on = {
      state: 'on',
      rules: [
        { pattern: 'hbr:Uninstall*', action: 'deny' },
        { pattern: 'hbr:*', action: 'allow' },
      ],
      source: rules,
    };
    await write({ enabled: true, rules: [{ pattern: '*', action: 'deny' }] });
    assert.deepEqual(await read(given), on);
    await write('{');
    assert.deepEqual(await read({ ...given, [enabled]: 'true' }), on);
    assert.match(await problem(given), /isn't valid JSON/);
  });

  it('has the rules of the environment where there is no file, and not where it is switched off', async () => {
    const given = { [rules]: 'hbr:*=deny' };
    assert.deepEqual(await read(given), {
      state: 'on',
      rules: [{ pattern: 'hbr:*', action: 'deny' }],
      source: rules,
    });
    assert.deepEqual(await read({ ...given, [enabled]: 'false' }), { state: 'off' });
    await write({ enabled: false });
    assert.deepEqual(await read(given), { state: 'off' });
  });

  it('denies by a rule whose action is another word, and keeps the word', async () => {
    await write({ enabled: true, rules: [{ pattern: 'hbr:*', action: 'Deny' }] });
    const policy = await read();
    assert.deepEqual(policy.state === 'on' && policy.rules, [
      { pattern: 'hbr:*', action: 'deny', unknownWord: 'Deny' },
    ]);
  });

  it('loses no rule of the file to a variable without a valid one', async () => {
    await write({ enabled: true, rules: [{ pattern: 'hbr:Upgrade*', action: 'deny' }] });
    const policy = await read({ [rules]: 'hbr:Install*=stop' });
    assert.deepEqual(policy.state === 'on' && policy.rules, [
      { pattern: 'hbr:Install*', action: 'deny', unknownWord: 'stop' },
      { pattern: 'hbr:Upgrade*', action: 'deny' },
    ]);
  });

  it('has names without case, as the CLI reads them, and each of them once', async () => {
    await write({ Enabled: true, RULES: [{ Pattern: 'hbr:*', Action: 'deny' }] });
    const policy = await read();
    assert.deepEqual(policy.state === 'on' && policy.rules, [{ pattern: 'hbr:*', action: 'deny' }]);
    await write({ enabled: true, Enabled: false, rules: [] });
    assert.match(await problem(), /It contains “enabled” more than once/);
  });

  it('may have null for what it leaves out', async () => {
    await write({ enabled: true, rules: null });
    assert.deepEqual(await read(), { state: 'on', rules: [], source: file });
    await write({ enabled: null });
    assert.deepEqual(await read(), { state: 'off' });
  });

  describe('beside a configuration elsewhere', () => {
    let moved: string;

    beforeEach(async () => {
      moved = join(home, 'moved');
      await mkdir(join(moved, '.aliyun'), { recursive: true });
      await writeFile(
        join(moved, '.aliyun', 'safety-policy.json'),
        JSON.stringify({ enabled: true, rules: [{ pattern: 'hbr:Upgrade*', action: 'deny' }] }),
      );
      await write({ enabled: true, rules: [{ pattern: 'hbr:Upgrade*', action: 'confirm' }] });
    });

    const answer = async (env: Readonly<Record<string, string>>, place: Partial<CliConfigPlace>) =>
      strictestRuling(await readAll(env, place), 'hbr:UpgradeBackupClients');

    it('is read through HOME, and the stricter one counts', async () => {
      const ruling = await answer({ HOME: moved }, {});
      assert.equal(ruling?.rule.action, 'deny');
      assert.equal(ruling.source, join(moved, '.aliyun', 'safety-policy.json'));
    });

    it('is read through the setting, and the stricter one counts', async () => {
      const setting = join(moved, '.aliyun', 'config.json');
      assert.equal((await answer({}, { setting }))?.rule.action, 'deny');
      await write({ enabled: true, rules: [{ pattern: 'hbr:*', action: 'deny' }] });
      assert.equal((await answer({}, { setting: join(moved, 'config.json') }))?.rule.action, 'deny');
    });

    it('is looked for below HOMEDRIVE with HOMEPATH, and below the profile folder, on Windows', async () => {
      const policies = await readAll(
        { HOMEDRIVE: 'H:', HOMEPATH: '\\me', [enabled]: '1' },
        { platform: 'win32', home: 'C:\\Users\\me' },
      );
      assert.deepEqual(
        policies.map((policy) => policy.state === 'on' && policy.source),
        ['H:\\me\\.aliyun\\safety-policy.json', 'C:\\Users\\me\\.aliyun\\safety-policy.json'],
      );
    });

    it('refuses where the setting is no absolute path', async () => {
      const policies = await readAll({}, { setting: 'config.json' });
      assert.ok(policies.some((policy) => policy.state === 'broken' && /absolute/.test(policy.problem)));
    });
  });

  it('is not softened by the variable that skips the confirm of the CLI', async () => {
    await write({ enabled: true, rules: [{ pattern: '*', action: 'confirm' }] });
    const policy = await read({ ALIBABA_CLOUD_SAFETY_SKIP_CONFIRM: 'true' });
    assert.deepEqual(policy.state === 'on' && policy.rules[0]?.action, 'confirm');
  });

  it('is broken when it is no JSON: the line is named, the text is not', async () => {
    await write('{\n  "enabled": true,\n  "rules": [ SECRET-TEXT ]\n}');
    const text = await problem();
    assert.match(text, /safety-policy\.json can't be used\. It isn't valid JSON in line 3, column \d+\./);
    assert.doesNotMatch(text, /SECRET/);
  });

  it('is broken when it means nothing, each with its reason', async () => {
    const cases: readonly (readonly [unknown, RegExp])[] = [
      ['[]', /doesn't contain a JSON object/],
      [{ enabled: 'yes' }, /Its “enabled” must be true or false/],
      [{ enabled: true, rules: {} }, /Its “rules” must be a list/],
      [{ enabled: true, rules: [{ pattern: 'a', action: 'deny' }, { pattern: 'b' }] }, /Rule 2 has no/],
      [{ enabled: true, rules: [{ action: 'deny' }] }, /Rule 1 has no/],
      ['', /isn't valid JSON in line 1, column 1/],
    ];
    for (const [policy, reason] of cases) {
      await write(policy);
      assert.match(await problem(), reason);
    }
  });

  it('is broken when it is no file, a pipe that nobody writes to, or too large', async () => {
    await mkdir(file);
    assert.match(await problem(), /isn't a regular file/);
    await rm(file, { recursive: true });
    execFileSync('mkfifo', [file]);
    assert.match(await problem(), /isn't a regular file/);
    await rm(file);
    await write('');
    await truncate(file, 1024 ** 3);
    assert.match(await problem(), /larger than 1 MB/);
  });

  it('is broken when the switch of the environment means nothing, without its text', async () => {
    for (const text of ['SECRET', 'off', 'no', 'yes']) {
      assert.match(await problem({ [enabled]: text }), new RegExp(enabled));
    }
    assert.doesNotMatch(await problem({ [enabled]: 'SECRET' }), /SECRET/);
  });
});
