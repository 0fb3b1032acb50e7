import { strict as assert } from 'node:assert';
import type { Locator } from '@playwright/test';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

/** What each name must look like where it is shown: every sign of it is there, and none does anything. */
const names = [
  { name: '[Fix](command:workbench.action.closeWindow)', shown: '[Fix] (command:workbench' },
  { name: '$(check) done', shown: '$ (check) done' },
  { name: '<img src=x onerror=alert(1)>', shown: '<img src=x onerror=alert(1)>' },
  { name: 'report-\u202egpj.exe\u202c-ok', shown: 'report- gpj.exe -ok' },
  {
    name: 'https://evil.example/x www.evil.example me@evil.example',
    shown: 'https://evil.example/x www.evil.example me@evil.example',
  },
  { name: 'a-name-that-does-not-end-'.repeat(12), shown: 'a-name-that-does-not-end-' },
] as const;

describe('names that try to be more than text', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 60 });
    names.forEach(({ name }, index) => {
      simulator.insertClient({
        InstanceId: `i-hostile${index}`,
        InstanceName: name,
        Hostname: name,
        ZoneId: 'cn-hangzhou-h',
        ClientVersion: '2.12.0',
        Tags: [{ Key: name.slice(0, 100), Value: name.slice(0, 100) }],
      });
    });
  });
  afterAll(() => simulator.dispose());

  describeWorkbench(
    'in a workbench',
    () => ({ demo: simulator }),
    (workbench) => {
      it('are words in the tree', async () => {
        const bench = workbench();
        await bench.expand('Upgrade available');
        await bench.expand('cn-hangzhou-h');
        await bench.row('[Fix] (command');
        await bench.screenshot('hostile-tree');
        const tree = bench.pane('Backup Clients').locator('.monaco-list-rows').first();
        await isPlain(tree.locator('.monaco-icon-label'), names.length);
      });

      it('are words in the text that shows when the mouse rests on them', async () => {
        const bench = workbench();
        for (const { shown } of names) {
          const hover = await bench.tooltip(shown, 'Instance ID');
          await hover.filter({ hasText: shown }).waitFor();
          if (shown.startsWith('$')) await bench.screenshot('hostile-tooltip');
          await isPlain(hover);
        }
        await bench.page.keyboard.press('Escape');
      });

      it('are words in a list to choose from', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Upgrade…');
        await bench.quickPick('Upgrade');
        await bench.screenshot('hostile-list');
        await isPlain(
          bench.quickInput().locator('.quick-input-list .monaco-icon-label:visible'),
          names.length,
        );
        await bench.escape();
      });

      it('are words in the question before an upgrade', async () => {
        const bench = workbench();
        await bench.contextMenu('Upgrade available', 'Upgrade…');
        const text = (await bench.quickPick(`Upgrade ${names.length} clients`)).join('\n');
        await bench.screenshot('hostile-box');
        for (const { shown } of names) assert.ok(text.includes(shown), `${shown} is not in ${text}`);
        await isPlain(bench.quickInput().locator('.quick-input-list .label-description:visible'));
        await bench.escape();
        await bench.select(names[0].shown, names[1].shown);
        await bench.contextMenu(names[1].shown, 'Upgrade…');
        const asked = await bench.modal('Upgrade 2 clients');
        await bench.screenshot('hostile-question');
        for (const { shown } of names.slice(0, 2))
          assert.ok(asked.includes(shown), `${shown} is not in ${asked}`);
        await isPlain(bench.page.locator('.monaco-dialog-box .dialog-message-container'));
        await bench.answerModal('Cancel');
      });

      for (const { shown } of names.filter(({ name }) => /^[[$<h]/.test(name))) {
        it(`are words in the notifications of their upgrade: ${shown}`, async () => {
          const bench = workbench();
          // On its own: the button on one of several selected rows means them all.
          await bench.clickRow(shown);
          await bench.inlineAction(shown, 'Upgrade…');
          await bench.modal('Upgrade the client on');
          await bench.answerModal('Upgrade');
          await isPlain(await bench.toast('Upgrading the client on'));
          const done = await bench.toast(/^(?!.*%).*Upgraded/);
          await bench.screenshot(`hostile-notification-${names.findIndex((one) => one.shown === shown)}`);
          await isPlain(done);
          await bench.notifications(true);
        });
      }

      it('are words in the Tasks view and on the page of the task', async () => {
        const bench = workbench();
        const tasks = bench.pane('Tasks');
        await tasks.locator('.pane-header').click();
        const row = await bench.row('Upgrade [Fix] (command');
        await isPlain(tasks.locator('.monaco-list-rows .monaco-icon-label'));
        await row.click();
        const page = await bench.webview('Upgrade [Fix] (command');
        await bench.screenshot('hostile-task');
        await isPlain(page.locator('body'));
        await bench.clickRow('Upgrade <img');
        await isPlain((await bench.webview('Upgrade <img')).locator('body'));
      });

      it('have not closed the window, and opened none', () => {
        assert.equal(workbench().page.context().pages().length, 1);
      });
    },
  );
});

/** Nothing in the places came from a name: no link, no picture, no icon but what the extension put there. */
async function isPlain(places: Locator, count = 1): Promise<void> {
  await places.nth(count - 1).waitFor();
  for (const what of [
    'a[href^="http"]',
    'a[data-href]',
    'a[href^="mailto:"]',
    'a[href*="command:"]',
    'a[data-href*="command:"]',
    'img[src="x"]',
    '.codicon-check',
  ]) {
    assert.equal(await places.locator(what).count(), 0, `${what} in ${await places.first().innerHTML()}`);
  }
  const text = (await places.allInnerTexts()).join('\n');
  assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069]/);
}
