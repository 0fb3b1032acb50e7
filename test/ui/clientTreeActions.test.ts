import { strict as assert } from 'node:assert';
import { startSimulator, type ClientRow, type Simulator } from '../../simulator/main';
import { takePick } from '../support/host/agreeing';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { groupBy } from '../support/host/groupBy';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('acting on rows of the client tree', () => {
  let simulator: Simulator;
  let rows: ReadonlyMap<string, ClientRow>;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 60 });
    rows = new Map(world.map((row) => [row.InstanceName, simulator.insertClient(row)]));
  });
  afterAll(() => simulator.dispose());

  const rowOf = (name: string): ClientRow => {
    const row = rows.get(name);
    assert.ok(row, name);
    return row;
  };

  describeWorkbench(
    'in a workbench with demo data',
    () => ({ demo: simulator }),
    (workbench) => {
      it('puts what needs attention first, by reason, then groups by status and zone, and says what each row is', async () => {
        const bench = workbench();
        await bench.row('Needs attention');
        await bench.treeIs([
          'Needs attention 2',
          'Upgrade available 3 · 2.13.2',
          'Activated 2',
          'Not installed 1',
        ]);
        await bench.expand('Needs attention');
        await bench.expand('Activated');
        await bench.expand('No zone');
        await bench.expand('Upgrade available');
        // A zone that only this group has: once it is there, the first cn-hangzhou-h is the one of this group.
        await bench.row('cn-hangzhou-i');
        await bench.expand('cn-hangzhou-h');
        await bench.row('web-1');
        await bench.screenshot('tree-by-status');
        await bench.treeIs([
          'Needs attention 2',
          '  Install failed 1',
          '  Stopped 1',
          'Upgrade available 3 · 2.13.2',
          '  cn-hangzhou-h 2',
          '    web-1 2.12.0 · 10.0.0.1',
          '    web-2 2.12.0 · no backups configured · 10.0.0.2',
          '  cn-hangzhou-i 1',
          'Activated 2',
          '  cn-hangzhou-h 1',
          '  No zone 1',
          '    lonely 2.13.2',
          'Not installed 1',
        ]);
      });

      it('counts on the badge the clients that need attention', async () => {
        assert.equal(await workbench().badge('Alibaba Cloud Backup'), '2');
      });

      it('copies ids and addresses of one row and of several', async () => {
        const bench = workbench();
        await bench.copyFrom('web-1', 'Instance ID');
        await clipboardIs('i-web-1');
        await bench.select('web-1', 'web-2');
        await bench.copyFrom('web-2', 'Client ID');
        await clipboardIs(`${rowOf('web-1').ClientId}\n${rowOf('web-2').ClientId}`);
        await bench.copyFrom('web-2', 'Private IP');
        await clipboardIs('10.0.0.1\n10.0.0.2');
        await bench.copyFrom('web-2', 'Name');
        await clipboardIs('web-1\nweb-2');
        // What a row does not have is not offered.
        assert.deepEqual(await bench.openSubmenu('lonely', 'Copy'), [
          'Name',
          'Instance ID',
          'Client ID',
          'Link',
        ]);
        await bench.screenshot('menu-copy');
        await bench.page.keyboard.press('Escape');
        await bench.page.keyboard.press('Escape');
      });

      it('copies instance IDs of the selected rows by key, and lists again with F5', async () => {
        const bench = workbench();
        await bench.select('web-1', 'lonely');
        await bench.page.keyboard.press('ControlOrMeta+c');
        await clipboardIs('i-web-1\ni-lonely');
        const lists = () =>
          simulator.journal().filter(({ action }) => action === 'DescribeBackupClients').length;
        const before = lists();
        await bench.page.keyboard.press('F5');
        await bench.eventually(
          () => Promise.resolve(lists() > before ? true : undefined),
          'F5 lists nothing.',
        );
      });

      const clipboardIs = (text: string) =>
        workbench().eventually(
          async () => ((await workbench().clipboard()) === text ? true : undefined),
          `The clipboard does not hold ${text}.`,
        );

      it('says at a glance what one looks for when the mouse rests on a row, never the proxy password', async () => {
        const bench = workbench();
        await (await bench.row('web-1')).hover();
        const hover = bench.page.locator('.monaco-hover:visible', { hasText: 'Instance ID' }).first();
        await hover.waitFor();
        await bench.screenshot('tree-tooltip');
        const text = (await hover.innerText()).replaceAll('\u00a0', ' ');
        for (const told of [
          'i-web-1',
          'cn-hangzhou-h',
          '10.0.0.1',
          '2.12.0 → 2.13.2',
          'Last heartbeat',
          'Backups configured',
        ]) {
          assert.ok(text.includes(told), `${told} is missing in:\n${text}`);
        }
        assert.doesNotMatch(await bench.page.content(), /proxy-secret-in-settings/);
      });

      it('upgrades one client by the button on its row, whatever else is selected', async () => {
        const bench = workbench();
        await bench.select('web-2', 'lonely');
        await bench.inlineAction('web-1', 'Upgrade…');
        assert.match(await bench.modal(), /Upgrade the client on web-1 in China \(Hangzhou\)\?/);
        await bench.answerModal('Cancel');
        const row = await bench.row('lonely');
        await row.hover();
        assert.equal(await row.locator('.actions a.action-label').count(), 0);
      });

      it('acts on all clients of a group', async () => {
        const bench = workbench();
        await bench.select('lonely');
        const menu = await bench.openContextMenu('Upgrade available');
        assert.deepEqual(menu, ['Upgrade…', 'Preview Plan…']);
        await bench.clickMenu('Upgrade…');
        assert.match(await bench.modal(), /Upgrade 3 clients/);
        await bench.answerModal('Cancel');
        assert.deepEqual(await bench.openContextMenu('Not installed'), ['Install…', 'Preview Plan…']);
        await bench.page.keyboard.press('Escape');
      });

      it('offers to a selection what its clients can do, and no install where something is installed', async () => {
        const bench = workbench();
        await bench.select('web-1', 'web-2');
        const offered = await bench.openContextMenu('web-2');
        assert.ok(offered.includes('Upgrade…') && !offered.includes('Install…'), offered.join());
        await bench.page.keyboard.press('Escape');
      });

      it('takes of a mixed selection what can be upgraded, and names the rest', async () => {
        const bench = workbench();
        await bench.select('web-1', 'web-2', 'lonely');
        await bench.contextMenu('web-2', 'Upgrade…');
        const rows = await bench.quickPick('Upgrade Clients');
        await bench.screenshot('tree-mixed-pick');
        assert.ok(
          rows.some((row) => /lonely.*already the latest version/.test(row)),
          rows.join('\n'),
        );
        await takePick(bench, 'Upgrade Clients');
        assert.match(await bench.modal('Upgrade 2 clients'), /1 left out: lonely/);
        await bench.answerModal('Cancel');
        const sent = simulator.journal().filter(({ action }) => action === 'UpgradeBackupClients');
        assert.equal(sent.length, 0);
      });

      it('groups by zone when asked, the worst zone first, and still does after a reload', async () => {
        const bench = workbench();
        await groupBy(bench, 'Zone', 'Status');
        const byZone = [
          'cn-hangzhou-h 4 · 1 needs attention',
          'cn-hangzhou-i 3 · 1 needs attention',
          'No zone 1',
        ];
        await bench.row(/^cn-hangzhou-h\s*4/);
        await bench.treeIs(byZone);
        await bench.screenshot('tree-by-zone');
        await bench.kept('cloudBackup.grouping\\":[\\"zone');
        await bench.reload();
        await bench.openContainer('Alibaba Cloud Backup');
        await bench.row(/^cn-hangzhou-h\s*4/);
        await bench.treeIs(byZone);
        await groupBy(bench, 'Status', 'Zone');
        await bench.row('Needs attention');
      });

      describe('of two clients on one instance', () => {
        const zoneId = 'cn-hangzhou-h';
        const statuses = () =>
          Object.fromEntries(simulator.clients().map((row) => [row.ClientId, row.Status]));

        beforeAll(async () => {
          for (const { InstanceId } of simulator.clients()) simulator.deleteClient(InstanceId);
          const onOne = {
            InstanceId: 'i-1',
            ZoneId: zoneId,
            ClientVersion: '2.12.0',
            MaxClientVersion: '2.13.0',
          };
          simulator.insertClient({
            ...onOne,
            ClientId: 'c-old',
            InstanceName: 'web-old',
            Status: 'UNKNOWN',
            BackupStatus: 'UNPROTECTED',
          });
          simulator.insertClient({
            ...onOne,
            ClientId: 'c-live',
            InstanceName: 'web-live',
            Status: 'ACTIVATED',
            BackupStatus: 'PROTECTED',
          });
          const bench = workbench();
          await bench.command('Alibaba Cloud Backup: Refresh Clients');
          await bench.expand('Needs attention');
          await bench.expand('Disconnected');
        });

        it('names the other one in the confirm, and sends the ClientId of the one that was chosen', async () => {
          const bench = workbench();
          await bench.contextMenu('web-old', 'Uninstall…');
          const text = await bench.modal('Uninstall the client from web-old');
          await bench.screenshot('uninstall-shared-instance');
          assert.match(
            text,
            /i-1 also runs c-live \(Activated, backups configured\)\. That client isn't changed\./,
          );
          await bench.answerModal('Uninstall');
          await bench.toast('Uninstalled the client on web-old');
          const writes = simulator.journal().filter(({ action }) => action === 'UninstallBackupClients');
          assert.deepEqual(
            writes.map(({ parameters: { InstanceIds, ClientIds } }) => [InstanceIds, ClientIds]),
            [[undefined, '["c-old"]']],
          );
          assert.deepEqual(statuses(), { 'c-old': 'STOPPED', 'c-live': 'ACTIVATED' });
          await bench.notifications(true);
        });

        it('then shows its record as uninstalled, to be installed again and nothing else', async () => {
          const bench = workbench();
          await bench.expand('Uninstalled');
          await bench.expand(zoneId);
          await bench.screenshot('uninstalled-record');
          const offered = await bench.openContextMenu('web-old');
          assert.ok(offered.includes('Install…'), offered.join());
          assert.deepEqual(
            offered.filter((entry) => /Upgrade|Uninstall/.test(entry)),
            [],
          );
          await bench.page.keyboard.press('Escape');
        });
      });
    },
  );
});

type Inserted = Partial<ClientRow> & Pick<ClientRow, 'InstanceId'> & { readonly InstanceName: string };

function client(name: string, change: Partial<ClientRow>): Inserted {
  return {
    InstanceId: `i-${name}`,
    InstanceName: name,
    Hostname: `host-of-${name}`,
    ZoneId: 'cn-hangzhou-h',
    BackupStatus: 'PROTECTED',
    ...change,
  };
}

const world: readonly Inserted[] = [
  client('web-1', {
    ClientVersion: '2.12.0',
    PrivateIpV4: '10.0.0.1',
    Tags: [{ Key: 'team', Value: 'storefront' }],
    Settings: {
      ...{ MaxCpuCore: '2', MaxWorker: '4', UseHttps: 'true', DataNetworkType: 'VPC' },
      ...{ DataProxySetting: 'CUSTOM', ProxyHost: 'proxy.example.test', ProxyPort: 3128 },
      ...{ ProxyUser: 'proxy-user', ProxyPassword: 'proxy-secret-in-settings' },
    },
  }),
  client('web-2', { ClientVersion: '2.12.0', PrivateIpV4: '10.0.0.2', BackupStatus: 'UNPROTECTED' }),
  client('web-3', { ClientVersion: '2.12.0', ZoneId: 'cn-hangzhou-i' }),
  client('plain', {}),
  client('lonely', { ZoneId: '' }),
  client('stopped', { Status: 'STOPPED' }),
  client('broken', { Status: 'INSTALL_FAILED', ZoneId: 'cn-hangzhou-i' }),
  client('bare', { Status: 'NOT_INSTALLED', ClientVersion: '', ZoneId: 'cn-hangzhou-i' }),
];
