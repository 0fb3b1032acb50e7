import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('installing on ECS instances', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 30, seed: 4, timeScale: 60 });
  });
  afterAll(() => simulator.dispose());

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
    },
  );
});
