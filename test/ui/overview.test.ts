import { strict as assert } from 'node:assert';
import type { Frame, Locator } from '@playwright/test';
import { source as axe } from 'axe-core';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';
import { pictureInAllThemes, themeOfBrowser, zoom200 } from '../support/host/themes';

const clients = 60;

describe('Fleet Overview', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients, zones: 3, seed: 3 });
  });
  afterAll(() => simulator.dispose());

  describeWorkbench(
    'in a workbench with demo data',
    () => ({ demo: simulator, settings: themeOfBrowser }),
    (workbench) => {
      it('opens from the palette and counts what the tree lists', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Open Fleet Overview');
        const page = await bench.webview('Clients by status and zone');
        await bench.eventually(async () => {
          const [all, attention] = await page.locator('.figure-count').allInnerTexts();
          const badge = await bench.badge('Alibaba Cloud Backup');
          return all === String(clients) && attention === badge && badge !== '' ? true : undefined;
        }, 'The numbers are not those of the tree and the badge.');
      });

      it('filters the tree to the clients of a mark that is clicked', async () => {
        const bench = workbench();
        const page = await bench.webview('Fleet Overview');
        const mark = marksOf(page, 'status').first();
        await mark.click({ position: { x: 2, y: 2 } });
        await treeShows(bench, await countOf(mark));
      });

      it('moves between marks by arrow keys, and filters by Enter', async () => {
        const bench = workbench();
        const page = await bench.webview('Fleet Overview');
        const reached = page.locator('[data-chart="status"] .mark[tabindex="0"]');
        await reached.focus();
        const first = await reached.getAttribute('aria-label');
        await bench.page.keyboard.press('ArrowRight');
        const second = page.locator('[data-chart="status"] .mark:focus');
        assert.notEqual(await second.getAttribute('aria-label'), first);
        assert.equal(await reached.count(), 1);
        const count = await countOf(second);
        await bench.page.keyboard.press('Enter');
        await treeShows(bench, count);
      });

      it('has the same numbers and links in the table of each chart', async () => {
        const bench = workbench();
        const page = await bench.webview('Fleet Overview');
        for (const chart of await page.locator('.chart:has(.mark)').all()) {
          await chart.locator('summary').click();
          const names = await chart.locator('.mark').evaluateAll(labelsOf);
          assert.ok(names.length > 0);
          assert.deepEqual(
            (await chart.locator('table .number .link').evaluateAll(labelsOf)).sort(),
            names.sort(),
          );
        }
        const link = page.locator('[data-chart="versions"] table .number .link').last();
        const count = await link.innerText();
        await link.click();
        await treeShows(bench, Number(count));
      });

      it('comes back after a reload with its open tables', async () => {
        const bench = workbench();
        await bench.kept('heartbeats');
        await bench.reload();
        const page = await bench.webview('Clients by status and zone');
        await page.locator('[data-chart="heartbeats"] details[open]').waitFor();
      });

      it('reads ECS instances only when it is asked to', async () => {
        const bench = workbench();
        const page = await bench.webview('Fleet Overview');
        const reads = () => simulator.journal().filter(({ action }) => action === 'DescribeInstances').length;
        assert.equal(reads(), 0);
        await page.locator('vscode-button', { hasText: 'Count ECS Instances' }).click();
        await marksOf(page, 'coverage').first().waitFor();
        assert.ok(reads() > 0);
      });

      it('follows the list while it is open', async () => {
        const bench = workbench();
        const page = await bench.webview('Fleet Overview');
        simulator.insertClient({ InstanceId: 'i-new', InstanceName: 'new-1', ZoneId: 'cn-hangzhou-z' });
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await page.locator('.bar-label', { hasText: 'cn-hangzhou-z' }).waitFor();
        assert.equal(await page.locator('.figure-count').first().innerText(), String(clients + 1));
      });

      it('passes axe, and looks right in all themes and at 200 %', async () => {
        const bench = workbench();
        const page = await bench.webview('Fleet Overview');
        assert.deepEqual(await axeFindings(page), []);
        for (const summary of await page.locator('.chart summary').all()) await summary.click();
        await page.evaluate('scrollTo(0, 0)');
        await bench.command('View: Close Primary Side Bar');
        await pictureInAllThemes(bench, 'overview');
        await marksOf(page, 'last-backups').first().scrollIntoViewIfNeeded();
        await bench.screenshot('overview-last-backups');
        const end = await zoom200(bench);
        await bench.screenshot('overview-200');
        await end();
      });
    },
  );
});

function marksOf(page: Frame, chart: string): Locator {
  return page.locator(`[data-chart="${chart}"] .mark`);
}

/** The number at the end of the name of a mark, such as "cn-hangzhou-h, Stopped: 1 client". */
async function countOf(mark: Locator): Promise<number> {
  const name = (await mark.getAttribute('aria-label')) ?? '';
  const [, count] = /: (\d+) clients?$/.exec(name) ?? [];
  assert.ok(count, name);
  return Number(count);
}

/** Waits until the view says that its filter shows so many clients. */
async function treeShows(bench: OpenWorkbench, count: number): Promise<void> {
  await bench
    .pane('Backup Clients')
    .filter({ hasText: `${count} of ${clients}` })
    .waitFor();
}

function labelsOf(elements: { getAttribute(name: string): string | null }[]): string[] {
  return elements.map((element) => element.getAttribute('aria-label') ?? '');
}

/** What axe-core finds in a page: the rule and the elements that break it. */
async function axeFindings(page: Frame): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate<string[]>(
    `axe.run(document.body).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
  );
}
