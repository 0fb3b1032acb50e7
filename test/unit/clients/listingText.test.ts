import { strict as assert } from 'node:assert';
import type { ListingNode } from '../../../src/core/clients/clientTree';
import { listingTextOf, listingTooltipOf } from '../../../src/core/clients/listingText';
import { BackupError } from '../../../src/core/service/errors';
import { SourceUnusable } from '../../../src/core/profiles/keys/credentialSource';
import { aClient, aScope } from '../../support/builders';
import { listingsTree, type ListingFields } from '../../support/listingBuilders';

const nowMs = Date.UTC(2026, 0, 2);
const minutes = (count: number): number => nowMs - count * 60_000;
const two = [
  aClient({ instanceId: 'i-1', clientVersion: '2.4.1' }),
  aClient({ instanceId: 'i-2', clientId: 'c-2', status: 'UPGRADE_FAILED' }),
];
const crossAccount = {
  type: 'CROSS_ACCOUNT',
  userId: '1111222233334444',
  roleName: 'backup',
  alias: 'logistics',
} as const;

function rootOf(fields: ListingFields): ListingNode {
  const [listing] = listingsTree([fields, { scope: aScope({ profileId: 'profile-2' }) }]).roots;
  if (listing?.kind !== 'listing') throw new Error('no listing');
  return listing;
}

const text = (fields: ListingFields) => listingTextOf(rootOf(fields), nowMs);
const tooltip = (fields: ListingFields) => listingTooltipOf(rootOf(fields), nowMs);

describe('the row of a listing', () => {
  it('names the region, the account where it is another one, and the profile where there are several', () => {
    const [one] = listingsTree([{}, { scope: aScope({ regionId: 'cn-beijing' }) }]).roots;
    assert.equal(one?.kind === 'listing' && listingTextOf(one, nowMs).label, 'cn-hangzhou');
    assert.equal(text({}).label, 'production · cn-hangzhou');
    assert.equal(text({ demo: true }).label, 'Demo · cn-hangzhou');
    assert.equal(
      text({ scope: aScope({ crossAccount }) }).label,
      'production · cn-hangzhou · logistics (1111222233334444)',
    );
  });

  it("has a shape of its own where the machines are another account's", () => {
    const own = text({ clients: two });
    const other = text({ clients: two, scope: aScope({ crossAccount }) });
    assert.deepEqual([own.icon.id, other.icon.id], ['cloud', 'organization']);
    assert.equal(
      text({ scope: aScope({ crossAccount: { type: 'CROSS_ACCOUNT_BY_RD', userId: '99' } }) }).label,
      'production · cn-hangzhou · account 99',
    );
  });

  it('counts clients, those outdated, and those that need a person', () => {
    assert.equal(text({ clients: two }).description, '1 needs attention · 2 · 1 upgrade available');
    assert.equal(text({ clients: two.slice(0, 1) }).description, '1 · 1 upgrade available');
    assert.equal(text({}).description, 'no clients');
  });

  it('says how many a filter leaves', () => {
    const { description } = text({ clients: two, isShown: ({ key }) => key === 'i-1' });
    assert.equal(description, '1 needs attention · 1 of 2 · 1 upgrade available');
  });

  it('says how far a first listing is, and keeps the counts while a later one runs', () => {
    const first = { phase: 'loading', listedAt: undefined, total: undefined } as const;
    assert.equal(text({ state: 'loading', inventory: first }).description, 'loading…');
    assert.equal(
      text({ state: 'loading', clients: two, inventory: { ...first, received: 120, total: 900 } })
        .description,
      '120 of 900',
    );
    const again = text({ state: 'loading', clients: two, inventory: { phase: 'loading' } });
    assert.equal(again.description, '1 needs attention · 2 · 1 upgrade available');
    assert.equal(again.icon.id, 'loading~spin');
  });

  it('says in words what is wrong, each with a shape of its own', () => {
    const states = [
      'denied',
      'expired',
      'rejected',
      'offline',
      'notTrusted',
      'proxyRefused',
      'commandNotAllowed',
      'accountChanged',
      'keychainLocked',
      'notActivated',
      'roleMissing',
      'clockWrong',
      'unexpectedAnswer',
      'throttled',
      'serviceFailed',
      'failed',
    ] as const;
    const rows = states.map((state) => text({ state, inventory: { phase: 'failed', listedAt: undefined } }));
    assert.deepEqual(
      rows.map(({ description }) => description),
      [
        'no permission',
        'credentials expired',
        'credentials rejected',
        "can't be reached",
        'connection not secure',
        'rejected by the proxy',
        'credential program not allowed',
        'credentials of another account',
        "keychain can't be used",
        'Cloud Backup not available',
        'service role missing',
        'clock is wrong',
        'unexpected response',
        'too many requests',
        'error in Alibaba Cloud',
        "couldn't be listed",
      ],
    );
    assert.equal(new Set(rows.map(({ icon }) => icon.id)).size, states.length);
    assert.ok(rows.every(({ icon }) => icon.color !== undefined));
  });

  it('says the sentence of a source that cannot give a key', () => {
    const error = new SourceUnusable('The CLI has no profile “old”. Choose another.', 'no such profile');
    const { description } = text({ state: 'sourceUnusable', inventory: { phase: 'failed', error } });
    assert.equal(description, 'The CLI has no profile “old”. Choose another.');
  });

  it('keeps the counts of old rows behind the trouble, with their age', () => {
    const inventory = { phase: 'failed', listedAt: minutes(7) } as const;
    assert.equal(
      text({ state: 'expired', clients: two, inventory }).description,
      'credentials expired · 1 needs attention · 2 · 1 upgrade available · listed 7 min ago',
    );
    assert.equal(
      text({ clients: two.slice(1), inventory: { phase: 'stored', listedAt: minutes(300) } }).description,
      '1 needs attention · 1 · listed 5 h ago',
    );
  });

  it('is one sentence for a screen reader', () => {
    assert.equal(
      text({ clients: two }).sentence,
      'production · China (Hangzhou), 1 needs attention, 2 clients, 1 upgrade available',
    );
  });

  it('shows no icon or link that a name brings', () => {
    assert.equal(text({ profileName: 'x $(error)](y)' }).label, 'x $ (error)] (y) · cn-hangzhou');
  });
});

describe('the tooltip of a listing', () => {
  it('names the account, what is missing, and the request ID', () => {
    const error = new BackupError('permission-denied', 'denied', {
      ramAction: 'hbr:DescribeBackupClients',
      requestId: 'r-1',
    });
    assert.deepEqual(
      tooltip({ state: 'denied', inventory: { phase: 'failed', listedAt: undefined, error } }),
      {
        title: 'production · China (Hangzhou)',
        lines: [
          'Account 1234567890123456',
          "You don't have the hbr:DescribeBackupClients permission. Ask your RAM administrator to grant it.",
          'Request ID: r-1',
        ],
      },
    );
  });

  it('says which account the clients belong to, and through which account', () => {
    const { lines } = tooltip({
      scope: aScope({ crossAccount }),
      clients: two,
      inventory: { changedWhileReading: true, listedAt: minutes(1) },
    });
    assert.deepEqual(lines, [
      'Clients of account 1111222233334444 (logistics) through 1234567890123456',
      '2 clients',
      '1 needs attention (Upgrade failed: 1)',
      '1 upgrade available',
      'Listed 1 minute ago.',
      'The list changed while it was being read. Refresh to see all clients.',
    ]);
  });

  it('says that nobody has verified the account', () => {
    assert.deepEqual(tooltip({ scope: aScope({ accountId: '' }) }).lines[0], 'Account not verified');
  });
});
