import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { addClients } from '../support/fleet';
import { axeFindings, overflowOf } from '../support/host/axe';
import { describeWorkbench } from '../support/host/describeWorkbench';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { pictureInAllThemes, themeOfBrowser, zoom200 } from '../support/host/themes';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

const password = 'proxy-password-canary';

describe('the page of a client', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 20 });
    addClients(simulator, ['web-01', 'web-02'], { ClientVersion: '2.13.2' });
    addClients(simulator, ['db-01'], {
      PrivateIpV4: '10.0.0.7',
      Tags: [{ Key: 'env', Value: 'prod' }],
      Settings: {
        UseHttps: 'true',
        DataNetworkType: 'VPC',
        DataProxySetting: 'CUSTOM',
        ProxyHost: 'proxy.example.com',
        ProxyPort: 3128,
        ProxyPassword: 'another-canary',
        MaxCpuCore: '0',
        ProxyUser: `backup:${password}`,
        MaxWorker: '4',
      },
    });
  });
  beforeAll(() => {
    const now = Math.floor(Date.now() / 1000);
    const hourAgo = now - 3600;
    const InstanceId = 'i-bp1web02';
    simulator.putJob({ InstanceId, JobId: 'job-running', CreatedTime: now - 600 });
    simulator.putJob({ InstanceId, Status: 'PARTIAL_COMPLETE', CreatedTime: hourAgo, CompleteTime: hourAgo });
    simulator.putPlan({ InstanceId, PlanId: 'plan-nightly', Schedule: `I|${now + 1500}|P1D` });
    simulator.putPlan({ InstanceId, PlanName: 'weekly-archive', Disabled: true, Retention: 365 });
    simulator.putEssential(InstanceId);
    simulator.setFaults([{ action: 'DescribePolicyBindings', fault: 'denied' }]);
  });
  afterAll(() => simulator.dispose());

  describeWorkbench(
    'in a workbench with demo data',
    () => ({ demo: simulator, settings: themeOfBrowser }),
    (workbench) => {
      it('comes with a click, follows to the next client, and leaves the keyboard in the tree', async () => {
        const bench = workbench();
        await openAllGroups(bench);
        await bench.clickRow('web-01');
        await bench.webview('web-01');
        assert.ok(await treeHasKeyboard(bench));
        await bench.clickRow('db-01');
        const page = await bench.webview('i-bp1db01');
        assert.ok(await treeHasKeyboard(bench));
        await page.getByText('China (Hangzhou) (cn-hangzhou)').waitFor();
        await page
          .getByText(/\d+ (minutes?|hours?) ago|just now/)
          .first()
          .waitFor();
        assert.equal((await clientTabs(bench)).length, 1);
        assert.deepEqual(await clientTabs(bench), ['db-01']);
        assert.deepEqual(await page.evaluate('document.title'), 'db-01');
      });

      it('stays with its client when Control adds rows to the selection', async () => {
        const bench = workbench();
        await bench.select('db-01', 'web-01', 'web-02');
        assert.deepEqual(await clientTabs(bench), ['db-01']);
      });

      it('passes axe, and fits 200 % zoom and a narrow editor', async () => {
        const bench = workbench();
        await bench.clickRow('db-01');
        const page = await bench.webview('i-bp1db01');
        assert.deepEqual(await axeFindings(page), []);
        await pictureInAllThemes(bench, 'client-page');
        const end = await zoom200(bench);
        assert.equal(await overflowOf(page), 0);
        await bench.screenshot('client-page-200');
        await end();
        await bench.page.setViewportSize({ width: 590, height: 800 });
        assert.equal(await overflowOf(page), 0);
        await bench.screenshot('client-page-narrow');
        await bench.page.setViewportSize({ width: 1280, height: 800 });
      });

      it('shows what runs on its client, the last backup, and what comes next', async () => {
        const bench = workbench();
        await bench.clickRow('web-02');
        const page = await bench.webview('i-bp1web02');
        const backups = page.locator('[data-section="backups"]');
        await backups.getByText(/^Backup, 42\.5%|^Backup, 43%/).waitFor();
        await backups.getByText(/1 hour ago\), some files failed$/).waitFor();
        await backups.getByText(/, next backup .*\(in 2\d minutes\), kept for 30 days$/).waitFor();
        await backups.getByText('weekly-archive, suspended, kept for 365 days').waitFor();
        await backups
          .getByText("you don't have the hbr:DescribePolicyBindings permission.", { exact: false })
          .waitFor();
        await backups.locator('vscode-button.copy[aria-label="Copy Job ID"]').click();
        await bench.eventually(
          async () => ((await bench.clipboard()) === 'job-running' ? true : undefined),
          'The ID is not on the clipboard.',
        );
        assert.deepEqual(await axeFindings(page), []);
        await pictureInAllThemes(bench, 'client-page-backups');
        await bench.clickRow('db-01');
        await bench.webview('i-bp1db01');
      });

      it('copies an ID, and opens as JSON without passwords', async () => {
        const bench = workbench();
        const page = await bench.webview('i-bp1db01');
        await page.locator('vscode-button.copy[aria-label="Copy Instance ID"]').click();
        await bench.eventually(
          async () => ((await bench.clipboard()) === 'i-bp1db01' ? true : undefined),
          'The ID is not on the clipboard.',
        );
        assert.ok(!(await page.content()).includes(password));
        await page.locator('vscode-button', { hasText: 'Open as JSON' }).click();
        const text = await bench.eventually(async () => {
          const shown = await bench.editorText();
          return shown.includes('"instanceId": "i-bp1db01"') ? shown : undefined;
        }, 'No JSON is shown.');
        assert.ok(!text.includes(password), text);
      });

      it('upgrades its client as the row does, and lists the operation with a way to its page', async () => {
        const bench = workbench();
        await bench.clickRow('db-01');
        const page = await bench.webview('i-bp1db01');
        await page.locator('vscode-button.command', { hasText: 'Upgrade…' }).click();
        await bench.modal('db-01');
        await bench.answerModal('Upgrade');
        await page.locator('.history tr', { hasText: 'Completed' }).waitFor();
        await page.locator('dd', { hasText: '2.13.2' }).first().waitFor();
        await page.locator('.history .link').click();
        await bench.webview('Service tasks');
      });

      it('takes the keyboard when Enter is pressed twice on its row', async () => {
        const bench = workbench();
        await bench.clickRow('web-02');
        const page = await bench.webview('i-bp1web02');
        assert.ok(await treeHasKeyboard(bench));
        await bench.eventually(async () => {
          if ((await page.evaluate('document.hasFocus()')) === true) return true;
          await bench.page.keyboard.press('Enter');
          await bench.page.keyboard.press('Enter');
          return undefined;
        }, 'The page does not get the keyboard.');
      });

      it('is kept with its client by Keep Open, over a reload too, and says when the client is gone', async () => {
        const bench = workbench();
        await bench.notifications(true);
        await bench.clickRow('db-01');
        const page = await bench.webview('i-bp1db01');
        await page.locator('vscode-button', { hasText: 'Keep Open' }).click();
        await page.locator('vscode-button[aria-pressed="true"]').waitFor();
        await bench.clickRow('web-01');
        await bench.webview('i-bp1web01');
        assert.deepEqual((await clientTabs(bench)).sort(), ['db-01', 'web-01']);
        await bench.kept('i-bp1web01');
        await bench.reload();
        await bench.webview('i-bp1web01');
        simulator.deleteClient('i-bp1web01');
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench.webview("This client isn't in the list anymore.");
      });
    },
  );
});

/** Opens every group that's closed, from the top. */
async function openAllGroups(bench: OpenWorkbench): Promise<void> {
  const closed = bench.page.locator('.pane-body .monaco-list-row[aria-expanded="false"]');
  await bench.row(/web-0|Activated|Upgrade available/);
  while ((await closed.count()) > 0)
    await bench.expand((await closed.first().innerText()).split('\n')[0] ?? '');
}

/** The titles of the open pages of clients. */
async function clientTabs(bench: OpenWorkbench): Promise<string[]> {
  // The label of a document is in two parts, its name and its extension.
  const titles = await bench.page.locator('.tabs-container .tab').allInnerTexts();
  return titles.map((title) => title.trim()).filter((title) => /^(web|db)-\d+$/.test(title));
}

async function treeHasKeyboard({ page }: OpenWorkbench): Promise<boolean> {
  return (await page.locator('.pane-body .monaco-list:focus-within').count()) > 0;
}
