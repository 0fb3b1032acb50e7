import { strict as assert } from 'node:assert';
import { keyClients } from '../../../src/core/service/clientFacts';
import { buildClientTree } from '../../../src/core/clients/buildClientTree';
import { type ClientNode } from '../../../src/core/clients/clientTree';
import type { BackupClient } from '../../../src/core/service/model';
import { tooltipOf, type TooltipText } from '../../../src/core/clients/tooltip';
import type { LastBackup } from '../../../src/core/protection/lastBackup';
import { aBareClient, aClient, aScope } from '../../support/builders';
import { allNodes } from '../../support/listingBuilders';

const nowMs = Date.UTC(2026, 0, 2);

function tooltip(client: BackupClient, last?: LastBackup): TooltipText {
  const clients = keyClients([client]);
  const tree = buildClientTree({
    scope: aScope(),
    clients,
    groupBy: ['status', 'zone'],
    nowMs,
    staleMinutes: 60,
    ...(last && {
      backups: {
        lastBackups: new Map([...clients.keys()].map((key) => [key, last])),
        overdue: new Set(clients.keys()),
      },
    }),
  });
  const node = allNodes(tree).find((one): one is ClientNode => one.kind === 'client');
  if (!node) throw new Error('no row');
  return tooltipOf(node, 60, nowMs);
}

const factsOf = (client: BackupClient): Readonly<Record<string, string>> =>
  Object.fromEntries(tooltip(client).facts);

const whole = aClient({
  backupStatus: 'UNPROTECTED',
  clientVersion: '2.4.1',
  appliance: false,
  createdTime: 1_700_000_000,
  updatedTime: 1_700_000_060,
  lastHeartBeatTime: nowMs / 1000 - 3 * 3600,
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
    maxWorker: 8,
    maxMemory: 1_610_612_736,
    alertOnPartialComplete: false,
  },
});

describe('the tooltip of a client', () => {
  it('says at a glance what one looks for', () => {
    assert.deepEqual(factsOf(whole), {
      Status: 'No heartbeat',
      Version: '2.4.1 → 2.4.5',
      'Last heartbeat': '3 hours ago',
      Zone: 'cn-hangzhou-f',
      'Private IP': '10.0.0.1',
      Backups: 'No backups configured',
      'Instance ID': 'i-bp1web01',
    });
  });

  it('has no line for what the service left out', () => {
    assert.deepEqual(factsOf(aBareClient({ instanceId: 'i-1' })), {
      Status: 'Not installed',
      Zone: 'No zone',
      'Instance ID': 'i-1',
    });
  });

  it('says first why the client needs a person', () => {
    assert.equal(tooltip(aClient()).attention, undefined);
    assert.match(tooltip(aClient({ status: 'UNKNOWN' })).attention ?? '', /lost contact/);
    assert.match(tooltip(whole).attention ?? '', /60 minutes/);
  });

  it('says when it was last backed up, where anything was found or backups are configured', () => {
    const asOf = nowMs / 1000;
    const of = (last: LastBackup, fields: Partial<BackupClient> = {}) =>
      tooltip(aClient(fields), last).facts.find(([label]) => label === 'Last backup')?.[1];
    const at: LastBackup = { kind: 'at', at: asOf - 3 * 3600, partial: true, asOf };
    assert.equal(of(at), '3 hours ago (some files failed)');
    assert.equal(of({ ...at, partial: false }, { backupStatus: 'UNPROTECTED' }), '3 hours ago');
    assert.equal(of({ kind: 'none', asOf }), 'None found');
    assert.equal(of({ kind: 'none', asOf }, { backupStatus: 'UNPROTECTED' }), undefined);
    assert.equal(of({ kind: 'unknown' }), "Couldn't tell");
    const { attention } = tooltip(aClient(), { ...at, at: asOf - 9 * 86_400 });
    assert.equal(attention, 'The last backup completed 9 days ago.');
  });

  it('never holds a proxy password, even if one slipped into the data', () => {
    const settings = { ...whole.settings, proxyPassword: 'hunter2-secret', ProxyPassword: 'hunter2-secret' };
    assert.doesNotMatch(JSON.stringify(tooltip({ ...whole, settings })), /hunter2/);
  });

  it('shows hostile texts of the service as plain ones', () => {
    const hostile = '[Fix](command:x) $(check)\u202e<img>\n';
    const { title, facts } = tooltip(
      aClient({
        instanceName: hostile,
        hostname: hostile,
        zoneId: hostile,
        osType: hostile,
        clientType: hostile,
        backupStatus: hostile,
        tags: [{ key: hostile, value: hostile }],
        settings: { proxyHost: hostile, proxyPort: 1, dataNetworkType: hostile, proxyUser: hostile },
      }),
    );
    for (const shown of [title, ...facts.flat()]) assert.doesNotMatch(shown, /\]\(|\$\(|[\u202e\n]/);
  });
});
