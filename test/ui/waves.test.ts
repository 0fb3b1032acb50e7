import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { createGate, type Gate } from '../support/gate';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { agree, openPage, openTasks, showUpgradable, tells, shownOnce } from '../support/host/following';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('an upgrade in waves', () => {
  let simulator: Simulator;
  let gate: Gate;

  beforeAll(async () => {
    // An upgrade takes 2.5 s, and proof is waited for 5 s.
    simulator = await startSimulator({ clients: 0, timeScale: 60 });
    gate = createGate(simulator);
  });
  afterAll(async () => {
    gate.open();
    await simulator.dispose();
  });

  /** The machines of each upgrade that reached the service, in the order of arrival; waves name them by ClientId. */
  const upgrades = (): string[][] => {
    const instanceOf = new Map(simulator.clients().map((row) => [row.ClientId, row.InstanceId]));
    return simulator
      .journal()
      .filter(({ action }) => action === 'UpgradeBackupClients')
      .map(({ parameters }) => {
        const ids: unknown = JSON.parse(parameters['ClientIds'] ?? '[]');
        assert.ok(Array.isArray(ids) && parameters['InstanceIds'] === undefined);
        return ids.map((id) => instanceOf.get(String(id)) ?? '');
      });
  };

  describeWorkbench(
    'with one machine first, and no failure allowed',
    () => ({
      demo: simulator,
      settings: { 'cloudBackup.operations.rolloutOrder': 'canary', 'cloudBackup.operations.maxFailures': 1 },
    }),
    (workbench) => {
      beforeAll(async () => {
        await workbench().page.getByText('This region has no backup clients.').waitFor();
        await openTasks(workbench());
      });

      /** Upgrades three machines, up to where the first one's task is asked about and not answered. */
      const sendFirstWave = async (...names: readonly [string, string, string]): Promise<void> => {
        const bench = workbench();
        await showUpgradable(bench, simulator, names);
        gate.close(({ action }) => action === 'DescribeTask');
        await bench.contextMenu('Upgrade available', 'Upgrade…');
        await agree(bench, 'Upgrade', 3);
        await bench.eventually(
          () => Promise.resolve(gate.held > 0 ? true : undefined),
          'nobody asks for the task',
        );
      };

      it('stops at a first machine that fails: one call goes out, and the rest is told by name', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['canary-1', 'canary-2', 'canary-3', 'canary-4']);
        simulator.setFaults([
          { action: 'UpgradeBackupClients', nth: 1, fault: 'taskFails', errorCode: 'UPGRADE_FAILED' },
        ]);
        await bench.contextMenu('Upgrade available', 'Upgrade…');
        await agree(bench, 'Upgrade', 4);
        await bench.toast('No client was upgraded. 1 failed, 3 not started.');
        assert.deepEqual(upgrades(), [['i-bp1canary1']]);

        await bench.row(/Upgrade .+ and 3 more.*1 failed · 3 not started/);
        await bench.expand(/Upgrade .+ and 3 more/);
        for (const name of ['canary-2', 'canary-3', 'canary-4']) {
          const row = await bench.row(new RegExp(`^${name}.*Not started`));
          assert.match((await row.getAttribute('aria-label')) ?? '', /The failure limit was reached/);
        }
      });

      it('lists the waves on the page, and why each machine did not get there', async () => {
        const bench = workbench();
        const page = await openPage(bench, 'Upgrade 4 clients');
        assert.deepEqual(await wavesOn(page), [
          ['Wave 1', '1', 'Failed', '1 failed'],
          ['Wave 2', '3', 'Not started', '3 not started'],
        ]);
        await tells(page, 'canary-1', /Failed.*Upgrade failed/);
        for (const name of ['canary-2', 'canary-3', 'canary-4']) {
          await tells(page, name, /Not started.*Failure limit reached/);
        }
        await page.getByText('The failure limit was reached. Fix the cause').waitFor();
        await bench.screenshot('waves-stopped');
      });

      it('retries from the notice, after the same plan and the same question, and gets all there', async () => {
        const bench = workbench();
        await bench.toastButton('No client was upgraded', 'Retry Failed…');
        const text = await bench.modal('Upgrade 4 clients');
        for (const name of ['canary-1', 'canary-2', 'canary-3', 'canary-4']) {
          assert.ok(text.includes(name), `${name} is missing in ${text}`);
        }
        assert.equal(upgrades().length, 1);
        await agree(bench, 'Upgrade', 4);
        await bench.toast('Upgraded 4 clients');
        // The failed machine is the only one that is upgraded a second time.
        const [, first, rest, ...more] = upgrades();
        assert.deepEqual(first, ['i-bp1canary1']);
        assert.deepEqual(rest?.toSorted(), ['i-bp1canary2', 'i-bp1canary3', 'i-bp1canary4']);
        assert.deepEqual(more, []);
        await shownOnce(bench);
      });

      it('offers no second retry of the first attempt, in its menu and on its page', async () => {
        const bench = workbench();
        const menu = await bench.openContextMenu(/Upgrade .+ and 3 more.*3 not started/);
        assert.ok(menu.includes('Export…') && !menu.includes('Retry Failed…'), menu.join());
        await bench.page.keyboard.press('Escape');
        // The retry opened its own page, and the two lead to each other.
        const retry = await bench.webview('Retries Upgrade 4 clients of');
        await retry.locator('.links button').click();
        const page = await bench.webview('3 not started');
        await page.locator('.links', { hasText: /^\s*Retried at .* → Upgrade 4 clients\s*$/ }).waitFor();
        await bench.screenshot('waves-retried');
        await page
          .locator('vscode-button.command', { hasText: 'Retry Failed…' })
          .waitFor({ state: 'detached' });
        await page.locator('vscode-button.command', { hasText: 'Export…' }).waitFor();
      });

      it('sends no further wave after a reload, and says so of each machine', async () => {
        const bench = workbench();
        const before = upgrades().length;
        await sendFirstWave('wave-1', 'wave-2', 'wave-3');
        await bench.reload();
        gate.open();
        await bench.toast('Upgraded 1 of 3 clients. 2 not started.');
        assert.deepEqual(upgrades().slice(before), [['i-bp1wave1']]);
        const page = await openPage(bench, 'Upgrade 3 clients');
        await tells(page, 'wave-1', /Completed/);
        for (const name of ['wave-2', 'wave-3']) {
          await tells(page, name, /Not started.*VS Code was closed/);
        }
        assert.deepEqual(await wavesOn(page), [
          ['Wave 1', '1', 'Completed', '1 completed'],
          ['Wave 2', '2', 'Not started', '2 not started'],
        ]);
        await shownOnce(bench);
      });

      it('retries from the row of the Tasks view what the reload kept back', async () => {
        const bench = workbench();
        const before = upgrades().length;
        await bench.contextMenu(/Upgrade .+ and 2 more.*2 not started/, 'Retry Failed…');
        await agree(bench, 'Upgrade', 2);
        await bench.toast('Upgraded 2 clients');
        assert.deepEqual(upgrades().slice(before), [['i-bp1wave2'], ['i-bp1wave3']]);
        await shownOnce(bench);
      });

      it('opens the details from the notification of a running rollout, with the same numbers', async () => {
        const bench = workbench();
        await sendFirstWave('same-1', 'same-2', 'same-3');
        await bench.toastButton('Upgrading 3 clients in 2 waves', 'Show Details');
        const page = await bench.webview('Wave 1 of 2');
        await page.getByText('1 running · 2 waiting').first().waitFor();
        await bench.status('0/3');
        await bench.row(/Wave 1 of 2 · 1 running · 2 waiting/);
        await bench.screenshot('waves-running');
        gate.open();
        await bench.toast('Upgraded 3 clients');
        await shownOnce(bench);
      });

      it('sends no further wave once read-only mode begins, and follows what was sent', async () => {
        const bench = workbench();
        const before = upgrades().length;
        await sendFirstWave('calm-1', 'calm-2', 'calm-3');
        await bench.command('Alibaba Cloud Backup: Toggle Read-Only Mode');
        await bench.status('Read-only');
        gate.open();
        await bench.toast('Stopped by you · 1 completed · 2 not started');
        assert.deepEqual(upgrades().slice(before), [['i-bp1calm1']]);
      });

      it('is no problem when the user stopped it, says so alike everywhere, and goes on with the rest', async () => {
        const bench = workbench();
        const before = upgrades().length;
        await bench.command('Alibaba Cloud Backup: Toggle Read-Only Mode');
        const state = 'Stopped by you · 1 completed · 2 not started';
        await bench.row(new RegExp(`Upgrade .+ and 2 more.*${state}`));
        await bench.clickRow(new RegExp(`Upgrade .+ and 2 more.*${state}`));
        const page = await bench.webview('Stopped by you');
        await page.getByText('1 completed · 2 not started').first().waitFor();
        await page.locator('vscode-button.command', { hasText: 'Continue with 2…' }).waitFor();
        await bench.screenshot('waves-stopped-by-you');
        await bench.toastButton(state, 'Continue with 2…');
        await agree(bench, 'Upgrade', 2);
        await bench.toast('Upgraded 2 clients');
        assert.deepEqual(upgrades().slice(before), [['i-bp1calm2'], ['i-bp1calm3']]);
        await shownOnce(bench);
      });
    },
  );
});

/** The cells of each wave on the page of an operation. */
async function wavesOn(page: Awaited<ReturnType<OpenWorkbench['webview']>>): Promise<string[][]> {
  const rows = await page.locator('.waves tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('td:not(.started), th').allInnerTexts()));
}
