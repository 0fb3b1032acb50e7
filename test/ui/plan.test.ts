import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

const zoneId = 'cn-hangzhou-h';

describe('planning an upgrade', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 60 });
    const add = (name: string, version: string) =>
      simulator.insertClient({
        InstanceId: `i-${name}`,
        InstanceName: name,
        ZoneId: zoneId,
        Status: 'ACTIVATED',
        ClientVersion: version,
        MaxClientVersion: '2.13.0',
      });
    for (const name of ['web-1', 'web-2', 'web-3']) add(name, '2.4.5');
    add('stopped', '2.4.5');
    add('silent', '2.4.5');
    simulator.updateInstance('i-stopped', { status: 'Stopped' });
    simulator.updateInstance('i-silent', { assistantRunning: false });
  });
  afterAll(() => simulator.dispose());

  const upgrades = () => simulator.journal().filter(({ action }) => action === 'UpgradeBackupClients');

  describeWorkbench(
    'in a workbench',
    () => ({ demo: simulator }),
    (workbench) => {
      it('shows what can be upgraded ticked, and two machines apart with the reason why they cannot', async () => {
        const bench = workbench();
        await bench.expand('Upgrade available');
        await bench.expand(zoneId);
        await bench.contextMenu(zoneId, 'Upgrade…');
        const rows = bench.quickInput().locator('.monaco-list-row');
        await rows.filter({ hasText: "Cloud Assistant doesn't respond" }).waitFor();
        await rows.filter({ hasText: "the ECS instance isn't running" }).waitFor();
        await bench.asks('3 Selected');
        await bench.asks("Can't be upgraded");
        await bench.asks('1/2');
        await bench.screenshot('plan-pick');
      });

      it('takes no tick on a machine that cannot be upgraded, and keeps the others', async () => {
        const bench = workbench();
        await bench.pick('stopped');
        await bench.pick('web-3');
        await bench.asks('2 Selected');
      });

      it('shows the same plan as a document that cannot be edited, and runs nothing', async () => {
        const bench = workbench();
        await bench.quickInput().locator('a.action-label[aria-label^="Preview Plan"]').click();
        await bench.eventually(
          async () =>
            (await bench.tabs()).some((tab) => tab.includes('Plan to upgrade 2 clients')) ? true : undefined,
          'no plan is open',
        );
        const page = await bench.webview('Nothing has been changed');
        await page.locator('h1', { hasText: 'Plan to upgrade 2 clients' }).waitFor();
        await page.locator('td', { hasText: 'web-1' }).first().waitFor();
        await bench.screenshot('plan-document');
        assert.equal(upgrades().length, 0);
        // The pick is still open, and with its ticks.
        await bench.asks('2 Selected');
      });

      it('asks once for all, naming account, region, names, versions and what is left out, and goes back', async () => {
        const bench = workbench();
        await bench.quickInput().locator('.quick-input-action .monaco-button', { hasText: 'OK' }).click();
        await bench.modal('Upgrade 2 clients in China (Hangzhou)?');
        await bench.answerModal('Back');
        // With the same ticks.
        await bench.asks('2 Selected');
        await bench.quickInput().locator('.quick-input-action .monaco-button', { hasText: 'OK' }).click();
        const text = await bench.modal('Upgrade 2 clients in China (Hangzhou)?');
        await bench.screenshot('plan-confirm');
        for (const part of [
          simulator.accountId,
          'web-1: 2.4.5 → 2.13.0',
          'web-2',
          '2 left out: silent (i-silent',
        ]) {
          assert.ok(text.includes(part), `${part} is missing in ${text}`);
        }
        assert.doesNotMatch(text, /web-3/);
        await bench.answerModal('Upgrade');
        await bench.toast('Upgraded 2 clients');
        assert.equal(upgrades().length, 1);
      });

      it('upgrades all that is outdated of a zone, after the same plan', async () => {
        const bench = workbench();
        await bench.notifications(true);
        await bench.select('web-3');
        const menu = await bench.openContextMenu(zoneId);
        assert.ok(menu.includes('Upgrade…') && !menu.some((entry) => entry.startsWith('Uninstall')));
        await bench.clickMenu('Upgrade…');
        await bench.asks('1 Selected');
        await bench.escape();
      });
    },
  );
});
