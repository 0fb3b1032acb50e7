import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { addClients } from '../support/fleet';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('typing in an editor while the service takes five seconds for each answer', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 60, latencyMs: 5000 });
    addClients(simulator, ['slow-1']);
  });
  afterAll(() => simulator.dispose());

  const called = (name: string) => simulator.journal().filter(({ action }) => action === name).length;

  describeWorkbench(
    'in a workbench with demo data',
    () => ({
      demo: simulator,
      settings: {
        'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
        'editor.wordBasedSuggestions': 'off',
      },
    }),
    (workbench) => {
      /** Types lines into a new editor until a notification with this text is there, and some more. @returns the lines */
      const typeUntil = async (notification: string): Promise<string> => {
        const { page } = workbench();
        const toast = page.locator('.notification-toast', { hasText: notification });
        let typed = '';
        const type = async (line: string): Promise<void> => {
          await page.keyboard.type(line, { delay: 20 });
          await page.keyboard.press('Enter');
          typed += `${line}\n`;
        };
        await type('writing a note');
        for (let n = 1; (await toast.count()) === 0; n++) {
          assert.ok(n < 300, 'no notification came');
          await type(`line ${n}`);
        }
        for (const line of ['a few', 'lines', 'more']) await type(line);
        return typed.trim();
      };
      const newEditor = async (): Promise<void> => {
        const { page } = workbench();
        await page.locator('.editor-group-container').dblclick({ position: { x: 300, y: 60 } });
        await page.locator('.editor-group-container.active .monaco-editor').waitFor();
      };
      const editorLines = async (): Promise<string> =>
        (await workbench().editorText())
          .split('\n')
          .filter((line) => line.trim() !== '')
          .join('\n');

      it('shows within a moment that it is working on an upgrade, and opens no question', async () => {
        const bench = workbench();
        await bench.row('Upgrade available');
        await bench.expand('Upgrade available');
        await bench.expand('cn-hangzhou');
        await newEditor();
        await bench.openContextMenu('slow-1');
        await bench.page.evaluate(measure);
        await bench.clickMenu('Upgrade…');
        await bench.status('Checking clients');
        const shownAfter = await bench.page.evaluate<number>('window.shownAfter');
        await bench.page.locator('.editor-group-container.active .monaco-editor').click();
        const typed = await typeUntil('Waiting for your answer');
        await bench.screenshot('question-waits');
        assert.equal(await editorLines(), typed);
        assert.equal(await bench.page.locator('.monaco-dialog-box').count(), 0);
        assert.equal(called('UpgradeBackupClients'), 0);
        // 300 ms on a computer that has nothing else to do.
        assert.ok(shownAfter < 1000, `shown after ${shownAfter} ms`);
      });

      it('asks in a modal once the notification is answered, and backs out with it', async () => {
        const bench = workbench();
        await bench.toastButton('Upgrade the client on slow-1', 'Review…');
        await bench.modal('Upgrade the client on slow-1');
        await bench.answerModal('Cancel');
        assert.equal(called('UpgradeBackupClients'), 0);
      });

      it('asks where to install while the clients are being listed', async () => {
        const bench = workbench();
        const listed = called('DescribeBackupClients');
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench.command('Alibaba Cloud Backup: Install on ECS Instances…');
        await bench.asks('Install on ECS Instances');
        // A call is in the journal once the five seconds have passed.
        assert.equal(called('DescribeBackupClients'), listed);
        await bench.escape();
      });
    },
  );
});

/** Runs in the page: `shownAfter` becomes the milliseconds from the last click to what the status bar says of the check. */
const measure = `(() => {
  let clickedAt = 0;
  window.shownAfter = undefined;
  window.addEventListener('mouseup', () => (clickedAt = performance.now()), true);
  new MutationObserver((_changes, observer) => {
    if (!document.querySelector('.statusbar').textContent.includes('Checking clients')) return;
    window.shownAfter ??= Math.round(performance.now() - clickedAt);
    observer.disconnect();
  }).observe(document.querySelector('.statusbar'), { subtree: true, childList: true, characterData: true });
})()`;
