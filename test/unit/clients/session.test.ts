import { strict as assert } from 'node:assert';
import { nameOf } from '../../../src/core/service/clientFacts';
import type { ClientReading } from '../../../src/core/clients/readClients';
import { createSession, type Session } from '../../../src/core/clients/session';
import { BackupError, type FailureCode } from '../../../src/core/service/errors';
import { Emitter } from '../../../src/core/kernel/events';
import type { BackupClient } from '../../../src/core/service/model';
import type { Pin, Profile } from '../../../src/core/profiles/profile';
import {
  createClientTypesInView,
  type ClientTypesInView,
} from '../../../src/core/profiles/view/clientTypesInView';
import type { VerifiedIdentity } from '../../../src/core/profiles/identity';
import type { KeyState } from '../../../src/core/profiles/keys/storedKeys';
import { SourceUnusable } from '../../../src/core/profiles/keys/credentialSource';
import { aClient, aScope } from '../../support/builders';
import { createHandClock, type HandClock } from '../../support/handClock';
import { HandService, MemoryListings, MemorySeen, settle } from '../../support/handService';
import { scopeKey } from '../../../src/core/service/scope';

const hangzhou: Pin = { regionId: 'cn-hangzhou' };
const beijing: Pin = { regionId: 'cn-beijing' };
const shanghai: Pin = { regionId: 'cn-shanghai' };

function aProfile(id: string, fields: Partial<Profile> = {}): Profile {
  return { id, name: id, regionId: 'cn-hangzhou', accountId: '1234567890123456', ...fields };
}

/** Profiles in view as a test says. */
class FakeProfiles {
  readonly changes = new Emitter<void>();
  readonly keyChanges = new Emitter<string>();
  readonly keyStates = new Map<string, KeyState>();
  shown: readonly Profile[] = [];

  readonly onDidChange = this.changes.event;
  readonly onDidChangeKey = this.keyChanges.event;

  get active(): Profile | undefined {
    return this.shown[0];
  }

  keyState(id: string): KeyState {
    return this.keyStates.get(id) ?? 'kept';
  }

  show(...profiles: readonly Profile[]): void {
    this.shown = profiles;
    this.changes.fire();
  }
}

describe('the session', () => {
  let profiles: FakeProfiles;
  let service: HandService;
  let listings: MemoryListings;
  let seen: MemorySeen;
  let clock: HandClock;
  let session: Session;
  let identified: string[];
  let removals: Emitter<string>;
  let readings: Emitter<ClientReading>;
  let types: ClientTypesInView;
  let identify: (profileId: string) => Promise<VerifiedIdentity>;

  beforeEach(() => {
    profiles = new FakeProfiles();
    service = new HandService();
    listings = new MemoryListings();
    seen = new MemorySeen();
    clock = createHandClock();
    identified = [];
    removals = new Emitter();
    readings = new Emitter();
    identify = () => Promise.resolve({ accountId: '1234567890123456', identity: 'user/alice' });
    types = createClientTypesInView({ get: () => undefined, update: () => Promise.resolve() });
    session = createSession({
      view: profiles,
      keys: {
        state: (id) => profiles.keyState(id),
        onDidChange: profiles.onDidChangeKey,
        identify: (id) => {
          identified.push(id);
          return identify(id);
        },
      },
      api: service,
      types,
      store: { onDidRemove: removals.event },
      readings: readings.event,
      listings,
      seen,
      clock,
      log: { write: () => undefined },
    });
  });
  afterEach(() => session.dispose());

  /** Looks at profiles, as somebody who opens the view. */
  async function look(...shown: readonly Profile[]): Promise<void> {
    profiles.show(...shown);
    session.setVisible(true);
    await settle();
  }

  async function answer(regionId: string, ...names: readonly string[]): Promise<void> {
    const call = service.of(regionId);
    await call.page(names.map(named), names.length);
    await call.end();
    await settle();
  }

  const fail = async (regionId: string, code: FailureCode): Promise<void> => {
    await service.of(regionId).fail(new BackupError(code, 'no'));
    await settle();
  };

  const named = (name: string): BackupClient =>
    aClient({ instanceName: name, instanceId: `i-${name}`, clientId: `c-${name}` });
  const states = (): readonly string[] => session.listings.map(({ state }) => state);
  const rows = (): readonly (readonly string[])[] =>
    session.listings.map(({ inventory }) => [...inventory.state.clients.values()].map(nameOf));
  const asked = (): readonly string[] => service.calls.map(({ scope }) => scope.regionId);

  it('has no listing and asks nothing while nobody is signed in', async () => {
    await look();
    await session.refresh();
    assert.equal(session.state, 'signedOut');
    assert.deepEqual(session.listings, []);
    assert.deepEqual(asked(), []);
  });

  it('forgets the listings of a profile that is removed', () => {
    removals.fire('a');
    assert.deepEqual(listings.removed, ['a']);
    assert.deepEqual(seen.removed, ['a']);
  });

  it('shows clients as an operation has read them, where their scope is in view', async () => {
    await look(aProfile('a'));
    await answer('cn-hangzhou', 'web');
    const listing = session.listings[0];
    assert.ok(listing);
    const reading = { missingKeys: [], changedWhileReading: false };
    readings.fire({ ...reading, scope: listing.scope, clients: [named('db')] });
    readings.fire({ ...reading, scope: { ...listing.scope, regionId: 'cn-beijing' }, clients: [named('x')] });
    assert.deepEqual(rows().flat().sort(), ['db', 'web']);
  });

  it('is in the state of its only listing, and says so where there are several', async () => {
    await look(aProfile('a'));
    assert.equal(session.state, 'loading');
    await answer('cn-hangzhou', 'web');
    assert.equal(session.state, 'ready');
    profiles.show(aProfile('a', { pins: [hangzhou, beijing] }));
    assert.equal(session.state, 'several');
  });

  it('knows what changed since the user last looked, until it is marked as seen', async () => {
    await look(aProfile('a'));
    await answer('cn-hangzhou', 'web');
    session.setVisible(false);
    await clock.advance(60_000);
    const refreshing = session.refresh();
    await settle();
    await answer('cn-hangzhou', 'web', 'db');
    await refreshing;
    await settle();
    const changed = () => [...(session.listings[0]?.changes?.new ?? ['unknown'])];
    assert.deepEqual(changed(), ['i-db']);
    session.markSeen();
    await settle();
    assert.deepEqual(changed(), []);
  });

  it('has a listing for each type of clients that is chosen, and says there that there are several', async () => {
    await look(aProfile('a', { pins: [hangzhou, beijing] }));
    assert.deepEqual(
      session.listings.map(({ amongTypes }) => amongTypes),
      [false, false],
    );
    await answer('cn-hangzhou', 'web');
    types.set(['LOCAL_CLIENT', 'ECS_CLIENT']);
    assert.deepEqual(
      session.listings.map(({ scope, amongTypes }) => [scope.regionId, scope.clientType, amongTypes]),
      [
        ['cn-hangzhou', 'ECS_CLIENT', true],
        ['cn-hangzhou', 'LOCAL_CLIENT', true],
        ['cn-beijing', 'ECS_CLIENT', true],
        ['cn-beijing', 'LOCAL_CLIENT', true],
      ],
    );
    assert.deepEqual(rows()[0], ['web'], 'what stays keeps its rows');
    types.set(['LOCAL_CLIENT']);
    assert.deepEqual(
      session.listings.map(({ scope, amongTypes }) => [scope.regionId, scope.clientType, amongTypes]),
      [
        ['cn-hangzhou', 'LOCAL_CLIENT', false],
        ['cn-beijing', 'LOCAL_CLIENT', false],
      ],
    );
  });

  it('shows a type that is denied in its own listing, and the others with their rows', async () => {
    types.set(['ECS_CLIENT', 'CONTAINER_CLIENT']);
    await look(aProfile('a'));
    const [ecs, container] = service.calls;
    await container?.fail(new BackupError('permission-denied', 'no'));
    await ecs?.page([named('web')], 1);
    await ecs?.end();
    await settle();
    assert.deepEqual(states(), ['ready', 'denied']);
    assert.deepEqual(rows(), [['web'], []]);
  });

  it('lists container clients of a pin with a cluster, whatever types are chosen', () => {
    const filter = { clusterId: 'cl-1' };
    profiles.show(aProfile('a', { pins: [hangzhou, { ...hangzhou, filter }] }));
    assert.deepEqual(
      session.listings.map(({ scope }) => [scope.clientType, scope.filter]),
      [
        ['ECS_CLIENT', undefined],
        ['CONTAINER_CLIENT', filter],
      ],
    );
  });

  it('shows what was read by ID in every listing of these clients that shows them', async () => {
    const tags = [{ key: 'team', value: 'shop' }];
    await look(aProfile('a', { pins: [hangzhou, { ...hangzhou, filter: { tags } }] }));
    const [all, some] = service.calls;
    await all?.page([{ ...named('web'), tags }, named('db')], 2);
    await all?.end();
    await some?.page([{ ...named('web'), tags }], 1);
    await some?.end();
    await settle();
    const scope = session.listings[0]?.scope;
    assert.ok(scope);
    const clients = ['web', 'db'].map((name) => ({ ...named(name), status: 'UPGRADING' }));
    readings.fire({ scope, clients, missingKeys: ['i-web'], changedWhileReading: false });
    const shown = session.listings.map(({ inventory }) =>
      [...inventory.state.clients.values()].map(({ instanceName, status }) => [instanceName, status]),
    );
    assert.deepEqual(shown, [
      [
        ['web', 'UPGRADING'],
        ['db', 'UPGRADING'],
      ],
      [['web', 'UPGRADING']],
    ]);
  });

  it('has a listing for each pin of each profile in view, in their order, each once', () => {
    const cross = { type: 'CROSS_ACCOUNT', userId: '99', roleName: 'backup' } as const;
    profiles.show(
      aProfile('a', { pins: [beijing, { ...beijing, crossAccount: cross }, hangzhou, beijing] }),
      aProfile('b'),
    );
    assert.deepEqual(
      session.listings.map(({ profile, scope }) => [profile.id, scope.regionId, scope.crossAccount?.userId]),
      [
        ['a', 'cn-beijing', undefined],
        ['a', 'cn-beijing', '99'],
        ['a', 'cn-hangzhou', undefined],
        ['b', 'cn-hangzhou', undefined],
      ],
    );
    for (const listing of session.listings) {
      assert.equal(session.listingOf(listing.scope), listing);
      assert.equal(session.listingOf(listing.key), listing);
    }
  });

  it('lists nothing before somebody looks, then all listings at once', async () => {
    profiles.show(aProfile('a', { pins: [hangzhou, beijing] }));
    await settle();
    assert.deepEqual(asked(), []);
    session.setVisible(true);
    await settle();
    assert.deepEqual(asked(), ['cn-hangzhou', 'cn-beijing']);
  });

  it('lets one listing fail without the other, and lists the failed one alone', async () => {
    await look(aProfile('a', { pins: [hangzhou, beijing] }));
    await fail('cn-hangzhou', 'permission-denied');
    await answer('cn-beijing', 'db');
    assert.deepEqual(states(), ['denied', 'ready']);
    assert.deepEqual(rows(), [[], ['db']]);
    const done = session.refreshListing(session.listings[0]?.key ?? '');
    await settle();
    await answer('cn-hangzhou', 'web');
    await done;
    assert.deepEqual(states(), ['ready', 'ready']);
    assert.deepEqual(asked(), ['cn-hangzhou', 'cn-beijing', 'cn-hangzhou']);
  });

  it('joins refreshes of a listing that is being listed or waits for its turn', async () => {
    const pins = ['a', 'b', 'c', 'd'].map((regionId) => ({ regionId }));
    await look(aProfile('a', { pins }));
    const done = Promise.all([session.refresh(), session.refresh()]);
    await settle();
    for (const { regionId } of pins) await answer(regionId, regionId);
    await done;
    assert.deepEqual(asked(), ['a', 'b', 'c', 'd']);
  });

  it('lists three listings at once, the next in the order of the pins as soon as one has ended', async () => {
    const pins = ['a', 'b', 'c', 'd', 'e'].map((regionId) => ({ regionId }));
    await look(aProfile('a', { pins }));
    assert.deepEqual(asked(), ['a', 'b', 'c']);
    await fail('b', 'unreachable');
    assert.deepEqual(asked(), ['a', 'b', 'c', 'd']);
    await answer('a');
    assert.deepEqual(asked(), ['a', 'b', 'c', 'd', 'e']);
  });

  it('lets a service that does not answer keep the others waiting for eight seconds only', async () => {
    const pins = ['a', 'b', 'c', 'd'].map((regionId) => ({ regionId }));
    await look(aProfile('a', { pins }));
    await clock.advance(7_999);
    assert.deepEqual(asked(), ['a', 'b', 'c']);
    await clock.advance(1);
    assert.deepEqual(asked(), ['a', 'b', 'c', 'd']);
    assert.deepEqual(states(), ['loading', 'loading', 'loading', 'loading']);
    for (const { regionId } of pins) await answer(regionId);
    assert.deepEqual(clock.dueTimes(), []);
  });

  it('drops everything of a profile that is left before anything new is told or asked', async () => {
    await look(aProfile('a'));
    await service.of('cn-hangzhou').page([named('web')], 2);
    const old = service.call(0);
    const told: unknown[] = [];
    session.onDidChange(() =>
      told.push([session.listings.map(({ profile }) => profile.id), rows(), asked().length]),
    );
    profiles.show(aProfile('b'));
    assert.deepEqual(told[0], [['b'], [[]], 1]);
    assert.ok(old.cancelled());
    await settle();
    assert.equal(service.call(1).scope.profileId, 'b');
    await old.page([named('late')], 2);
    await answer('cn-hangzhou', 'db');
    assert.deepEqual(rows(), [['db']]);
    assert.ok(
      told.every((one) => !JSON.stringify(one).includes('web') && !JSON.stringify(one).includes('late')),
    );
    assert.equal(listings.kept.has(scopeKey(aScope({ profileId: 'a' }))), false);
  });

  it('leaves a listing that stays as it is when pins change, rows and calls alike', async () => {
    await look(aProfile('a', { pins: [hangzhou, beijing] }));
    await answer('cn-hangzhou', 'web');
    const [first] = session.listings;
    profiles.show(aProfile('a', { name: 'renamed', pins: [shanghai, hangzhou] }));
    await settle();
    assert.equal(session.listings[1], first);
    assert.equal(first?.profile.name, 'renamed');
    assert.deepEqual(rows(), [[], ['web']]);
    assert.ok(service.of('cn-beijing').cancelled());
    assert.deepEqual(asked(), ['cn-hangzhou', 'cn-beijing', 'cn-shanghai']);
  });

  it('shows the last listing of each listing until it was read again', async () => {
    const scope = aScope({ profileId: 'a' });
    listings.kept.set(scopeKey(scope), { clients: [named('web')], listedAt: 1_000 });
    profiles.show(aProfile('a', { pins: [hangzhou, beijing] }));
    await settle();
    assert.deepEqual(rows(), [['web'], []]);
    assert.deepEqual(states(), ['ready', 'loading']);
  });

  for (const code of ['credentials-expired', 'credentials-rejected', 'source-unusable'] as const) {
    it(`does not try again by itself after ${code}, until the user does`, async () => {
      await look(aProfile('a'));
      await fail('cn-hangzhou', code);
      session.setVisible(false);
      session.setVisible(true);
      profiles.changes.fire();
      await settle();
      assert.equal(service.calls.length, 1);
      void session.refresh();
      await settle();
      assert.equal(service.calls.length, 2);
    });
  }

  it('lists what failed again once the key changed, here or in another window, and leaves the rest', async () => {
    await look(aProfile('a', { pins: [hangzhou, beijing] }), aProfile('b', { pins: [shanghai] }));
    await answer('cn-hangzhou', 'web');
    await fail('cn-beijing', 'credentials-expired');
    await fail('cn-shanghai', 'credentials-expired');
    profiles.keyChanges.fire('a');
    await settle();
    assert.deepEqual(asked(), ['cn-hangzhou', 'cn-beijing', 'cn-shanghai', 'cn-beijing']);
    assert.deepEqual(rows()[0], ['web']);
    await fail('cn-beijing', 'credentials-expired');
    session.setVisible(true);
    await settle();
    assert.equal(service.calls.length, 4, 'one key is tried once');
  });

  it('keeps no rows of a profile that nobody could verify when its key changes, nor on the disk', async () => {
    const unverified: Profile = { id: 'a', name: 'a', regionId: 'cn-hangzhou' };
    await look(unverified, aProfile('b'));
    await answer('cn-hangzhou', 'db');
    await service.call(0).page([named('web')], 1);
    await service.call(0).end();
    await settle();
    assert.deepEqual(rows(), [['web'], ['db']]);
    assert.deepEqual([...listings.kept.keys()], [scopeKey(aScope({ profileId: 'b' }))]);
    profiles.keyChanges.fire('a');
    assert.deepEqual(rows(), [[], ['db']]);
    await settle();
    assert.deepEqual(service.calls[2]?.scope.profileId, 'a');
  });

  it('waits with that until somebody looks', async () => {
    await look(aProfile('a'));
    await fail('cn-hangzhou', 'credentials-rejected');
    session.setVisible(false);
    profiles.keyChanges.fire('a');
    await settle();
    assert.equal(service.calls.length, 1);
    session.setVisible(true);
    await settle();
    assert.equal(service.calls.length, 2);
  });

  it('keeps the rows of a listing whose key expired, and says so', async () => {
    await look(aProfile('a'));
    await answer('cn-hangzhou', 'web');
    void session.refresh();
    await settle();
    await fail('cn-hangzhou', 'credentials-expired');
    assert.equal(session.state, 'expired');
    assert.deepEqual(rows(), [['web']]);
  });

  it('tells a source that cannot be read from a program that is not allowed', async () => {
    await look(aProfile('a', { pins: [hangzhou, beijing] }));
    await service.of('cn-hangzhou').fail(new SourceUnusable('No such profile.', 'no such profile'));
    await fail('cn-beijing', 'command-not-allowed');
    assert.deepEqual(states(), ['sourceUnusable', 'commandNotAllowed']);
  });

  it('shows nothing of a profile without its key and asks nothing with it, until the key is there', async () => {
    await look(aProfile('a'));
    await answer('cn-hangzhou', 'web');
    profiles.keyStates.set('a', 'not-kept');
    profiles.changes.fire();
    await settle();
    assert.equal(session.state, 'keyNotKept');
    assert.deepEqual(rows(), [[]]);
    assert.equal(service.calls.length, 1);
    profiles.keyStates.set('a', 'kept');
    profiles.changes.fire();
    await settle();
    assert.deepEqual(rows(), [['web']]);
    assert.equal(service.calls.length, 2);
  });

  it('opens another scope once the account of a profile is known, and asks whose key it is once', async () => {
    identify = (id) => {
      profiles.show(aProfile(id, { accountId: '99', pins: [hangzhou, beijing] }));
      return Promise.resolve({ accountId: '99', identity: 'listing' });
    };
    const unverified: Profile = { id: 'a', name: 'a', regionId: 'cn-hangzhou', pins: [hangzhou, beijing] };
    await look(unverified);
    assert.deepEqual(identified, ['a']);
    assert.deepEqual(
      session.listings.map(({ scope }) => scope.accountId),
      ['99', '99'],
    );
    await answer('cn-hangzhou', 'web');
    assert.deepEqual(rows(), [['web'], []]);
  });

  it('shows nothing of an account that is no longer known, and nothing of it under the next', async () => {
    await look(aProfile('a'));
    await answer('cn-hangzhou', 'web');
    profiles.show({ id: 'a', name: 'a', regionId: 'cn-hangzhou' });
    await settle();
    assert.deepEqual([rows()[0], session.listings[0]?.scope.accountId], [[], '']);
    profiles.show(aProfile('a', { accountId: '99' }));
    await settle();
    assert.deepEqual([rows()[0], session.listings[0]?.scope.accountId], [[], '99']);
    profiles.show(aProfile('a'));
    await settle();
    assert.deepEqual(rows()[0], ['web'], 'the last listing of the first account is still its own');
  });

  it('asks again whose key it is with the next refresh or key, and not with every change', async () => {
    identify = () => Promise.reject(new BackupError('unreachable', 'no network'));
    await look({ id: 'a', name: 'a', regionId: 'cn-hangzhou' });
    profiles.changes.fire();
    assert.deepEqual(identified, ['a']);
    void session.refresh();
    assert.deepEqual(identified, ['a', 'a']);
    profiles.keyChanges.fire('a');
    assert.deepEqual(identified, ['a', 'a', 'a']);
  });

  it('gives rows that were read by id to the listing that they belong to', async () => {
    await look(aProfile('a', { pins: [hangzhou, beijing] }));
    await answer('cn-hangzhou', 'web');
    await answer('cn-beijing', 'db', 'old');
    session.update(aScope({ profileId: 'a', regionId: 'cn-beijing' }), [named('new')], ['i-old']);
    session.update(aScope({ profileId: 'b' }), [named('stray')]);
    assert.deepEqual(rows(), [['web'], ['db', 'new']]);
  });

  it('stops everything when it is disposed', async () => {
    await look(aProfile('a', { pins: [hangzhou, beijing] }));
    session.dispose();
    await settle();
    assert.ok(service.calls.every((call) => call.cancelled()));
    assert.deepEqual(clock.dueTimes(), []);
  });
});
