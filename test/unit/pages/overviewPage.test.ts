import { strict as assert } from 'node:assert';
import type { LastBackup } from '../../../src/core/protection/lastBackup';
import { buildClientTree } from '../../../src/core/clients/buildClientTree';
import type { ClientTree } from '../../../src/core/clients/clientTree';
import { createFilter, isListingShown, parseFilter } from '../../../src/core/clients/filter/filter';
import type { InventoryState } from '../../../src/core/clients/inventory';
import { joinListings } from '../../../src/core/clients/joinListings';
import { listingStateOf } from '../../../src/core/clients/viewState';
import type { Operation } from '../../../src/core/operations/operation';
import type { Chart, ChartRow, Mark } from '../../../src/core/pages/overview/chart';
import type { OverviewListing } from '../../../src/core/pages/overview/facts';
import type { InstanceCount } from '../../../src/core/pages/overview/instanceCounts';
import { overviewPageState, type OverviewContext } from '../../../src/core/pages/overview/overviewPage';
import { keyClients } from '../../../src/core/service/clientFacts';
import { BackupError } from '../../../src/core/service/errors';
import { clientStatuses, type BackupClient } from '../../../src/core/service/model';
import { scopeKey, type Scope } from '../../../src/core/service/scope';
import { aBareClient, aClient, aScope } from '../../support/builders';
import { aPlan } from '../../support/operationBuilders';

const now = new Date(2026, 0, 20, 12).getTime();
const minutesAgo = (minutes: number): number => now / 1000 - minutes * 60;

describe('Fleet Overview', () => {
  it('counts clients by status and zone, and shows those of a mark', () => {
    const chart = chartOf(
      stateOf({
        listings: [
          aListing([
            aClient({ instanceId: 'i-1', zoneId: 'cn-hangzhou-h', status: 'STOPPED' }),
            aClient({ instanceId: 'i-2', zoneId: 'cn-hangzhou-h' }),
            aClient({ instanceId: 'i-3', zoneId: 'cn-hangzhou-i' }),
          ]),
        ],
      }),
      'status',
    );
    assert.deepEqual(numbersOf(chart), {
      'cn-hangzhou-h': { Stopped: 1, Activated: 1 },
      'cn-hangzhou-i': { Activated: 1 },
    });
    const [stopped] = rowOf(chart, 'cn-hangzhou-h').marks;
    assert.deepEqual(stopped?.target, { type: 'filter', text: 'status:stopped zone:cn-hangzhou-h' });
    assert.equal(stopped.sentence, 'cn-hangzhou-h, Stopped: 1 client');
  });

  it('counts what the tree shows with the filter of each mark, and what the badge says', () => {
    const listings = [
      aListing(fleet(150, 1), { scope: aScope(), leftoverOf: 7, overdueOf: 2 }),
      aListing(fleet(80, 2), { scope: aScope({ regionId: 'cn-shanghai' }) }),
      aListing(fleet(40, 3), {
        scope: aScope({ regionId: 'cn-beijing', profileId: 'p-2' }),
        profileName: 'two words',
      }),
    ];
    for (const chosen of ['', ...listings.map(({ key }) => key)]) {
      const state = stateOf({ listings, chosen });
      const links = [
        ...state.charts.flatMap(({ rows, series }) => [
          ...rows.flatMap(({ marks }) => marks),
          ...rows,
          ...series,
        ]),
        ...state.figures.map(({ countText, target }) => ({ count: Number(countText), target })),
      ];
      let compared = 0;
      for (const { count, target } of links) {
        if (target?.type !== 'filter') continue;
        assert.equal(treeOf(listings, target.text).shown, count, target.text);
        compared++;
      }
      assert.ok(compared > 40, `${compared} links`);
      const shownOverdue = treeOf(listings, 'is:overdue').counts;
      assert.ok(shownOverdue.attention > 0);
      assert.equal(
        state.figures.find(({ id }) => id === 'attention')?.countText,
        String(
          treeOf(chosen === '' ? listings : listings.filter(({ key }) => key === chosen), '').counts
            .attention,
        ),
      );
    }
  });

  it('says how far each version is behind the newest one that clients know', () => {
    const chart = chartOf(
      stateOf({
        listings: [
          aListing([
            aClient({ instanceId: 'i-1', clientVersion: '2.4.5' }),
            aClient({ instanceId: 'i-2', clientVersion: '2.4.1' }),
            aClient({ instanceId: 'i-3', clientVersion: '2.10.0', maxClientVersion: '2.10.0' }),
            aClient({ instanceId: 'i-4', clientVersion: '2.4.1', maxClientVersion: '2.4.1' }),
            aClient({ instanceId: 'i-5', clientVersion: '2.3.0' }),
            { clientType: 'ECS_CLIENT', instanceId: 'i-6', status: 'NOT_INSTALLED', tags: [] },
          ]),
        ],
      }),
      'versions',
    );
    assert.deepEqual(
      chart.rows.map(({ label, note, count }) => [label, note, count]),
      [
        ['2.10.0', 'latest', 1],
        ['2.4.5', 'latest', 1],
        ['2.4.1', 'latest for some', 2],
        ['2.3.0', '3 behind', 1],
      ],
    );
    assert.equal(chart.summary, 'A newer version exists for 2 of 5 clients.');
  });

  it('puts heartbeats into bins with the limit of the settings between two of them', () => {
    const ages = [-1, 0, 5, 5.1, 44, 46, 61, 400, 20_000];
    const listings = [
      aListing(ages.map((age, n) => aClient({ instanceId: `i-${n}`, lastHeartBeatTime: minutesAgo(age) }))),
    ];
    const chart = chartOf(stateOf({ listings, staleMinutes: 45 }), 'heartbeats');
    assert.deepEqual(
      chart.rows.map(({ label, count }) => [label, count]),
      [
        ['< 5 min', 3],
        ['5–15 min', 1],
        ['15–45 min', 1],
        ['45–60 min', 1],
        ['1–6 h', 1],
        ['6–24 h', 1],
        ['1–7 d', 0],
        ['> 7 d', 1],
      ],
    );
    assert.deepEqual(chart.limit, { before: '45m-1h', label: 'Limit: 45 min' });
    assert.equal(chart.summary, '4 clients have sent no heartbeat for more than 45 min.');
    const without = chartOf(stateOf({ listings, staleMinutes: 0 }), 'heartbeats');
    assert.equal(without.limit, undefined);
    assert.deepEqual(
      without.series.map(({ id }) => id),
      ['recent'],
    );
  });

  it('names the scopes by listing in backups, and asks for one by its region and profile', () => {
    const listings = [
      aListing([aClient({ backupStatus: 'UNPROTECTED' })], { profileName: 'two words' }),
      aListing([aClient()], { scope: aScope({ regionId: 'cn-shanghai' }) }),
    ];
    const chart = chartOf(stateOf({ listings }), 'protection');
    assert.deepEqual(
      chart.rows.map(({ label }) => label),
      ['two words · cn-hangzhou', 'production · cn-shanghai'],
    );
    assert.deepEqual(chart.rows[0]?.marks[0]?.target, {
      type: 'filter',
      text: 'is:unprotected region:cn-hangzhou profile:"two words"',
    });
    const [only] = chartOf(stateOf({ listings: listings.slice(0, 1) }), 'protection').rows;
    assert.deepEqual(only?.marks[0]?.target, { type: 'filter', text: 'is:unprotected' });
  });

  describe('operations', () => {
    it('counts those that ended in the last 30 days, and rates those with a known result', () => {
      const chart = operationsOf([
        anOperation('a', { outcomes: ['done'] }),
        anOperation('b', { outcomes: ['done', 'failed'] }),
        anOperation('c', { outcomes: ['failed'], daysAgo: 29 }),
        anOperation('d', { outcomes: ['done'], daysAgo: 30 }),
        anOperation('e', { outcomes: ['unknown'] }),
        anOperation('f', { outcomes: ['running'], phase: 'watching' }),
      ]);
      assert.equal(chart.rows.length, 30);
      assert.deepEqual(numbersOf(chart), {
        'Dec 22': { Failed: 1 },
        'Jan 20': { 'Completed with errors': 1, 'Stopped or not verified': 1, Completed: 1 },
      });
      assert.equal(
        chart.summary,
        "33% of 3 operations completed. 1 more isn't rated, because it was stopped or its result isn't verified.",
      );
    });

    it('has no rate without an operation that ended', () => {
      const chart = operationsOf([anOperation('f', { outcomes: ['running'], phase: 'watching' })]);
      assert.equal(chart.summary, 'No operation has ended in the last 30 days.');
      assert.deepEqual(chart.rows, []);
    });

    it('opens the only operation of a mark, and the Tasks view for several', () => {
      const chart = operationsOf([
        anOperation('a', { outcomes: ['failed'] }),
        anOperation('b', { outcomes: ['done'] }),
        anOperation('c', { outcomes: ['done'] }),
      ]);
      assert.deepEqual(
        rowOf(chart, 'Jan 20').marks.map(({ target }) => target),
        [{ type: 'operation', operationId: 'a' }, { type: 'tasks' }],
      );
    });

    it('leaves out those of other scopes', () => {
      const elsewhere = anOperation('a', { outcomes: ['done'], scope: aScope({ regionId: 'cn-beijing' }) });
      assert.deepEqual(operationsOf([elsewhere]).rows, []);
    });

    it('rounds no rate up to 100 or down to 0', () => {
      const many = Array.from({ length: 400 }, (_, n) => anOperation(`o-${n}`, { outcomes: ['done'] }));
      assert.match(
        operationsOf([...many, anOperation('x', { outcomes: ['failed'] })]).summary,
        /^99% of 401/,
      );
    });
  });

  describe('coverage', () => {
    const listing = aListing([
      aClient({ instanceId: 'i-1' }),
      aClient({ instanceId: 'i-2', status: 'NOT_INSTALLED' }),
      aClient({ instanceId: 'i-released', status: 'UNKNOWN' }),
    ]);

    it('reads nothing by itself: it offers a button', () => {
      const { charts, counting } = stateOf({ listings: [listing] });
      assert.deepEqual(chartOf({ charts }, 'coverage').rows, []);
      assert.deepEqual(counting, { lines: [], button: { label: 'Count ECS Instances', does: 'count' } });
    });

    it('counts instances with and without a client once they were read', () => {
      const counted: InstanceCount = { phase: 'counted', instanceIds: new Set(['i-1', 'i-2', 'i-3']) };
      const chart = chartOf(stateOf({ listings: [listing], instanceCountOf: () => counted }), 'coverage');
      assert.deepEqual(numbersOf(chart), {
        'production · cn-hangzhou': { 'Without a client': 2, 'With a client': 1 },
      });
      assert.equal(chart.summary, "There's no client on 2 of 3 ECS instances.");
      assert.deepEqual(chart.rows[0]?.marks[0]?.target, { type: 'install', listing: listing.key });
    });

    it('takes no instance for one without a client while the clients are not listed', () => {
      const error = new BackupError('permission-denied', 'no');
      const denied = aListing([], { inventory: { phase: 'failed', error, listedAt: undefined } });
      const { charts, counting } = stateOf({
        listings: [denied],
        instanceCountOf: () => ({ phase: 'counted', instanceIds: new Set(['i-1', 'i-2']) }),
      });
      assert.deepEqual(chartOf({ charts }, 'coverage').rows, []);
      assert.deepEqual(counting.lines, [
        "production · cn-hangzhou: 2 instances, but its clients aren't listed yet",
      ]);
    });

    it('shows how far counting is, and offers to cancel it', () => {
      const { counting } = stateOf({
        listings: [listing],
        instanceCountOf: () => ({ phase: 'counting', read: 1200 }),
      });
      assert.deepEqual(counting.lines, ['production · cn-hangzhou: 1,200 instances counted…']);
      assert.equal(counting.button?.does, 'cancelCount');
    });

    it('names the permission that is missing', () => {
      const error = new BackupError('permission-denied', 'no', { ramAction: 'ecs:DescribeInstances' });
      const { counting } = stateOf({
        listings: [listing],
        instanceCountOf: () => ({ phase: 'failed', error }),
      });
      assert.deepEqual(counting.lines, [
        "production · cn-hangzhou: You don't have the ecs:DescribeInstances permission. Ask your RAM administrator to grant it.",
      ]);
    });

    it('offers no count of instances that the profile cannot list', () => {
      const scope = aScope({ crossAccount: { type: 'CROSS_ACCOUNT', userId: '1', roleName: 'r' } });
      const { charts, counting } = stateOf({ listings: [aListing([aClient()], { scope })] });
      assert.equal(counting.button, undefined);
      assert.equal(chartOf({ charts }, 'coverage').summary, "Instances of another account can't be counted.");
    });
  });

  describe('while not everything is listed', () => {
    const good = aListing([aClient()]);
    const denied = aListing([], {
      scope: aScope({ regionId: 'cn-shanghai' }),
      inventory: { phase: 'failed', error: new BackupError('permission-denied', 'no') },
    });

    it('says which regions are missing and why, and shows the others', () => {
      const state = stateOf({
        listings: [good, aListing([aClient()], { scope: aScope({ regionId: 'cn-beijing' }) }), denied],
      });
      assert.deepEqual(state.notes.slice(0, 2), [
        { text: '2 of 3 regions shown.', tone: 'warning' },
        { text: 'production · cn-shanghai: no permission', tone: 'warning' },
      ]);
      assert.equal(state.obstacle, undefined);
    });

    it('says that a region failed whose older clients are counted', () => {
      const error = new BackupError('unreachable', 'no');
      const old = aListing([aClient()], { inventory: { phase: 'failed', error, listedAt: now - 3_600_000 } });
      assert.deepEqual(stateOf({ listings: [old] }).notes, [
        { text: "production · cn-hangzhou: can't be reached", tone: 'warning' },
        { text: 'Listed 60 minutes ago.', tone: 'off' },
      ]);
    });

    it('explains why nothing is shown', () => {
      const kindOf = (listings: readonly OverviewListing[]) => stateOf({ listings }).obstacle?.kind;
      assert.equal(kindOf([]), 'signedOut');
      assert.equal(
        kindOf([aListing([], { inventory: { phase: 'loading', listedAt: undefined } })]),
        'loading',
      );
      assert.equal(kindOf([denied]), 'failed');
      assert.equal(kindOf([aListing([])]), 'empty');
    });

    it('says what to do about the only region that failed', () => {
      const failed = (error: BackupError) =>
        stateOf({ listings: [aListing([], { inventory: { phase: 'failed', error, listedAt: undefined } })] });
      const denied = failed(
        new BackupError('permission-denied', 'no', { ramAction: 'hbr:DescribeBackupClients' }),
      );
      assert.match(denied.obstacle?.text ?? '', /hbr:DescribeBackupClients/);
      assert.equal(denied.obstacle?.button?.does, 'refresh');
      assert.deepEqual(denied.notes, []);
      const expired = failed(new BackupError('credentials-expired', 'no'));
      assert.equal(expired.obstacle?.button?.does, 'signInAgain');
    });
  });

  it('offers a choice only between several listings, and forgets one that is hidden', () => {
    const first = aListing([aClient()]);
    const second = aListing([aClient()], { scope: aScope({ regionId: 'cn-shanghai' }) });
    assert.deepEqual(stateOf({ listings: [first] }).choices, []);
    const state = stateOf({ listings: [first, second], chosen: second.key });
    assert.deepEqual(
      state.choices.map(({ label }) => label),
      ['All shown regions', 'production · cn-hangzhou', 'production · cn-shanghai'],
    );
    assert.equal(state.chosen, second.key);
    assert.equal(state.figures[0]?.countText, '1');
    assert.equal(stateOf({ listings: [first], chosen: second.key }).chosen, '');
  });

  it('counts clients by when they were last backed up, and says how many have no recent backup', () => {
    const listing = aListing(
      [1, 2, 3, 4, 5, 6].map((n) => aClient({ instanceId: `i-${n}`, clientId: `c-${n}` })),
      { overdueOf: 3 },
    );
    const chart = chartOf(stateOf({ listings: [listing] }), 'last-backups');
    assert.deepEqual(Object.values(numbersOf(chart)), [
      {
        'No backup found': 1,
        'Backed up more than a week ago': 1,
        'Backed up in the last week': 1,
        'Backed up in the last day': 2,
      },
    ]);
    assert.equal(chart.summary, '2 active clients have no recent backup.');
    const unread = { ...listing, backups: { lastBackups: new Map(), overdue: new Set<string>() } };
    const unknown = chartOf(stateOf({ listings: [unread] }), 'last-backups');
    assert.deepEqual(
      [unknown.rows, unknown.summary],
      [[], "Couldn't tell when clients were last backed up."],
    );
  });

  it('says once why it counts no client without a recent backup, and has no such number without one', () => {
    const listings = [
      aListing([aClient()]),
      aListing([aClient()], { scope: aScope({ regionId: 'cn-beijing' }) }),
    ];
    const { notes, figures } = stateOf({ listings, backupsDenied: ['hbr:DescribeBackupJobs2'] });
    assert.deepEqual(
      notes.filter(({ tone }) => tone === 'warning').map(({ text }) => text),
      [
        "Couldn't tell when clients were last backed up: you don't have the hbr:DescribeBackupJobs2 permission.",
      ],
    );
    assert.deepEqual(
      figures.map(({ id }) => id),
      ['clients', 'attention', 'upgradable'],
    );
  });

  it('sends no rows: the state of 5,000 clients is as small as that of 250', () => {
    const size = (count: number): number =>
      JSON.stringify(stateOf({ listings: [aListing(fleet(count, 1))] })).length;
    assert.ok(size(5_000) < size(250) * 1.2, `${size(5_000)} and ${size(250)}`);
  });

  it('makes names of the service safe', () => {
    const chart = chartOf(
      stateOf({ listings: [aListing([aClient({ zoneId: 'h\u202e\u0007\n' })])] }),
      'status',
    );
    assert.doesNotMatch(JSON.stringify(chart.rows.map(({ label }) => label)), /[\u202e\u0007]/);
  });
});

function stateOf(context: Partial<OverviewContext>) {
  return overviewPageState({
    now,
    listings: [],
    chosen: '',
    staleMinutes: 60,
    backupsDenied: [],
    operations: [],
    operationsRead: true,
    instanceCountOf: () => undefined,
    ...context,
  });
}

function operationsOf(operations: readonly Operation[]): Chart {
  return chartOf(stateOf({ listings: [aListing([aClient()])], operations }), 'operations');
}

function chartOf({ charts }: { readonly charts: readonly Chart[] }, id: Chart['id']): Chart {
  const found = charts.find((chart) => chart.id === id);
  assert.ok(found);
  return found;
}

function rowOf(chart: Chart, label: string): ChartRow {
  const found = chart.rows.find((row) => row.label === label);
  assert.ok(found, label);
  return found;
}

/** Counts by row and series, without zeros. Also checks that sums are right. */
function numbersOf({ rows, series }: Chart): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const labelOf = (mark: Mark): string => series.find(({ id }) => id === mark.series)?.label ?? '?';
  for (const { id, count } of series) {
    const marks = rows.flatMap((row) => row.marks).filter((mark) => mark.series === id);
    assert.equal(
      count,
      marks.reduce((sum, mark) => sum + mark.count, 0),
    );
  }
  return Object.fromEntries(
    rows
      .filter(({ marks }) => marks.length > 0)
      .map(({ label, marks }) => [
        label,
        Object.fromEntries(marks.map((mark) => [labelOf(mark), mark.count])),
      ]),
  );
}

interface ListingOptions {
  readonly scope?: Scope;
  readonly profileName?: string;
  readonly inventory?: Partial<InventoryState>;
  /** Every so many clients are left over. */
  readonly leftoverOf?: number;
  /** Every so many clients have no recent backup. */
  readonly overdueOf?: number;
}

function aListing(clients: readonly BackupClient[], options: ListingOptions = {}): OverviewListing {
  const { scope = aScope(), profileName = 'production' } = options;
  const inventory: InventoryState = {
    scope,
    clients: keyClients(clients),
    phase: 'ready',
    received: clients.length,
    total: clients.length,
    listedAt: now,
    changedWhileReading: false,
    error: undefined,
    ...options.inventory,
  };
  const keys = [...inventory.clients.keys()];
  const { leftoverOf = 0 } = options;
  const { overdueOf = 0 } = options;
  const overdue = new Set(keys.filter((_, n) => overdueOf > 0 && n % overdueOf === 0));
  return {
    key: scopeKey(scope),
    label: { scope, profileName, demo: false },
    state: listingStateOf(inventory),
    inventory,
    leftovers: new Set(keys.filter((_, n) => leftoverOf > 0 && n % leftoverOf === 0)),
    backups: {
      lastBackups: new Map(
        keys.map((key, n) => [key, lastBackups[n % lastBackups.length] ?? { kind: 'unknown' }]),
      ),
      overdue,
    },
    serviceNow: now,
  };
}

const asOf = now / 1000;
const backedUp = (days: number): LastBackup => ({
  kind: 'at',
  at: asOf - days * 86_400,
  partial: false,
  asOf,
});
const lastBackups: readonly LastBackup[] = [
  ...[backedUp(0.1), backedUp(1.5), backedUp(9)],
  ...[{ kind: 'none', asOf } as const, { kind: 'unknown' } as const],
];

/** The tree of the view with a filter. */
function treeOf(listings: readonly OverviewListing[], text: string): ClientTree {
  const filter = parseFilter(text);
  return joinListings(
    listings.map(({ key, label, state, inventory, leftovers, backups, serviceNow }) => {
      const { scope, profileName } = label;
      const tree = buildClientTree({
        scope,
        clients: inventory.clients,
        groupBy: ['status'],
        nowMs: serviceNow,
        staleMinutes: 60,
        leftovers,
        backups,
        isShown: createFilter(filter, { scope, profileName, nowMs: serviceNow }),
      });
      return {
        listing: { id: key, label, state, inventory },
        total: inventory.clients.size,
        isShown: isListingShown(filter, { scope, profileName }),
        tree,
      };
    }),
  );
}

/** Clients of every kind, the same for a seed. */
function fleet(count: number, seed: number): readonly BackupClient[] {
  let state = seed * 2_654_435_761;
  const pick = <T>(values: readonly T[]): T => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return values[(state >>> 16) % values.length] as T;
  };
  return Array.from({ length: count }, (_, n) => {
    const zoneId = pick(['', 'cn-hangzhou-h', 'cn-hangzhou-i', 'cn-hangzhou-k']);
    const backupStatus = pick(['', 'PROTECTED', 'UNPROTECTED']);
    return aBareClient({
      instanceId: `i-${n}`,
      clientId: `c-${n}`,
      status: pick([...clientStatuses, 'ACTIVATED', 'ACTIVATED', 'ACTIVATED', 'REBOOTING']),
      clientVersion: pick(['2.3.0', '2.4.1', '2.4.5', '2.10.0']),
      maxClientVersion: pick(['2.4.5', '2.10.0']),
      lastHeartBeatTime: minutesAgo(pick([0, 1, 5, 10, 60, 61, 100, 1000, 5000, 30_000])),
      ...(zoneId && { zoneId }),
      ...(backupStatus && { backupStatus }),
    });
  });
}

function anOperation(
  id: string,
  {
    outcomes,
    daysAgo = 0,
    phase = 'ended',
    scope = aScope(),
  }: {
    readonly outcomes: readonly Operation['machines'][number]['outcome'][];
    readonly daysAgo?: number;
    readonly phase?: Operation['phase'];
    readonly scope?: Scope;
  },
): Operation {
  const plan = aPlan(
    'upgrade',
    outcomes.map((_, n) => aClient({ instanceId: `i-${n}` })),
  );
  const startedAt = new Date(2026, 0, 20 - daysAgo, 9).getTime();
  return {
    ...plan,
    id,
    scope,
    startedAt,
    ...(phase === 'ended' && { endedAt: startedAt + 60_000 }),
    timeScale: 1,
    phase,
    sendingStopped: false,
    watchingStopped: false,
    strategy: { kind: 'all' },
    maxFailures: 0,
    waves: [],
    machines: plan.machines.map((machine, n) => ({ machine, outcome: outcomes[n] ?? 'done' })),
    calls: [],
  };
}
