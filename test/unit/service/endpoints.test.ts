import { strict as assert } from 'node:assert';
import { checkEndpoint, isLoopback, isRegionId, regionEndpoints } from '../../../src/core/service/endpoints';
import { readRegion, regions } from '../../../src/core/service/regions';

describe('checkEndpoint', () => {
  it('accepts https anywhere and http to this computer', () => {
    const accepted: readonly (readonly [string, string])[] = [
      ['https://hbr.cn-hangzhou.aliyuncs.com', 'https://hbr.cn-hangzhou.aliyuncs.com'],
      [' hbr.example.com:8443/ ', 'https://hbr.example.com:8443'],
      ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
      ['http://127.200.3.4', 'http://127.200.3.4'],
      ['http://localhost:1', 'http://localhost:1'],
      ['http://[::1]:8080', 'http://[::1]:8080'],
    ];
    for (const [text, endpoint] of accepted) assert.deepEqual(checkEndpoint(text), { ok: true, endpoint });
  });

  it('refuses plain http to anywhere else, whatever the name looks like', () => {
    for (const text of [
      'http://hbr.cn-hangzhou.aliyuncs.com',
      'http://127.0.0.1.example.com',
      'http://localhost.example.com',
      'http://10.0.0.1',
      'http://0.0.0.0',
      'http://[::2]',
      'ftp://127.0.0.1',
      'file:///etc/passwd',
    ]) {
      assert.deepEqual(checkEndpoint(text), { ok: false, reason: 'not-secure' }, text);
    }
  });

  it('refuses what is no address, and what is more than a host', () => {
    for (const text of ['', '   ', 'https://', 'a b']) {
      assert.deepEqual(checkEndpoint(text), { ok: false, reason: 'not-an-address' }, text);
    }
    for (const text of ['https://h/path', 'https://h/?q', 'https://h/#x', 'https://user:pw@h']) {
      assert.deepEqual(checkEndpoint(text), { ok: false, reason: 'more-than-a-host' }, text);
    }
  });
});

describe('isLoopback', () => {
  it('is false for what is no address', () => {
    assert.equal(isLoopback('nonsense'), false);
  });
});

describe('regionEndpoints', () => {
  it('follow the rule', () => {
    assert.deepEqual(regionEndpoints('cn-beijing'), {
      hbr: 'https://hbr.cn-beijing.aliyuncs.com',
      ecs: 'https://ecs.cn-beijing.aliyuncs.com',
      sts: 'https://sts.cn-beijing.aliyuncs.com',
    });
  });

  it('know the regions that do not', () => {
    assert.equal(regionEndpoints('cn-shenzhen-finance-1').ecs, 'https://ecs-cn-hangzhou.aliyuncs.com');
    assert.equal(regionEndpoints('cn-hangzhou-finance').ecs, 'https://ecs.aliyuncs.com');
    for (const id of ['cn-hangzhou-finance', 'cn-shenzhen-finance-1', 'ap-southeast-6']) {
      assert.equal(regionEndpoints(id).sts, 'https://sts.aliyuncs.com');
    }
  });

  it('are the VPC hosts when asked for, except where a region shares a host', () => {
    assert.deepEqual(regionEndpoints('cn-beijing', 'vpc'), {
      hbr: 'https://hbr-vpc.cn-beijing.aliyuncs.com',
      ecs: 'https://ecs-vpc.cn-beijing.aliyuncs.com',
      sts: 'https://sts-vpc.cn-beijing.aliyuncs.com',
    });
    assert.deepEqual(regionEndpoints('cn-shenzhen-finance-1', 'vpc'), {
      hbr: 'https://hbr-vpc.cn-shenzhen-finance-1.aliyuncs.com',
      ecs: 'https://ecs-cn-hangzhou.aliyuncs.com',
      sts: 'https://sts.aliyuncs.com',
    });
    assert.equal(regionEndpoints('ap-southeast-6', 'vpc').sts, 'https://sts.aliyuncs.com');
    assert.equal(regionEndpoints('ap-southeast-6', 'vpc').ecs, 'https://ecs-vpc.ap-southeast-6.aliyuncs.com');
  });

  it('are acceptable for every known region', () => {
    assert.equal(regions.length, 29);
    for (const { id, name } of regions) {
      assert.ok(isRegionId(id) && name !== '');
      for (const endpoints of [regionEndpoints(id), regionEndpoints(id, 'vpc')])
        for (const endpoint of Object.values<string>({ ...endpoints }))
          assert.equal(checkEndpoint(endpoint).ok, true);
    }
  });
});

describe('a written region', () => {
  it('is read in any spelling, and a zone is told from a region', () => {
    for (const [text, expected] of [
      ['cn-hangzhou', 'cn-hangzhou'],
      ['CN-HANGZHOU', 'cn-hangzhou'],
      [' cn-hangzhou ', 'cn-hangzhou'],
      ['cn-hangzhou\n', 'cn-hangzhou'],
      ['AP-SouthEast-1', 'ap-southeast-1'],
      ['cn-shanghai-finance-1', 'cn-shanghai-finance-1'],
      ['xx-elsewhere-9', 'xx-elsewhere-9'],
      ['cn-hangzhou-b', { zoneId: 'cn-hangzhou-b', regionId: 'cn-hangzhou' }],
      ['CN-Hangzhou-B', { zoneId: 'cn-hangzhou-b', regionId: 'cn-hangzhou' }],
      ['ap-southeast-1a', { zoneId: 'ap-southeast-1a', regionId: 'ap-southeast-1' }],
      ['cn-shanghai-finance-1a', { zoneId: 'cn-shanghai-finance-1a', regionId: 'cn-shanghai-finance-1' }],
      ['xx-elsewhere-9c', { zoneId: 'xx-elsewhere-9c', regionId: 'xx-elsewhere-9' }],
      ['', undefined],
      ['cn_hangzhou', undefined],
      ['cn-hangzhou.evil.com/', undefined],
      ['x'.repeat(65), undefined],
    ] as const) {
      assert.deepEqual(
        readRegion(text),
        expected === undefined
          ? { kind: 'neither' }
          : typeof expected === 'string'
            ? { kind: 'region', regionId: expected }
            : { kind: 'zone', ...expected },
        text,
      );
    }
  });

  it('is none of the known regions that is taken for a zone', () => {
    for (const { id } of regions) assert.deepEqual(readRegion(id), { kind: 'region', regionId: id });
  });
});

describe('isRegionId', () => {
  it('lets nothing into a host name that could change the host', () => {
    for (const text of ['', 'CN-x', 'a.b', 'a/b', 'a@b', 'x'.repeat(65), 'a b', 'a\n']) {
      assert.equal(isRegionId(text), false, text);
    }
  });
});
