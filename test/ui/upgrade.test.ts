import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { createGate, type Gate } from '../support/gate';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { shownOnce } from '../support/host/following';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('upgrading clients', () => {
  let simulator: Simulator;
  let gate: Gate;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 60, zones: 2, seed: 3, timeScale: 20 });
    gate = createGate(simulator);
  });
  afterAll(async () => {
    gate.open();
    await simulator.dispose();
  });

  const upgrades = () => simulator.journal().filter(({ action }) => action === 'UpgradeBackupClients');

  describeWorkbench(
    'in a workbench with demo data',
    () => ({ demo: simulator }),
    (workbench) => {
      it('shows clients grouped by status and zone, and says Demo in the view and the status bar', async () => {
        const bench = workbench();
        await bench.row('Upgrade available');
        const labels = (await bench.tree()).map((line) => line.replace(/ \d+( ·.*)?$/, ''));
        assert.ok(labels.indexOf('Upgrade available') < labels.indexOf('Activated'), labels.join());
        await bench.status('Demo · cn-hangzhou');
        assert.match(await bench.pane('Backup Clients').innerText(), /Demo · China \(Hangzhou\)/);
        await bench.eventually(
          async () => (Number(await bench.badge('Alibaba Cloud Backup')) > 0 ? true : undefined),
          'There is no badge.',
        );
      });

      it('names versions, account and region in one confirm, and what an upgrade cannot take back', async () => {
        const bench = workbench();
        await bench.expand('Upgrade available');
        await bench.expand('cn-hangzhou');
        const [first, second] = await upgradable(bench);
        assert.ok(first && second);
        await bench.select(first, second);
        await bench.contextMenu(second, 'Upgrade…');
        const text = await bench.modal('Upgrade 2 clients in China (Hangzhou)?');
        assert.ok(text.includes(simulator.accountId), text);
        assert.match(text, /no real clients are changed/);
        assert.match(text, /\d+\.\d+\.\d+ → \d+\.\d+\.\d+/);
        assert.match(text, /can't be rolled back/);
        assert.match(text, /No running backups or restores were found/);
        await bench.answerModal('Cancel');
        assert.equal(upgrades().length, 0);
      });

      it('sends one call, shows progress, and ends in one notice when the list proves the version', async () => {
        const bench = workbench();
        const [first, second] = await upgradable(bench);
        assert.ok(first && second);
        await bench.select(first, second);
        await bench.contextMenu(second, 'Upgrade…');
        await bench.modal('Upgrade 2 clients');
        gate.close(({ action }) => action === 'DescribeTask');
        await bench.answerModal('Upgrade');
        await bench.toast('Upgrading 2 clients');
        await bench.status('0/2');
        gate.open();
        await bench.toast('Upgraded 2 clients');
        assert.equal(upgrades().length, 1);
        await bench.eventually(async () => {
          const outdated = await upgradable(bench);
          return outdated.includes(first) ? undefined : true;
        }, `${first} is still outdated.`);
        await shownOnce(bench);
      });

      it('keeps the operation in the Tasks view, with a page that shows machines and ids', async () => {
        const bench = workbench();
        await bench.pane('Tasks').locator('.pane-header').click();
        await bench.clickRow(/Upgrade .+ and 1 more/);
        const page = await bench.webview('Upgrade 2 clients');
        const text = await page.locator('body').innerText();
        assert.match(text, /demo/i);
        assert.match(text, /t-000/);
        assert.match(text, /Request IDs/);
        assert.equal(await page.locator('table tbody tr', { hasText: 'i-bp1' }).count(), 2);
      });

      it('means the selected row when it is started from the palette, and asks which clients without one', async () => {
        const bench = workbench();
        const [third] = await upgradable(bench);
        assert.ok(third);
        await bench.clickRow(third);
        await bench.command('Alibaba Cloud Backup: Upgrade…');
        await bench.modal(`Upgrade the client on ${third}`);
        await bench.answerModal('Cancel');
        await bench.clickRow(third);
        await bench.page.keyboard.press('Escape');
        await bench.command('Alibaba Cloud Backup: Upgrade…');
        const rows = await bench.quickPick('Upgrade');
        assert.ok(
          rows.some((row) => row.includes('→')),
          rows.join('\n'),
        );
        await bench.escape();
        assert.equal(upgrades().length, 1);
      });
    },
  );
});

/** The names of the clients in the group of those that can be upgraded, as far as it's open. */
async function upgradable(bench: OpenWorkbench): Promise<readonly string[]> {
  return bench.eventually(async () => {
    const lines = await bench.tree();
    const from = lines.findIndex((line) => line.startsWith('Upgrade available'));
    const rest = lines.slice(from + 1);
    const end = rest.findIndex((line) => !line.startsWith(' '));
    const rows = rest.slice(0, end < 0 ? undefined : end).filter((line) => line.startsWith('    '));
    return rows.length > 0 ? rows.map((line) => line.trim().split(' ')[0] ?? '') : undefined;
  }, 'No client that can be upgraded is shown.');
}
