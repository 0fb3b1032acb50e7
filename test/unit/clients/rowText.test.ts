import { strict as assert } from 'node:assert';
import { keyClients } from '../../../src/core/service/clientFacts';
import { buildClientTree, type ClientNode, type GroupNode } from '../../../src/core/clients/clientTree';
import { clientStatuses, type BackupClient } from '../../../src/core/service/model';
import { rowTextOf, type RowText } from '../../../src/core/clients/rowText';
import { aBareClient, aClient, aScope } from '../../support/builders';

const nowMs = Date.UTC(2026, 0, 2);
const text = (node: GroupNode | ClientNode): RowText => rowTextOf(node, 60);

function nodesOf(...clients: readonly BackupClient[]): readonly (GroupNode | ClientNode)[] {
  const tree = buildClientTree({
    scope: aScope(),
    clients: keyClients(clients),
    grouping: 'status',
    nowMs,
    staleMinutes: 60,
  });
  return [...tree.byId.values()].filter((node) => node.kind !== 'listing');
}

function rowOf(client: BackupClient): RowText {
  const node = nodesOf(client).find(({ kind }) => kind === 'client');
  if (!node) throw new Error('no row');
  return text(node);
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

  it('shows from what to what an outdated client can go, in every state', () => {
    for (const status of ['ACTIVATED', 'STOPPED']) {
      assert.equal(
        rowOf(aClient({ status, clientVersion: '2.4.1' })).description,
        '2.4.1 → 2.4.5 · 10.0.0.1',
      );
    }
  });

  it('marks an unprotected client, and says nothing of a status it does not know', () => {
    assert.equal(
      rowOf(aClient({ backupStatus: 'UNPROTECTED' })).description,
      '2.4.5 · unprotected · 10.0.0.1',
    );
    assert.equal(rowOf(aClient({ backupStatus: 'HALF' })).description, '2.4.5 · 10.0.0.1');
  });

  it('shows only what is known of a machine without a client', () => {
    const { label, description, sentence } = rowOf(
      aBareClient({ instanceId: 'i-1', maxClientVersion: '2.4.5' }),
    );
    assert.deepEqual([label, description, sentence], ['i-1', '', 'i-1, Not installed, no zone']);
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
  it('says the state or the zone, with the count behind it', () => {
    const groups = groupsOf(
      aClient({ instanceId: 'i-1', clientVersion: '2.4.1' }),
      aClient({ instanceId: 'i-2', clientVersion: '2.4.1' }),
      aBareClient({ instanceId: 'i-3', status: 'INSTALL_FAILED' }),
    );
    assert.deepEqual(groups.map(({ label, description }) => `${label} ${description}`).sort(), [
      'Install failed 1',
      'No zone 1',
      'Upgrade available 2',
      'cn-hangzhou-f 2',
    ]);
    assert.deepEqual(groups.map(({ sentence }) => sentence).sort(), [
      'Install failed, 1 client',
      'No zone, 1 client',
      'Upgrade available, 2 clients',
      'cn-hangzhou-f, 2 clients',
    ]);
  });

  it('shows a state of the future as the service calls it, and one without a name as such', () => {
    assert.equal(groupsOf(aClient({ status: 'PAUSED' }))[1]?.label, 'PAUSED');
    assert.equal(groupsOf(aClient({ status: '' }))[1]?.label, 'No status');
  });
});
