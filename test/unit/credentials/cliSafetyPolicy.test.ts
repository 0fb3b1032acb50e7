import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainTranslate as t } from '../../../src/core/localize';
import { readCliSafetyPolicy } from '../../../src/credentials/cliSafetyPolicy';
import { brokenJsonAt } from '../../../src/credentials/jsonProblem';

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

  const read = (env: Readonly<Record<string, string>> = {}) => readCliSafetyPolicy({ home, env, t });
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
        { pattern: 'hbr:*', action: 'Forbid' },
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

  it('has the rules of the environment in place of the file, which may then be broken', async () => {
    await write('{');
    assert.deepEqual(await read({ [rules]: 'hbr:Uninstall*=deny, hbr:*=allow' }), {
      state: 'on',
      rules: [
        { pattern: 'hbr:Uninstall*', action: 'deny' },
        { pattern: 'hbr:*', action: 'allow' },
      ],
      source: rules,
    });
  });

  it('is not softened by the variable that skips the confirm of the CLI', async () => {
    await write({ enabled: true, rules: [{ pattern: '*', action: 'confirm' }] });
    const policy = await read({ ALIBABA_CLOUD_SAFETY_POLICY_SKIP_CONFIRM: 'true' });
    assert.deepEqual(policy.state === 'on' && policy.rules[0]?.action, 'confirm');
  });

  it('is broken when it is no JSON: the line is named, the text is not', async () => {
    await write('{\n  "enabled": true,\n  "rules": [ SECRET-TEXT ]\n}');
    const text = await problem();
    assert.match(text, /safety-policy\.json cannot be used: line 3, column \d+ is not JSON/);
    assert.doesNotMatch(text, /SECRET/);
  });

  it('is broken when it means nothing, each with its reason', async () => {
    const cases: readonly (readonly [unknown, RegExp])[] = [
      ['[]', /not an object/],
      [{ enabled: 'yes' }, /“enabled” is neither true nor false/],
      [{ enabled: true, rules: {} }, /“rules” is not a list/],
      [
        {
          enabled: true,
          rules: [
            { pattern: 'a', action: 'deny' },
            { pattern: 'b', action: 'stop' },
          ],
        },
        /rule 2 has no/,
      ],
      [{ enabled: true, rules: [{ action: 'deny' }] }, /rule 1 has no/],
      ['', /line 1, column 1 is not JSON/],
    ];
    for (const [policy, reason] of cases) {
      await write(policy);
      assert.match(await problem(), reason);
    }
  });

  it('is broken when it cannot be read', async () => {
    await mkdir(file);
    assert.match(await problem(), /it cannot be read/);
  });

  it('is broken when a variable means nothing, without its text', async () => {
    assert.match(await problem({ [enabled]: 'SECRET' }), new RegExp(enabled));
    assert.doesNotMatch(await problem({ [enabled]: 'SECRET' }), /SECRET/);
    assert.match(await problem({ [rules]: 'hbr:*=deny,SECRET' }), /^Rule 2 of/);
    assert.doesNotMatch(await problem({ [rules]: 'SECRET' }), /SECRET/);
  });
});

describe('a text that should be JSON', () => {
  it('is whole when JSON.parse takes it, and broken when it does not', () => {
    const whole = [
      '{}',
      '[]',
      ' {"a":[1,-2.5e3,"x\\u00e9\\n",true,null,{"b":{}}]} \n',
      '"a"',
      '0',
      '[[],[{}]]',
      'null',
    ];
    const broken = [
      '',
      '{',
      '[1,]',
      '{"a":1,}',
      '{a:1}',
      '[1 2]',
      '01',
      '"\n"',
      '{"a"}',
      '[}',
      '{]',
      '1 1',
      'nul',
      "'a'",
      '{,}',
      '[,]',
      '{"a":1 "b":2}',
      '"\\x"',
    ];
    for (const text of whole) {
      JSON.parse(text);
      assert.equal(brokenJsonAt(text), undefined, text);
    }
    for (const text of broken) {
      assert.throws(() => void JSON.parse(text));
      assert.notEqual(brokenJsonAt(text), undefined, text);
    }
  });

  it('names the line and the column', () => {
    assert.deepEqual(brokenJsonAt('{\n"a": 1,\n"b": x\n}'), { line: 3, column: 6 });
    assert.deepEqual(brokenJsonAt('[\n1\n'), { line: 3, column: 1 });
  });
});
