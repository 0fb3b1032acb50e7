import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { typeToAgree } from '../support/host/agreeing';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

const zoneId = 'cn-hangzhou-h';

/** What would let everything through, if it counted. */
const weak = {
  'cloudBackup.safety.readOnly': false,
  'cloudBackup.safety.confirmTags': [],
  'cloudBackup.safety.confirmByTypingAbove': 1000,
  'cloudBackup.safety.useCliSafetyPolicy': false,
};

describe('the safety ladder in a workbench', () => {
  let simulator: Simulator;
  let folder: string;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 60 });
    const add = (name: string, protectedNow: boolean, tags: readonly { Key: string; Value: string }[] = []) =>
      simulator.insertClient({
        InstanceId: `i-${name}`,
        InstanceName: name,
        ZoneId: zoneId,
        Status: 'ACTIVATED',
        BackupStatus: protectedNow ? 'PROTECTED' : 'UNPROTECTED',
        ClientVersion: '2.4.5',
        MaxClientVersion: '2.13.0',
        Tags: [...tags],
      });
    simulator.insertClient({
      InstanceId: 'i-new',
      InstanceName: 'new',
      ZoneId: zoneId,
      Status: 'NOT_INSTALLED',
    });
    add('db-1', true);
    add('web-1', false);
    add('web-2', false, [{ Key: 'env', Value: 'prod' }]);
    folder = await mkdtemp(path.join(tmpdir(), 'cloud-backup-folder-'));
    await mkdir(path.join(folder, '.vscode'));
    await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(weak));
  });
  afterAll(async () => {
    await simulator.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const writes = () =>
    simulator.journal().filter(({ action }) => /^(Install|Upgrade|Uninstall)/.test(action));

  describeWorkbench(
    'with rules of the user, and weaker ones in the folder and on the remote machine',
    () => ({
      demo: simulator,
      workspace: folder,
      settings: { 'cloudBackup.safety.confirmTags': ['env=prod'] },
      env: { ALIBABA_CLOUD_SAFETY_POLICY_RULES: 'hbr:UpdateClient*=deny,hbr:InstallBackup*=deny' },
    }),
    (workbench) => {
      beforeAll(async () => {
        const bench = workbench();
        const machine = path.join(bench.userData, 'Machine');
        await mkdir(machine, { recursive: true });
        await writeFile(path.join(machine, 'settings.json'), JSON.stringify(weak));
        await bench.reload();
        await bench.openContainer('Alibaba Cloud Backup');
        await bench.expand('Upgrade available');
        await bench.expand(zoneId);
      });

      it('asks one modal for one machine that nothing protects', async () => {
        const bench = workbench();
        await bench.contextMenu('web-1', 'Upgrade…');
        await bench.modal('Upgrade the client on web-1');
        await bench.answerModal('Cancel');
      });

      it('has the name typed for a safeguarded tag, whatever the folder and the machine say', async () => {
        const bench = workbench();
        await bench.contextMenu('web-2', 'Upgrade…');
        const rows = await bench.quickPick('Upgrade the client on web-2');
        assert.match(rows.join('\n'), /tagged env=prod/);
        await bench.asks('Type the name of the client to confirm');
        await bench.quickInput().locator('input.input').fill('web-1');
        await bench.page.keyboard.press('Enter');
        await bench.asks("That isn't the name of the client.");
        await bench.escape();
        assert.equal(writes().length, 0);
      });

      it('says in one box what an uninstall ends, and for which clients', async () => {
        const bench = workbench();
        await bench.select('db-1', 'web-1');
        await bench.contextMenu('web-1', 'Uninstall…');
        const text = (await bench.quickPick('Uninstall 2 clients in China (Hangzhou)?')).join('\n');
        await bench.screenshot('uninstall-confirm');
        for (const part of [
          "an instance can't be backed up",
          'Backups of 1 client stop',
          `Account ${simulator.accountId}`,
          'db-1: 2.4.5 (backups configured)',
          'web-1: 2.4.5',
        ]) {
          assert.ok(text.includes(part), `${part} is missing in ${text}`);
        }
      });

      it('sends it only once the count is typed', async () => {
        const bench = workbench();
        const { page } = bench;
        const input = bench.quickInput().locator('input.input');
        await input.fill('3');
        await page.keyboard.press('Enter');
        await bench.asks("That isn't the number of clients.");
        await bench.screenshot('uninstall-typed');
        await input.fill('2');
        await bench.quickInput().locator('.monaco-list-row .codicon-check').waitFor();
        // Reading a line by a click isn't agreeing.
        await bench.pick('db-1');
        await bench.asks('Uninstall 2 clients');
        assert.equal(writes().length, 0);
        await typeToAgree(bench, 'Uninstall 2 clients', '2');
        await bench.toast('Uninstalled 2 clients');
        const calls = writes();
        assert.deepEqual(
          calls.map(({ action }) => action),
          ['UninstallBackupClients'],
        );
        await bench.notifications(true);
      });

      it('obeys the safety policy of the CLI and shows the rule that decided', async () => {
        const bench = workbench();
        await bench.contextMenu('Not installed', 'Install…');
        await bench.toast('“hbr:InstallBackup*”: deny');
        await bench.screenshot('policy-denied');
        await bench.notifications(true);
      });

      it('offers no change in read-only mode, with a mark in the status bar', async () => {
        const bench = workbench();
        // The remote machine has a value of its own: VS Code would write there, where it does not count.
        await bench.command('Alibaba Cloud Backup: Toggle Read-Only Mode');
        await bench.toast('Change it in your user settings');
        await bench.notifications(true);
        const title = 'without a value of its own';
        const machine = path.join(bench.userData, 'Machine', 'settings.json');
        await writeFile(machine, JSON.stringify({ 'window.title': title }));
        await bench.eventually(
          async () => ((await bench.page.title()).includes(title) ? true : undefined),
          'VS Code did not read the settings of the machine anew.',
        );
        await bench.command('Alibaba Cloud Backup: Toggle Read-Only Mode');
        await bench.status('Read-only');
        await bench.openContextMenu('web-2');
        const enabled = bench.page.locator('.monaco-menu .action-item:not(.disabled) .action-label');
        const offered = await enabled.allInnerTexts();
        assert.ok(offered.includes('Preview Plan…'), offered.join());
        assert.deepEqual(
          offered.filter((entry) => /Install|Upgrade|Uninstall|Settings/.test(entry)),
          [],
        );
        await bench.screenshot('read-only');
        await bench.page.keyboard.press('Escape');
        assert.equal(writes().length, 1);
        await (await bench.status('Read-only')).click();
        await bench.quickPick('Turn Read-Only Mode Off');
        await bench.pick('Turn Read-Only Mode Off');
        await bench.page.locator('.statusbar-item', { hasText: 'Read-only' }).waitFor({ state: 'detached' });
      });
    },
  );
});
