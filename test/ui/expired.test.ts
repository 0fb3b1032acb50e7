import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator, type TemporaryKey } from '../../simulator/main';
import { createGate, type Gate } from '../support/gate';
import { addProfile, endpointsAt } from '../support/host/addProfile';
import { addRole } from '../support/host/addRole';
import { pictureInBothThemes, themeOfBrowser } from '../support/host/themes';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { groupBy } from '../support/host/groupBy';
import { afterAll, beforeAll, describe, it } from '../support/host/test';
import { welcomeOf } from '../support/host/welcome';

describe('a key that ends', () => {
  let simulator: Simulator;
  let gate: Gate;
  let first: TemporaryKey;
  let second: TemporaryKey;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0 });
    for (let number = 0; number < 250; number++) {
      simulator.insertClient({
        InstanceId: `i-bp1${String(number).padStart(12, '0')}`,
        InstanceName: `web-${number}`,
        ZoneId: 'cn-hangzhou-h',
      });
    }
    gate = createGate(simulator);
    first = simulator.issueTemporaryKey(3600);
    second = simulator.issueTemporaryKey(3600);
  });
  afterAll(async () => {
    gate.open();
    await simulator.dispose();
  });

  const calls = (action: string) => simulator.journal().filter((call) => call.action === action);

  describeWorkbench(
    'in a workbench',
    () => ({ settings: { ...endpointsAt(simulator), ...themeOfBrowser } }),
    (workbench) => {
      const pane = () => workbench().pane('Backup Clients');
      const message = () => pane().locator('.message');
      const warning = () => workbench().page.locator('.statusbar-item.warning-kind');
      // A progress goes a moment after what it was for. What is told stays until it's cleared.
      const toldNothing = () =>
        workbench().eventually(
          async () => when((await workbench().notifications()).length === 0),
          'Something is told.',
        );
      /** What wakes a view: another container in front of it and back, and the window's own focus. */
      const lookAway = async (): Promise<void> => {
        const bench = workbench();
        await bench.command('View: Show Explorer');
        await bench.pane('No Folder Opened').waitFor();
        await bench.command('Alibaba Cloud Backup: Focus on Backup Clients View');
        await bench.row('Activated');
      };
      const signInWith = async (key: TemporaryKey): Promise<void> => {
        const bench = workbench();
        await bench.input('Access key ID', key.accessKeyId);
        await bench.input('Access key secret', key.accessKeySecret);
        await bench.input('STS token', key.securityToken);
        await bench.toast(`account ${simulator.accountId}`);
      };

      it('is told quietly: a line above the rows and the status bar, and no notification', async () => {
        const bench = workbench();
        await bench.openContainer('Alibaba Cloud Backup');
        await addProfile(bench, 'temporary', simulator, first);
        await bench.row(/Activated\s*250$/);
        await bench.status('temporary · cn-hangzhou');
        await bench.notifications(true);
        simulator.expireKeys(first.accessKeyId);
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await message().filter({ hasText: 'temporary credentials have expired' }).waitFor();
        await warning().filter({ hasText: 'temporary · cn-hangzhou' }).waitFor();
        await bench.row(/Activated\s*250$/);
        await toldNothing();
        await pictureInBothThemes(bench, 'expired-with-rows');
      });

      it('is not tried over and over', async () => {
        const asked = simulator.journal().length;
        await lookAway();
        await lookAway();
        await groupBy(workbench(), 'Zone', 'Status');
        await workbench().row('cn-hangzhou-h');
        await groupBy(workbench(), 'Status', 'Zone');
        await workbench().row('Activated');
        assert.equal(simulator.journal().length, asked);
        await toldNothing();
      });

      it('is tried once more by a refresh, and neither repeated nor told', async () => {
        const bench = workbench();
        const asked = simulator.journal().length;
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench.eventually(() => when(simulator.journal().length > asked), 'nothing was asked');
        await message().filter({ hasText: 'temporary credentials have expired' }).waitFor();
        await lookAway();
        assert.equal(simulator.journal().length, asked + 1);
        await toldNothing();
      });

      it('is replaced by Sign In Again, and the rows come back', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Sign In Again…');
        await signInWith(second);
        await message().waitFor({ state: 'hidden' });
        await bench.row(/Activated\s*250$/);
        await warning().waitFor({ state: 'hidden' });
        await bench.notifications(true);
      });

      it('that is revoked in the middle of a listing ends it, and keeps the rows there were', async () => {
        const bench = workbench();
        gate.close(
          ({ action, parameters }) => action === 'DescribeBackupClients' && parameters['PageNumber'] !== '1',
        );
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench.eventually(() => when(gate.held > 0), 'no second page was asked for');
        simulator.revokeKey(second.accessKeyId);
        gate.open();
        await message().filter({ hasText: 'credentials were rejected' }).waitFor();
        await bench.row(/Activated\s*250$/);
        await toldNothing();
        const asked = simulator.journal().length;
        await lookAway();
        assert.equal(simulator.journal().length, asked);
      });

      it('has a welcome of its own where there are no rows yet, with the way out', async () => {
        const bench = workbench();
        const third = simulator.issueTemporaryKey(3600);
        // The key ends between the call that verifies it and the first page.
        gate.close(({ action }) => action === 'GetCallerIdentity');
        await addProfile(bench, 'hourly', simulator, third);
        await bench.eventually(() => when(gate.held > 0), 'The key was not verified.');
        // A key that ends in the millisecond in which a call arrives has ended for that call.
        await bench.row(/Activated/);
        simulator.expireKeys(third.accessKeyId);
        gate.open();
        await bench.toast(`account ${simulator.accountId}`);
        await bench.notifications(true);
        const welcome = welcomeOf(bench);
        await welcome.says(/temporary credentials have expired/);
        assert.deepEqual(await welcome.buttons(), ['Sign In Again']);
        await warning().filter({ hasText: 'hourly · cn-hangzhou' }).waitFor();
        await toldNothing();
        await pictureInBothThemes(bench, 'expired');
        const asked = simulator.journal().length;
        await bench.openContainer('Explorer');
        await bench.openContainer('Alibaba Cloud Backup');
        await welcome.says(/temporary credentials have expired/);
        assert.equal(simulator.journal().length, asked);
        await welcome.press('Sign In Again');
        await signInWith(simulator.issueTemporaryKey(3600));
        await bench.row(/Activated\s*250$/);
        await warning().waitFor({ state: 'hidden' });
        await bench.notifications(true);
      });

      it('is renewed without a word where a role stands behind it', async () => {
        const bench = workbench();
        await addProfile(bench, 'lasting', simulator);
        await bench.toast(`account ${simulator.accountId}`);
        const roleArn = simulator.roles.find(({ name }) => name === 'backup-operator')?.arn ?? '';
        await addRole(bench, { from: 'lasting', roleArn, name: 'operator', regionId: 'cn-hangzhou' });
        await bench.status('operator · cn-hangzhou');
        await bench.row(/Activated\s*250$/);
        await bench.notifications(true);
        assert.equal(calls('AssumeRole').length, 1);
        simulator.clearJournal();
        simulator.expireKeys();
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        const pages = () => calls('DescribeBackupClients').filter(({ code }) => code === '200');
        await bench.eventually(() => when(pages().length === 3), 'The list was not read anew.');
        await bench.row(/Activated\s*250$/);
        assert.equal(calls('AssumeRole').length, 1);
        assert.deepEqual(
          simulator
            .journal()
            .map(({ code }) => code)
            .filter((code) => code !== '200'),
          ['InvalidSecurityToken.Expired'],
        );
        await message().waitFor({ state: 'hidden' });
        await warning().waitFor({ state: 'hidden' });
        await toldNothing();
      });
    },
  );
});

const when = (so: boolean): Promise<true | undefined> => Promise.resolve(so ? true : undefined);
