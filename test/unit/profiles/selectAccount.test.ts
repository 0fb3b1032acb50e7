import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import type { Pin, Profile } from '../../../src/core/profiles/profile';
import { createSelectAccount } from '../../../src/core/profiles/view/selectAccount';
import type { CrossAccount } from '../../../src/core/service/scope';
import { FakeLog } from './signInFakes';
import { FakeNotices, FakeUser } from '../../support/fakeUser';

const role: CrossAccount = {
  type: 'CROSS_ACCOUNT',
  userId: '2222222222222222',
  roleName: 'hbrcrossrole',
  alias: 'Retail',
};
const directory: CrossAccount = { type: 'CROSS_ACCOUNT_BY_RD', userId: '3333333333333333' };
const production: Profile = { id: 'p1', name: 'production', regionId: 'cn-hangzhou', accountId: '1111' };

function start(profile: Profile, list: () => Promise<readonly CrossAccount[]>) {
  const questions = new FakeUser().answer();
  const notices = new FakeNotices();
  const calls: string[] = [];
  const pinned: (readonly Pin[])[] = [];
  const selectAccount = createSelectAccount({
    view: { shown: [profile] },
    store: {
      list: () => [profile],
      setPins: (_id, pins) => {
        pinned.push(pins);
        return Promise.resolve();
      },
    },
    accounts: {
      listCrossAccounts: (profileId, regionId) => {
        calls.push(`${profileId} ${regionId}`);
        return list();
      },
    },
    questions,
    notices,
    log: new FakeLog(),
  });
  const open = async (...place: Parameters<typeof selectAccount>) => {
    const opening = questions.opened();
    const done = selectAccount(...place);
    return { pick: await opening, done };
  };
  return { questions, notices, calls, pinned, open, selectAccount };
}

describe('selecting an account', () => {
  it('keeps what limits the lists of an account that stays', async () => {
    const regionId = 'cn-hangzhou';
    const shop = { regionId, filter: { tags: [{ key: 'team', value: 'shop' }] } };
    const bank = { regionId, filter: { tags: [{ key: 'team', value: 'bank' }] } };
    const profile = {
      ...production,
      pins: [shop, bank, { regionId, crossAccount: role, filter: shop.filter }],
    };
    const world = start(profile, () => Promise.resolve([role, directory]));
    const { pick, done } = await world.open();
    await pick.settled();
    pick.take('This account', '3333333333333333');
    await done;
    assert.deepEqual(world.pinned, [[shop, bank, { regionId, crossAccount: directory }]]);
  });

  it('shows the own account at once and the others in words when they come', async () => {
    let answer: () => void = () => assert.fail('Nothing was asked.');
    const world = start(
      production,
      () =>
        new Promise((resolve) => {
          answer = () => resolve([role, directory]);
        }),
    );
    const { pick, done } = await world.open();
    assert.equal(pick.title, 'Select Accounts: production · cn-hangzhou');
    assert.deepEqual(pick.rows, ['+ This account | 1111', '# Shared with this account']);
    answer();
    await pick.settled();
    assert.deepEqual(pick.rows, [
      '+ This account | 1111',
      '# Shared with this account',
      '- Retail | 2222222222222222 | Through the RAM role hbrcrossrole',
      '- 3333333333333333 | Through the resource directory',
    ]);
    pick.take('Retail', '3333333333333333');
    await done;
    assert.deepEqual(world.pinned, [
      [
        { regionId: 'cn-hangzhou', crossAccount: role },
        { regionId: 'cn-hangzhou', crossAccount: directory },
      ],
    ]);
    assert.deepEqual(world.calls, ['p1 cn-hangzhou']);
  });

  it('changes the region that is meant and leaves the others where they are', async () => {
    const pins = [
      { regionId: 'eu-west-1' },
      { regionId: 'cn-beijing' },
      { regionId: 'cn-beijing', crossAccount: directory },
      { regionId: 'us-east-1', crossAccount: role },
    ];
    const world = start({ ...production, pins }, () => Promise.resolve([role, directory]));
    const { pick, done } = await world.open({ profileId: 'p1', regionId: 'cn-beijing' });
    await pick.settled();
    pick.take('This account', 'Retail');
    await done;
    assert.deepEqual(world.pinned[0], [
      pins[0],
      { regionId: 'cn-beijing' },
      { regionId: 'cn-beijing', crossAccount: role },
      pins[3],
    ]);
  });

  it('asks which region is meant where several are in view', async () => {
    const pins = [
      { regionId: 'eu-west-1' },
      { regionId: 'eu-west-1', crossAccount: role },
      { regionId: 'cn-beijing' },
    ];
    const world = start({ ...production, pins }, () => Promise.resolve([]));
    world.questions.answer('production · cn-beijing');
    const { pick, done } = await world.open();
    assert.deepEqual(world.questions.asked[0]?.rows, [
      '- production · eu-west-1 | UK (London)',
      '- production · cn-beijing | China (Beijing)',
    ]);
    pick.escape();
    await done;
    assert.deepEqual(world.calls, ['p1 cn-beijing']);
  });

  it('says when no other account is shared', async () => {
    const { open } = start(production, () => Promise.resolve([]));
    const { pick, done } = await open();
    await pick.settled();
    assert.deepEqual(pick.rows, ['+ This account | 1111', '# No other account is shared with this one']);
    pick.escape();
    await done;
  });

  it('says which permission is missing, offers no text, and keeps the account that is in view', async () => {
    const world = start({ ...production, pins: [{ regionId: 'cn-hangzhou', crossAccount: role }] }, () =>
      Promise.reject(new BackupError('permission-denied', 'no', { ramAction: 'hbr:DescribeCrossAccounts' })),
    );
    const { pick, done } = await world.open();
    await pick.settled();
    assert.deepEqual(pick.rows, [
      '- This account | 1111',
      '# Shared with this account',
      '+ Retail | 2222222222222222 | Through the RAM role hbrcrossrole',
      "x Couldn't list other accounts | You don't have the hbr:DescribeCrossAccounts permission",
    ]);
    assert.equal(pick.textRow, undefined);
    pick.take('Retail');
    await done;
    assert.deepEqual(world.pinned, []);
  });

  it('takes another alias for an account that stays, and leaves at least one', async () => {
    const profile = { ...production, pins: [{ regionId: 'cn-hangzhou', crossAccount: role }] };
    const world = start(profile, () => Promise.resolve([{ ...role, alias: 'Shops' }]));
    const first = await world.open();
    await first.pick.settled();
    first.pick.take('Shops');
    await first.done;
    assert.deepEqual(world.pinned, [
      [{ regionId: 'cn-hangzhou', crossAccount: { ...role, alias: 'Shops' } }],
    ]);
    const second = await world.open();
    second.pick.take();
    await second.done;
    assert.equal(world.pinned.length, 1);
    assert.deepEqual(world.notices.shown, [
      "info: Select at least one account. Your selection wasn't saved.",
    ]);
  });
});
