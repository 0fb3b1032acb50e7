import { startSimulator, type FaultRule, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { openPage, openTasks, showUpgradable, tells, shownOnce, upgradeAll } from '../support/host/following';
import { afterAll, afterEach, beforeAll, describe, it } from '../support/host/test';

describe('how a task ends', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    // An upgrade takes 2.5 s, a task expires after 15 s, and proof is waited for 5 s.
    simulator = await startSimulator({ clients: 0, timeScale: 60 });
  });
  afterAll(() => simulator.dispose());

  const fault = (rule: Partial<FaultRule> & Pick<FaultRule, 'fault'>) => {
    simulator.setFaults([{ action: 'UpgradeBackupClients', ...rule }]);
  };

  describeWorkbench(
    'in the notice, the Tasks view and on the task page',
    () => ({ demo: simulator }),
    (workbench) => {
      beforeAll(async () => {
        await openTasks(workbench());
      });
      afterEach(() => {
        simulator.setFaults([]);
      });

      it('tells per machine what failed in a task that failed in part', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['part-a', 'part-b']);
        fault({ fault: 'taskPartlyFails', machines: 1, errorCode: 'DiskFull' });
        await upgradeAll(bench, 2);
        await bench.toast('Upgraded 1 of 2 clients. 1 failed.');
        const page = await openPage(bench, 'Upgrade 2 clients');
        await tells(page, 'part-a', /Failed.*DiskFull/);
        await tells(page, 'part-b', /Completed/);
        await shownOnce(bench);
      });

      it('tells of a task that failed as a whole', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['whole']);
        fault({ fault: 'taskFails', errorCode: 'UPGRADE_FAILED' });
        await upgradeAll(bench, 'whole');
        await bench.toast(/Couldn't upgrade whole\. The upgrade failed on the instance/);
        await tells(await openPage(bench, 'Upgrade whole'), 'whole', /Failed.*Upgrade failed/);
        await shownOnce(bench);
      });

      it('tells of a task that the service let expire', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['late']);
        fault({ fault: 'taskExpires' });
        await upgradeAll(bench, 'late');
        const page = await openPage(bench, 'Upgrade late');
        await page.locator('body').getByText('15-minute limit').first().waitFor();
        await tells(page, 'late', /Failed/);
        await shownOnce(bench);
      });

      it('says "Completed, not verified" where the list does not show the version in time', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['slow-list']);
        const stop = simulator.onRequest(({ action }) => {
          if (action === 'DescribeBackupClients') {
            simulator.updateClient('i-bp1slowlist', { ClientVersion: '2.0.0' });
          }
        });
        await upgradeAll(bench, 'slow-list');
        await bench.row(/Upgrade slow-list.*Completed, not verified/);
        await bench.toast("isn't verified");
        stop();
        const page = await openPage(bench, 'Upgrade slow-list');
        await tells(page, 'slow-list', /Completed, not verified.*The list still shows version 2\.0\.0/);
        await shownOnce(bench);
      });
    },
  );
});
