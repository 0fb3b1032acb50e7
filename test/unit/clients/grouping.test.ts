import { strict as assert } from 'node:assert';
import { buildClientTree } from '../../../src/core/clients/buildClientTree';
import type { ClientTree, ClientTreeNode } from '../../../src/core/clients/clientTree';
import { askGroupBy } from '../../../src/core/clients/grouping/askGroupBy';
import { createFilter, parseFilter } from '../../../src/core/clients/filter/filter';
import { readGroupBy, type GroupBy } from '../../../src/core/clients/grouping/groupBy';
import { rowTextOf } from '../../../src/core/clients/rowText';
import { keyClients } from '../../../src/core/service/clientFacts';
import type { BackupClient, Tag } from '../../../src/core/service/model';
import type { LastBackup } from '../../../src/core/protection/lastBackup';
import { aBareClient, aClient, aScope } from '../../support/builders';
import { FakeUser } from '../../support/fakeUser';

const nowMs = Date.UTC(2026, 0, 2);

const named = (name: string, fields: Partial<BackupClient> = {}): BackupClient =>
  aClient({ instanceName: name, instanceId: `i-${name}`, clientId: `c-${name}`, ...fields });

function treeOf(
  clients: readonly BackupClient[],
  groupBy: GroupBy,
  vpcIds: ReadonlyMap<string, string> = new Map(),
  lastBackups: ReadonlyMap<string, LastBackup> = new Map(),
): ClientTree {
  return buildClientTree({
    scope: aScope(),
    clients: keyClients(clients),
    groupBy,
    nowMs,
    staleMinutes: 60,
    vpcIds,
    backups: { lastBackups, overdue: new Set() },
  });
}

/** The tree as it reads when every group is open, two spaces a level. */
function lines(tree: ClientTree): readonly string[] {
  const below = (nodes: readonly ClientTreeNode[], indent: string): readonly string[] =>
    nodes.flatMap((node) => {
      if (node.kind === 'client') return [`${indent}${node.client.instanceName ?? ''}`];
      if (node.kind === 'listing') return below(node.children, indent);
      const { label, description } = rowTextOf(node, 60);
      return [`${indent}${label} ${description}`, ...below(node.children, `${indent}  `)];
    });
  return below(tree.roots, '');
}

const tagged = (name: string, ...tags: readonly Tag[]): BackupClient => named(name, { tags });
const silent = { lastHeartBeatTime: nowMs / 1000 - 7200 };
const fleet = [
  named('old', { clientVersion: '2.3.0' }),
  named('failed', { status: 'UPGRADE_FAILED' }),
  named('silent', silent),
  named('stopped-b', { status: 'STOPPED', zoneId: 'cn-hangzhou-b' }),
  named('stopped-a', { status: 'STOPPED', zoneId: 'cn-hangzhou-a' }),
  named('web'),
  aBareClient({ instanceName: 'bare', instanceId: 'i-bare' }),
];

describe('groups by status', () => {
  it('begin with what needs attention, by reason, and the reasons add up to the badge', () => {
    const tree = treeOf(fleet, ['status', 'zone']);
    assert.deepEqual(lines(tree).slice(0, 8), [
      'Needs attention 4',
      '  Upgrade failed 1',
      '    failed',
      '  Stopped 2',
      '    stopped-a',
      '    stopped-b',
      '  No heartbeat 1',
      '    silent',
    ]);
    const [first] = tree.roots;
    assert.ok(first?.kind === 'group');
    const sum = first.children.reduce(
      (all, node) => all + (node.kind === 'group' ? node.counts.total : 0),
      0,
    );
    assert.deepEqual([sum, first.counts.attention], [tree.counts.attention, tree.counts.attention]);
  });

  it('have each client once', () => {
    const tree = treeOf(fleet, ['status', 'zone']);
    const rows = lines(tree).filter((line) => !/\d$/.test(line) && !/ · /.test(line));
    assert.equal(rows.length, fleet.length);
  });

  it('inside others put what needs attention first, without a level for the reason', () => {
    assert.deepEqual(lines(treeOf(fleet, ['zone', 'status'])).slice(0, 10), [
      'cn-hangzhou-f 4 · 2 need attention',
      '  Needs attention 2',
      '    failed',
      '    silent',
      '  Upgrade available 1 · 2.4.5',
      '    old',
      '  Activated 1',
      '    web',
      'cn-hangzhou-a 1 · 1 needs attention',
      '  Needs attention 1',
    ]);
  });
});

describe('groups', () => {
  it('with the most clients that need attention come first, those without a value last', () => {
    assert.deepEqual(lines(treeOf(fleet, ['zone'])), [
      'cn-hangzhou-f 4 · 2 need attention',
      '  failed',
      '  silent',
      '  old',
      '  web',
      'cn-hangzhou-a 1 · 1 needs attention',
      '  stopped-a',
      'cn-hangzhou-b 1 · 1 needs attention',
      '  stopped-b',
      'No zone 1',
      '  bare',
    ]);
  });

  it('are made by the reason for attention, version, system, architecture, backups, and type', () => {
    const clients = [
      named('a', { ...silent, clientVersion: '2.10.0', osType: 'Windows', archType: 'arm64' }),
      named('b', { clientVersion: '2.9.0', backupStatus: 'UNPROTECTED' }),
      aBareClient({ instanceName: 'c', instanceId: 'i-c', clientType: 'LOCAL_CLIENT' }),
    ];
    const groups = (groupBy: GroupBy) =>
      lines(treeOf(clients, groupBy)).filter((line) => !line.startsWith(' '));
    assert.deepEqual(groups(['attention']), ['No heartbeat 1', 'Needs no attention 2']);
    assert.deepEqual(groups(['version']), ['2.10.0 1 · 1 needs attention', '2.9.0 1', 'No version 1']);
    assert.deepEqual(groups(['os']), [
      'Windows 1 · 1 needs attention',
      'Linux 1',
      'Operating system not known 1',
    ]);
    assert.deepEqual(groups(['arch']), [
      'arm64 1 · 1 needs attention',
      'amd64 1',
      'Architecture not known 1',
    ]);
    assert.deepEqual(groups(['protection']), [
      'Backups configured 1 · 1 needs attention',
      'No backups configured 1',
      'Backups not known 1',
    ]);
    assert.deepEqual(groups(['type']), ['ECS clients 2 · 1 needs attention', 'Local clients 1']);
  });

  it('are made by the value of a tag, a tag without a value among them', () => {
    const clients = [
      tagged('a', { key: 'env', value: 'prod' }),
      tagged('b', { key: 'env', value: '' }),
      tagged('c', { key: 'team', value: 'x' }),
    ];
    assert.deepEqual(lines(treeOf(clients, ['tag:env'])), [
      'env= 1',
      '  b',
      'env=prod 1',
      '  a',
      'Without tag env 1',
      '  c',
    ]);
  });

  it('are made by VPC, those without one last but the ones that are not known', () => {
    const clients = [
      named('deleted', silent),
      named('classic', silent),
      aBareClient({ instanceName: 'local', instanceId: 'i-local', clientType: 'LOCAL_CLIENT' }),
      aBareClient({ instanceName: 'node', instanceId: 'i-node', clientType: 'CONTAINER_CLIENT' }),
      named('web'),
      named('db'),
    ];
    const vpcIds = new Map([
      ['i-classic', ''],
      ['i-web', 'vpc-b'],
      ['i-db', 'vpc-a'],
      ['i-node', 'vpc-a'],
    ]);
    const groups = lines(treeOf(clients.slice(2), ['vpc'], vpcIds));
    assert.deepEqual(groups, ['vpc-a 1', '  db', 'vpc-b 1', '  web', 'No VPC 2', '  local', '  node']);
    assert.deepEqual(
      lines(treeOf(clients.slice(0, 3), ['vpc'], vpcIds)).filter((line) => !line.startsWith(' ')),
      ['No VPC 2 · 1 needs attention', 'VPC not known 1 · 1 needs attention'],
    );
  });

  it('of one client each are put together where there are many', () => {
    const many = Array.from({ length: 12 }, (_, i) => tagged(`web-${i}`, { key: 'Name', value: `n${i}` }));
    const pair = [1, 2].map((i) => tagged(`db-${i}`, { key: 'Name', value: 'db' }));
    const groups = lines(treeOf([...many, ...pair, named('none')], ['tag:Name'])).filter((line) =>
      /^\S.* \d+$/.test(line),
    );
    assert.deepEqual(groups, ['Name=db 2', 'Without tag Name 1', 'One client each 12']);
  });

  it('can be left out', () => {
    assert.deepEqual(lines(treeOf([named('b'), named('a'), named('z', silent)], [])), ['z', 'a', 'b']);
  });
});

describe('what was kept of a grouping', () => {
  it('is read as this and earlier releases wrote it', () => {
    assert.deepEqual(readGroupBy('status'), ['status', 'zone']);
    assert.deepEqual(readGroupBy('zone'), ['zone', 'status']);
    assert.deepEqual(readGroupBy(['tag:env', 'os']), ['tag:env', 'os']);
    assert.deepEqual(readGroupBy([]), []);
  });

  it('is the default where it means nothing', () => {
    for (const stored of [undefined, 'size', ['size'], ['tag:'], [1], { 0: 'zone' }]) {
      assert.deepEqual(readGroupBy(stored), ['status', 'zone'], JSON.stringify(stored));
    }
    assert.deepEqual(readGroupBy(['zone', 'zone', 'os', 'arch']), ['zone', 'os']);
  });
});

it('groups by last backup begin with the worst, and end with what is not known', () => {
  const asOf = nowMs / 1000;
  const at = (days: number): LastBackup => ({ kind: 'at', at: asOf - days * 86_400, partial: false, asOf });
  const lastBackups = new Map<string, LastBackup>([
    ['i-today', at(1)],
    ['i-week', at(7)],
    ['i-old', at(7.1)],
    ['i-never', { kind: 'none', asOf }],
    ['i-unread', { kind: 'unknown' }],
  ]);
  const clients = ['today', 'week', 'old', 'never', 'unread', 'new'].map((name) => named(name));
  clients.push({ ...named('bare'), backupStatus: 'UNPROTECTED' });
  const tree = treeOf(clients, ['backup'], undefined, lastBackups);
  assert.deepEqual(lines(tree), [
    'No backup found 1',
    '  never',
    'Backed up more than a week ago 1',
    '  old',
    'Backed up in the last week 1',
    '  week',
    'Backed up in the last day 1',
    '  today',
    'No backups configured 1',
    '  bare',
    'Last backup not known 2',
    '  new',
    '  unread',
  ]);
  const shown = (text: string) =>
    tree.all
      .filter(createFilter(parseFilter(text), { scope: aScope(), profileName: '', nowMs }))
      .map(({ client }) => client.instanceName);
  assert.deepEqual(shown('backup:older backup:none'), ['never', 'old']);
  assert.deepEqual(shown('backup:unknown'), ['new', 'unread']);
  assert.deepEqual(parseFilter('backup:maybe').unknown, ['backup:maybe']);
});

describe('asking what to group by', () => {
  const clients = treeOf(
    [
      tagged('a', { key: 'env', value: 'prod' }, { key: 'team', value: 'x' }),
      tagged('b', { key: 'env', value: 'test' }),
    ],
    [],
  ).all;

  it('counts VPCs only when they are known', async () => {
    const vpcRow = async (vpcIds?: ReadonlyMap<string, string>) => {
      const user = new FakeUser().answer('No groups');
      await askGroupBy(user, [], treeOf([named('a'), named('b')], [], vpcIds).all);
      return user.asked[0]?.rows.find((row) => row.includes('VPC'));
    };
    assert.doesNotMatch((await vpcRow()) ?? 'group', /group/);
    assert.match(
      (await vpcRow(
        new Map([
          ['i-a', 'vpc-1'],
          ['i-b', ''],
        ]),
      )) ?? '',
      /2 groups/,
    );
  });

  it('offers tags of the clients, those of most clients first, with the number of groups', async () => {
    const user = new FakeUser().answer('Tag env', 'Zone');
    assert.deepEqual(await askGroupBy(user, ['status', 'zone'], clients), ['tag:env', 'zone']);
    const [first] = user.asked;
    assert.ok(first);
    assert.deepEqual(first.labels.slice(-2), ['Tag env', 'Tag team']);
    assert.ok(first.rows.some((row) => /Tag env.*2 groups/.test(row)));
    assert.deepEqual(
      user.asked.map(({ step }) => step),
      ['1/2', '2/2'],
    );
  });

  it('shows what is chosen now, and asks for no second level without a first', async () => {
    const user = new FakeUser().answer('No groups');
    assert.deepEqual(await askGroupBy(user, ['zone'], clients), []);
    assert.deepEqual(
      user.asked.map(({ ticked }) => ticked),
      [['Zone']],
    );
  });

  it('offers no level twice, nor reasons inside a status', async () => {
    const user = new FakeUser().answer('Status', undefined);
    assert.equal(await askGroupBy(user, ['zone', 'status'], clients), undefined);
    const second = user.asked[1]?.labels ?? [];
    assert.ok(!second.includes('Status') && !second.includes('Reason for attention'), second.join());
  });
});
