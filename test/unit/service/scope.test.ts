import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { scopeKey, type Scope } from '../../../src/core/service/scope';
import { aScope } from '../../support/builders';

const scopes: fc.Arbitrary<Scope> = fc
  .record({
    profileId: fc.string(),
    accountId: fc.string(),
    regionId: fc.constantFrom('cn-hangzhou', 'cn-shanghai'),
    clientType: fc.constantFrom('ECS_CLIENT' as const, 'LOCAL_CLIENT' as const),
    filter: fc.option(
      fc.oneof(
        fc.record({ tags: fc.tuple(fc.record({ key: fc.string(), value: fc.string() })) }),
        fc.record({ clusterId: fc.string({ minLength: 1 }) }),
        fc.record({ instanceIds: fc.tuple(fc.string()) }),
      ),
    ),
    cross: fc.option(
      fc.record({
        type: fc.constantFrom('CROSS_ACCOUNT' as const, 'CROSS_ACCOUNT_BY_RD' as const),
        userId: fc.string(),
        roleName: fc.string(),
      }),
    ),
  })
  .map(({ cross, filter, ...scope }) => ({
    ...scope,
    ...(cross && { crossAccount: cross }),
    ...(filter && { filter }),
  }));

describe('the key of a scope', () => {
  it('is the same for equal scopes and another for each part that differs', () => {
    const crossAccount = { type: 'CROSS_ACCOUNT', userId: '2' } as const;
    const different = [
      aScope(),
      aScope({ profileId: 'profile-2' }),
      aScope({ accountId: '' }),
      aScope({ regionId: 'cn-beijing' }),
      aScope({ clientType: 'LOCAL_CLIENT' }),
      aScope({ crossAccount }),
      aScope({ crossAccount: { ...crossAccount, type: 'CROSS_ACCOUNT_BY_RD' } }),
      aScope({ crossAccount: { ...crossAccount, userId: '3' } }),
      aScope({ crossAccount: { ...crossAccount, roleName: 'reader' } }),
      aScope({ filter: { tags: [{ key: 'env', value: 'prod' }] } }),
      aScope({ filter: { tags: [{ key: 'env', value: '' }] } }),
      aScope({ filter: { clusterId: 'cl-1' } }),
      aScope({ filter: { instanceIds: ['cl-1'] } }),
      aScope({ filter: { instanceIds: ['cl-1', 'i-2'] } }),
    ];
    assert.equal(new Set(different.map(scopeKey)).size, different.length);
    assert.equal(scopeKey(aScope()), scopeKey({ ...aScope() }));
  });

  it('stays as files and records have it where there is no filter', () => {
    const crossAccount = { type: 'CROSS_ACCOUNT', userId: '2', roleName: 'reader' } as const;
    assert.equal(scopeKey(aScope()), 'profile-1.1234567890123456.cn-hangzhou.ECS_CLIENT');
    assert.equal(
      scopeKey(aScope({ crossAccount })),
      'profile-1.1234567890123456.cn-hangzhou.ECS_CLIENT.CROSS_ACCOUNT.2.reader',
    );
    assert.equal(scopeKey(aScope({ filter: {} })), scopeKey(aScope()));
  });

  it('is the same whatever the order in a filter', () => {
    const [env, team] = [
      { key: 'env', value: 'prod' },
      { key: 'team', value: 'shop' },
    ];
    const one = aScope({ filter: { tags: [env, team], instanceIds: ['i-1', 'i-2'] } });
    const other = aScope({ filter: { instanceIds: ['i-2', 'i-1', 'i-1'], tags: [team, env] } });
    assert.equal(scopeKey(one), scopeKey(other));
  });

  it('keeps apart texts that hold what joins its parts', () => {
    const a = aScope({ profileId: 'a.b', accountId: 'c' });
    const b = aScope({ profileId: 'a', accountId: 'b.c' });
    assert.notEqual(scopeKey(a), scopeKey(b));
  });

  it('never meets that of another scope, whatever the texts hold', () => {
    fc.assert(
      fc.property(scopes, scopes, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        assert.equal(scopeKey(a) === scopeKey(b), same);
      }),
    );
  });

  it('is safe as a file name', () => {
    fc.assert(
      fc.property(scopes, (scope) => {
        assert.match(scopeKey(scope), /^[\w\-.%!~'()]+$/);
      }),
    );
  });
});
