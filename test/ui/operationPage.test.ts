import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { startSimulator, type Simulator } from '../../simulator/main';
import { createGate, type Gate } from '../support/gate';
import { saveReport } from '../support/host/exportReport';
import { axeFindings, overflowOf } from '../support/host/axe';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { agree, openTasks } from '../support/host/following';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { pictureInAllThemes, themeOfBrowser, zoom200 } from '../support/host/themes';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('the page and the history of operations', () => {
  let simulator: Simulator;
  let gate: Gate;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'cloud-backup-report-'));
    simulator = await startSimulator({ clients: 60, zones: 2, seed: 3, timeScale: 20 });
    gate = createGate(simulator);
  });
  afterAll(async () => {
    gate.open();
    await simulator.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  describeWorkbench(
    'in a workbench with demo data',
    () => ({ demo: simulator, settings: themeOfBrowser }),
    (workbench) => {
      it('counts in the status bar while an operation runs, and lists it under Today once it has ended', async () => {
        const bench = workbench();
        gate.close(({ action }) => action === 'DescribeTask');
        await upgradeTwo(bench);
        await bench.status('Upgrading 0/2');
        gate.open();
        await bench.toast('Upgraded 2 clients');
        await openTasks(bench);
        await bench.row(/Today/);
        await bench.clickRow(/Upgrade .+ and 1 more/);
        await bench.webview('Upgrade 2 clients');
      });

      it('is opened by its mark in Fleet Overview', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Open Fleet Overview');
        const overview = await bench.webview('Operations of the last 30 days');
        await overview.locator('[data-chart="operations"] .mark').first().click();
        await bench.webview('Upgrade 2 clients');
      });

      it('filters clients by a text, sorts them by a head, and says both to a screen reader', async () => {
        const bench = workbench();
        const page = await bench.webview('Upgrade 2 clients');
        const rows = page.locator('.clients tbody tr');
        assert.equal(await rows.count(), 2);
        const name = await rows.first().locator('bdi').innerText();
        await page.locator('input[type=search]').fill(name);
        await page.locator('.shown', { hasText: '1 of 2' }).waitFor();
        assert.equal(await rows.count(), 1);
        await page.locator('.filter vscode-button').click();
        const head = page.locator('.clients th', { hasText: 'Client' });
        await head.locator('button').click();
        assert.equal(await head.getAttribute('aria-sort'), 'ascending');
        const names = await rows.locator('bdi').allTextContents();
        await head.locator('button').click();
        assert.equal(await head.getAttribute('aria-sort'), 'descending');
        assert.deepEqual(await rows.locator('bdi').allTextContents(), [...names].reverse());
      });

      it('walks through the clients by arrow keys and shows one in the list of clients', async () => {
        const bench = workbench();
        const page = await bench.webview('Upgrade 2 clients');
        const reveals = page.locator('.clients tbody .reveal');
        await reveals.first().focus();
        await bench.page.keyboard.press('ArrowDown');
        const name = await page.locator('.clients tbody bdi').nth(1).innerText();
        await bench.page.keyboard.press('Enter');
        await bench.page
          .locator('.pane-body .monaco-list-row.selected[role="treeitem"]', { hasText: name })
          .first()
          .waitFor();
      });

      it('passes axe, has a title, and fits 200 % zoom and a narrow editor', async () => {
        const bench = workbench();
        const page = await bench.webview('Upgrade 2 clients');
        assert.deepEqual(await axeFindings(page), []);
        assert.equal(await page.evaluate('document.title'), 'Upgrade 2 clients');
        await pictureInAllThemes(bench, 'operation-page');
        const end = await zoom200(bench);
        assert.equal(await overflowOf(page), 0);
        await bench.screenshot('operation-page-200');
        await end();
        await bench.page.setViewportSize({ width: 590, height: 800 });
        assert.equal(await overflowOf(page), 0);
        await bench.screenshot('operation-page-narrow');
        await bench.page.setViewportSize({ width: 1280, height: 800 });
      });

      it('exports the report to a file, with the RequestIds', async () => {
        const bench = workbench();
        const page = await bench.webview('Upgrade 2 clients');
        await page.locator('vscode-button.command', { hasText: 'Export…' }).click();
        const file = path.join(folder, 'report.json');
        await saveReport(bench, 'JSON', file);
        const report = JSON.parse(await readFile(file, 'utf8')) as { machines: unknown[]; calls: unknown[] };
        assert.equal(report.machines.length, 2);
        assert.match(JSON.stringify(report.calls), /"requestIds":\["[^"]+"/);
      });

      it('finds its way from a client to its last task', async () => {
        const bench = workbench();
        const page = await bench.webview('Upgrade 2 clients');
        const name = await page.locator('.clients tbody bdi').first().innerText();
        await page.locator('.clients tbody .reveal').first().click();
        await bench.contextMenu(name, 'Show Last Operation');
        await bench.page
          .locator('.pane-body .monaco-list-row.selected[role="treeitem"]', { hasText: /Completed/ })
          .first()
          .waitFor();
      });

      it('follows a task by its id, and says what is no id', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Track Task by ID…');
        await bench.input('ID of an install', 'no id at all');
        await bench.eventually(
          async () =>
            (await bench.inputMessage()).includes('letters, digits, and hyphens') ? true : undefined,
          'The id is not refused.',
        );
        const taskId = simulator.journal().find(({ action }) => action === 'DescribeTask')?.parameters[
          'TaskId'
        ];
        assert.ok(taskId);
        await bench.input('', 't-0000nothing');
        await bench.eventually(
          async () =>
            (await bench.inputMessage()).includes('No task “t-0000nothing” in China (Hangzhou).')
              ? true
              : undefined,
          'The box does not say that there is no such task.',
        );
        await bench.screenshot('track-no-such-task');
        await bench.input('', taskId);
        await bench.row(`Task ${taskId}`);
        await bench.webview(`Task ${taskId}`);
      });

      it('clears what has finished after one question', async () => {
        const bench = workbench();
        await bench.notifications(true);
        await bench.command('Alibaba Cloud Backup: Clear Finished…');
        await bench.modal('finished operation');
        await bench.answerModal('Clear');
        await bench.eventually(
          async () => ((await bench.rows(/Upgrade .+ and 1 more/).count()) === 0 ? true : undefined),
          'The operation is still listed.',
        );
      });
    },
  );
});

async function upgradeTwo(bench: OpenWorkbench): Promise<void> {
  await bench.expand('Upgrade available');
  await bench.expand('cn-hangzhou');
  const names = (await bench.tree())
    .filter((line) => /^ {4}.* \d+\.\d+\.\d+/.test(line))
    .map((line) => line.trim().split(' ')[0] ?? '');
  // The first has a name that is markup.
  const [, first, second] = names;
  assert.ok(first && second);
  await bench.select(first, second);
  await bench.contextMenu(second, 'Upgrade…');
  await agree(bench, 'Upgrade', 2);
}
