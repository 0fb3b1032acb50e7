import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import type { Pin, Profile } from '../../../src/core/profiles/profile';
import type { Waiting } from '../../../src/core/kernel/waiting';
import { createSelectRegions } from '../../../src/core/profiles/view/selectRegions';
import type { Region } from '../../../src/core/service/regions';
import { FakeLog } from './signInFakes';
import { FakeNotices, FakeUser } from '../../support/fakeUser';

const production: Profile = { id: 'p1', name: 'production', regionId: 'cn-hangzhou' };
const staging: Profile = { id: 'p2', name: 'staging', regionId: 'eu-west-1' };
const other = { type: 'CROSS_ACCOUNT', userId: '222', roleName: 'hbr' } as const;

function start(shown: readonly Profile[], list: (waiting: Waiting) => Promise<readonly Region[]>) {
  const questions = new FakeUser().answer();
  const notices = new FakeNotices();
  const log = new FakeLog();
  const calls: string[] = [];
  const pinned: { readonly id: string; readonly pins: readonly Pin[] }[] = [];
  const selectRegions = createSelectRegions({
    view: { shown },
    store: {
      list: () => [production, staging],
      setPins: (id, pins) => {
        pinned.push({ id, pins });
        return Promise.resolve();
      },
    },
    accounts: {
      listRegions: (profileId, regionId, waiting) => {
        calls.push(`${profileId} ${regionId}`);
        return list(waiting);
      },
    },
    questions,
    notices,
    log,
  });
  return { questions, notices, log, calls, pinned, selectRegions };
}

const listed = (...regions: readonly Region[]) => Promise.resolve(regions);
const denied = () =>
  Promise.reject(
    new BackupError('permission-denied', 'refused', { ramAction: 'hbr:DescribeRegions', requestId: 'R-1' }),
  );

describe('selecting regions', () => {
  it('opens at once with the regions known here, those in view first and ticked', async () => {
    const profile = { ...production, pins: [{ regionId: 'us-west-1' }, { regionId: 'xx-nowhere-9' }] };
    const world = start([profile], () => new Promise(() => undefined));
    const opening = world.questions.opened();
    const done = world.selectRegions();
    const pick = await opening;
    assert.equal(pick.live.running(), true);
    assert.deepEqual(pick.rows.slice(0, 6), [
      '# Shown',
      '+ US (Silicon Valley) | us-west-1',
      '+ xx-nowhere-9',
      '# More regions',
      '- China (Beijing) | cn-beijing',
      '- China (Chengdu) | cn-chengdu',
    ]);
    assert.equal(pick.rows.length, 2 + 29 + 1);
    assert.deepEqual(world.calls, ['p1 us-west-1']);
    pick.escape();
    await done;
    assert.deepEqual(world.pinned, []);
  });

  it('adds what the service names when its answer comes, and keeps names that are known', async () => {
    const world = start([production], () =>
      listed(
        { id: 'ap-south-9', name: 'Atlantis $(beaker)' },
        { id: 'cn-beijing', name: '华北2（北京）' },
        { id: 'Evil.example.com/', name: 'Evil' },
      ),
    );
    const opening = world.questions.opened();
    const done = world.selectRegions('p1');
    const pick = await opening;
    await pick.settled();
    assert.equal(pick.live.running(), false);
    assert.ok(pick.rows.includes('- Atlantis $ (beaker) | ap-south-9'));
    assert.ok(pick.rows.includes('- China (Beijing) | cn-beijing'));
    assert.equal(pick.rows.filter((row) => /Evil|北京/.test(row)).length, 0);
    pick.take('China (Hangzhou)', 'Atlantis $ (beaker)');
    await done;
    assert.deepEqual(world.pinned, [
      { id: 'p1', pins: [{ regionId: 'cn-hangzhou' }, { regionId: 'ap-south-9' }] },
    ]);
  });

  it('says why the service did not list its regions, and offers those known here', async () => {
    const world = start([production], denied);
    const opening = world.questions.opened();
    const done = world.selectRegions();
    const pick = await opening;
    await pick.settled();
    assert.equal(
      pick.rows.at(-1),
      "x Couldn't list all regions | You don't have the hbr:DescribeRegions permission",
    );
    assert.equal(world.log.lines.length, 1);
    pick.take('Singapore');
    await done;
    assert.deepEqual(world.pinned, [{ id: 'p1', pins: [{ regionId: 'ap-southeast-1' }] }]);
    assert.deepEqual(world.notices.shown, []);
  });

  it('takes a typed id that it does not know, and says what an id looks like', async () => {
    const world = start([production], () => listed());
    const opening = world.questions.opened();
    const done = world.selectRegions();
    const pick = await opening;
    const row = (typed: string) => pick.textRow?.(typed);
    assert.equal(row(' '), undefined);
    assert.equal(row('hang'), undefined);
    assert.equal(row('CN-HANG'), undefined);
    assert.equal(row('mars')?.kind, 'blocked');
    assert.equal(row('mars.example.com')?.kind, 'blocked');
    assert.equal(row('ap-x/../y')?.kind, 'blocked');
    assert.equal(row(' AP-Mars-1 ')?.label, 'ap-mars-1');
    assert.equal(row('cn-hangzhou-b')?.label, 'cn-hangzhou-b is a zone. Did you mean region cn-hangzhou?');
    assert.equal(row('cn-hangzhou-b')?.kind, 'blocked');
    pick.take('China (Hangzhou)', 'ap-mars-1');
    await done;
    assert.deepEqual(world.pinned[0]?.pins, [{ regionId: 'cn-hangzhou' }, { regionId: 'ap-mars-1' }]);
  });

  it('keeps the accounts of regions that stay, and gives a new region the own account', async () => {
    const pins = [
      { regionId: 'cn-hangzhou' },
      { regionId: 'cn-hangzhou', crossAccount: other },
      { regionId: 'cn-beijing', crossAccount: other },
    ];
    const world = start([{ ...production, pins }], () => listed());
    const opening = world.questions.opened();
    const done = world.selectRegions();
    const pick = await opening;
    pick.take('China (Shanghai)', 'China (Hangzhou)');
    await done;
    assert.deepEqual(world.pinned[0]?.pins, [pins[0], pins[1], { regionId: 'cn-shanghai' }]);
  });

  it('changes nothing when nothing was changed, and leaves at least one region', async () => {
    const world = start([production], () => listed());
    for (const labels of [['China (Hangzhou)'], []]) {
      const opening = world.questions.opened();
      const done = world.selectRegions();
      (await opening).take(...labels);
      await done;
    }
    assert.deepEqual(world.pinned, []);
    assert.deepEqual(world.notices.shown, ["info: Select at least one region. Your selection wasn't saved."]);
  });

  it('ends the call to the service when the pick closes', async () => {
    let signal: AbortSignal | undefined;
    const world = start([production], (waiting) => {
      signal = waiting.signal;
      return new Promise(() => undefined);
    });
    const opening = world.questions.opened();
    const done = world.selectRegions();
    (await opening).escape();
    await done;
    assert.equal(signal?.aborted, true);
  });

  it('asks which profile is meant where several are in view', async () => {
    const world = start([production, staging], () => listed());
    world.questions.answer('staging');
    const opening = world.questions.opened();
    const done = world.selectRegions();
    const pick = await opening;
    const [which] = world.questions.asked;
    assert.deepEqual([which?.title, which?.rows], ['Select Regions', ['- production', '- staging']]);
    assert.equal(pick.title, 'Select Regions: staging');
    pick.escape();
    await done;
    assert.deepEqual(world.calls, ['p2 eu-west-1']);
  });

  it('does nothing while nobody is signed in', async () => {
    const world = start([], () => listed());
    await world.selectRegions();
    await world.selectRegions('gone');
    assert.deepEqual(world.calls, []);
  });
});
