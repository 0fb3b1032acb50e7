import { strict as assert } from 'node:assert';
import {
  assistantStatusFields,
  clientQueryFields,
  installFields,
  instanceFields,
  machineFields,
  settingsFields,
  taskFields,
} from '../../../src/api/requestFields';
import type { ClientQuery } from '../../../src/core/service/api';
import type { CrossAccount, Scope } from '../../../src/core/service/scope';
import type { ServiceFilter } from '../../../src/core/service/serviceFilter';

const scope: Scope = { profileId: 'p', accountId: 'a', regionId: 'cn-hangzhou', clientType: 'ECS_CLIENT' };
const across = (crossAccount: CrossAccount): Scope => ({ ...scope, crossAccount });
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `i-${index}`);

const refuses = (work: () => unknown, message: RegExp): void => {
  assert.throws(work, { code: 'invalid-input', fate: 'not-run', message });
};

describe('parameters of a listing', () => {
  it('go where the official client puts them', () => {
    const fields = clientQueryFields(
      across({ type: 'CROSS_ACCOUNT', userId: '1234567890123456', roleName: 'reader' }),
      {
        clientIds: ['c-1', 'c-2'],
        instanceIds: ['i-1'],
      },
    )(3);
    assert.deepEqual(fields, {
      query: [
        ['ClientType', 'ECS_CLIENT'],
        ['CrossAccountType', 'CROSS_ACCOUNT'],
        ['CrossAccountUserId', '1234567890123456'],
        ['CrossAccountRoleName', 'reader'],
        ['PageNumber', '3'],
        ['PageSize', '99'],
      ],
      form: [
        ['ClientIds', '["c-1","c-2"]'],
        ['InstanceIds', '["i-1"]'],
      ],
    });
  });

  it('are refused by name when the service would refuse them', () => {
    const listing = (query: ClientQuery) => () => clientQueryFields(scope, query);
    refuses(listing({ clientIds: [] }), /^clientIds: at least 1/);
    refuses(listing({ instanceIds: ['i-1', ''] }), /^instanceIds\[1\]: must not be empty/);
    refuses(listing({ instanceIds: ['i-1', 'i-1'] }), /^instanceIds: each value once/);
  });
});

describe('parameters of a narrowed listing', () => {
  const tags = [
    { key: 'env', value: 'prod' },
    { key: 'team', value: '' },
  ];
  const narrowed = (filter: ServiceFilter, clientType: Scope['clientType'] = 'ECS_CLIENT') =>
    clientQueryFields({ ...scope, clientType, filter }, {});

  it('are tags in the form, cluster and instances in the query', () => {
    const { query, form } = narrowed(
      { tags, clusterId: 'cl-1', instanceIds: ['i-1', 'i-2'] },
      'CONTAINER_CLIENT',
    )(1);
    assert.deepEqual(query, [
      ['ClientType', 'CONTAINER_CLIENT'],
      ['ClusterId', 'cl-1'],
      ['Filters.1.Key', 'InstanceId'],
      ['Filters.1.Values.1', 'i-1'],
      ['Filters.1.Values.2', 'i-2'],
      ['PageNumber', '1'],
      ['PageSize', '99'],
    ]);
    assert.deepEqual(form, [
      ['Tag.1.Key', 'env'],
      ['Tag.1.Value', 'prod'],
      ['Tag.2.Key', 'team'],
    ]);
  });

  it('stay away where clients are named by ID, which finds them in the whole region', () => {
    const filter = { tags, instanceIds: ['i-1'] };
    const { query, form } = clientQueryFields({ ...scope, filter }, { instanceIds: ['i-9'] })(1);
    assert.ok(query.every(([name]) => !name.startsWith('Filters')));
    assert.deepEqual(form, [['InstanceIds', '["i-9"]']]);
  });

  it('are refused by name when the service would refuse them', () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => ({ key: `k${n}`, value: '' }));
    assert.equal(narrowed({ tags: many(20), instanceIds: ids(100) })(1).form?.length, 20);
    refuses(() => narrowed({ tags: many(21) }), /^filter\.tags: at most 20, got 21/);
    refuses(() => narrowed({ tags: [] }), /^filter\.tags: at least 1/);
    refuses(
      () => narrowed({ tags: [{ key: ' ', value: 'x' }] }),
      /^filter\.tags\[0\]\.key: must not be empty/,
    );
    refuses(
      () => narrowed({ tags: [...tags, { key: 'env', value: 'dev' }] }),
      /^filter\.tags: each key once/,
    );
    refuses(() => narrowed({ instanceIds: ids(101) }), /^filter\.instanceIds: at most 100, got 101/);
    refuses(() => narrowed({ instanceIds: [] }), /^filter\.instanceIds: at least 1/);
    refuses(() => narrowed({ clusterId: 'cl-1' }), /^filter\.clusterId: for container clients only/);
    refuses(() => narrowed({ clusterId: '' }, 'CONTAINER_CLIENT'), /^filter\.clusterId: must not be empty/);
  });
});

describe('parameters of another account', () => {
  it('need a role, unless the resource directory vouches', () => {
    const install = (crossAccount: CrossAccount) =>
      installFields(across(crossAccount), ['i-1']).query.slice(1);
    assert.deepEqual(install({ type: 'CROSS_ACCOUNT_BY_RD', userId: '12' }), [
      ['CrossAccountType', 'CROSS_ACCOUNT_BY_RD'],
      ['CrossAccountUserId', '12'],
    ]);
    refuses(() => install({ type: 'CROSS_ACCOUNT', userId: '12' }), /^crossAccount\.roleName/);
    refuses(() => install({ type: 'CROSS_ACCOUNT', userId: 'me', roleName: 'r' }), /^crossAccount\.userId/);
    refuses(
      () => install({ type: 'CROSS_ACCOUNT', userId: '12', roleName: 'acs:ram::12:role/r' }),
      /^crossAccount\.roleName: the name of the role/,
    );
  });
});

describe('parameters of install and upgrade', () => {
  it('are JSON lists in the query', () => {
    assert.deepEqual(installFields(scope, ['i-1', 'i-2']), { query: [['InstanceIds', '["i-1","i-2"]']] });
    assert.deepEqual(machineFields(scope, 'upgrade', { instanceIds: ['i-1'], clientIds: ['c-2'] }), {
      query: [
        ['InstanceIds', '["i-1"]'],
        ['ClientIds', '["c-2"]'],
      ],
    });
    assert.deepEqual(machineFields(scope, 'upgrade', { instanceIds: [], clientIds: ['c-2'] }), {
      query: [['ClientIds', '["c-2"]']],
    });
  });

  it('hold at most as many ids as documented', () => {
    assert.equal(installFields(scope, ids(20)).query.length, 1);
    refuses(() => installFields(scope, ids(21)), /^instanceIds: at most 20, got 21$/);
    refuses(() => installFields(scope, []), /^instanceIds: at least 1/);
    const split = { instanceIds: ids(60), clientIds: ids(41) };
    refuses(() => machineFields(scope, 'upgrade', split), /together: at most 100, got 101/);
    refuses(
      () => machineFields(scope, 'upgrade', { instanceIds: [], clientIds: [] }),
      /together: at least 1/,
    );
  });
});

describe('parameters of a task', () => {
  it('are its id', () => {
    assert.deepEqual(taskFields('t-1'), { query: [['TaskId', 't-1']] });
    refuses(() => taskFields(''), /^taskId/);
  });
});

describe('parameters of reads about ECS instances', () => {
  it('name the region and hold at most as many ids as documented', () => {
    assert.deepEqual(instanceFields(scope, { instanceIds: ['i-1'], status: 'Running', nextToken: 'n' }), {
      query: [
        ['RegionId', 'cn-hangzhou'],
        ['InstanceIds', '["i-1"]'],
        ['Status', 'Running'],
        ['MaxResults', '100'],
        ['NextToken', 'n'],
      ],
    });
    assert.deepEqual(assistantStatusFields(scope, ['i-1', 'i-2']), {
      query: [
        ['RegionId', 'cn-hangzhou'],
        ['InstanceId.1', 'i-1'],
        ['InstanceId.2', 'i-2'],
      ],
    });
    refuses(() => instanceFields(scope, { instanceIds: [] }), /^instanceIds: at least 1/);
    refuses(() => instanceFields(scope, { instanceIds: ids(101) }), /^instanceIds: at most 100/);
    refuses(() => assistantStatusFields(scope, ids(51)), /^instanceIds: at most 50/);
  });
});

describe('parameters of settings', () => {
  it('all go into the form, what is not to change not at all', () => {
    assert.deepEqual(settingsFields(scope, 'c-1', { useHttps: false, maxMemory: 0, proxyPassword: 'p' }), {
      query: [],
      form: [
        ['ClientId', 'c-1'],
        ['UseHttps', 'false'],
        ['ProxyPassword', 'p'],
        ['MaxMemory', '0'],
      ],
      secret: 'p',
    });
  });
});
