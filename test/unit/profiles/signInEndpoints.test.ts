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

  const bad: readonly (readonly [unknown, RegExp])[] = [
    ['vpc', /regions is not an object/],
    [['vpc'], /regions is not an object/],
    [{ 'CN Beijing': 'vpc' }, /regions\.CN Beijing is not used: a region ID/],
    [{ 'cn-beijing-a': 'vpc' }, /regions\.cn-beijing-a is not used: cn-beijing-a is a zone/],
    [{ 'x.example.com/': 'vpc' }, /regions\.x\.example\.com\/ is not used: a region ID/],
    [{ 'cn-beijing': 'VPC' }, /regions\.cn-beijing is neither "vpc" nor/],
    [{ 'cn-beijing': null }, /regions\.cn-beijing is neither "vpc" nor/],
    [{ 'cn-beijing': { hbr: 'http://10.0.0.1' } }, /regions\.cn-beijing\.hbr is neither https/],
    [{ 'cn-beijing': { sts: 7 } }, /regions\.cn-beijing\.sts is not an address/],
    [
      { 'cn-beijing': { oss: 'https://oss.example.com' } },
      /regions\.cn-beijing\.oss is not used: .*hbr, ecs, sts/,
    ],
  ];
  for (const [value, words] of bad) {
    it(`do not take ${JSON.stringify(value)}, and say so by its name in one sentence`, () => {
      const { overrides, problems } = regions(value);
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', words);
      assert.deepEqual(endpointsWith(overrides, 'cn-beijing'), endpointsWith({}, 'cn-beijing'));
    });
  }

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
