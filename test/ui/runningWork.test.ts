import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { openPage, openTasks, tells } from '../support/host/following';
import { afterAll, beforeAll, describe, it } from '../support/host/test';
import { pictureInAllThemes, themeOfBrowser } from '../support/host/themes';

const zoneId = 'cn-hangzhou-h';
const hour = 3600;

describe('changing clients on which a backup runs', () => {
  let simulator: Simulator;
  let jobId: string;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 60 });
    for (const name of ['web-1', 'web-2', 'web-3', 'silent', 'db-1', 'db-2', 'essential']) {
      const isOutdated = name.startsWith('web') || name === 'silent';
      simulator.insertClient({
        InstanceId: `i-${name}`,
        InstanceName: name,
        ZoneId: isOutdated ? zoneId : 'cn-hangzhou-g',
        Status: 'ACTIVATED',
        BackupStatus: isOutdated ? 'UNPROTECTED' : 'PROTECTED',
        ClientVersion: isOutdated ? '2.4.5' : '2.13.0',
        MaxClientVersion: '2.13.0',
        OsType: 'linux',
      });
    }
    simulator.updateInstance('i-silent', { assistantRunning: false });
    const now = Math.floor(Date.now() / 1000);
    jobId = simulator.putJob({ InstanceId: 'i-web-1', Progress: 4300, StartTime: now - hour }).JobId;
    const plan = (name: string, PlanName: string, minutes: number) =>
      simulator.putPlan({
        InstanceId: `i-${name}`,
        PlanName,
        Schedule: `I|${now + minutes * 60}|P1D`,
        Retention: 30,
      });
    plan('db-1', 'nightly', 25);
    plan('db-1', 'logs', 55);
    plan('db-2', 'nightly', 600);
    simulator.putEssential('i-essential');
  });
  afterAll(() => simulator.dispose());

  const upgraded = () =>
    simulator
      .journal()
      .filter(({ action }) => action === 'UpgradeBackupClients')
      .map(({ parameters: { InstanceIds, ClientIds } }) => InstanceIds ?? ClientIds);

  describeWorkbench(
    'in a workbench',
    () => ({
      demo: simulator,
      // Below an hour, the countdown has seconds.
      settings: { ...themeOfBrowser, 'cloudBackup.operations.waitForBackupsMinutes': 30 },
    }),
    (workbench) => {
      it('marks them in the pick, unticked, with how far the backup is', async () => {
        const bench = workbench();
        await bench.expand('Upgrade available');
        await bench.expand(zoneId);
        await bench.contextMenu(zoneId, 'Upgrade…');
        await bench.asks('backup running, 43%');
        await bench.asks('2 Selected');
        await bench.screenshot('running-work-pick');
        await bench.escape();
      });

      it('asks whether to wait, and upgrades the others at once', async () => {
        const bench = workbench();
        await bench.select('web-1', 'web-2');
        await bench.contextMenu('web-2', 'Upgrade…');
        const text = await bench.modal('Upgrade 2 clients in China (Hangzhou)?');
        assert.match(
          text,
          /A backup is running on web-1 \(43%, since .+\)\. You can wait for it up to 30 min\./,
        );
        // VS Code decides about their order.
        assert.deepEqual((await bench.modalButtons()).sort(), [
          ...['Cancel', 'Include It…', 'Leave It Out', 'Wait for It'],
        ]);
        await pictureInAllThemes(bench, 'running-work-confirm');
        await bench.answerModal('Wait for It');
        await bench.toast('Upgrading 2 clients. 1 client waits for a backup.');
        await bench.eventually(
          () => Promise.resolve(upgraded().length > 0 || undefined),
          'Nothing is upgraded.',
        );
        assert.equal(upgraded().length, 1);
        assert.doesNotMatch(String(upgraded()[0]), /web-1/);
      });

      it('counts down in the Tasks view and on the page while one waits, and upgrades it then', async () => {
        const bench = workbench();
        await openTasks(bench);
        await bench.row(/^web-1.*Waiting for a backup, up to .+ more/);
        await bench.notifications(true);
        await bench.screenshot('running-work-tasks');
        const page = await openPage(bench, 'Upgrade 2 clients');
        await tells(page, 'web-1', /Waiting for a backup.*Up to .+ more · Backup, .*Job ID /);
        const details = page.locator('.clients tbody tr', { hasText: 'web-1' }).locator('.column-details');
        const left = () => details.innerText();
        const before = await left();
        await bench.eventually(
          async () => ((await left()) === before ? undefined : true),
          'The time that is left stands still.',
        );
        await pictureInAllThemes(bench, 'running-work-held');
        simulator.updateJob(jobId, { Status: 'COMPLETE' });
        await bench.toast('Upgraded 2 clients');
        assert.equal(upgraded().length, 2);
        await bench.pane('Tasks').locator('.pane-header').click();
      });

      it('says of an uninstall which plans stop, and refuses a client of Essential Edition', async () => {
        const bench = workbench();
        await bench.notifications(true);
        await bench.expand('Activated');
        await bench.expand('cn-hangzhou-g');
        await bench.select('db-1', 'db-2', 'essential');
        await bench.contextMenu('db-2', 'Uninstall…');
        await bench.asks('part of Essential Edition');
        await bench.screenshot('running-work-uninstall-pick');
        await bench.quickInput().locator('.quick-input-action .monaco-button', { hasText: 'OK' }).click();
        const said = (await bench.quickPick('Uninstall 2 clients in China (Hangzhou)?')).join('\n');
        await bench.screenshot('running-work-uninstall');
        assert.match(said, /3 backup plans on 2 clients stop running\./);
        await bench.escape();
        assert.ok(!simulator.journal().some(({ action }) => action === 'UninstallBackupClients'));
      });
    },
  );
});
