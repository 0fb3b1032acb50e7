import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { startSimulator, type Simulator } from '../../simulator/main';
import { addClients } from '../support/fleet';
import { createGate, type Gate } from '../support/gate';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { exportReport } from '../support/host/exportReport';
import { openTasks, showUpgradable, tells, upgradeAll } from '../support/host/following';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('the history of operations', () => {
  let simulator: Simulator;
  let gate: Gate;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'cloud-backup-history-'));
    // An upgrade takes 2.5 s, and proof is waited for 5 s.
    simulator = await startSimulator({ clients: 0, timeScale: 60 });
    gate = createGate(simulator);
  });
  afterAll(async () => {
    gate.open();
    await simulator.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const requestIds = (action: string): string[] =>
    simulator
      .journal()
      .filter((call) => call.action === action)
      .map(({ requestId }) => requestId);
  const refuse = (name: string): void => {
    simulator.updateInstance(`i-bp1${name}`, { status: 'Stopped' });
  };

  describeWorkbench(
    'in a workbench',
    () => ({ demo: simulator }),
    (workbench) => {
      beforeAll(async () => {
        await workbench().page.getByText('This region has no backup clients.').waitFor();
      });

      it('marks an operation with problems that nobody has looked at, and shows only those when asked', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['runs', 'halts']);
        await upgradeAll(bench, 2, () => refuse('halts'));
        await bench.toast('Upgraded 1 of 2 clients. 1 rejected.');
        await badgeIs(bench, '1');
        await bench.toastButton('1 rejected', 'Show Failures');
        const page = await bench.webview('Upgrade 2 clients');
        await page.locator('.shown', { hasText: '1 of 2' }).waitFor();
        await tells(page, 'halts', /Rejected.*InstanceNotRunning/);
        assert.equal(await page.locator('.clients tbody tr').count(), 1);
        await bench.screenshot('history-failures');
        await badgeIs(bench, '');
        await bench.notifications(true);
      });

      it('keeps the mark over a reload, and takes it away once the Tasks view was in sight', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['unseen']);
        await upgradeAll(bench, 'unseen', () => refuse('unseen'));
        await bench.toast("The ECS instance isn't running");
        await badgeIs(bench, '1');
        await bench.notifications(true);
        await bench.reload();
        await bench.row('Upgrade available');
        await badgeIs(bench, '1');
        await openTasks(bench);
        await bench.row(/Today\s*2 operations · 2 with errors/);
        await badgeIs(bench, '');
      });

      it('puts all RequestIds of an operation on the clipboard, one a line', async () => {
        const bench = workbench();
        const [sent] = requestIds('UpgradeBackupClients');
        const checked = requestIds('DescribeTask').at(-1);
        assert.ok(sent !== undefined && checked !== undefined);
        await bench.contextMenu(/Upgrade .+ and 1 more/, 'Copy Request IDs');
        await bench.eventually(
          async () => ((await bench.clipboard()) === `${sent}\n${checked}` ? true : undefined),
          `The clipboard does not hold ${sent} and ${checked}.`,
        );
      });

      it('removes one operation from the history for good, and leaves the others', async () => {
        const bench = workbench();
        await bench.contextMenu('Upgrade unseen', 'Remove from History…');
        await bench.modal('Remove “Upgrade unseen” from the history?');
        await bench.answerModal('Remove');
        await bench.row(/Today\s*1 operation ·/);
        await bench.reload();
        await bench.row(/Upgrade .+ and 1 more/);
        assert.equal(await bench.rows('Upgrade unseen').count(), 0);
        await badgeIs(bench, '');
      });

      it('exports names as they are and no secret, to CSV and to Markdown', async () => {
        const bench = workbench();
        for (const { InstanceId } of simulator.clients()) simulator.deleteClient(InstanceId);
        addClients(simulator, ['=web|1'], { InstanceId: 'i-bp1web' });
        addClients(simulator, ['db, "2"'], { InstanceId: 'i-bp1db' });
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench.row(/Upgrade available\s*2/);
        // A service that repeats what it was sent, in the one place that all formats show.
        const errorCode = `BadKey ${simulator.accessKeySecret}`;
        simulator.setFaults([{ action: 'UpgradeBackupClients', fault: 'taskPartlyFails', errorCode }]);
        await upgradeAll(bench, 2);
        await bench.toast('Upgraded 1 of 2 clients. 1 failed.');
        simulator.setFaults([]);
        await bench.notifications(true);

        const [csv, markdown] = [path.join(folder, 'report.csv'), path.join(folder, 'report.md')];
        await exportReport(bench, /Upgrade .+ and 1 more.*1 failed/, 'CSV', csv);
        await exportReport(bench, /Upgrade .+ and 1 more.*1 failed/, 'Markdown', markdown);
        const [table, text] = [await readFile(csv, 'utf8'), await readFile(markdown, 'utf8')];
        const [heads, ...rows] = table.trimEnd().split('\r\n');
        assert.match(heads ?? '', /^\uFEFFAction,Client,Instance ID,.*,Started,Ended,Profile,/);
        assert.equal(rows.length, 2);
        // A spreadsheet must not take a name for a formula, nor Markdown for a column.
        assert.ok(rows.some((row) => row.includes(`,'=web|1,i-bp1web,`)));
        assert.ok(rows.some((row) => row.includes(`,"db, ""2""",i-bp1db,`)));
        assert.match(text, /^# Upgrade 2 clients$/m);
        assert.match(text, /^\| =web\\\|1 \| i-bp1web \|/m);
        assert.match(text, /^\| db, "2" \| i-bp1db \|/m);
        for (const written of [table, text]) {
          assert.ok(!written.includes(simulator.accessKeySecret), 'the secret is in the file');
          assert.match(written, /BadKey/);
          assert.ok(written.includes(requestIds('UpgradeBackupClients').at(-1)?.slice(0, 8) ?? '-'));
        }
      });

      it('clears what has finished, and keeps what runs', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['goeson']);
        gate.close(({ action }) => action === 'DescribeTask');
        await upgradeAll(bench, 'goeson');
        await bench.row(/Upgrade goeson.*Running/);
        await bench.command('Alibaba Cloud Backup: Clear Finished…');
        await bench.modal('Clear 2 finished operations?');
        await bench.answerModal('Clear');
        await bench.rows(/Today/).first().waitFor({ state: 'detached' });
        await bench.row(/Upgrade goeson.*Running/);
        gate.open();
        await bench.toast('Upgraded goeson');
        await bench.row(/Upgrade goeson.*Completed/);
        await bench.row(/Today\s*1 operation$/);
      });
    },
  );
});

/** Waits for the number on the icon of the views; no client in these tests needs attention of its own. */
async function badgeIs(bench: OpenWorkbench, badge: string): Promise<void> {
  await bench.eventually(
    async () => ((await bench.badge('Alibaba Cloud Backup')) === badge ? true : undefined),
    `The badge is not "${badge}".`,
  );
}
