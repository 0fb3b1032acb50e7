import { strict as assert } from 'node:assert';
import { decodeCliConfig } from '../../../src/credentials/cliConfig';
import { modeOf } from '../../../src/credentials/cliModes';
import { BrokenFile } from '../../../src/credentials/smallFile';

describe('the configuration file of the CLI', () => {
  const hidden: string[] = [];
  beforeEach(() => hidden.splice(0));
  const decode = (config: unknown) =>
    decodeCliConfig(typeof config === 'string' ? config : JSON.stringify(config), (secret) =>
      hidden.push(secret),
    );
  const brokenBecause = (text: string): string => {
    try {
      decode(text);
    } catch (error) {
      if (error instanceof BrokenFile) return error.sentence;
      throw error;
    }
    return assert.fail('is not broken');
  };

  it('has a current profile, and profiles in its order', () => {
    const { current, profiles, problems } = decode({
      current: 'work',
      profiles: [
        { name: 'default', mode: 'AK', region_id: 'cn-hangzhou' },
        { name: 'work', mode: 'RamRoleArn', expired_seconds: 900 },
      ],
      meta_path: '',
    });
    assert.equal(current, 'work');
    assert.deepEqual(
      profiles.map(({ name, mode, region_id, expired_seconds }) => [name, mode, region_id, expired_seconds]),
      [
        ['default', 'AK', 'cn-hangzhou', 0],
        ['work', 'RamRoleArn', '', 900],
      ],
    );
    assert.deepEqual(problems, []);
  });

  it('may have nothing in it, a byte order mark, and keys that nobody knows', () => {
    assert.deepEqual(decode('\uFEFF{}'), { current: 'default', profiles: [], problems: [] });
    assert.deepEqual(decode('{"profiles": null, "current": "", "x": 1}').profiles, []);
    assert.equal(decode({ profiles: [{ name: 'a', read_timeout: 'x', new_thing: {} }] }).problems.length, 0);
  });

  it('takes null for left out', () => {
    const [profile] = decode({ profiles: [{ name: 'a', mode: null, sts_expiration: null }] }).profiles;
    assert.equal(profile?.mode, '');
    assert.equal(profile.sts_expiration, 0);
    assert.equal(profile.problem, undefined);
  });

  it('is broken where it stops being JSON: line and column are named, and nothing of it', () => {
    const text = '{\n  "current": "default",\n  "profiles": [{"access_key_secret": "SECRET" "x"}]\n}';
    assert.equal(brokenBecause(text), "It isn't valid JSON in line 3, column 47.");
    assert.equal(text.split('\n')[2]?.charAt(46), '"');
    assert.equal(brokenBecause(''), "It isn't valid JSON in line 1, column 1.");
    assert.equal(brokenBecause('[]'), "It doesn't contain a JSON object.");
    assert.equal(brokenBecause('{"profiles": {}}'), 'Its “profiles” must be a list.');
  });

  it('names a value of a wrong type by its path; the other profiles stay', () => {
    const { profiles, problems } = decode({
      current: 7,
      profiles: [
        { name: 'good', mode: 'AK' },
        { name: 'bad', mode: ['SECRET'], access_key_secret: 'hidden all the same' },
        { name: 'worse', expired_seconds: '900' },
        { name: ['x'] },
        { mode: 'AK' },
        'SECRET',
      ],
    });
    assert.deepEqual(
      profiles.map(({ name, problem }) => [name, problem]),
      [
        ['good', undefined],
        ['bad', "profiles[1].mode isn't text. Correct it in the file."],
        ['worse', "profiles[2].expired_seconds isn't a whole number. Correct it in the file."],
      ],
    );
    assert.deepEqual(problems, [
      "profiles[3].name isn't text. Correct it in the file.",
      'profiles[4] has no name.',
      "profiles[5] isn't an object.",
      "current isn't text.",
    ]);
    assert.deepEqual(hidden, ['hidden all the same']);
  });

  it('counts the first of two profiles with one name, as the CLI does', () => {
    const { profiles, problems } = decode({
      profiles: [
        { name: 'a', region_id: 'cn-hangzhou' },
        { name: 'a', region_id: 'cn-beijing' },
      ],
    });
    assert.deepEqual(
      profiles.map(({ region_id }) => region_id),
      ['cn-hangzhou'],
    );
    assert.deepEqual(problems, ['The CLI profile “a” is in the file more than once. The first one is used.']);
  });

  it('tells every secret of every profile to be hidden', () => {
    decode({
      profiles: [
        { name: 'a', access_key_id: 'LTAI', access_key_secret: 's1', sts_token: 's2' },
        { name: 'a', access_token: 's3', oauth_access_token: 's4', oauth_refresh_token: 's5' },
        { name: '', private_key: 's6', bearer_token: 's7' },
      ],
    });
    assert.deepEqual(hidden.sort(), ['s1', 's2', 's3', 's4', 's5', 's6', 's7']);
  });

  it('lets a profile without a mode have the one that the CLI would take', () => {
    const pair = { access_key_id: 'LTAI', access_key_secret: 's' };
    const oidc = { oidc_provider_arn: 'p', oidc_token_file: 'f', ram_role_arn: 'r' };
    const cases: readonly (readonly [object, string | undefined])[] = [
      [pair, 'AK'],
      [{ ...pair, sts_token: 't' }, 'StsToken'],
      [{ ...pair, ram_role_arn: 'r' }, 'RamRoleArn'],
      [{ ...pair, ram_role_arn: 'r', sts_token: 't' }, 'StsToken'],
      [{ access_key_id: 'LTAI', ram_role_name: 'n' }, 'EcsRamRole'],
      [{ private_key: 'k', key_pair_name: 'n', ram_role_name: 'n' }, 'RsaKeyPair'],
      [{ ram_role_name: 'n', process_command: 'c' }, 'EcsRamRole'],
      [{ process_command: 'c', ...oidc }, 'External'],
      [{ ...oidc, cloud_sso_sign_in_url: 'u' }, 'OIDC'],
      [{ cloud_sso_sign_in_url: 'u', bearer_token: 'b' }, 'CloudSSO'],
      [{ bearer_token: 'b' }, 'BearerToken'],
      [{}, undefined],
      [{ ...pair, mode: 'ak' }, undefined],
      [{ ...pair, mode: 'New' }, undefined],
    ];
    for (const [fields, mode] of cases) {
      const [profile] = decode({ profiles: [{ name: 'a', ...fields }] }).profiles;
      assert.equal(profile && modeOf(profile), mode, JSON.stringify(fields));
    }
  });
});
