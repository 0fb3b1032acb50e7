import { strict as assert } from 'node:assert';
import { keyClients } from '../../../src/core/service/clientFacts';
import { buildClientTree } from '../../../src/core/clients/buildClientTree';
import {
  groupsAbove,
  type ClientChange,
  type ClientNode,
  type ClientTreeNode,
  type GroupNode,
  type ListingNode,
} from '../../../src/core/clients/clientTree';
import type { GroupBy } from '../../../src/core/clients/grouping/groupBy';
import { clientStatuses, type BackupClient } from '../../../src/core/service/model';
import { rowTextOf, type RowText } from '../../../src/core/clients/rowText';
import type { LastBackup } from '../../../src/core/protection/lastBackup';
import { aBareClient, aClient, aScope } from '../../support/builders';
import { allNodes } from '../../support/listingBuilders';

const nowMs = Date.UTC(2026, 0, 2);
const text = (node: Exclude<ClientTreeNode, ListingNode>): RowText => rowTextOf(node, 60);

function nodesOf(...clients: readonly BackupClient[]): readonly Exclude<ClientTreeNode, ListingNode>[] {
  const tree = buildClientTree({
    scope: aScope(),
    clients: keyClients(clients),
    groupBy: ['status', 'zone'],
    nowMs,
    staleMinutes: 60,
  });
  return allNodes(tree).filter((node) => node.kind !== 'listing');
}

function rowOf(client: BackupClient): RowText {
  const node = nodesOf(client).find(({ kind }) => kind === 'client');
  if (!node) throw new Error('no row');
  return text(node);
}

/** A row as it is in its groups, and while an operation changes it. */
function below(client: BackupClient, groupBy: GroupBy = ['status', 'zone'], change?: ClientChange): RowText {
  const clients = keyClients([client]);
  const tree = buildClientTree({
    scope: aScope(),
    clients,
    groupBy,
    nowMs,
    staleMinutes: 60,
    inOperation: new Map(change ? [...clients.keys()].map((key) => [key, change]) : []),
  });
  const node = allNodes(tree).find((one): one is ClientNode => one.kind === 'client');
  if (!node) throw new Error('no row');
  return rowTextOf(node, 60, groupsAbove(tree, node.id));
}

function groupsOf(...clients: readonly BackupClient[]): readonly RowText[] {
  return nodesOf(...clients)
    .filter((node): node is GroupNode => node.kind === 'group')
    .map(text);
}

describe('a client row', () => {
  it('shows name, version and address', () => {
    const { label, description } = rowOf(aClient());
    assert.deepEqual([label, description], ['web-01', '2.4.5 · 10.0.0.1']);
  });

  it('shows from what to what an outdated client can be upgraded, after its state', () => {
    assert.equal(rowOf(aClient({ clientVersion: '2.4.1' })).description, '2.4.1 → 2.4.5 · 10.0.0.1');
    assert.equal(
      rowOf(aClient({ status: 'STOPPED', clientVersion: '2.4.1' })).description,
      'Stopped · 2.4.1 → 2.4.5 · 10.0.0.1',
    );
  });

  it("doesn't repeat what its groups say", () => {
    assert.equal(below(aClient({ clientVersion: '2.4.1' })).description, '2.4.1 · 10.0.0.1');
    assert.equal(below(aClient({ status: 'STOPPED' })).description, '2.4.5 · 10.0.0.1');
    assert.equal(
      below(aClient({ status: 'STOPPED' }), ['zone', 'status']).description,
      'Stopped · 2.4.5 · 10.0.0.1',
    );
    assert.equal(below(aClient({ status: 'STOPPED' }), ['zone']).description, 'Stopped · 2.4.5 · 10.0.0.1');
    assert.equal(below(aClient({ status: 'REGISTERED' })).description, '2.4.5 · 10.0.0.1');
    const open = aClient({ backupStatus: 'UNPROTECTED' });
    assert.equal(below(open, ['protection']).description, '2.4.5 · 10.0.0.1');
  });

  it('says first what an operation does to it, also to a screen reader', () => {
    const changed = (stage: ClientChange['stage'], action: ClientChange['action'] = 'upgrade') =>
      below(aClient({ clientVersion: '2.4.1' }), ['zone'], { action, stage });
    const { description, sentence, icon } = changed('running');
    assert.equal(description, 'Upgrading · 2.4.1 → 2.4.5 · 10.0.0.1');
    assert.equal(sentence, 'web-01, Upgrading, version 2.4.1, zone cn-hangzhou-f');
    assert.equal(icon.id, 'sync~spin');
    assert.match(changed('waiting').sentence, /^web-01, Waiting, version/);
    assert.equal(changed('waiting').icon.id, 'clock');
    assert.match(changed('verifying').description, /^Verifying · /);
    assert.match(changed('running', 'settings').description, /^Changing settings · /);
    assert.match(rowOf(aClient({ status: 'UNINSTALLING' })).description, /^Uninstalling · /);
  });

  it('marks an unprotected client, and says nothing of a status it does not know', () => {
    assert.equal(
      rowOf(aClient({ backupStatus: 'UNPROTECTED' })).description,
      '2.4.5 · no backups configured · 10.0.0.1',
    );
    assert.equal(rowOf(aClient({ backupStatus: 'HALF' })).description, '2.4.5 · 10.0.0.1');
  });

  it('shows only what is known of a machine without a client', () => {
    const { label, description, sentence } = rowOf(
      aBareClient({ instanceId: 'i-1', maxClientVersion: '2.4.5' }),
    );
    assert.deepEqual([label, description, sentence], ['i-1', 'Not installed', 'i-1, Not installed, no zone']);
  });

  it('is one sentence for a screen reader', () => {
    assert.equal(
      rowOf(aClient({ clientVersion: '2.4.1', backupStatus: 'UNPROTECTED' })).sentence,
      'web-01, Activated, upgrade available from 2.4.1 to 2.4.5, zone cn-hangzhou-f, no backups configured',
    );
    assert.equal(
      rowOf(aClient({ status: 'STOPPED' })).sentence,
      "web-01, Stopped, version 2.4.5, zone cn-hangzhou-f, The client is stopped or was uninstalled. Backups don't run.",
    );
  });

  it('tells states apart by shape alone, failures taken together and changes taken together', () => {
    const shapes = clientStatuses.map((status) => rowOf(aClient({ status })).icon.id);
    // Three failures and three changes under way share one shape each.
    assert.equal(new Set(shapes).size, clientStatuses.length - 4);
    for (const status of ['INSTALLING', 'UPGRADING', 'UNINSTALLING']) {
      assert.equal(rowOf(aClient({ status })).icon.id, 'sync~spin');
    }
  });

  it('turns for a client that one of our operations changes, before the service lists it so', () => {
    const [node] = nodesOf(aClient()).filter(({ kind }) => kind === 'client');
    assert.ok(node?.kind === 'client');
    assert.equal(text({ ...node, busy: true }).icon.id, 'sync~spin');
  });

  it('has icons of its own for an update, a silent client and a state of the future', () => {
    const icons = [
      rowOf(aClient({ clientVersion: '2.4.1' })),
      rowOf(aClient({ lastHeartBeatTime: nowMs / 1000 - 7200 })),
      rowOf(aClient({ status: 'PAUSED' })),
    ].map(({ icon }) => icon.id);
    assert.deepEqual(icons, ['arrow-circle-up', 'warning', 'question']);
  });

  it('says when an overdue client was last backed up, in fewer words below a group that is about that', () => {
    const now = nowMs / 1000;
    const backups = new Map<string, LastBackup>([
      ['i-old', { kind: 'at', at: now - 9 * 86_400, partial: false, asOf: now }],
      ['i-none', { kind: 'none', asOf: now }],
      ['i-stopped', { kind: 'none', asOf: now }],
    ]);
    const rows = (groupBy: GroupBy): readonly RowText[] => {
      const tree = buildClientTree({
        scope: aScope(),
        clients: keyClients([
          aClient({ instanceName: 'a', instanceId: 'i-old' }),
          aClient({ instanceName: 'b', instanceId: 'i-none', clientId: 'c-2' }),
          aClient({ instanceName: 'c', instanceId: 'i-stopped', clientId: 'c-3', status: 'STOPPED' }),
        ]),
        ...{ groupBy, nowMs, staleMinutes: 60 },
        backups: { lastBackups: backups, overdue: new Set(backups.keys()) },
      });
      return tree.all.map((node) => rowTextOf(node, 60, groupsAbove(tree, node.id)));
    };
    for (const groupBy of [['status', 'zone'], ['attention'], []] as const) {
      assert.deepEqual(
        rows(groupBy).map(({ description }) => description),
        [
          `${groupBy.length === 0 ? 'backup ' : ''}9 days ago · 2.4.5 · 10.0.0.1`,
          `${groupBy.length === 0 ? 'no backup' : 'none'} found · 2.4.5 · 10.0.0.1`,
          groupBy.length === 0 ? 'Stopped · 2.4.5 · 10.0.0.1' : '2.4.5 · 10.0.0.1',
        ],
      );
    }
    const [old, none, stopped] = rows([]);
    assert.equal(
      old?.sentence,
      'a, Activated, version 2.4.5, zone cn-hangzhou-f, The last backup completed 9 days ago.',
    );
    assert.match(none?.sentence ?? '', /, No completed backup was found\.$/);
    assert.deepEqual([old.icon.id, stopped?.icon.id], ['archive', 'stop-circle']);
  });

  it('shows hostile texts of the service as plain ones', () => {
    const hostile = '[Fix](command:x) $(check)\u202e';
    const row = rowOf(
      aClient({
        instanceName: hostile,
        clientVersion: hostile,
        maxClientVersion: hostile,
        privateIpV4: hostile,
        zoneId: hostile,
        status: hostile,
      }),
    );
    for (const shown of [row.label, row.description, row.sentence]) {
      assert.doesNotMatch(shown, /\]\(|\$\(|\u202e/);
      assert.match(shown, /\[Fix\]/);
    }
  });

  it('has a label although its name holds nothing that can be seen', () => {
    assert.equal(rowOf(aClient({ instanceName: '\u200b' })).label, 'i-bp1web01');
  });
});

describe('a group row', () => {
  it('says what its clients have in common, how many there are, and to what version all can be upgraded', () => {
    const groups = groupsOf(
      aClient({ instanceId: 'i-1', clientVersion: '2.4.1' }),
      aClient({ instanceId: 'i-2', clientVersion: '2.4.1' }),
      aBareClient({ instanceId: 'i-3', status: 'INSTALL_FAILED' }),
    );
    assert.deepEqual(groups.map(({ label, description }) => `${label} ${description}`).sort(), [
      'Install failed 1',
      'Needs attention 1',
      'Upgrade available 2 · 2.4.5',
      'cn-hangzhou-f 2',
    ]);
    assert.deepEqual(groups.map(({ sentence }) => sentence).sort(), [
      'Install failed, 1 client',
      'Needs attention, 1 client',
      'Upgrade available, 2 clients, latest version 2.4.5',
      'cn-hangzhou-f, 2 clients',
    ]);
  });

  it('shows a state of the future as the service calls it, and one without a name as such', () => {
    assert.equal(groupsOf(aClient({ status: 'PAUSED' }))[1]?.label, 'PAUSED');
    assert.equal(groupsOf(aClient({ status: '' }))[1]?.label, 'No status');
  });
});
