import { strict as assert } from 'node:assert';
import { createAccountApi } from '../../../src/api/accountApi';
import type { RequestFields } from '../../../src/api/requestFields';
import { aReply, neverCancelled } from '../../support/apiBuilders';

/** The API of a service that answers its calls with these bodies, the last one again and again. */
function answering(...bodies: object[]) {
  const asked: { readonly action: string; readonly query: Record<string, string> }[] = [];
  const api = createAccountApi({
    call: (_at, { action }, { query }: RequestFields) => {
      const body = bodies[Math.min(asked.length, bodies.length - 1)];
      asked.push({ action, query: Object.fromEntries(query) });
      return Promise.resolve(aReply({ ...body }));
    },
  });
  return { api, asked };
}

const account = (userId: unknown, parts: object = {}): object => ({
  ...{ Id: 1, OwnerId: 1234567890123456, CrossAccountUserId: userId, CrossAccountRoleName: 'hbrrole' },
  ...{ CrossAccountType: 'CROSS_ACCOUNT', Alias: 'Branch', CreatedTime: 1, UpdatedTime: 1 },
  ...parts,
});

const page = (accounts: object[], TotalCount?: number): object => ({
  CrossAccounts: { CrossAccount: accounts },
  ...(TotalCount === undefined ? {} : { TotalCount }),
});

describe('the regions of the service', () => {
  it('are read from the wrapped list, and called by their id where they have no name', async () => {
    const { api, asked } = answering({
      Regions: {
        Region: [{ RegionId: 'cn-hangzhou', LocalName: 'China (Hangzhou)' }, { RegionId: 'xx-1' }, {}],
      },
    });
    assert.deepEqual(await api.listRegions('p', 'cn-hangzhou', neverCancelled), [
      { id: 'cn-hangzhou', name: 'China (Hangzhou)' },
      { id: 'xx-1', name: 'xx-1' },
    ]);
    assert.deepEqual(asked, [{ action: 'DescribeRegions', query: {} }]);
  });

  it('are not taken for none when the list is missing', async () => {
    await assert.rejects(answering({}).api.listRegions('p', 'r', neverCancelled), {
      code: 'unexpected-reply',
    });
  });
});

describe('the other accounts', () => {
  it('are read with role or directory, their ids as text', async () => {
    const { api } = answering(
      page([
        account(1111222233334444),
        account('9999999999999999', { CrossAccountType: 'CROSS_ACCOUNT_BY_RD', CrossAccountRoleName: '' }),
      ]),
    );
    assert.deepEqual(await api.listCrossAccounts('p', 'r', neverCancelled), [
      { type: 'CROSS_ACCOUNT', userId: '1111222233334444', roleName: 'hbrrole', alias: 'Branch' },
      { type: 'CROSS_ACCOUNT_BY_RD', userId: '9999999999999999', alias: 'Branch' },
    ]);
  });

  it('leave out the own account and what no call can name', async () => {
    const { api } = answering(
      page([
        account(1, { CrossAccountType: 'SELF_ACCOUNT' }),
        account(2, { CrossAccountType: 'CROSS_ACCOUNT_BY_MAGIC' }),
        account(3, { CrossAccountRoleName: '' }),
        account(''),
        account(4, { CrossAccountType: undefined }),
        account(4),
        account(5, { CrossAccountType: undefined, CrossAccountRoleName: undefined }),
      ]),
    );
    const found = await api.listCrossAccounts('p', 'r', neverCancelled);
    assert.deepEqual(
      found.map(({ type, userId }) => [type, userId]),
      [['CROSS_ACCOUNT', '4']],
    );
  });

  it('are read page by page to the end, each once', async () => {
    const many = Array.from({ length: 120 }, (_, index) => account(1000 + index));
    for (const total of [120, undefined]) {
      const { api, asked } = answering(page(many.slice(0, 99), total), page(many.slice(98), total));
      assert.equal((await api.listCrossAccounts('p', 'r', neverCancelled)).length, 120);
      assert.deepEqual(
        asked.map(({ query }) => query),
        [
          { PageNumber: '1', PageSize: '99' },
          { PageNumber: '2', PageSize: '99' },
        ],
      );
    }
  });

  it('end when the service never stops giving pages', async () => {
    const full = Array.from({ length: 99 }, (_, index) => account(1000 + index));
    const { api, asked } = answering(page(full, 1_000_000));
    await assert.rejects(api.listCrossAccounts('p', 'r', neverCancelled), { code: 'unexpected-reply' });
    assert.equal(asked.length, 100);
  });

  it('may be none', async () => {
    assert.deepEqual(await answering(page([], 0)).api.listCrossAccounts('p', 'r', neverCancelled), []);
    await assert.rejects(answering({}).api.listCrossAccounts('p', 'r', neverCancelled), {
      code: 'unexpected-reply',
    });
  });
});
