import { strict as assert } from 'node:assert';
import { scopeInRow, scopeInWords, type ScopeLabel } from '../../../src/core/service/scopeLabel';
import { aScope } from '../../support/builders';

describe('what a scope is called', () => {
  const label = (fields: Partial<ScopeLabel> = {}): ScopeLabel => ({
    scope: aScope(),
    profileName: 'production',
    demo: false,
    ...fields,
  });

  it('is profile and region, for all its ECS clients', () => {
    assert.equal(scopeInWords(label()), 'production · China (Hangzhou)');
    assert.equal(scopeInRow(label()), 'production · cn-hangzhou');
  });

  it('has the type where clients are of another one, and of ECS too where several are shown', () => {
    const row = (clientType: ScopeLabel['scope']['clientType'], amongTypes: boolean) =>
      scopeInRow(label({ scope: aScope({ clientType }), amongTypes }));
    assert.equal(row('CONTAINER_CLIENT', false), 'production · cn-hangzhou · Container');
    assert.equal(row('LOCAL_CLIENT', true), 'production · cn-hangzhou · On-premises');
    assert.equal(row('ECS_CLIENT', true), 'production · cn-hangzhou · ECS');
    assert.equal(
      scopeInWords(label({ scope: aScope({ clientType: 'LOCAL_CLIENT' }) })),
      'production · China (Hangzhou) · on-premises clients',
    );
  });

  it('has what the list is limited to: tags, a cluster, an instance or how many there are', () => {
    const row = (filter: ScopeLabel['scope']['filter']) =>
      scopeInRow(label({ scope: aScope({ ...(filter && { filter }) }) })).replace(
        'production · cn-hangzhou · ',
        '',
      );
    const tags = [
      { key: 'env', value: 'prod' },
      { key: 'team', value: '' },
    ];
    assert.equal(row({ tags, instanceIds: ['i-1', 'i-2'] }), 'env=prod · team · 2 instances');
    assert.equal(row({ clusterId: 'cl-1' }), 'cluster cl-1');
    assert.equal(row({ instanceIds: ['i-1'] }), 'i-1');
    assert.equal(row({ tags: [{ key: 'a\u202e', value: '' }] }), 'a');
  });

  it('has the account before type and filter: a narrow side bar cuts the end off', () => {
    const crossAccount = { type: 'CROSS_ACCOUNT_BY_RD', userId: '22' } as const;
    const scope = aScope({
      crossAccount,
      clientType: 'LOCAL_CLIENT',
      filter: { tags: [{ key: 'a', value: '' }] },
    });
    assert.equal(scopeInRow(label({ scope })), 'production · cn-hangzhou · account 22 · On-premises · a');
  });
});
