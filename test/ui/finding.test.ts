import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { takePick } from '../support/host/agreeing';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { filterClients } from '../support/host/filterClients';
import { groupBy } from '../support/host/groupBy';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';
import { narrowSideBar, pictureInAllThemes, themeOfBrowser } from '../support/host/themes';

describe('finding clients in the tree', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0 });
    const insert = (name: string, change: { readonly Status?: string } = {}) =>
      simulator.insertClient({
        InstanceId: `i-${name}`,
        InstanceName: name,
        ClientVersion: '2.12.0',
        MaxClientVersion: '2.13.2',
        ...change,
      });
    for (const name of ['web-1', 'web-2', 'db-1']) insert(name);
    insert('halted-1', { Status: 'STOPPED' });
    insert('halted-2', { Status: 'STOPPED' });
    insert('broken', { Status: 'UPGRADE_FAILED' });
    insert('lost', { Status: 'UNKNOWN' });
  });
  afterAll(() => simulator.dispose());

  describeWorkbench(
    'in a workbench with demo data',
    () => ({ demo: simulator, settings: themeOfBrowser }),
    (workbench) => {
      it('starts with what needs attention, by reason, as many as the badge says', async () => {
        const bench = workbench();
        await bench.expand('Needs attention');
        await bench.treeIs([
          'Needs attention 4',
          '  Upgrade failed 1',
          '  Stopped 2',
          '  Disconnected 1',
          'Upgrade available 3 · 2.13.2',
        ]);
        assert.equal(await bench.badge('Alibaba Cloud Backup'), '4');
        await pictureInAllThemes(bench, 'needs-attention');
      });

      it('groups by a chosen dimension, with the worst groups first and a row that says why', async () => {
        const bench = workbench();
        await groupBy(bench, 'Version');
        await bench.expand('2.12.0');
        const rows = await bench.tree();
        assert.match(rows[0] ?? '', /^2\.12\.0 7 · 4 need attention$/);
        assert.match(rows[1] ?? '', /^ {2}broken Upgrade failed · 2\.12\.0/);
        const widen = await narrowSideBar(bench);
        await bench.screenshot('group-by-version-narrow');
        await widen();
        await groupBy(bench, 'Status', 'Zone');
        await bench.row('Needs attention');
      });

      it('shows what matches every word, upgrades that, and says how much it hides', async () => {
        const bench = workbench();
        await filterClients(bench, 'web, 2.12');
        await message(bench, '2 of 7 shown · web, 2.12');
        // A few are opened.
        await bench.row('web-1');
        await bench.screenshot('filter-words');
        await bench.command('Alibaba Cloud Backup: Upgrade All…');
        await takePick(bench, 'Upgrade Clients');
        const text = await bench.modal('Upgrade 2 clients');
        assert.ok(text.includes('web-1') && text.includes('web-2') && !text.includes('db-1'), text);
        await bench.answerModal('Cancel');
      });

      it('is edited from the title, offers what there is with counts, and applies a choice at once', async () => {
        const bench = workbench();
        await bench.viewAction('Backup Clients', 'Edit Filter…');
        await bench.quickPick('Filter Clients');
        await bench.quickInput().locator('input.input').fill('');
        const rows = await bench.quickPick('Filter Clients');
        for (const row of [/Needs attention.*4/, /Stopped.*2/, /Upgrade available.*3/]) {
          assert.ok(
            rows.some((one) => row.test(one)),
            rows.join('\n'),
          );
        }
        await bench.screenshot('filter-box');
        await bench.pick('Stopped');
        await message(bench, '2 of 7 shown · is:stopped');
        await bench.pick('Disconnected');
        await message(bench, '3 of 7 shown · is:stopped is:disconnected');
        await bench.screenshot('filter-box-chosen');
        await bench.page.keyboard.press('Enter');
        await bench.quickInput().waitFor({ state: 'hidden' });
        await bench.row('halted-1');
      });

      it('is saved by name, and selects the only client that it leaves', async () => {
        const bench = workbench();
        await bench.viewAction('Backup Clients', 'Edit Filter…');
        await bench.quickPick('Filter Clients');
        await bench.quickInput().locator('input.input').fill('is:failed');
        const first = bench.quickInput().locator('.monaco-list-row', { hasText: 'is:failed' }).first();
        await first.hover();
        await first.locator('.action-label').click();
        await bench.input('Name of the filter', 'Broken ones');
        const rows = await bench.quickPick('Filter Clients');
        assert.ok(rows.length > 0);
        await bench.page.keyboard.press('Escape');
        await bench.viewAction('Backup Clients', 'Clear Filter');
        await bench.command('Alibaba Cloud Backup: Filter Clients…');
        await bench.quickPick('Filter Clients');
        await bench.screenshot('filter-saved');
        await bench.pick('Broken ones');
        await message(bench, '1 of 7 shown · is:failed');
        const row = await bench.row('broken');
        await bench.eventually(
          async () => ((await row.getAttribute('aria-selected')) === 'true' ? true : undefined),
          'The only client is not selected.',
        );
      });

      it('is kept over a reload, and cleared by one click', async () => {
        const bench = workbench();
        await bench.kept('is:failed');
        await bench.reload();
        await bench.openContainer('Alibaba Cloud Backup');
        await message(bench, '1 of 7 shown · is:failed');
        await bench.viewAction('Backup Clients', 'Clear Filter');
        await bench.row('Upgrade available');
      });

      it('says when nothing matches, and which term means nothing, with a way back', async () => {
        const bench = workbench();
        await filterClients(bench, 'is:nonsense');
        const welcome = bench.pane('Backup Clients').filter({ hasText: 'No client matches the filter.' });
        await welcome.waitFor();
        await bench.screenshot('filter-nothing');
        await bench.viewAction('Backup Clients', 'Edit Filter…');
        const [first] = await bench.quickPick('Filter Clients');
        assert.match(first ?? '', /“is:nonsense” isn't known/);
        await bench.page.keyboard.press('Escape');
        await welcome.getByText('Clear Filter', { exact: true }).last().click();
        await bench.row('Upgrade available');
      });

      it('says which clients have no recent backup, and when each was last backed up', async () => {
        const bench = workbench();
        const daySeconds = 86_400;
        const now = Math.floor(Date.now() / 1000);
        const back = { BackupStatus: 'PROTECTED', CreatedTime: now - 90 * daySeconds };
        for (const name of ['late', 'never', 'partly']) {
          simulator.insertClient({ InstanceId: `i-${name}`, InstanceName: name, ...back });
          // It has run for as long: otherwise its first backup might not be late yet.
          const Schedule = `I|${back.CreatedTime}|P1D`;
          simulator.putPlan({ InstanceId: `i-${name}`, CreatedTime: back.CreatedTime, Schedule });
        }
        simulator.putJob({
          InstanceId: 'i-late',
          Status: 'COMPLETE',
          CreatedTime: now - 9 * daySeconds - 3600,
        });
        simulator.putJob({ InstanceId: 'i-partly', Status: 'PARTIAL_COMPLETE', CreatedTime: now - 4 * 3600 });
        simulator.putJob({ InstanceId: 'i-late', Status: 'RUNNING', CreatedTime: now - 600 });
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench.expand('Needs attention');
        await bench.expand('No recent backup');
        await bench.row('late');
        const rows = await bench.tree();
        assert.deepEqual(
          rows.filter((row) => /backup|late|never/.test(row)),
          ['  No recent backup 2', '    late 9 days ago · 2.13.2', '    never none found · 2.13.2'],
        );
        assert.equal(await bench.badge('Alibaba Cloud Backup'), '6');
        await pictureInAllThemes(bench, 'overdue');
        const widen = await narrowSideBar(bench);
        await bench.screenshot('overdue-narrow');
        await widen();
        await filterClients(bench, 'is:overdue');
        await message(bench, '2 of 10 shown · is:overdue');
        const hover = await bench.tooltip('late', 'Last backup');
        const text = (await hover.innerText()).replaceAll('\u00a0', ' ');
        assert.match(text, /The last backup completed 9 days ago\./);
        await bench.screenshot('overdue-tooltip');
        await filterClients(bench, 'partly');
        await bench.tooltip('partly', '3 hours ago (some files failed)');
        await bench.screenshot('partly-tooltip');
      });
    },
  );
});

async function message(bench: OpenWorkbench, text: string): Promise<void> {
  await bench.pane('Backup Clients').filter({ hasText: text }).waitFor();
}
