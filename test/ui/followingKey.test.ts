import { startSimulator, type Simulator, type TemporaryKey } from '../../simulator/main';
import { addProfile, endpointsAt } from '../support/host/addProfile';
import { themeOfBrowser } from '../support/host/themes';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { openPage, openTasks, showUpgradable, tells, upgradeAll } from '../support/host/following';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('an upgrade whose key expires', () => {
  let simulator: Simulator;
  let key: TemporaryKey;

  beforeAll(async () => {
    // An upgrade takes 15 s, and is asked about every 3 s for 102 s.
    simulator = await startSimulator({ clients: 0, timeScale: 10 });
    key = simulator.issueTemporaryKey(3600);
  });
  afterAll(() => simulator.dispose());

  describeWorkbench(
    'in a workbench',
    () => ({ settings: { ...endpointsAt(simulator), ...themeOfBrowser } }),
    (workbench) => {
      const words = 'Waiting: the credentials of profile “temporary” have expired. Sign in again.';
      const warning = () => workbench().page.locator('.statusbar-item.warning-kind', { hasText: '0/1' });

      it('says so in the Tasks view, on its page and in the status bar', async () => {
        const bench = workbench();
        await bench.openContainer('Alibaba Cloud Backup');
        await addProfile(bench, 'temporary', simulator, key);
        await bench.toast(`account ${simulator.accountId}`);
        await openTasks(bench);
        await showUpgradable(bench, simulator, ['web']);
        const stop = simulator.onRequest(({ action }) => {
          if (action === 'DescribeTask') simulator.expireKeys(key.accessKeyId);
        });
        await upgradeAll(bench, 'web');
        await bench.row(/Upgrade web.*Waiting: the credentials of profile “temporary” have expired/);
        await warning().waitFor();
        const page = await openPage(bench, 'Upgrade web');
        await page.locator('.standing', { hasText: words }).waitFor();
        stop();
      });

      it('goes on when its profile is signed in again', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Sign In Again…');
        const other = simulator.issueTemporaryKey(3600);
        await bench.input('Access key ID', other.accessKeyId);
        await bench.input('Access key secret', other.accessKeySecret);
        await bench.input('STS token', other.securityToken);
        await warning().waitFor({ state: 'hidden' });
        await bench.toast('Upgraded web to');
        await tells(await openPage(bench, 'Upgrade web'), 'web', /Completed/);
      });
    },
  );
});
