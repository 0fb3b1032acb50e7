import { strict as assert } from 'node:assert';
import type { Pin, Profile } from '../../../src/core/profiles/profile';
import { createEditPinFilter, type PinOfProfile } from '../../../src/core/profiles/view/editPinFilter';
import { FakeUser } from '../../support/fakeUser';

const hangzhou: Pin = { regionId: 'cn-hangzhou' };
const beijing: Pin = { regionId: 'cn-beijing' };
const shop: Pin = { ...hangzhou, filter: { tags: [{ key: 'team', value: 'shop' }] } };

describe('limiting what a pin lists', () => {
  let user: FakeUser;
  let profile: Profile;
  let pinned: (readonly Pin[])[];

  const edit = (pin?: Pin): Promise<void> => {
    const at: PinOfProfile | undefined = pin && { profileId: profile.id, pin };
    return createEditPinFilter({
      view: { shown: [profile] },
      store: {
        list: () => [profile],
        setPins: (_id, pins) => {
          pinned.push(pins);
          profile = { ...profile, pins };
          return Promise.resolve();
        },
      },
      questions: user,
    })(at);
  };

  beforeEach(() => {
    user = new FakeUser();
    pinned = [];
    profile = { id: 'p1', name: 'production', regionId: 'cn-hangzhou', pins: [hangzhou, beijing] };
  });

  it('asks which list is meant where there are several, then what limits it', async () => {
    user.answer('production · cn-hangzhou', 'Tags', 'team=shop, env=prod');
    await edit();
    const tags = [
      { key: 'env', value: 'prod' },
      { key: 'team', value: 'shop' },
    ];
    assert.deepEqual(pinned, [[{ ...hangzhou, filter: { tags } }, beijing]]);
    assert.equal(user.asked[1]?.title, 'Limit List: production · cn-hangzhou');
    assert.deepEqual(user.asked[1].rows, [
      '- Tags',
      '- Instance IDs',
      '- Container cluster',
      '- Add Another List of This Region…',
    ]);
  });

  it('does not ask which list for a row, nor where there is one', async () => {
    user.answer('Instance IDs', 'i-bp1aaa i-bp1bbb', 'Container cluster', 'cl-000abc');
    await edit(beijing);
    assert.deepEqual(pinned.at(-1)?.[1], { ...beijing, filter: { instanceIds: ['i-bp1aaa', 'i-bp1bbb'] } });
    profile = { ...profile, pins: [hangzhou] };
    await edit();
    assert.deepEqual(pinned.at(-1), [{ ...hangzhou, filter: { clusterId: 'cl-000abc' } }]);
  });

  it('changes one part and leaves the others, with what there is to begin with', async () => {
    const both = { ...shop, filter: { ...shop.filter, instanceIds: ['i-bp1aaa'] } };
    profile = { ...profile, pins: [both] };
    user.answer('Tags', 'team=bank');
    await edit(both);
    assert.equal(user.asked[1]?.value, 'team=shop');
    assert.deepEqual(user.asked[0]?.rows.slice(0, 2), ['- Tags | team=shop', '- Instance IDs | i-bp1aaa']);
    assert.deepEqual(pinned.at(-1), [
      { ...hangzhou, filter: { tags: [{ key: 'team', value: 'bank' }], instanceIds: ['i-bp1aaa'] } },
    ]);
  });

  it('is taken away with all of it, or part by part with an empty text', async () => {
    for (const answers of [['List All Clients'], ['Tags', '']] as const) {
      profile = { ...profile, pins: [shop, beijing] };
      user.answer(...answers);
      await edit(shop);
      assert.deepEqual(pinned.at(-1), [hangzhou, beijing]);
    }
  });

  it('adds a list beside that of the region', async () => {
    user.answer('Add Another List of This Region…', 'Tags', 'team=shop');
    await edit(hangzhou);
    assert.deepEqual(pinned, [[hangzhou, shop, beijing]]);
  });

  it('has each list once, whatever the order of its tags', async () => {
    const tags = [
      { key: 'b', value: '1' },
      { key: 'a', value: '1' },
    ];
    profile = { ...profile, pins: [hangzhou, { ...hangzhou, filter: { tags } }] };
    user.answer('Tags', 'a=1, b=1');
    await edit(hangzhou);
    assert.equal(pinned.at(-1)?.length, 1);
  });

  it('keeps the account of the pin', async () => {
    const crossAccount = { type: 'CROSS_ACCOUNT', userId: '2', roleName: 'hbr' } as const;
    profile = { ...profile, pins: [{ ...hangzhou, crossAccount }] };
    user.answer('Tags', 'a');
    await edit();
    assert.deepEqual(pinned.at(-1), [
      { ...hangzhou, crossAccount, filter: { tags: [{ key: 'a', value: '' }] } },
    ]);
  });

  it('changes nothing when the user backs out, at whichever question', async () => {
    for (const answers of [
      [undefined],
      ['Tags', undefined],
      ['Add Another List of This Region…', undefined],
      ['Add Another List of This Region…', 'Tags', ''],
    ] as const) {
      user.answer(...answers);
      await edit(hangzhou);
    }
    assert.deepEqual(pinned, []);
  });

  it('changes nothing of a list that is gone by then', async () => {
    user.answer('Tags', 'team=bank');
    await edit(shop);
    assert.deepEqual(pinned.at(-1), [hangzhou, beijing]);
  });
});
