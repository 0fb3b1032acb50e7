import { strict as assert } from 'node:assert';
import type { Profile } from '../../../src/core/profiles/profile';
import { createOpenLink } from '../../../src/core/shell/openLink';
import { emptyTree, listingKeyOf } from '../../../src/core/clients/clientTree';
import { aClient, aScope } from '../../support/builders';
import { FakeNotices, FakeUser } from '../../support/fakeUser';
import { allNodes, listingsTree } from '../../support/listingBuilders';

/** One region of one profile in view, with a client; what happened is noted. */
function desk({ hidden = false, more = [] as readonly Profile[] } = {}) {
  const client = aClient({ instanceId: 'i-1', clientId: 'c-1' });
  const tree = listingsTree([{ clients: [client] }]);
  const [node] = allNodes(tree).filter(({ kind }) => kind === 'client');
  assert.ok(node?.kind === 'client');
  const scope = aScope();
  const profile: Profile = { id: scope.profileId, name: 'prod', regionId: scope.regionId };
  const key = listingKeyOf(node.id);
  const user = new FakeUser();
  const notices = new FakeNotices();
  const done: string[] = [];
  const note = (what: string) => Promise.resolve(void done.push(what));
  const state = { phase: 'ready' as const, clients: new Map([['c-1', client]]) };
  const session = {
    listings: [{ key, profile, scope, inventory: { state } }],
    refreshListing: (one: string) => note(`refresh ${one}`),
  };
  const open = createOpenLink({
    questions: user,
    notices,
    store: { list: () => [profile, ...more], setPins: (id, pins) => note(`pins ${id} ${pins.length}`) },
    view: { shown: [profile], setShown: (ids) => note(`shown ${ids.join()}`) },
    session: session as never,
    model: { tree: hidden ? emptyTree : tree },
    reveal: (id) => note(`reveal ${id}`),
    showOperation: (id) => id === 'op-1' && (done.push('page'), true),
    showFiltered: (text) => note(`filter ${text}`),
  });
  return {
    user,
    notices,
    done,
    node,
    regionId: scope.regionId,
    open: (path: string, query: string) => open({ path, query }),
  };
}

describe('opening a link', () => {
  it('selects the row of a client that is in view, without a question', async () => {
    const { open, done, user, node, regionId } = desk();
    await open('/client', `profile=prod&region=${regionId}&id=i-1`);
    assert.deepEqual([done, user.asked], [[`reveal ${node.id}`], []]);
  });

  it('asks before it shows another region, and leaves all as it is when that is declined', async () => {
    const { open, done, user } = desk();
    user.answer(undefined);
    await open('/client', 'profile=prod&region=eu-central-1&id=i-1');
    assert.deepEqual(done, []);
    assert.match(user.asked[0]?.words ?? '', /Show Germany \(Frankfurt\) of profile “prod”\?/);
  });

  it('shows the region beside those in view after a yes', async () => {
    const { open, done, user } = desk();
    user.answer('Show');
    await open('/client', 'profile=prod&region=eu-central-1&id=i-1');
    assert.match(done[0] ?? '', /^pins .* 2$/);
  });

  it('says so for a profile that is unknown, or a name that several have', async () => {
    const one = desk();
    await one.open('/client', `profile=other&region=${one.regionId}&id=i-1`);
    assert.match(one.notices.shown.join(), /no profile “other”/);
    const two = desk({ more: [{ id: 'p-2', name: 'prod', regionId: 'cn-hangzhou' }] });
    await two.open('/client', `profile=prod&region=${two.regionId}&id=i-1`);
    assert.match(two.notices.shown.join(), /Several profiles/);
    assert.deepEqual([one.done, two.done], [[], []]);
  });

  it('offers to clear a filter that hides the client, and says when there is no such client', async () => {
    const hidden = desk({ hidden: true });
    await hidden.open('/client', `profile=prod&region=${hidden.regionId}&id=c-1`);
    assert.deepEqual(hidden.notices.press('Clear Filter'), ['Clear Filter']);
    assert.deepEqual(hidden.done, ['filter ']);
    const gone = desk();
    await gone.open('/client', `profile=prod&region=${gone.regionId}&id=c-9`);
    assert.match(gone.notices.shown.join(), /There is no client c-9/);
  });

  it('opens the page of an operation, and says when it is not recorded here', async () => {
    const { open, done, notices } = desk();
    await open('/operation', 'id=op-1');
    assert.deepEqual([done, notices.shown], [['page'], []]);
    await open('/operation', 'id=op-2');
    assert.match(notices.shown.join(), /isn't recorded/);
  });

  it('asks before it filters', async () => {
    const { open, done, user } = desk();
    user.answer(undefined, 'Filter');
    await open('/filter', 'q=is:stopped');
    assert.deepEqual(done, []);
    await open('/filter', 'q=is:stopped');
    assert.deepEqual(done, ['filter is:stopped']);
  });

  it('refuses a link that it does not know, and asks nothing', async () => {
    const { open, done, user, notices } = desk();
    await open('/uninstall', 'id=i-1');
    assert.deepEqual([done, user.asked], [[], []]);
    assert.deepEqual(notices.shown, ["warn: This link to Cloud Backup can't be read. Ask for a new one."]);
  });
});
