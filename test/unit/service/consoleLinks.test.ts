import { strict as assert } from 'node:assert';
import { consoleLink, isConsolePlace, isConsoleSite } from '../../../src/core/service/consoleLinks';

const instance = (instanceId: string, regionId: string) => ({
  kind: 'instance' as const,
  instanceId,
  regionId,
});

describe('links to the web console', () => {
  it('lead to an ECS instance in the console of its site', () => {
    const page = instance('i-bp1abc', 'cn-hangzhou');
    assert.equal(
      consoleLink(page, 'china'),
      'https://ecs.console.aliyun.com/server/i-bp1abc/detail?regionId=cn-hangzhou',
    );
    assert.equal(
      consoleLink(page, 'international'),
      'https://ecs.console.alibabacloud.com/server/i-bp1abc/detail?regionId=cn-hangzhou',
    );
  });

  it('lead to the start page of Cloud Backup, RAM users, and access keys', () => {
    const all = (['cloudBackup', 'ramUsers', 'accessKeys'] as const).map((kind) =>
      consoleLink({ kind }, 'international'),
    );
    assert.deepEqual(all, [
      'https://hbr.console.alibabacloud.com',
      'https://ram.console.alibabacloud.com/users',
      'https://ram.console.alibabacloud.com/manage/ak',
    ]);
  });

  it.each([
    'i-bp1/../../login',
    'i-bp1?x=1',
    'i-bp1#@evil.example',
    'I-BP1',
    'c-123',
    'i-',
    'i-bp1 ',
    'i-bp1%2e',
    `i-${'a'.repeat(65)}`,
    'i-数据',
    '',
  ])('never hold an instance ID such as "%s"', (instanceId) => {
    assert.equal(consoleLink(instance(instanceId, 'cn-hangzhou'), 'china'), undefined);
  });

  it.each(['cn-nowhere', 'CN-HANGZHOU', 'cn-hangzhou&x=1', 'cn-hangzhou/', ''])(
    'never hold a region that is not in the official table, such as "%s"',
    (regionId) => {
      assert.equal(consoleLink(instance('i-bp1abc', regionId), 'china'), undefined);
    },
  );

  it('know only their own pages and sites', () => {
    assert.deepEqual(['ramUsers', 'toString', '__proto__', 'instance', 3].map(isConsolePlace), [
      true,
      false,
      false,
      false,
      false,
    ]);
    assert.deepEqual(['china', 'international', '', 'China', undefined].map(isConsoleSite), [
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
