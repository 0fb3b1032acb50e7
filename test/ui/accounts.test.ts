import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { filterClients } from '../support/host/filterClients';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

const home = 'cn-hangzhou';
const second = 'cn-shanghai';

describe('regions and accounts in a workbench', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 12, timeScale: 60, regions: [home, second] });
    simulator.machines(second, retail().accountId).insertClient({
      InstanceId: 'i-branch1',
      InstanceName: 'branch-1',
      ZoneId: 'cn-shanghai-b',
      Status: 'ACTIVATED',
      BackupStatus: 'UNPROTECTED',
      ClientVersion: '2.4.5',
      MaxClientVersion: '2.13.0',
    });
  });
  afterAll(() => simulator.dispose());

  const retail = () => simulator.crossAccounts.find(({ type }) => type === 'CROSS_ACCOUNT') ?? assert.fail();
  const calls = (action: string) => simulator.journal().filter((call) => call.action === action);

  describeWorkbench(
    'with demo data of two regions',
    () => ({ demo: simulator, settings: { 'workbench.colorTheme': 'Dark Modern' } }),
    (workbench) => {
      it('opens a menu from the status bar', async () => {
        const bench = workbench();
        await bench.row('Activated');
        const item = await bench.status('Demo · cn-hangzhou');
        await item.click();
        const rows = await bench.quickPick('Select Regions…');
        await bench.screenshot('quick-menu');
        assert.ok(rows.some((row) => row.includes('Copy Account ID') && row.includes(simulator.accountId)));
        assert.ok(!rows.some((row) => row.includes('Sign In Again')));
        await bench.escape();
        await item.hover();
        await bench.page.locator('.monaco-hover', { hasText: simulator.accountId }).waitFor();
        await bench.screenshot('status-tooltip');
        await item.click();
        await bench.quickPick('Select Regions…');
        await bench.pick('Copy Account ID');
        await bench.quickInput().waitFor({ state: 'hidden' });
        await bench.eventually(
          async () => ((await bench.clipboard()) === simulator.accountId ? true : undefined),
          'The account is not on the clipboard.',
        );
      });

      it('adds a region that was picked, with a root of its own', async () => {
        const bench = workbench();
        await (await bench.status('Demo · cn-hangzhou')).click();
        await bench.quickPick('Select Regions…');
        await bench.pick('Select Regions…');
        const rows = await bench.quickPick('Select Regions: Demo');
        assert.match(rows[0] ?? '', /China \(Hangzhou\).*cn-hangzhou/);
        const input = bench.quickInput().locator('input.input');
        await input.fill('ap-mars-1');
        await bench.quickInput().locator('.monaco-list-row', { hasText: 'Add this region ID' }).waitFor();
        await bench.screenshot('select-regions-typed');
        await bench.page.keyboard.press('Enter');
        // It is ticked, and the others are back.
        const typed = bench.quickInput().locator('.monaco-list-row', { hasText: 'ap-mars-1' });
        await bench.quickInput().locator('.monaco-list-row', { hasText: 'China (Hangzhou)' }).waitFor();
        await typed.locator('input[type="checkbox"]:checked, .monaco-checkbox.checked').first().waitFor();
        assert.equal(await input.inputValue(), '');
        const selected = (count: number) =>
          bench.quickInput().getByText(`${count} Selected`, { exact: true }).waitFor();
        await selected(2);
        await typed.click();
        await selected(1);
        await input.fill('shanghai');
        await bench.pick(second);
        await selected(2);
        await bench.screenshot('select-regions');
        await bench.pickMany();
        await bench.status('Demo · 2 regions');
        await bench.row(/^cn-shanghai/);
        assert.equal(calls('DescribeRegions').length, 1);
        await bench.screenshot('two-regions');
      });

      it('shows the machines of another account in one region, and says whose they are', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Select Accounts…');
        await bench.quickPick('Select Accounts');
        await bench.pick(second);
        await bench.quickPick('Select Accounts: Demo · cn-shanghai');
        const other = bench.quickInput().locator('.monaco-list-row', { hasText: retail().accountId });
        await other.waitFor();
        await bench.pick('This account');
        await other.click();
        await bench.screenshot('select-account');
        simulator.clearJournal();
        await bench.pickMany();
        await bench.row(retail().accountId);
        await bench.screenshot('cross-account');
        const listed = await bench.eventually(async () => {
          const found = calls('DescribeBackupClients').filter(({ regionId }) => regionId === second);
          return await Promise.resolve(found.length > 0 ? found : undefined);
        }, 'The other account is not listed.');
        for (const { parameters } of listed) assertCross(parameters);
      });

      it('names the other account when it is to be changed, and sends it', async () => {
        const bench = workbench();
        await bench.expand(/cn-shanghai.*Branch office/);
        await filterClients(bench, 'branch-1');
        await bench.row('branch-1');
        await bench.contextMenu('branch-1', 'Upgrade…');
        const text = await bench.modal('Upgrade the client on branch-1');
        await bench.screenshot('cross-account-confirm');
        assert.match(text, new RegExp(retail().accountId));
        assert.match(text, /Shanghai/);
        simulator.clearJournal();
        await bench.answerModal('Upgrade');
        await bench.toast('Upgraded');
        assert.equal(calls('UpgradeBackupClients').length, 1);
        assert.ok(calls('DescribeTask').length > 0);
        const sent = simulator.journal().filter(({ action }) => action.endsWith('BackupClients'));
        assert.ok(sent.some(({ action, regionId }) => action.startsWith('Describe') && regionId === second));
        // Busy clients of the own account may be read in between, as the own account's.
        for (const { regionId, parameters } of sent) {
          if (regionId === second) assertCross(parameters);
          else assert.equal(parameters['CrossAccountUserId'], undefined);
        }
      });

      it('copies a policy and says where it goes', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Copy RAM Policy…');
        await bench.quickPick('Operator');
        await bench.screenshot('copy-ram-policy');
        await bench.pick('Operator');
        await bench.toast('Paste it in the RAM console');
        assert.match(await bench.clipboard(), /"hbr:UpgradeBackupClients"/);
      });
    },
  );

  function assertCross(parameters: Readonly<Record<string, string>>): void {
    const { type, accountId, roleName } = retail();
    assert.deepEqual(
      [parameters['CrossAccountType'], parameters['CrossAccountUserId'], parameters['CrossAccountRoleName']],
      [type, accountId, roleName],
    );
  }
});
