import { strict as assert } from 'node:assert';
import { askListing, scopeLabelOf } from '../../../src/core/clients/askListing';
import { noBackupFacts, type BackupFacts } from '../../../src/core/clients/backups/backupFacts';
import { uninstalled } from '../../../src/core/clients/clientState';
import { filterRows } from '../../../src/core/clients/filter/filterRows';
import { listingKeyOf } from '../../../src/core/clients/clientTree';
import type { GroupBy } from '../../../src/core/clients/grouping/groupBy';
import type { Listing } from '../../../src/core/clients/listing';
import { operationsOnClients } from '../../../src/core/operations/operationsOnClients';
import { createTreeModel, type TreeModel } from '../../../src/core/clients/treeModel';
import { hideListing } from '../../../src/core/clients/hideListing';
import { createInventory, type Inventory } from '../../../src/core/clients/inventory';
import { Emitter } from '../../../src/core/kernel/events';
import type { Operation } from '../../../src/core/operations/operation';
import type { Pin, Profile } from '../../../src/core/profiles/profile';
import { scopeKey, type Scope } from '../../../src/core/service/scope';
import { aClient, aScope } from '../../support/builders';
import { FakeUser } from '../../support/fakeUser';
import { createHandClock } from '../../support/handClock';
import { HandService, settle } from '../../support/handService';
import { uninstallOf } from '../../support/operationBuilders';
import { allNodes } from '../../support/listingBuilders';

const log = { write: () => undefined };

interface HandListing extends Listing {
  readonly inventory: Inventory;
}

function aListing(scope: Scope = aScope(), profile: Partial<Profile> = {}): HandListing {
  const api = new HandService();
  return {
    key: scopeKey(scope),
    scope,
    amongTypes: false,
    profile: { id: scope.profileId, name: 'production', regionId: 'cn-hangzhou', ...profile },
    inventory: createInventory({ scope, api, listings: undefined, clock: createHandClock(), log }),
    state: 'ready',
  };
}

const crossAccount = { type: 'CROSS_ACCOUNT', userId: '99', roleName: 'backup', alias: 'logistics' } as const;

describe('which listing is meant', () => {
  it('is not asked where there is one, or none', async () => {
    const question = new FakeUser();
    const listing = aListing();
    assert.equal(await askListing(question, [{ listing, count: 3 }]), listing);
    assert.equal(await askListing(question, []), undefined);
    assert.deepEqual(question.asked, []);
  });

  it('is asked with profile, region, account and how many clients each one means', async () => {
    const question = new FakeUser();
    question.on.one = ({ labels }) => labels[1];
    const first = aListing(aScope({ accountId: '' }));
    const second = aListing(aScope({ regionId: 'cn-beijing', crossAccount }));
    const choices = [
      { listing: first, count: 1 },
      { listing: second, count: 12 },
    ];
    assert.equal(await askListing(question, choices), second);
    assert.deepEqual(
      question.asked.map(({ title, rows }) => [title, ...rows]),
      [
        [
          'Select Region',
          '- production · China (Hangzhou) | account not verified · 1 client',
          '- production · China (Beijing) · logistics (99) | account 99 (logistics) through 1234567890123456 · 12 clients',
        ],
      ],
    );
  });

  it('is asked as a list where they are of one region, with what each is limited to', async () => {
    const question = new FakeUser();
    const filter = { tags: [{ key: 'team', value: 'shop' }] };
    const choices = [aListing(aScope({ filter })), aListing()].map((listing) => ({ listing, count: 2 }));
    await askListing(question, choices);
    assert.equal(question.asked[0]?.title, 'Select List');
    assert.match(question.asked[0].rows[0] ?? '', /^- production · China \(Hangzhou\) · team=shop \| /);
  });

  it('stays open when the user backs out', async () => {
    const choices = [aListing(), aListing(aScope({ regionId: 'cn-beijing' }))].map((listing) => ({
      listing,
      count: 1,
    }));
    assert.equal(await askListing(new FakeUser().answer(undefined), choices), undefined);
  });

  it('names the place of demo data as such', () => {
    assert.equal(scopeLabelOf(aListing(aScope(), { demo: true })).demo, true);
  });
});

describe('taking a listing out of view', () => {
  let done: unknown[];
  const world = (...shown: readonly Profile[]) => ({
    store: {
      setPins: (id: string, pins: readonly Pin[]) => Promise.resolve(void done.push(['pins', id, pins])),
    },
    view: {
      shown,
      setShown: (ids: readonly string[]) => Promise.resolve(void done.push(['shown', ids])),
    },
  });
  const pins: readonly Pin[] = [
    { regionId: 'cn-hangzhou' },
    { regionId: 'cn-hangzhou', crossAccount },
    { regionId: 'cn-beijing' },
  ];
  const other: Profile = { id: 'other', name: 'other', regionId: 'cn-hangzhou' };

  beforeEach(() => (done = []));

  it('takes its pin and no other, an account of the same region apart', async () => {
    const listing = aListing(aScope({ crossAccount }), { pins, accountId: aScope().accountId });
    await hideListing(world(listing.profile), listing);
    assert.deepEqual(done, [['pins', 'profile-1', [pins[0], pins[2]]]]);
  });

  it('takes its pin with all types of clients, and leaves one of the region with a filter', async () => {
    const filtered = [...pins, { regionId: 'cn-hangzhou', filter: { instanceIds: ['i-1'] } }];
    const of = { pins: filtered, accountId: aScope().accountId };
    const listing = aListing(aScope({ clientType: 'LOCAL_CLIENT' }), of);
    await hideListing(world(listing.profile), listing);
    const narrowed = aListing(aScope({ filter: { instanceIds: ['i-1'] } }), of);
    await hideListing(world(narrowed.profile), narrowed);
    assert.deepEqual(done, [
      ['pins', 'profile-1', filtered.slice(1)],
      ['pins', 'profile-1', pins],
    ]);
  });

  it('takes the profile when that was its last pin, and never the last of all', async () => {
    const listing = aListing(aScope(), { accountId: aScope().accountId });
    await hideListing(world(listing.profile, other), listing);
    assert.deepEqual(done, [['shown', ['other']]]);
    done = [];
    await hideListing(world(listing.profile), listing);
    assert.deepEqual(done, []);
  });
});

describe('the tree of several listings', () => {
  const changes = new Emitter<void>();
  const operationChanges = new Emitter<unknown>();
  const choiceChanges = new Emitter<void>();
  const vpcChanges = new Emitter<void>();
  const backupChanges = new Emitter<void>();
  let backupFacts: BackupFacts;
  let vpcIds: ReadonlyMap<string, string>;
  let groupBy: GroupBy;
  let listings: readonly HandListing[];
  let operations: readonly Operation[];
  let filter: string;
  let offsetMs: number | undefined;
  let staleMinutes: number;
  const clock = createHandClock();
  let model: TreeModel;

  beforeEach(() => {
    listings = [aListing(), aListing(aScope({ regionId: 'cn-beijing' }))];
    operations = [];
    filter = '';
    groupBy = ['status', 'zone'];
    vpcIds = new Map();
    backupFacts = noBackupFacts;
    offsetMs = undefined;
    staleMinutes = 0;
    for (const listing of listings) listing.inventory.onDidChange(() => changes.fire());
    model = createTreeModel({
      session: {
        get listings() {
          return listings;
        },
        onDidChange: changes.event,
      },
      operations: operationsOnClients({ list: () => operations, onDidChange: operationChanges.event }),
      vpcs: {
        vpcIdsOf: () => vpcIds,
        onDidChange: vpcChanges.event,
      },
      backups: { factsOf: () => backupFacts, onDidChange: backupChanges.event },
      choices: {
        groupBy: () => groupBy,
        filter: () => filter,
        staleMinutes: () => staleMinutes,
        onDidChange: choiceChanges.event,
      },
      api: { clockOffsetMs: () => offsetMs },
      clock,
      log,
    });
  });
  afterEach(() => model.dispose());

  const openAll = () => void allNodes(model.tree);
  const web = aClient({ instanceId: 'i-web', instanceName: 'web' });
  it('judges heartbeats by the clock of the service', () => {
    let version = 0;
    const beat = () =>
      aClient({
        instanceId: 'i-1',
        status: 'ACTIVATED',
        clientVersion: `1.${++version}`,
        lastHeartBeatTime: clock.now() / 1000 - 20 * 60,
      });
    staleMinutes = 15;
    listings[0]?.inventory.update([beat()]);
    assert.equal(model.tree.counts.attention, 1);
    offsetMs = -10 * 60_000;
    listings[0]?.inventory.update([beat()]);
    assert.equal(model.tree.counts.attention, 0);
  });

  it('judges silent clients again when a list of the same clients arrives, and else keeps its tree', async () => {
    const service = new HandService();
    const scope = aScope();
    const silent = aClient({ status: 'ACTIVATED', lastHeartBeatTime: clock.now() / 1000 });
    const inventory = createInventory({ scope, api: service, listings: undefined, clock, log });
    inventory.onDidChange(() => changes.fire());
    listings = [{ ...aListing(scope), inventory }];
    staleMinutes = 15;
    const list = async (): Promise<void> => {
      const done = inventory.refresh();
      await settle();
      await service.of(scope.regionId).page([{ ...silent }], 1);
      await service.of(scope.regionId).end();
      await done;
    };
    await list();
    assert.equal(model.tree.counts.attention, 0);
    const { tree } = model;
    await clock.advance(60_000);
    await list();
    assert.equal(model.tree, tree);
    await clock.advance(15 * 60_000);
    await list();
    assert.equal(model.tree.counts.attention, 1);
  });

  const labels = () => model.tree.roots.map(({ kind, id }) => [kind, id]);

  it('has a node for each, under which the ids are those of a tree of its own', () => {
    const [first, second] = listings;
    first?.inventory.update([web]);
    second?.inventory.update([web]);
    assert.deepEqual(labels(), [
      ['listing', first?.key],
      ['listing', second?.key],
    ]);
    const ids = allNodes(model.tree)
      .filter(({ kind }) => kind === 'client')
      .map(({ id }) => id);
    assert.deepEqual(ids.map(listingKeyOf), [first?.key, second?.key]);
    for (const id of ids) {
      const path = [id];
      for (let at = model.tree.parentOf(id); at !== undefined; at = model.tree.parentOf(at)) path.push(at);
      assert.deepEqual([path.length, path.at(-1)], [4, listingKeyOf(id)]);
    }
    listings = listings.slice(0, 1);
    changes.fire();
    assert.deepEqual(
      allNodes(model.tree)
        .map(({ id }) => id)
        .filter((id) => id.includes('i-web')),
      ids.slice(0, 1),
    );
    assert.equal(model.tree.roots[0]?.kind, 'group');
  });

  it('follows the VPCs that become known', () => {
    listings = listings.slice(0, 1);
    groupBy = ['vpc'];
    choiceChanges.fire();
    listings[0]?.inventory.update([web]);
    const values = () => model.tree.roots.map((root) => root.kind === 'group' && root.value);
    assert.deepEqual(values(), ['']);
    vpcIds = new Map([['i-web', 'vpc-1']]);
    vpcChanges.fire();
    assert.deepEqual(values(), ['vpc-1']);
  });

  it('follows the last backups that become known, and draws the row again whose age changed', () => {
    listings = listings.slice(0, 1);
    listings[0]?.inventory.update([web]);
    const drawn: unknown[] = [];
    model.onDidChange(({ ids }) => {
      drawn.push(ids);
      openAll();
    });
    const asOf = clock.now() / 1000;
    const know = (days: number, at = 9) => {
      const last = {
        kind: 'at',
        at: asOf - at * 86_400,
        partial: false,
        asOf: asOf + days * 86_400,
      } as const;
      backupFacts = { lastBackups: new Map([['i-web', last]]), overdue: new Set(at > 2 ? ['i-web'] : []) };
      backupChanges.fire();
      return model.tree.counts.attention;
    };
    assert.deepEqual([know(0, 1), know(0), know(0.1), know(1)], [0, 1, 1, 1]);
    const row = `${listings[0]?.key ?? ''}/i-web`;
    assert.deepEqual(drawn, [[], [row]]);
  });

  it('finds clients by the new name of a profile that was renamed', () => {
    const [first] = listings;
    assert.ok(first);
    first.inventory.update([web]);
    listings = [{ ...first, profile: { ...first.profile, name: 'Shop' } }];
    filter = 'profile:shop';
    choiceChanges.fire();
    assert.equal(model.tree.shown, 1);
    filter = 'profile:store';
    choiceChanges.fire();
    assert.equal(model.tree.shown, 0);
    listings = [{ ...first, profile: { ...first.profile, name: 'Store' } }];
    changes.fire();
    assert.equal(model.tree.shown, 1);
  });

  it('says when it is up to date, also after a change that draws nothing again', () => {
    listings[0]?.inventory.update([web]);
    const counts: number[] = [];
    model.onDidRebuild(() => counts.push(model.tree.shown));
    changes.fire();
    listings[1]?.inventory.update([web]);
    filter = 'no client';
    choiceChanges.fire();
    assert.deepEqual(counts, [1, 2, 0]);
  });

  it('stays the same object, and draws nothing again, when clients are read again as they were', () => {
    listings = listings.slice(0, 1);
    listings[0]?.inventory.update([web]);
    openAll();
    const { tree } = model;
    let events = 0;
    model.onDidChange(() => (events += 1));
    listings[0]?.inventory.update([{ ...web, tags: [...web.tags] }]);
    assert.equal(model.tree, tree);
    const [group] = tree.roots;
    listings[0]?.inventory.update([{ ...web, lastHeartBeatTime: clock.now() / 1000 }]);
    assert.notEqual(model.tree, tree);
    assert.equal(events, 0);
    // A choice that changes nothing keeps what's drawn.
    filter = 'web';
    choiceChanges.fire();
    assert.equal(events, 0);
    assert.ok(group?.kind === 'group' && group.drawn);
  });

  it('draws one listing again when only that one changed, and a row when only a row did', () => {
    for (const { inventory } of listings) inventory.update([web]);
    openAll();
    const drawn: unknown[] = [];
    model.onDidChange((change) => drawn.push(change));
    const [, second] = listings;
    second?.inventory.update([aClient({ instanceId: 'i-db', status: 'STOPPED' })]);
    second?.inventory.update([{ ...web, privateIpV4: '10.0.0.9' }]);
    const row = `${second?.key ?? ''}/i-web`;
    assert.deepEqual(drawn, [
      { root: false, ids: [second?.key] },
      { root: false, ids: [row] },
    ]);
  });

  it('takes a stopped client out of attention once an operation of ours is known to have uninstalled it', () => {
    const [first] = listings;
    const gone = { ...web, status: 'STOPPED' };
    first?.inventory.update([gone]);
    assert.equal(model.tree.counts.attention, 1);
    operations = [uninstallOf(gone)];
    operationChanges.fire(undefined);
    assert.equal(model.tree.counts.attention, 0);
    const [root] = model.tree.roots;
    assert.ok(root?.kind === 'listing');
    assert.equal(root.counts.attention, 0);
    assert.deepEqual(
      root.children.map((node) => node.kind === 'group' && node.value),
      [uninstalled],
    );
    const offered = filterRows('', { listings: model.filterable, saved: [], recent: [] }).map(
      ({ label }) => label,
    );
    assert.ok(offered.includes('Uninstalled') && !offered.includes('Needs attention'), offered.join());
    operations = [];
    operationChanges.fire(undefined);
    assert.equal(model.tree.counts.attention, 1);
  });

  it('shows a client busy in each listing that has it, and not the other one on its instance', () => {
    listings = [
      aListing(),
      aListing(aScope({ profileId: 'profile-2' })),
      aListing(aScope({ regionId: 'cn-beijing' })),
    ];
    for (const listing of listings) listing.inventory.update([web, { ...web, clientId: 'c-other' }]);
    changes.fire();
    const { machines, ...removal } = uninstallOf(web, { phase: 'watching' });
    const running = machines.map(({ machine }) => ({
      machine: { ...machine, namedBy: 'client' as const },
      outcome: 'running' as const,
    }));
    operations = [{ ...removal, machines: running }];
    operationChanges.fire(undefined);
    const busy = allNodes(model.tree).filter((node) => node.kind === 'client' && node.busy);
    assert.deepEqual(
      busy.map(({ id }) => [listingKeyOf(id), id.endsWith(web.clientId ?? '?')]),
      listings.slice(0, 2).map(({ key }) => [key, true]),
    );
  });

  it('adds up what needs attention and what a filter leaves, and keeps a listing that it leaves nothing of', () => {
    const [first, second] = listings;
    first?.inventory.update([web]);
    second?.inventory.update([
      { ...web, instanceId: 'i-db', instanceName: 'db', hostname: 'db', status: 'UPGRADE_FAILED' },
    ]);
    filter = 'web';
    choiceChanges.fire();
    assert.deepEqual([model.tree.shown, model.tree.counts.attention, model.tree.roots.length], [1, 1, 2]);
  });
});
