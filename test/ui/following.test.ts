import { strict as assert } from 'node:assert';
import { startSimulator, type FaultRule, type Simulator } from '../../simulator/main';
import { addClients } from '../support/fleet';
import { createGate, type Gate } from '../support/gate';
import { describeWorkbench } from '../support/host/describeWorkbench';
import {
  agree,
  openPage,
  openTasks,
  showUpgradable,
  tells,
  shownOnce,
  upgradeAll,
} from '../support/host/following';
import { afterAll, afterEach, beforeAll, describe, it } from '../support/host/test';

const machines = Array.from({ length: 41 }, (_, i) => `fresh-${String(i + 1).padStart(2, '0')}`);

describe('following what was sent', () => {
  let simulator: Simulator;
  let gate: Gate;

  beforeAll(async () => {
    // An upgrade takes 5 s, a task expires after 30 s, and proof is waited for 10 s.
    simulator = await startSimulator({ clients: 0, timeScale: 30 });
    gate = createGate(simulator);
    addClients(simulator, machines, { Status: 'NOT_INSTALLED', ClientId: '', LastHeartBeatTime: 0 });
  });
  afterAll(async () => {
    gate.open();
    await simulator.dispose();
  });

  const calls = (action: string) => simulator.journal().filter((call) => call.action === action);
  const fault = (rule: Partial<FaultRule> & Pick<FaultRule, 'fault'>) => {
    simulator.setFaults([{ action: 'UpgradeBackupClients', ...rule }]);
  };

  describeWorkbench(
    'in the Tasks view and on the task page',
    () => ({ demo: simulator }),
    (workbench) => {
      beforeAll(async () => {
        await openTasks(workbench());
      });
      afterEach(async () => {
        simulator.setFaults([]);
        await workbench().notifications(true);
      });

      it('says what goes on before it stops a rollout, and tells the end once, also without its notification', async () => {
        const bench = workbench();
        const installs = (): number => calls('InstallBackupClients').length;
        let isThirdHere = false;
        // No task may end before the rollout is stopped, however long that takes.
        gate.close(({ action }) => {
          const isThird = action === 'InstallBackupClients' && installs() === 2;
          isThirdHere ||= isThird;
          return isThird || action === 'DescribeTask';
        });
        await bench.contextMenu('Not installed', 'Install…');
        await agree(bench, 'Install', 41);
        await bench.eventually(() => when(isThirdHere), 'no third call');
        await bench.status('0/41');
        await bench.screenshot('rollout-notice');
        await bench.toastButton('Installing 41 clients', 'Stop Rollout…');
        const asked = await bench.modal('Stop this rollout?');
        assert.match(asked, /40 clients are already being changed\. Those changes continue/);
        assert.match(asked, /1 client is still waiting\. It won't be changed/);
        await bench.screenshot('rollout-stop');
        await bench.answerModal('Stop Rollout');
        await bench.status('0/40');
        await bench.notifications(true);
        gate.open();
        await bench.row(/Install .+ and 40 more.*40 completed · 1 not started/);
        assert.equal(installs(), 2);
        await shownOnce(bench);
      });

      it('names each refused machine with its reason, of several and of one', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['runs', 'stopped', 'silent']);
        await upgradeAll(bench, 3, () => {
          simulator.updateInstance('i-bp1stopped', { status: 'Stopped' });
          simulator.updateInstance('i-bp1silent', { assistantRunning: false });
        });
        await bench.toast('Upgraded 1 of 3 clients. 2 rejected.');
        const page = await openPage(bench, 'Upgrade 3 clients');
        await tells(page, 'stopped', /Rejected.*InstanceNotRunning/);
        await tells(page, 'silent', /Rejected.*CloudAssist/);
        await tells(page, 'runs', /Completed/);
        await bench.expand(/Upgrade .+ and 2 more/);
        await bench.row(/^stopped.*Rejected/);
        const silent = await bench.row(/^silent.*Rejected/);
        assert.match((await silent.getAttribute('aria-label')) ?? '', /Cloud Assistant/);
        await shownOnce(bench);

        await showUpgradable(bench, simulator, ['halted']);
        await upgradeAll(bench, 'halted', () => {
          simulator.updateInstance('i-bp1halted', { status: 'Stopped' });
        });
        await bench.toast(/Couldn't upgrade halted.*isn't running|The ECS instance isn't running/);
        await shownOnce(bench);
        await tells(await openPage(bench, 'Upgrade halted'), 'halted', /Rejected.*InstanceNotRunning/);
      });

      it('asks no more once watching was stopped, and remembers that over a reload', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['unwatched']);
        fault({ fault: 'taskExpires' });
        await bench.expand('Upgrade available');
        await bench.expand('cn-hangzhou');
        await upgradeAll(bench, 'unwatched');
        const before = calls('DescribeTask').length;
        await bench.eventually(() => when(calls('DescribeTask').length > before), 'it is not watched');
        // The task may not end before it isn't tracked any more, however long that takes.
        gate.close(({ action }) => action === 'DescribeTask');
        await bench.contextMenu(/Upgrade unwatched/, 'Stop Tracking');
        await bench.row(/Upgrade unwatched.*Not tracked/);
        const asked = calls('DescribeTask').length + gate.held;
        gate.open();
        const row = await bench.row(/^unwatched.*upgrading, not tracked/);
        assert.match((await row.getAttribute('aria-label')) ?? '', /^unwatched, upgrading, not tracked/);
        await bench.screenshot('unwatched');
        await bench.reload();
        await bench.row(/Upgrade unwatched.*Not tracked/);
        assert.ok(calls('DescribeTask').length <= asked);
        assert.deepEqual(await bench.notifications(), []);
      });

      it('watches again from its page, and tells the end once', async () => {
        const bench = workbench();
        const asked = calls('DescribeTask').length;
        // Ten seconds after its end it leaves its place, perhaps right under the mouse.
        await bench.row(/Today\s*4 operations/);
        const page = await openPage(bench, 'Upgrade unwatched');
        await bench.screenshot('unwatched-page');
        await page.locator('vscode-button.command', { hasText: 'Resume Tracking' }).click();
        await bench.toast(/(Couldn't upgrade|Upgraded|The upgrade of) unwatched/);
        assert.ok(calls('DescribeTask').length > asked);
        await page
          .locator('vscode-button.command', { hasText: 'Resume Tracking' })
          .waitFor({ state: 'detached' });
        await shownOnce(bench);
      });
    },
  );
});

const when = (so: boolean): Promise<true | undefined> => Promise.resolve(so ? true : undefined);
