import { strict as assert } from 'node:assert';
import { noBackupFacts } from '../../../src/core/clients/backups/backupFacts';
import type { Listing } from '../../../src/core/clients/listing';
import { clientPageState } from '../../../src/core/pages/client/clientPage';
import { clientJson } from '../../../src/core/pages/client/clientJson';
import { unreadable } from '../../../src/core/pages/client/readClientBackups';
import { findClient, type ClientRef, type FoundClient } from '../../../src/core/pages/client/shownClient';
import type { Operation } from '../../../src/core/operations/operation';
import { keyClients } from '../../../src/core/service/clientFacts';
import type { BackupClient } from '../../../src/core/service/model';
import { scopeKey } from '../../../src/core/service/scope';
import { aBareClient, aClient, aScope } from '../../support/builders';
import { aMachine, anOperation } from '../operations/taskPageOperations';

const now = Date.UTC(2026, 0, 2, 12);
const hostile = '[Fix](command:workbench.action.quit) $(check)\u202E <img src=x>\n';
const scope = aScope();

interface Situation {
  readonly clients?: readonly BackupClient[];
  readonly phase?: Listing['inventory']['state']['phase'];
  readonly inOperation?: readonly string[];
  readonly unwatched?: readonly string[];
  readonly leftovers?: readonly string[];
  readonly readOnly?: boolean;
  readonly demo?: boolean;
  readonly operations?: readonly Operation[];
}

function listingOf({ clients = [], phase = 'ready', demo = false }: Situation): Listing {
  const state = {
    ...{ scope, clients: keyClients(clients), phase, received: 0, total: undefined },
    ...{ listedAt: now, changedWhileReading: false, error: undefined },
  };
  return {
    key: scopeKey(scope),
    profile: {
      id: scope.profileId,
      name: 'production',
      accountId: scope.accountId,
      regionId: scope.regionId,
      demo,
    },
    scope,
    inventory: { state, refresh: () => Promise.resolve() },
    state: 'ready',
    amongTypes: false,
  };
}

function found(situation: Situation, ref: ClientRef): FoundClient {
  const listing = listingOf(situation);
  return findClient({ listingOf: (key) => (key === listing.key ? listing : undefined) }, ref, {
    factsOf: () => ({
      inOperation: new Map(
        (situation.inOperation ?? []).map((key) => [key, { action: 'upgrade', stage: 'running' }]),
      ),
      leftovers: new Set(situation.leftovers),
      unwatched: new Map((situation.unwatched ?? []).map((key) => [key, 'upgrade'])),
    }),
    backupsOf: () => noBackupFacts,
    serviceNow: () => now,
    staleMinutes: 60,
  });
}

const rowOf = (key: string): ClientRef => ({ id: `${scopeKey(scope)}/${encodeURIComponent(key)}` });

function shown(client: BackupClient, situation: Situation = {}) {
  const [key = ''] = keyClients([client]).keys();
  const result = found({ clients: [client], ...situation }, rowOf(key));
  assert.ok(typeof result === 'object');
  return result;
}

function pageOf(client: BackupClient, situation: Situation = {}) {
  return clientPageState(shown(client, situation), {
    now,
    serviceAheadMs: 0,
    staleMinutes: 60,
    readOnly: situation.readOnly === true,
    pinned: false,
    operations: situation.operations ?? [],
    backups: undefined,
  });
}

const fieldsOf = (client: BackupClient): Readonly<Record<string, string | number>> =>
  Object.fromEntries(
    pageOf(client).sections.flatMap(({ fields }) =>
      fields.map(({ label, text, time }) => [label, time ?? text] as const),
    ),
  );
const commandsOf = (client: BackupClient, situation: Situation = {}) =>
  pageOf(client, situation).actions.map(({ command }) => command);

describe('the page of a client', () => {
  it('names its client, profile, and region, and says its status', () => {
    const { title, place, status, attention } = pageOf(aClient());
    assert.equal(title, 'web-01');
    assert.equal(place, 'production · China (Hangzhou)');
    assert.deepEqual(status, { text: 'Activated', look: 'good' });
    assert.equal(attention, '');
  });

  it('shows every documented field in words with units', () => {
    const fields = fieldsOf(
      aClient({
        backupStatus: 'UNPROTECTED',
        clientVersion: '2.4.1',
        appliance: false,
        clusterId: 'cl-1',
        createdTime: 1_700_000_000,
        updatedTime: 1_700_000_060,
        lastHeartBeatTime: 1_700_000_120,
        tags: [
          { key: 'env', value: 'prod' },
          { key: 'empty', value: '' },
        ],
        settings: {
          useHttps: true,
          dataNetworkType: 'VPC',
          dataProxySetting: 'CUSTOM',
          proxyHost: 'proxy.example.com',
          proxyPort: 3128,
          proxyUser: 'backup',
          maxCpuCore: 0,
          maxWorker: 4,
          maxMemory: 2 * 1024 ** 3,
          alertOnPartialComplete: false,
        },
      }),
    );
    assert.deepEqual(fields, {
      'Backup status': 'Unprotected',
      Version: '2.4.1 → 2.4.5',
      'Last heartbeat': 1_700_000_120_000,
      Created: 1_700_000_000_000,
      'Last modified': 1_700_000_060_000,
      'Instance name': 'web-01',
      Hostname: 'web-01.example.com',
      'Instance ID': 'i-bp1web01',
      'Client ID': 'c-0001',
      'Private IP': '10.0.0.1',
      Region: 'China (Hangzhou) (cn-hangzhou)',
      Zone: 'cn-hangzhou-f',
      'Cluster ID': 'cl-1',
      'Client type': 'ECS',
      'Operating system': 'linux',
      Architecture: 'amd64',
      'Backup appliance': 'No',
      'Transfer data over HTTPS': 'Yes',
      'Data network': 'VPC',
      'Data proxy': 'Custom proxy',
      'Proxy host': 'proxy.example.com',
      'Proxy port': '3128',
      'Proxy user': 'backup',
      'CPU cores per backup job': 'no limit',
      'Concurrent backup jobs': '4',
      Memory: '2 GiB',
      'Alert on partial backup': 'No',
      env: 'prod',
      empty: 'no value',
    });
  });

  it('offers to copy the names, the IDs, and the address', () => {
    const copies = pageOf(aClient()).sections.flatMap(({ fields }) =>
      fields.flatMap(({ copy, text }) => (copy === undefined ? [] : [`${copy}: ${text}`])),
    );
    assert.deepEqual(copies, [
      'Copy Instance Name: web-01',
      'Copy Hostname: web-01.example.com',
      'Copy Instance ID: i-bp1web01',
      'Copy Client ID: c-0001',
      'Copy Private IP: 10.0.0.1',
    ]);
  });

  it('leaves out a time that no calendar has', () => {
    assert.equal(fieldsOf(aClient({ createdTime: 1e300 }))['Created'], undefined);
  });

  it('makes hostile texts of the service safe to show', () => {
    const page = pageOf(
      aClient({
        instanceName: hostile,
        hostname: hostile,
        osType: hostile,
        zoneId: hostile,
        tags: [{ key: hostile, value: hostile }],
        settings: { proxyHost: hostile, dataNetworkType: hostile },
      }),
    );
    const { actions, texts, ...rest } = page;
    assert.doesNotMatch(JSON.stringify([actions, rest]), /\]\(command|\$\(check|\u202E/);
    assert.ok(page.title.includes('<img src=x>'));
    assert.ok(texts);
  });

  it('says why a client needs attention and what to do', () => {
    assert.equal(
      pageOf(aClient({ status: 'UNKNOWN' })).attention,
      'Cloud Backup lost contact with the client. Check that its server is running and can reach Cloud Backup.',
    );
    assert.equal(
      pageOf(aClient({ status: 'UPGRADE_FAILED' })).attention,
      'The last upgrade failed. Upgrade again.',
    );
    const silent = pageOf(aClient({ lastHeartBeatTime: now / 1000 - 2 * 3600 }));
    assert.match(silent.attention, /^No heartbeat for more than 60 minutes\. Check /);
    assert.equal(silent.status.look, 'warning');
  });
});

describe('what the page of a client offers', () => {
  const always = ['showInClients', 'openInConsole', 'openAsJson'];

  it('is what applies to the client now, with what one most likely came for first', () => {
    const outdated = aClient({ clientVersion: '2.4.1' });
    assert.deepEqual(commandsOf(outdated), ['upgrade', 'editSettings', 'uninstall', ...always]);
    assert.equal(pageOf(outdated).actions.find(({ primary }) => primary)?.command, 'upgrade');
    assert.deepEqual(commandsOf(aClient()), ['editSettings', 'uninstall', ...always]);
    assert.ok(pageOf(aClient()).actions.every(({ primary }) => !primary));
    const bare = aBareClient({ instanceId: 'i-1' });
    assert.deepEqual(commandsOf(bare), ['install', ...always]);
    assert.equal(pageOf(bare).actions[0]?.primary, true);
  });

  it('is not the console for demo data, which it does not have', () => {
    assert.ok(!commandsOf(aClient(), { demo: true }).includes('openInConsole'));
  });

  it('is no change in read-only mode, and the page says so', () => {
    const page = pageOf(aClient({ clientVersion: '2.4.1' }), { readOnly: true });
    assert.deepEqual(
      page.actions.map(({ command }) => command),
      always,
    );
    assert.match(page.note, /Read-only mode is on/);
  });

  it('is no change while an operation has the client, or might still change it', () => {
    const busy = pageOf(aClient(), { inOperation: ['i-bp1web01'] });
    assert.deepEqual(busy.status, { text: 'Activated', look: 'running' });
    assert.match(busy.note, /being changed/);
    assert.deepEqual(commandsOf(aClient(), { inOperation: ['i-bp1web01'] }), always);
    const untracked = pageOf(aClient(), { unwatched: ['i-bp1web01'] });
    assert.match(untracked.note, /might still be changing/);
    assert.deepEqual(
      untracked.actions.map(({ command }) => command),
      always,
    );
  });

  it('is an install for a record that stayed after an uninstall, which is Uninstalled and no trouble', () => {
    const stopped = aClient({ status: 'STOPPED' });
    const page = pageOf(stopped, { leftovers: ['i-bp1web01'] });
    assert.deepEqual(page.status, { text: 'Uninstalled', look: 'off' });
    assert.equal(page.attention, '');
    assert.deepEqual(commandsOf(stopped, { leftovers: ['i-bp1web01'] }), ['install', ...always]);
  });

  it('is no change for a status that nobody knows, and the page says why', () => {
    const page = pageOf(aClient({ status: `MIGRATING ${hostile}` }));
    assert.equal(page.status.look, 'warning');
    assert.match(page.note, /^This client can't be .*uninstalled: in an unrecognized status\.$/);
  });

  it('is explained for container and on-premises clients', () => {
    for (const [clientType, words] of [
      ['CONTAINER_CLIENT', 'Container'],
      ['LOCAL_CLIENT', 'On-premises'],
    ] as const) {
      const client = aClient({ clientType, instanceId: 'fingerprint' });
      const page = pageOf(client);
      assert.match(page.note, /^This client can't be /);
      assert.ok(!page.actions.some(({ command }) => ['upgrade', 'install', 'uninstall'].includes(command)));
      assert.equal(fieldsOf(client)['Client type'], words);
      assert.equal(fieldsOf(client)['Hardware fingerprint'], 'fingerprint');
      assert.equal(fieldsOf(client)['Instance ID'], undefined);
    }
    assert.equal(fieldsOf(aClient({ clientType: 'EDGE_CLIENT' }))['Client type'], 'EDGE_CLIENT');
  });
});

describe('the operations of a client on its page', () => {
  it('are those that had this client, the newest first, each with its result for the client', () => {
    const failed = aMachine({ outcome: 'failed', reason: 'UPGRADE_FAILED' });
    const operations = [
      anOperation({ id: 'old', startedAt: now - 9000, machines: [failed] }),
      anOperation({ id: 'new', startedAt: now - 1000, machines: [aMachine({ outcome: 'running' })] }),
      anOperation({ id: 'other', machines: [aMachine({}, 'db-02')] }),
      anOperation({ id: 'elsewhere', scope: aScope({ regionId: 'cn-beijing' }), machines: [failed] }),
    ];
    const { machine } = failed;
    const client = aClient({
      ...(machine.instanceId !== undefined && { instanceId: machine.instanceId }),
      ...(machine.clientId !== undefined && { clientId: machine.clientId }),
    });
    const rows = pageOf(client, { operations }).operations;
    assert.deepEqual(
      rows.map(({ operationId, state }) => [operationId, state.text]),
      [
        ['new', 'Running'],
        ['old', 'Failed'],
      ],
    );
    assert.notEqual(rows[1]?.details, '');
  });
});

describe('the client that a page is of', () => {
  const ids = { instanceId: 'i-bp1web01', clientId: 'c-0001' };

  it('is found although its row has another ID now, as its instance has a second client', () => {
    const clients = [aClient(), aClient({ clientId: 'c-0002' })];
    const result = found({ clients }, { ...rowOf('i-bp1web01'), ...ids });
    assert.ok(typeof result === 'object');
    assert.equal(result.node.client.clientId, 'c-0001');
  });

  it('is gone only once the list was read without it', () => {
    const ref = { ...rowOf('i-bp1web01'), ...ids };
    assert.equal(found({ phase: 'empty' }, ref), 'loading');
    assert.equal(found({ phase: 'stored' }, ref), 'loading');
    assert.equal(found({ phase: 'loading' }, ref), 'loading');
    assert.equal(found({ phase: 'ready' }, ref), 'gone');
    assert.equal(found({ phase: 'failed' }, ref), 'gone');
  });

  it('is hidden when its listing is, and an ID that no row has finds nothing', () => {
    assert.equal(found({}, { id: 'another.listing/i-1' }), 'hidden');
    assert.equal(found({ clients: [aClient()] }, { id: `${scopeKey(scope)}/%E0%A4%A` }), 'gone');
  });
});

describe('a client as JSON', () => {
  const jsonOf = (client: BackupClient, redact = (text: string): string => text): string =>
    clientJson(shown(client), unreadable, redact);

  it('has everything known of it, with times in UTC and IDs as they are', () => {
    const text = jsonOf(aClient({ lastHeartBeatTime: 1_700_000_120 }));
    const json = JSON.parse(text) as Record<string, unknown>;
    assert.equal(json['profile'], 'production');
    assert.equal(json['regionId'], 'cn-hangzhou');
    assert.equal(json['listedAt'], new Date(now).toISOString());
    assert.deepEqual(
      (json['client'] as Record<string, unknown>)['lastHeartBeatTime'],
      '2023-11-14T22:15:20.000Z',
    );
    assert.equal((json['client'] as Record<string, unknown>)['instanceId'], 'i-bp1web01');
  });

  it('and the page have no password, wherever somebody typed it', () => {
    const password = 'pw-canary-91';
    const client = aClient({
      settings: {
        proxyUser: `backup:${password}`,
        proxyHost: `http://backup:${password}@proxy.example.com`,
      },
    });
    assert.doesNotMatch(jsonOf(client), /canary/);
    assert.doesNotMatch(JSON.stringify(pageOf(client)), /canary/);
    assert.match(jsonOf(client), /proxy\.example\.com/);
  });

  it('has no secret that is known', () => {
    const client = aClient({ tags: [{ key: 'note', value: 'secret-canary' }] });
    assert.doesNotMatch(
      jsonOf(client, (text) => text.replaceAll('secret-canary', '******')),
      /canary/,
    );
  });
});
