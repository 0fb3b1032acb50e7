import { strict as assert } from 'node:assert';
import { startSimulator, type JournalEntry, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { openPage, openTasks, tells, shownOnce } from '../support/host/following';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

const password = 'proxy & password of 30 letters';

describe('editing client settings', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0 });
    for (const name of ['web-01', 'web-02', 'web-03']) {
      simulator.insertClient({
        InstanceId: `i-${name}`,
        InstanceName: name,
        ZoneId: 'cn-hangzhou-h',
        ClientVersion: name === 'web-03' ? '2.4.5' : '2.13.0',
        MaxClientVersion: name === 'web-03' ? '2.4.5' : '2.13.0',
      });
    }
  });
  afterAll(() => simulator.dispose());

  const updates = (): readonly JournalEntry[] =>
    simulator.journal().filter(({ action }) => action === 'UpdateClientSettings');
  const settingsOf = (name: string) =>
    simulator.clients().find(({ InstanceName }) => InstanceName === name)?.Settings;

  describeWorkbench(
    'in a workbench with demo data',
    () => ({ demo: simulator, debugLog: true }),
    (workbench) => {
      beforeAll(async () => {
        await workbench().expand('Activated');
        await workbench().expand('cn-hangzhou-h');
      });

      it('asks for what was chosen, refuses what is out of range, and confirms once for two clients', async () => {
        const bench = workbench();
        await bench.select('web-01', 'web-02');
        await bench.contextMenu('web-02', 'Edit Client Settings…');
        const rows = await bench.quickPick('Edit Client Settings');
        assert.ok(
          rows.some((row) => /^CPU cores per backup job.*not set/.test(row)),
          rows.join('\n'),
        );
        await bench.screenshot('client-settings-choose');
        await bench.pickMany('Transfer data over HTTPS', 'CPU cores per backup job');
        await bench.quickPick('Transfer data over HTTPS (1/2)');
        await bench.pick('Yes');
        await bench.input('CPU cores per backup job', '1000');
        await bench.input('Enter a whole number from 0 to 999.', '4');
        const text = await bench.modal('Change the settings of 2 clients in China (Hangzhou)?');
        assert.ok(text.includes(simulator.accountId), text);
        assert.match(text, /Transfer data over HTTPS: not set → Yes/);
        assert.match(text, /CPU cores per backup job: not set → 4/);
        assert.match(text, /web-01\s+web-02/);
        await bench.screenshot('client-settings-confirm');
        await bench.answerModal('Cancel');
        assert.equal(updates().length, 0);
      });

      it('sends one call a client, everything in the form, and tells of it once', async () => {
        const bench = workbench();
        await bench.select('web-01', 'web-02');
        await bench.contextMenu('web-02', 'Edit Client Settings…');
        await bench.quickPick('Edit Client Settings');
        await bench.pickMany('Transfer data over HTTPS', 'CPU cores per backup job');
        await bench.quickPick('Transfer data over HTTPS (1/2)');
        await bench.pick('Yes');
        await bench.input('CPU cores per backup job', '4');
        await bench.modal('Change the settings of 2 clients');
        await bench.answerModal('Change Settings');
        await bench.toast('Changed the settings of 2 clients');
        assert.equal(updates().length, 2);
        assert.ok(updates().every(({ inQuery }) => inQuery.length === 0));
        for (const name of ['web-01', 'web-02']) {
          assert.deepEqual([settingsOf(name)?.UseHttps, settingsOf(name)?.MaxCpuCore], ['true', '4']);
        }
        await shownOnce(bench);
      });

      it('shows the new values, and leaves out by name a client that is too old for one', async () => {
        const bench = workbench();
        await bench.select('web-01', 'web-03');
        await bench.contextMenu('web-03', 'Edit Client Settings…');
        const rows = await bench.quickPick('Edit Client Settings');
        assert.ok(
          rows.some((row) => /^CPU cores per backup job.*mixed/.test(row)),
          rows.join('\n'),
        );
        await bench.pickMany('Memory');
        await bench.input('Memory limit of the client', '1.5 GiB');
        const text = await bench.modal('Change the settings of web-01');
        assert.match(text, /Memory: .* → 1\.5 GiB/);
        assert.match(text, /1 left out: web-03 \(.*a memory limit needs version 2\.13\.0\)/);
        await bench.answerModal('Change Settings');
        await bench.toast('Changed the settings of web-01.');
        assert.equal(settingsOf('web-01')?.MaxMemory, 1536 * 1024 ** 2);
        await bench.notifications(true);
      });

      it('takes a proxy with a masked password, which stands in no URL, no text and no log', async () => {
        const bench = workbench();
        const before = updates().length;
        await bench.select('web-01');
        await bench.contextMenu('web-01', 'Edit Client Settings…');
        await bench.quickPick('Edit Client Settings');
        await bench.pickMany('Data proxy');
        await bench.quickPick('Data proxy (1/1)');
        await bench.pick('Custom proxy');
        await bench.input('Host name or address of the proxy', 'http://proxy.example.com');
        await bench.input('Enter a host name or an address', 'proxy.example.com');
        await bench.input('Port of the proxy', '3128');
        await bench.input('User name for the proxy', 'backup');
        await bench.asks('Password for the proxy');
        const box = bench.quickInput().locator('input.input');
        assert.equal(await box.getAttribute('type'), 'password');
        await box.fill(password);
        await bench.screenshot('client-settings-password');
        await bench.page.keyboard.press('Enter');
        const text = await bench.modal('Change the settings of web-01');
        assert.match(text, /Proxy host: not set → proxy\.example\.com/);
        assert.match(text, /Proxy password: ••••/);
        assert.ok(!text.includes(password));
        await bench.screenshot('client-settings-proxy');
        await bench.answerModal('Change Settings');
        await bench.toast('Changed the settings of web-01.');
        const [call, ...more] = updates().slice(before);
        assert.deepEqual([more.length, call?.inQuery], [0, []]);
        assert.equal(call?.parameters['ProxyHost'], 'proxy.example.com');
        assert.equal(settingsOf('web-01')?.ProxyPassword, '******');
        const logs = `${bench.serverLog()}\n${await bench.logs()}`;
        assert.ok(logs.includes('UpdateClientSettings'));
        for (const form of [password, encodeURIComponent(password), password.replaceAll(' ', '+')]) {
          assert.ok(!logs.includes(form));
        }
        await bench.notifications(true);
      });

      it('says which permission is missing', async () => {
        const bench = workbench();
        simulator.setFaults([{ action: 'UpdateClientSettings', fault: 'denied' }]);
        await bench.select('web-02');
        await bench.contextMenu('web-02', 'Edit Client Settings…');
        await bench.quickPick('Edit Client Settings');
        await bench.pickMany('Transfer data over HTTPS');
        await bench.quickPick('Transfer data over HTTPS (1/1)');
        // Not by text: "current" is behind the other one.
        await bench.quickInput().locator('.monaco-list-row[aria-label^="No"]').click();
        await bench.modal('Change the settings of web-02');
        await bench.answerModal('Change Settings');
        await bench.toast('hbr:UpdateClientSettings');
        simulator.setFaults([]);
        assert.equal(settingsOf('web-02')?.UseHttps, 'true');
      });

      it('opens the form again for what was not changed, with its values', async () => {
        const bench = workbench();
        await bench.toastButton('hbr:UpdateClientSettings', 'Show Failures');
        const page = await bench.webview('Change settings of web-02');
        await page.locator('vscode-button.command', { hasText: 'Retry Failed…' }).click();
        await bench.quickPick('Edit Client Settings');
        const ticked = bench.quickInput().locator('.monaco-list-row[aria-checked="true"]');
        await ticked.first().waitFor();
        assert.match(await ticked.innerText(), /HTTPS/);
        await bench.screenshot('client-settings-retry');
        await bench.page.keyboard.press('Enter');
        await bench.quickPick('Transfer data over HTTPS (1/1)');
        await bench.page.keyboard.press('Enter');
        await bench.modal('Change the settings of web-02');
        await bench.answerModal('Change Settings');
        await bench.toast('Changed the settings of web-02.');
        assert.equal(settingsOf('web-02')?.UseHttps, 'false');
        await bench.notifications(true);
      });

      it('asks for the clients first when it is started from the palette and none is selected', async () => {
        const bench = workbench();
        await bench.clickRow('web-02');
        await bench.page.keyboard.press('Escape');
        await bench.command('Alibaba Cloud Backup: Edit Client Settings…');
        const rows = await bench.quickPick('Edit Client Settings');
        assert.deepEqual(
          ['web-01', 'web-02', 'web-03'].filter((name) => !rows.some((row) => row.startsWith(name))),
          [],
        );
        await bench.pickMany('web-02');
        await bench.asks('CPU cores per backup job');
        await bench.escape();
      });

      it('shows the change among the tasks, with what was changed from what to what and every RequestId', async () => {
        const bench = workbench();
        await openTasks(bench);
        await bench.row(/Change settings of .+ and 1 more.*Completed/);
        const page = await openPage(bench, 'Change settings of 2 clients');
        for (const name of ['web-01', 'web-02']) {
          await tells(
            page,
            name,
            /Completed.*Transfer data over HTTPS: not set → Yes, CPU cores per backup job: not set → 4/,
          );
        }
        const text = await page.locator('body').innerText();
        assert.match(text, /Requests/);
        for (const { requestId } of updates().slice(0, 2)) assert.ok(text.includes(requestId), text);
        await bench.screenshot('client-settings-page');
      });
    },
  );
});
