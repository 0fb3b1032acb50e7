import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('signing in', () => {
  let simulator: Simulator;
  let elsewhere: Simulator;
  let folder: string;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 12 });
    elsewhere = await startSimulator({ clients: 3 });
    folder = await mkdtemp(path.join(tmpdir(), 'cloud-backup-folder-'));
    await mkdir(path.join(folder, '.vscode'));
    await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(endpointsAt(elsewhere)));
  });
  afterAll(async () => {
    await Promise.all([simulator.dispose(), elsewhere.dispose()]);
    await rm(folder, { recursive: true, force: true });
  });

  describeWorkbench(
    'with a simulator in the place of the service',
    () => ({ settings: endpointsAt(simulator), workspace: folder }),
    (workbench) => {
      it('takes a part of a name for a known region, and a whole id for what it says', async () => {
        const bench = workbench();
        await bench.openContainer('Alibaba Cloud Backup');
        await bench.command('Alibaba Cloud Backup: Add Profile…');
        await bench.quickPick('Add Profile');
        await bench.pick('Access key');
        await bench.input('Profile name', 'production');
        await bench.input('Access key ID', simulator.accessKeyId);
        await bench.input('Access key secret', 'not-the-secret');
        await bench.input('STS token', '');
        await bench.quickPick();
        const typing = async (text: string, first: RegExp): Promise<void> => {
          await bench.quickInput().locator('input.input').fill(text);
          const row = bench.quickInput().locator('.monaco-list-row.focused').first();
          await bench.eventually(async () => {
            const label = await row.getAttribute('aria-label', { timeout: 1000 }).catch(() => null);
            return label !== null && first.test(label) ? true : undefined;
          }, `Enter would not take ${first.source} for ${text}.`);
        };
        await typing('cn-hangz', /China \(Hangzhou\)/);
        await typing('singa', /Singapore/);
        await typing('us-w', /Silicon Valley/);
        await typing('ap-south-1', /Use “ap-south-1”/);
        await typing('no_region', /Use only letters, digits, and hyphens/);
        await typing('cn-hangzhou', /China \(Hangzhou\)/);
        await bench.page.keyboard.press('Enter');
      });

      it('asks again for a wrong secret, with the rest kept, then shows whose key it is and the clients', async () => {
        const bench = workbench();
        await bench.input('access key secret was rejected', simulator.accessKeySecret);
        await bench.toast(`account ${simulator.accountId}`);
        await bench.row(/./);
        const calls = simulator.journal().map(({ action }) => action);
        assert.deepEqual(calls.slice(0, 2), ['GetCallerIdentity', 'GetCallerIdentity']);
        assert.ok(calls.includes('DescribeBackupClients'));
      });

      it('sends nothing where a folder or the settings file of the remote machine points', async () => {
        const bench = workbench();
        const machine = path.join(bench.userData, 'Machine');
        await mkdir(machine, { recursive: true });
        await writeFile(path.join(machine, 'settings.json'), JSON.stringify(endpointsAt(elsewhere)));
        await bench.kept('cloudBackup.profiles');
        // The page reads that file anew.
        await bench.reload();
        await bench.openContainer('Alibaba Cloud Backup');
        // Until the extension is loaded, the palette offers nothing that needs a profile.
        await bench.row(/./);
        simulator.clearJournal();
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench.eventually(
          () => Promise.resolve(simulator.journal().length > 0 ? true : undefined),
          'nothing was listed',
        );
        assert.deepEqual(elsewhere.journal(), []);
      });

      it('says that VS Code did not keep a key, and takes it again', async () => {
        const bench = workbench();
        await bench.page.evaluate("localStorage.removeItem('secrets.provider')");
        await bench.reload();
        await bench.openContainer('Alibaba Cloud Backup');
        await bench
          .pane('Backup Clients')
          .getByText("VS Code couldn't save this profile's credentials")
          .waitFor();
        await bench.pane('Backup Clients').getByText('Sign In Again', { exact: true }).first().click();
        await bench.input('Access key ID', simulator.accessKeyId);
        await bench.input('Access key secret', simulator.accessKeySecret);
        await bench.input('STS token', '');
        await bench.toast(`account ${simulator.accountId}`);
        await bench.row(/./);
      });

      it('says what is in the way of the system keychain', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Import from System Keychain…');
        await bench.input('Service name', 'alibaba-cloud-backup');
        // In the centre: the notice follows that of the sign-in so closely that VS Code may not show it on its own.
        await bench.eventually(async () => {
          const told = await bench.notifications();
          return (
            told.some((text) => /keychain service is available|keychain is missing/.test(text)) || undefined
          );
        }, 'Nothing is said about the keychain.');
      });

      it('writes no secret to any log', async () => {
        const logs = `${workbench().serverLog()}\n${await workbench().logs()}`;
        assert.ok(logs.includes('key verified'));
        for (const hidden of [simulator.accessKeySecret, 'not-the-secret']) assert.ok(!logs.includes(hidden));
      });

      it('removes a profile after a confirm', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Remove Profile…');
        assert.match(await bench.modal(), /Remove the profile “production”\?/);
        await bench.answerModal('Remove');
        await bench.pane('Backup Clients').getByText('Add Profile').first().waitFor();
      });
    },
  );
});

function endpointsAt({ endpoint }: Simulator): Readonly<Record<string, string>> {
  return {
    'cloudBackup.endpoints.hbr': endpoint,
    'cloudBackup.endpoints.ecs': endpoint,
    'cloudBackup.endpoints.sts': endpoint,
  };
}
