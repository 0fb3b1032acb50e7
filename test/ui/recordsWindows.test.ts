import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { addClients } from '../support/fleet';
import { createGate, type Gate } from '../support/gate';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { openTasks } from '../support/host/following';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('an operation in several windows', () => {
  let simulator: Simulator;
  let gate: Gate;

  beforeAll(async () => {
    // Every 3 s a check, and 15 s until the end: enough of both to see who asks.
    simulator = await startSimulator({ clients: 0, timeScale: 10 });
    addClients(simulator, ['one-window', 'reloaded']);
    gate = createGate(simulator);
  });
  afterAll(async () => {
    gate.open();
    await simulator.dispose();
  });

  const upgrades = () => simulator.journal().filter(({ action }) => action === 'UpgradeBackupClients');
  const checks = () => simulator.journal().filter(({ action }) => action === 'DescribeTask');

  describeWorkbench(
    'on one server',
    () => ({ demo: simulator }),
    (workbench) => {
      it('is followed by one window, and shown by both to its end', async () => {
        const bench = workbench();
        const second = await bench.openSecondWindow();
        await second.row('Upgrade available');
        await upgrade(bench, 'one-window');
        await openTasks(second);
        await second.row(/Upgrade one-window.*Running/);
        await bench.toast('Upgraded one-window');
        await openTasks(bench);
        for (const window of [bench, second]) await window.row(/Upgrade one-window.*Completed/);
        assert.equal(upgrades().length, 1);
        assert.ok(checks().length <= 6, `${checks().length} checks in 15 s`);
        assert.deepEqual(await second.notifications(), []);
        await second.page.close();
        await bench.notifications(true);
      });

      it('goes on after the page was loaded again, and so does its open page', async () => {
        const bench = workbench();
        await openTasks(bench);
        // It can't end before the page is loaded again, however long that takes.
        gate.close(({ action }) => action === 'DescribeTask');
        await upgrade(bench, 'reloaded');
        await bench.clickRow('Upgrade reloaded');
        await bench.webview('Upgrade reloaded');
        await bench.kept('mainThreadWebview-cloudBackup.task');
        await bench.reload();
        const page = await bench.webview('Upgrade reloaded');
        gate.open();
        await page.getByText('Completed').first().waitFor();
        await page.getByText(/Took/).first().waitFor();
        assert.equal(
          upgrades().filter(({ parameters }) => JSON.stringify(parameters).includes('reloaded')).length,
          1,
        );
        await bench.row(/Upgrade reloaded.*Completed/);
      });
    },
  );
});

async function upgrade(bench: OpenWorkbench, name: string): Promise<void> {
  await bench.expand('Upgrade available');
  await bench.expand('cn-hangzhou-h');
  await bench.contextMenu(name, 'Upgrade…');
  await bench.modal(name);
  await bench.answerModal('Upgrade');
}
