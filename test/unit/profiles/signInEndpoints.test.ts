import { strict as assert } from 'node:assert';
import {
  endpointOverridesOf,
  endpointsWith,
  type EndpointSetting,
} from '../../../src/core/profiles/endpointOverrides';
import type { InspectedSetting } from '../../../src/core/kernel/ownSetting';

const read = (settings: Partial<Record<EndpointSetting, InspectedSetting>>) =>
  endpointOverridesOf((setting) => settings[setting]);

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

  it('are ignored where they make no sense, and say so by their name', () => {
    const insecure = 'Use https, or http for this computer only.';
    const tooMuch = 'Enter only a host, and a port if needed.';
    const none = 'Enter an address such as https://example.com.';
    const bad: readonly (readonly [setting: unknown, reason: string])[] = [
      ['http://hbr.example.com', insecure],
      ['ftp://hbr.example.com', insecure],
      ['https://user:word@hbr.example.com', tooMuch],
      ['https://hbr.example.com/path', tooMuch],
      ['https://', none],
      [7, none],
      [{ host: 'x' }, none],
    ];
    for (const [setting, reason] of bad) {
      assert.deepEqual(read({ ecs: { globalValue: setting } }), {
        overrides: {},
        problems: [`cloudBackup.endpoints.ecs is ignored. ${reason}`],
      });
    }
  });

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

describe('endpoint settings of a region', () => {
  const regions = (globalValue: unknown) => read({ regions: { globalValue } });

  it('are for a region in any spelling', () => {
    const { overrides, problems } = regions({ ' CN-Beijing ': 'vpc' });
    assert.deepEqual(problems, []);
    assert.equal(endpointsWith(overrides, 'cn-beijing').hbr, 'https://hbr-vpc.cn-beijing.aliyuncs.com');
  });

  it('go before the hosts of a network', () => {
    const { overrides } = regions({ 'cn-beijing': { hbr: 'https://own.example.com' } });
    assert.deepEqual(endpointsWith(overrides, 'cn-beijing', 'vpc'), {
      hbr: 'https://own.example.com',
      ecs: 'https://ecs-vpc.cn-beijing.aliyuncs.com',
      sts: 'https://sts-vpc.cn-beijing.aliyuncs.com',
    });
  });

  it('go before those for all regions, which go before the public host', () => {
    const { overrides, problems } = read({
      hbr: { globalValue: 'https://all.example.com' },
      sts: { globalValue: 'https://sts.example.com' },
      regions: {
        globalValue: {
          'cn-beijing': 'vpc',
          'eu-west-1': { hbr: 'https://eu.example.com', ecs: '' },
          'us-east-1': {},
        },
      },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(endpointsWith(overrides, 'cn-beijing'), {
      hbr: 'https://hbr-vpc.cn-beijing.aliyuncs.com',
      ecs: 'https://ecs-vpc.cn-beijing.aliyuncs.com',
      sts: 'https://sts-vpc.cn-beijing.aliyuncs.com',
    });
    assert.deepEqual(endpointsWith(overrides, 'eu-west-1'), {
      hbr: 'https://eu.example.com',
      ecs: 'https://ecs.eu-west-1.aliyuncs.com',
      sts: 'https://sts.example.com',
    });
    for (const id of ['us-east-1', 'us-west-1']) {
      assert.deepEqual(endpointsWith(overrides, id), {
        hbr: 'https://all.example.com',
        ecs: `https://ecs.${id}.aliyuncs.com`,
        sts: 'https://sts.example.com',
      });
    }
  });

  it('are ignored where they make no sense, and say so by their name', () => {
    const address = 'Enter an address such as https://example.com.';
    const object = 'It must be an object with region IDs as keys.';
    const id = 'Use a region ID such as cn-hangzhou.';
    const value = 'It must be "vpc" or an object of endpoints.';
    const bad: readonly (readonly [setting: unknown, name: string, reason: string])[] = [
      ['vpc', '', object],
      [['vpc'], '', object],
      [{ 'CN Beijing': 'vpc' }, '.CN Beijing', id],
      [{ 'x.example.com/': 'vpc' }, '.x.example.com/', id],
      [{ 'cn-beijing-a': 'vpc' }, '.cn-beijing-a', 'cn-beijing-a is a zone. Did you mean region cn-beijing?'],
      [{ 'cn-beijing': 'VPC' }, '.cn-beijing', value],
      [{ 'cn-beijing': null }, '.cn-beijing', value],
      [
        { 'cn-beijing': { hbr: 'http://10.0.0.1' } },
        '.cn-beijing.hbr',
        'Use https, or http for this computer only.',
      ],
      [{ 'cn-beijing': { sts: 7 } }, '.cn-beijing.sts', address],
      [
        { 'cn-beijing': { oss: 'https://oss.example.com' } },
        '.cn-beijing.oss',
        'The services are hbr, ecs, sts.',
      ],
    ];
    for (const [setting, name, reason] of bad) {
      const { overrides, problems } = regions(setting);
      assert.deepEqual(problems, [`cloudBackup.endpoints.regions${name} is ignored. ${reason}`]);
      assert.deepEqual(endpointsWith(overrides, 'cn-beijing'), endpointsWith({}, 'cn-beijing'));
    }
  });

  it('lose nothing that is good beside something bad', () => {
    const { overrides, problems } = regions({
      'cn-beijing': { hbr: 'nonsense://', ecs: 'https://ecs.example.com' },
      'cn-shanghai': 7,
      'eu-west-1': 'vpc',
    });
    assert.equal(problems.length, 2);
    assert.equal(endpointsWith(overrides, 'cn-beijing').ecs, 'https://ecs.example.com');
    assert.equal(endpointsWith(overrides, 'eu-west-1').hbr, 'https://hbr-vpc.eu-west-1.aliyuncs.com');
  });

  it('take nothing from a remote computer', () => {
    const remote = { 'cn-beijing': { hbr: 'https://evil.example.com' } };
    assert.deepEqual(read({ regions: { globalValue: remote, globalRemoteValue: remote } }).overrides, {});
  });
});
