import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { addProfile, endpointsAt } from '../support/host/addProfile';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('what the view says when there is nothing to list', () => {
  let simulator: Simulator;
  let aheadMs = 0;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, clock: { nowMs: () => Date.now() + aheadMs } });
  });
  afterAll(() => simulator.dispose());

  describeWorkbench(
    'in a workbench without a profile',
    () => ({ settings: endpointsAt(simulator) }),
    (workbench) => {
      const pane = () => workbench().pane('Backup Clients');
      const says = (text: RegExp) =>
        pane().locator('.welcome-view-content').getByText(text).first().waitFor();
      const press = (label: string) =>
        pane()
          .locator('.welcome-view-content')
          .locator('.monaco-button, a', { hasText: label })
          .first()
          .click();
      const buttons = async () =>
        (await pane().locator('.welcome-view-content .monaco-button').allInnerTexts()).map((text) =>
          text.trim(),
        );
      const lists = () =>
        simulator.journal().filter(({ action }) => action === 'DescribeBackupClients').length;
      const listedAgain = async (press: () => Promise<void>) => {
        const before = lists();
        await press();
        await workbench().eventually(
          () => Promise.resolve(lists() > before ? true : undefined),
          'nothing was listed',
        );
      };

      it('offers a profile, demo data and the system keychain to who is signed out', async () => {
        const bench = workbench();
        await bench.openContainer('Alibaba Cloud Backup');
        await says(/Backup clients on your ECS instances/);
        assert.deepEqual(await buttons(), ['Add Profile']);
        await bench.screenshot('state-signed-out');
        await press('Add Profile');
        await bench.asks('System keychain…');
        await bench.escape();
        await pane().getByText('import an access key').click();
        await bench.asks('Service name');
        await bench.escape();
      });

      it('shows 250 clients of a made-up account at the press of a button, and leaves them again', async () => {
        const bench = workbench();
        await press('try the demo');
        await bench.status('Demo · cn-hangzhou');
        await bench.row('Upgrade available');
        await bench.eventually(async () => {
          const counts = (await bench.tree()).map((line) => Number(/ (\d+)(?: ·.*)?$/.exec(line)?.[1]));
          return counts.reduce((sum, count) => sum + count, 0) === 250 ? true : undefined;
        }, 'the demo does not show 250 clients');
        await bench.screenshot('state-demo');
        await bench.command('Alibaba Cloud Backup: Exit Demo');
        await says(/Backup clients on your ECS instances/);
      });

      it('says so when the region has no clients, and looks again', async () => {
        const bench = workbench();
        await addProfile(bench, 'production', simulator);
        await says(/This region has no backup clients/);
        await bench.notifications(true);
        await bench.screenshot('state-empty');
        await listedAgain(() => press('Refresh'));
        await says(/This region has no backup clients/);
      });

      it('names the RAM action that is missing', async () => {
        simulator.setFaults([{ action: 'DescribeBackupClients', fault: 'denied' }]);
        await press('Refresh');
        await says(/hbr:DescribeBackupClients/);
        await workbench().screenshot('state-denied');
        await listedAgain(() => press('Refresh'));
        await says(/hbr:DescribeBackupClients/);
      });

      it('points to the log when the service answers what nobody can use', async () => {
        const bench = workbench();
        simulator.setFaults([{ action: 'DescribeBackupClients', fault: 'html' }]);
        await press('Refresh');
        await says(/Alibaba Cloud had an internal error/);
        await bench.screenshot('state-failed');
        await press('show the log');
        await bench.page
          .locator('.output-view-title, .pane-header, .panel .title', { hasText: /Output/i })
          .first()
          .waitFor();
        await bench.command('View: Toggle Panel Visibility');
      });

      it('keeps the rows that it has and says above them what went wrong, without a notification', async () => {
        const bench = workbench();
        simulator.setFaults([]);
        simulator.insertClient({ InstanceId: 'i-kept', InstanceName: 'kept', ZoneId: 'cn-hangzhou-h' });
        await press('Refresh');
        await bench.row(/Activated\s*1$/);
        await bench.notifications(true);
        simulator.setFaults([{ action: 'DescribeBackupClients', fault: 'denied' }]);
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        const message = pane().locator('.message', { hasText: 'hbr:DescribeBackupClients' });
        await message.waitFor();
        assert.doesNotMatch(await message.innerText(), /Request ?ID/i);
        await bench.row(/Activated\s*1$/);
        await bench.screenshot('state-rows-kept');
        assert.deepEqual(await bench.notifications(), []);
        simulator.setFaults([]);
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await pane().locator('.message').waitFor({ state: 'hidden' });
        simulator.deleteClient('i-kept');
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await says(/This region has no backup clients/);
      });

      it('says that a temporary key has expired, and offers another profile', async () => {
        const bench = workbench();
        await addProfile(bench, 'temporary', simulator, simulator.issueTemporaryKey(60));
        await bench.status('temporary · cn-hangzhou');
        await says(/This region has no backup clients/);
        await bench.notifications(true);
        aheadMs = 120_000;
        await press('Refresh');
        await says(/temporary credentials have expired/);
        await bench.screenshot('state-expired');
        await press('Switch Profile');
        await bench.quickPick('Switch Profile');
        await bench.pick('production');
        await bench.status('production · cn-hangzhou');
        await says(/This region has no backup clients/);
      });

      it('asks for the key again when the service no longer takes it', async () => {
        const bench = workbench();
        simulator.revokeKey();
        await press('Refresh');
        await says(/access key was rejected/);
        await bench.screenshot('state-rejected');
        await press('Sign In Again');
        await bench.asks('Access key ID');
        await bench.escape();
        assert.deepEqual(await bench.notifications(), []);
      });

      it('says that the service cannot be reached, and where the endpoint is set', async () => {
        const bench = workbench();
        await simulator.dispose();
        await press('Switch Profile');
        await bench.quickPick('Switch Profile');
        await bench.escape();
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await says(/Can't reach Cloud Backup/);
        await bench.screenshot('state-offline');
        assert.deepEqual(await bench.notifications(), []);
        await press('endpoint settings');
        await bench.page.locator('.settings-editor').waitFor();
      });
    },
  );
});
