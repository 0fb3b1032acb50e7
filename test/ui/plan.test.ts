import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

const zoneId = 'cn-hangzhou-h';

describe('planning', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 30, seed: 4, timeScale: 60 });
  });
  afterAll(() => simulator.dispose());

  const upgrades = () => simulator.journal().filter(({ action }) => action === 'UpgradeBackupClients');
  const installs = () => simulator.journal().filter(({ action }) => action === 'InstallBackupClients');
  /** Instances that never had a client and can take one. */
  const ready = () => {
    const taken = new Set(simulator.clients().map(({ InstanceId }) => InstanceId));
    return simulator
      .instances()
      .filter(
        ({ instanceId, status, assistantRunning }) =>
          !taken.has(instanceId) && status === 'Running' && assistantRunning,
      );
  };

  describeWorkbench(
    'in a workbench',
    () => ({ demo: simulator }),
    (workbench) => {
      describe('an install on ECS instances', () => {
        it('takes pasted ids in any separators and names each bad one with its reason', async () => {
          const bench = workbench();
          await bench.row(/./);
          const [first, second] = ready().map(({ instanceId }) => instanceId);
          const installed = simulator.clients().find(({ Status }) => Status === 'ACTIVATED')?.InstanceId;
          assert.ok(first && second && installed);
          await bench.command('Alibaba Cloud Backup: Install on ECS Instances…');
          await bench.quickPick('Install on ECS Instances');
          await bench.pick('Paste instance IDs');
          await bench.input(
            'Any separator works',
            `${first}; ${second},${first} web-7 i-bp1000000000000000zz | ${installed}`,
          );
          const text = await bench.modal('Install 2 clients');
          await bench.screenshot('install-pasted');
          for (const reason of [
            /3 left out/,
            /web-7 \(not an instance ID\)/,
            /i-bp1000000000000000zz \(no such instance/,
            /already installed/,
          ]) {
            assert.match(text, reason);
          }
          assert.deepEqual((await bench.modalButtons()).sort(), ['Back', 'Cancel', 'Install']);
          await bench.answerModal('Back');
          // The text is still there.
          await bench.asks('Any separator works');
          assert.match(await bench.quickInput().locator('input.input').inputValue(), /web-7/);
          await bench.page.keyboard.press('Enter');
          await bench.modal('Install 2 clients');
          await bench.answerModal('Install');
          await bench.toast('3 clients left out');
          await bench.toast('Installed 2 clients');
          assert.equal(installs().length, 1);
          await bench.notifications(true);
        });

        it('offers running instances without a client, found by what stands on them', async () => {
          const bench = workbench();
          const [target] = ready();
          assert.ok(target);
          await bench.command('Alibaba Cloud Backup: Install on ECS Instances…');
          await bench.quickPick('Install on ECS Instances');
          await bench.pick('Select running instances');
          await bench.asks(target.instanceName);
          await bench.screenshot('install-list');
          await bench.quickInput().locator('input.input').fill(target.privateIp);
          const row = bench.quickInput().locator('.monaco-list-row', { hasText: target.instanceName });
          await row.click();
          await bench.asks('1 Selected');
          await bench.page.keyboard.press('Enter');
          await bench.modal(`Install the client on ${target.instanceName}`);
          await bench.answerModal('Install');
          await bench.toast(`Installed the client on ${target.instanceName}`);
          assert.equal(installs().length, 2);
        });
      });

      describe('an upgrade', () => {
        beforeAll(async () => {
          for (const { InstanceId } of simulator.clients()) simulator.deleteClient(InstanceId);
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
          const bench = workbench();
          await bench.notifications(true);
          await bench.command('Alibaba Cloud Backup: Refresh Clients');
          await bench.row(/Upgrade available\s*5/);
        });

        it('shows what can be upgraded ticked, and two machines apart with the reason why they cannot', async () => {
          const bench = workbench();
          await bench.expand('Upgrade available');
          await bench.expand(zoneId);
          await bench.contextMenu(zoneId, 'Upgrade…');
          await bench.asks("Cloud Assistant doesn't respond");
          await bench.asks("the ECS instance isn't running");
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
              (await bench.tabs()).some((tab) => tab.includes('Plan to upgrade 2 clients'))
                ? true
                : undefined,
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
      });
    },
  );
});
