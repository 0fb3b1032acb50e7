import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { buildClientTree, type ListingTree } from '../../../src/core/clients/buildClientTree';
import { clientsOfRows } from '../../../src/core/clients/chosenClients';
import { groupsAbove, type ClientTree, type RangeNode } from '../../../src/core/clients/clientTree';
import { diffClientTrees } from '../../../src/core/clients/diffClientTrees';
import type { GroupBy } from '../../../src/core/clients/grouping/groupBy';
import { rowTextOf } from '../../../src/core/clients/rowText';
import { keyClients } from '../../../src/core/service/clientFacts';
import type { BackupClient } from '../../../src/core/service/model';
import { aClient, aScope } from '../../support/builders';
import { allNodes } from '../../support/listingBuilders';

const named = (name: string, fields: Partial<BackupClient> = {}): BackupClient =>
  aClient({ instanceName: name, instanceId: `i-${name}`, clientId: `c-${name}`, ...fields });

const numbered = (count: number): readonly BackupClient[] =>
  Array.from({ length: count }, (_, i) => named(`web-${String(i + 1).padStart(4, '0')}`));

function treeOf(
  clients: readonly BackupClient[],
  { before, groupBy = [] }: { readonly before?: ListingTree; readonly groupBy?: GroupBy } = {},
): ListingTree {
  const scope = aScope();
  const input = { scope, clients: keyClients(clients), groupBy, nowMs: 0, staleMinutes: 0 };
  return buildClientTree(input, before);
}

function rangesOf({ roots }: Pick<ClientTree, 'roots'>): readonly RangeNode[] {
  assert.ok(roots.length > 0 && roots.every((node) => node.kind === 'range'));
  return roots;
}

const textsOf = (tree: ClientTree) =>
  rangesOf(tree).map((range) => {
    const { label, description } = rowTextOf(range, 0);
    return `${label} ${description}`;
  });

describe('many rows', () => {
  it('stay rows up to 500, and are ranges of 250 with the names they begin and end with from then on', () => {
    assert.ok(treeOf(numbered(500)).roots.every(({ kind }) => kind === 'client'));
    assert.deepEqual(textsOf(treeOf(numbered(501))), ['web-0001 … web-0251 251', 'web-0252 … web-0501 250']);
    assert.deepEqual(textsOf(treeOf(numbered(1000))), [
      'web-0001 … web-0250 250',
      'web-0251 … web-0500 250',
      'web-0501 … web-0750 250',
      'web-0751 … web-1000 250',
    ]);
  });

  it('stay ranges while a few go, and are rows again from 400 on', () => {
    const cut = treeOf(numbered(501));
    const fewer = treeOf(numbered(401), { before: cut });
    assert.equal(rangesOf(fewer).length, 2);
    assert.ok(treeOf(numbered(400), { before: fewer }).roots.every(({ kind }) => kind === 'client'));
  });

  it('are ranges in a group too, which stays one selection of all its clients', () => {
    const tree = treeOf(numbered(1000), { groupBy: ['status', 'zone'] });
    const [status] = tree.roots;
    assert.ok(status?.kind === 'group');
    const [zone] = status.children;
    assert.ok(zone?.kind === 'group');
    assert.deepEqual(
      zone.children.map(({ kind }) => kind),
      ['range', 'range', 'range', 'range'],
    );
    const [range] = zone.children;
    assert.deepEqual(
      [status, zone, range].map((node) => clientsOfRows(tree, node)?.length),
      [1000, 1000, 250],
    );
    // What is above a row is found from its ID alone, also where nothing was drawn yet.
    const again = treeOf(numbered(1000), { groupBy: ['status', 'zone'] });
    const row = again.all[700]?.id ?? '';
    assert.equal(again.node(again.parentOf(row) ?? '')?.kind, 'range');
    assert.deepEqual(
      groupsAbove(again, row).map(({ dimension }) => dimension),
      ['zone', 'status'],
    );
    assert.equal(again.parentOf(range?.id ?? ''), zone.id);
  });

  it('that need attention are ranges of their own, before the others', () => {
    const clients = numbered(800).map((client, i) =>
      i % 100 === 99 ? { ...client, status: i < 500 ? 'STOPPED' : 'INSTALL_FAILED' } : client,
    );
    const [first, ...others] = rangesOf(treeOf(clients));
    assert.deepEqual(
      first?.clients.map(({ client }) => client.instanceName),
      ['web-0600', 'web-0700', 'web-0800', 'web-0100', 'web-0200', 'web-0300', 'web-0400', 'web-0500'],
    );
    assert.equal(rowTextOf(first, 0).description, '8 · 8 need attention');
    assert.ok(others.every(({ counts }) => counts.attention === 0));
  });

  it('of which one comes, goes, or changes draw one range again', () => {
    const clients = numbered(2000);
    const before = treeOf(clients);
    const changed = (after: ClientTree) => diffClientTrees(before, after);
    const fifth = rangesOf(before)[4];
    assert.ok(fifth);
    assert.deepEqual(changed(treeOf([...clients, named('web-1100a')], { before })).ids, [fifth.id]);
    const without = clients.filter(({ instanceName }) => instanceName !== 'web-1001');
    assert.deepEqual(changed(treeOf(without, { before })).ids, [fifth.id]);
    const moved = clients.map((client) =>
      client.instanceName === 'web-1100' ? { ...client, privateIpV4: '10.0.0.9' } : client,
    );
    const row = before.all.find(({ client }) => client.instanceName === 'web-1100');
    assert.deepEqual(changed(treeOf(moved, { before })).ids, [row?.id]);
  });

  it('whose range empties or doubles share with the next one, or are cut again', () => {
    const clients = numbered(1000);
    const before = treeOf(clients);
    const few = treeOf(clients.slice(200), { before });
    assert.deepEqual(textsOf(few), [
      'web-0201 … web-0500 300',
      'web-0501 … web-0750 250',
      'web-0751 … web-1000 250',
    ]);
    const many = treeOf([...clients, ...numbered(400).map((_, i) => named(`web-0600-${i}`))], { before });
    assert.deepEqual(textsOf(many), [
      'web-0001 … web-0250 250',
      'web-0251 … web-0500 250',
      'web-0501 … web-0600-116 217',
      'web-0600-117 … web-0600-333 217',
      'web-0600-334 … web-0750 216',
      'web-0751 … web-1000 250',
    ]);
  });

  it('are all below their ranges in order, whatever comes and goes, under IDs that never meet', () => {
    const fleet = fc
      .tuple(
        fc.integer({ min: 501, max: 900 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 2, max: 40 }),
      )
      .map(([count, step, every]) =>
        Array.from({ length: count }, (_, i) =>
          named(`web-${i * step}`, i % every === 0 ? { status: 'STOPPED' } : {}),
        ),
      );
    fc.assert(
      fc.property(fc.array(fleet, { minLength: 2, maxLength: 3 }), (fleets) => {
        let before: ListingTree | undefined;
        for (const clients of fleets) {
          const tree = treeOf(clients, { ...(before && { before }) });
          const ranges = rangesOf(tree);
          assert.deepEqual(
            ranges.flatMap((range) => range.clients),
            [...tree.all].sort((a, b) => a.rank - b.rank),
          );
          assert.ok(ranges.every(({ children }) => children.length > 0 && children.length <= 500));
          const ids = allNodes(tree).map(({ id }) => id);
          assert.equal(new Set(ids).size, ids.length);
          for (const id of ids) assert.equal(tree.node(id)?.id, id);
          for (const range of ranges)
            for (const { id } of range.clients) assert.equal(tree.parentOf(id), range.id);
          before = tree;
        }
      }),
      { numRuns: 6 },
    );
  });
});
