import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import type { InventoryState } from '../../../src/core/clients/inventory';
import type { Listing } from '../../../src/core/clients/listing';
import { viewHeadOf, viewMessageOf } from '../../../src/core/clients/viewMessage';
import { listingStateOf } from '../../../src/core/clients/viewState';
import { scopeKey } from '../../../src/core/service/scope';
import { keyClients } from '../../../src/core/service/clientFacts';
import { SourceUnusable } from '../../../src/core/profiles/keys/credentialSource';
import { aClient, aScope } from '../../support/builders';

const now = Date.UTC(2026, 0, 2);
const minutes = (count: number): number => now - count * 60_000;

describe('the line above the client tree', () => {
  it('says how far the first listing is', () => {
    assert.equal(message({ phase: 'loading', clients: new Map() }), 'Loading clients…');
    assert.equal(message({ phase: 'loading', received: 99, total: 250 }), 'Loaded 99 of 250 clients…');
  });

  it('says what a filter hides, after the rest', () => {
    const clients = keyClients([aClient({ instanceId: 'i-1' }), aClient({ instanceId: 'i-2' })]);
    const state: InventoryState = {
      scope: aScope(),
      clients,
      phase: 'stored',
      received: 0,
      total: undefined,
      listedAt: minutes(5),
      changedWhileReading: false,
      error: undefined,
    };
    const shown = (count: number) => viewMessageOf([state], now, { filter: 'web $(x)', shown: count });
    assert.equal(shown(1), 'Listed 5 minutes ago. 1 of 2 shown · web $ (x)');
    assert.match(
      viewMessageOf([state], now, { filter: 'is:nonsense', shown: 1 }) ?? '',
      /1 of 2 shown · is:nonsense · “is:nonsense” isn't known$/,
    );
    assert.equal(viewMessageOf([state], now, { filter: '', shown: 2 }), 'Listed 5 minutes ago.');
  });

  it('says what a filter hides after the news too, since no sentence can follow the filter', () => {
    const { message } = viewHeadOf(
      [aListing({ phase: 'ready' })],
      now,
      { filter: 'web', shown: 1, hasRows: true },
      '2 clients are new.',
    );
    assert.equal(message, '2 clients are new. 1 of 1 shown · web');
  });

  it('says how old the rows are while they are read again, and nothing when they are fresh', () => {
    assert.equal(message({ phase: 'loading', listedAt: minutes(7) }), 'Listed 7 minutes ago.');
    assert.equal(message({ phase: 'loading', listedAt: minutes(0.5) }), undefined);
    assert.equal(message({ phase: 'loading', listedAt: minutes(0.5), received: 99, total: 250 }), undefined);
  });

  it('does not say "2 of 2" when everything is there', () => {
    assert.equal(message({ phase: 'loading', received: 2, total: 2, listedAt: minutes(0) }), undefined);
  });

  it('says the age of a stored listing in the largest unit that fits', () => {
    const age = (count: number): string | undefined => message({ phase: 'stored', listedAt: minutes(count) });
    assert.equal(age(0.9), 'Listed less than a minute ago.');
    assert.equal(age(1), 'Listed 1 minute ago.');
    assert.equal(age(119), 'Listed 119 minutes ago.');
    assert.equal(age(120), 'Listed 2 hours ago.');
    assert.equal(age(48 * 60), 'Listed 2 days ago.');
  });

  it('says why rows could not be read again, and how old they are; without rows the welcome text says it', () => {
    const error = new BackupError('permission-denied', 'denied', {
      ramAction: 'hbr:DescribeBackupClients',
      requestId: 'r-1',
    });
    assert.equal(
      message({ phase: 'failed', listedAt: minutes(3), error }),
      "You don't have the hbr:DescribeBackupClients permission. Ask your RAM administrator to grant it. Listed 3 minutes ago.",
    );
    assert.equal(message({ phase: 'failed', clients: new Map(), error }), undefined);
  });

  it('says what is wrong with a source', () => {
    assert.equal(
      message({ phase: 'failed', error: unusable, listedAt: minutes(2) }),
      'Line 3 of config.json is no JSON. Listed 2 minutes ago.',
    );
  });

  it('leaves several listings to their rows, and counts over all of them what a filter shows', () => {
    const states = [wholeOf({ phase: 'failed' }), wholeOf({ phase: 'loading' })];
    assert.equal(viewMessageOf(states, now), undefined);
    assert.equal(viewMessageOf(states, now, { filter: 'web', shown: 0 }), '0 of 2 shown · web');
  });

  it('is silent about a whole list, unless it moved while it was read', () => {
    assert.equal(message({ phase: 'ready' }), undefined);
    assert.match(
      message({ phase: 'ready', changedWhileReading: true }) ?? '',
      /changed while it was being read/,
    );
  });
});

describe('the client view without rows', () => {
  const head = (state: Partial<InventoryState>, filter = '') =>
    viewHeadOf([aListing(state)], now, { filter, shown: 0, hasRows: false });
  const none = new Map();
  const title = 'production · China (Hangzhou)';

  it('never has a line above, which would hide the buttons of its welcome text', () => {
    const denied = new BackupError('permission-denied', 'denied');
    for (const [state, filter] of [
      [{ clients: none, phase: 'stored', listedAt: minutes(5) }, ''],
      [{ clients: none, phase: 'ready', changedWhileReading: true }, ''],
      [{ clients: none, phase: 'failed', error: unusable }, ''],
      [{ phase: 'failed', error: denied, listedAt: minutes(5) }, 'zzz'],
      [{ phase: 'stored', listedAt: minutes(5) }, 'zzz'],
    ] as const) {
      assert.equal(head(state, filter).message, undefined);
    }
    const two = [aListing({}), aListing({})];
    assert.equal(viewHeadOf(two, now, { filter: 'zzz', shown: 0, hasRows: false }).message, undefined);
  });

  it('says beside its title a cause that no welcome text can know', () => {
    const cause = (state: Partial<InventoryState>, filter?: string) =>
      head({ phase: 'failed', ...state }, filter).description;
    assert.equal(cause({ clients: none, error: unusable }), 'Line 3 of config.json is no JSON.');
    assert.equal(
      cause({ clients: none, error: new BackupError('bad-request', 'no') }),
      'Alibaba Cloud rejected the request as invalid. See the log for its message.',
    );
    assert.match(cause({ error: new BackupError('clock-skew', 'no') }, 'zzz') ?? '', /clock is wrong/);
    assert.equal(cause({ clients: none, error: new BackupError('clock-skew', 'no') }), title);
    assert.equal(head({ clients: none, phase: 'stored', listedAt: minutes(5) }).description, title);
  });

  it('has a line above while it is read, when there is no welcome text', () => {
    assert.equal(head({ clients: none, phase: 'loading' }).message, 'Loading clients…');
  });
});

const unusable = new SourceUnusable('Line 3 of config.json is no JSON.', 'cli config unreadable');

function aListing(state: Partial<InventoryState>): Listing {
  const inventory = { state: wholeOf(state), refresh: () => Promise.resolve() };
  const { scope } = inventory.state;
  return {
    key: scopeKey(scope),
    profile: { id: scope.profileId, name: 'production', regionId: scope.regionId },
    scope,
    amongTypes: false,
    inventory,
    state: listingStateOf(inventory.state),
  };
}

function message(state: Partial<InventoryState>): string | undefined {
  return viewMessageOf([wholeOf(state)], now);
}

function wholeOf(state: Partial<InventoryState>): InventoryState {
  return {
    scope: aScope(),
    clients: keyClients([aClient()]),
    phase: 'ready',
    received: 0,
    total: undefined,
    listedAt: undefined,
    changedWhileReading: false,
    error: undefined,
    ...state,
  };
}
