import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { openPage, openTasks, showUpgradable, upgradeAll } from '../support/host/following';
import { afterAll, beforeAll, describe, it } from '../support/host/test';
import { themeOfBrowser } from '../support/host/themes';

/** What the browser asks for, by the kind of theme that VS Code then takes. */
const themes = {
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  'high-contrast': { colorScheme: 'dark', forcedColors: 'active' },
  light: { colorScheme: 'light', forcedColors: 'none' },
} as const;

describe('the page of an operation', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    // A check every 30 s: time enough to see the seconds counted down, and to ask in between.
    simulator = await startSimulator({ clients: 0 });
  });
  afterAll(() => simulator.dispose());

  const checks = () => simulator.journal().filter(({ action }) => action === 'DescribeTask');

  describeWorkbench(
    'of an upgrade that goes on',
    () => ({ demo: simulator, settings: themeOfBrowser }),
    (workbench) => {
      const title = 'Upgrade 3 clients';

      it('counts down to the next check, and checks at once when asked', async () => {
        const bench = workbench();
        await openTasks(bench);
        await showUpgradable(bench, simulator, ['db-01', 'web-01', 'web-02']);
        await upgradeAll(bench, 3);
        const page = await openPage(bench, title);
        const seconds = async (): Promise<number | undefined> => {
          const [, found] = /Next check in (\d+) s/.exec(await page.locator('body').innerText()) ?? [];
          return found === undefined ? undefined : Number(found);
        };
        const first = await bench.eventually(seconds, 'no next check is told');
        await bench.eventually(async () => {
          const now = await seconds();
          return now !== undefined && now < first ? now : undefined;
        }, 'the seconds stand still');
        assert.equal(checks().length, 0);
        await page.getByText('Check Now').click();
        await bench.eventually(
          () => Promise.resolve(checks().length === 1 ? true : undefined),
          'it did not ask',
        );
        await page.getByText(/^Running, \d+%$/).waitFor();
      });

      it('puts ids on the clipboard', async () => {
        const bench = workbench();
        const page = await bench.webview(title);
        const task = await page.locator('code', { hasText: /^t-/ }).first().innerText();
        await page.locator('[aria-label="Copy Task ID"]').first().click();
        await bench.eventually(
          async () => ((await bench.clipboard()) === task ? true : undefined),
          `the clipboard does not hold ${task}`,
        );
        const [call] = simulator.journal().filter(({ action }) => action === 'UpgradeBackupClients');
        await page.locator('[aria-label="Copy Request ID"]').first().click();
        await bench.eventually(
          async () => ((await bench.clipboard()) === call?.requestId ? true : undefined),
          'the clipboard does not hold the request id',
        );
      });

      it('comes back after a reload, and goes on', async () => {
        const bench = workbench();
        await bench.kept('mainThreadWebview-cloudBackup.task');
        await bench.reload();
        const page = await bench.webview(title);
        await page
          .getByText(/Next check in|Checking now|Took/)
          .first()
          .waitFor();
        await page.locator('tr', { hasText: 'db-01' }).first().waitFor();
      });

      for (const [name, theme] of Object.entries(themes)) {
        it(`takes its colours from the theme: ${name}`, async () => {
          const bench = workbench();
          await bench.page.emulateMedia(theme);
          const page = await bench.webview(title);
          const kind = name === 'high-contrast' ? 'vscode-high-contrast' : `vscode-${name}`;
          await page.locator(`body.${kind}`).waitFor();
          await bench.screenshot(`task-page-${name}`);
        });
      }
    },
  );
});
