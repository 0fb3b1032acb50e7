import { strict as assert } from 'node:assert';
import { endpointOverridesOf, endpointsWith } from '../../../src/core/profiles/endpointOverrides';
import type { InspectedSetting } from '../../../src/core/ownSetting';
import { plainTranslate as t } from '../../../src/core/localize';

const read = (settings: Partial<Record<'hbr' | 'ecs' | 'sts', InspectedSetting>>) =>
  endpointOverridesOf((service) => settings[service], t);

describe('endpoint settings', () => {
  it('replace one host each, where the user set them', () => {
    const { overrides, problems } = read({
      hbr: { globalValue: ' https://gateway.example.com ' },
      sts: { globalValue: 'http://127.0.0.1:4010' },
      ecs: { globalValue: '' },
    });
    assert.deepEqual(overrides, { hbr: 'https://gateway.example.com', sts: 'http://127.0.0.1:4010' });
    assert.deepEqual(problems, []);
    assert.deepEqual(endpointsWith(overrides, 'eu-west-1'), {
      hbr: 'https://gateway.example.com',
      ecs: 'https://ecs.eu-west-1.aliyuncs.com',
      sts: 'http://127.0.0.1:4010',
    });
  });

  const bad: readonly (readonly [unknown, RegExp])[] = [
    ['http://hbr.example.com', /neither https nor on this computer/],
    ['ftp://hbr.example.com', /neither https nor on this computer/],
    ['https://user:word@hbr.example.com', /more than a host/],
    ['https://hbr.example.com/path', /more than a host/],
    ['https://', /not an address/],
    [7, /not an address/],
    [{ host: 'x' }, /not an address/],
  ];
  for (const [value, words] of bad) {
    it(`do not take ${JSON.stringify(value)}, and say why`, () => {
      const { overrides, problems } = read({ ecs: { globalValue: value } });
      assert.deepEqual(overrides, {});
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', words);
      assert.match(problems[0] ?? '', /cloudBackup\.endpoints\.ecs/);
    });
  }

  it('take nothing from a workspace', () => {
    const workspace: InspectedSetting & {
      readonly workspaceValue: string;
      readonly workspaceFolderValue: string;
    } = {
      workspaceValue: 'https://evil.example.com',
      workspaceFolderValue: 'https://evil.example.com',
    };
    assert.deepEqual(read({ hbr: workspace }), { overrides: {}, problems: [] });
  });

  it('take nothing from the settings file of a remote computer, and keep what the user set', () => {
    const remote = 'https://evil.example.com';
    assert.deepEqual(read({ hbr: { globalValue: remote, globalRemoteValue: remote } }).overrides, {});
    assert.deepEqual(
      read({
        hbr: {
          globalValue: remote,
          globalRemoteValue: remote,
          globalLocalValue: 'https://gateway.example.com',
        },
      }).overrides,
      { hbr: 'https://gateway.example.com' },
    );
  });

  it('are none where VS Code knows no such setting', () => {
    assert.deepEqual(read({}), { overrides: {}, problems: [] });
  });
});
