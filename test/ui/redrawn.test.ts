import { strict as assert } from 'node:assert';
import type { Page } from '@playwright/test';
import { startSimulator, type Simulator } from '../../simulator/main';
import { createGate, type Gate } from '../support/gate';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { openPage, openTasks, showUpgradable, upgradeAll } from '../support/host/following';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('a row that is drawn again under the mouse', () => {
  let simulator: Simulator;
  let gate: Gate;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 30 });
    gate = createGate(simulator);
  });
  afterAll(async () => {
    gate.open();
    await simulator.dispose();
  });

  const changes = (): number =>
    simulator.journal().filter(({ action }) => /^(Upgrade|Install|Uninstall)/.test(action)).length;

  describeWorkbench(
    'in a workbench',
    () => ({ demo: simulator }),
    (workbench) => {
      beforeAll(async () => {
        await openTasks(workbench());
      });

      it('is not missed by the title of a view, where no row is meant', async () => {
        const bench = workbench();
        await bench.page.getByText('This region has no backup clients.').waitFor();
        await bench.viewAction('Tasks', 'Track Task by ID');
        await bench.quickInput().waitFor();
        await bench.escape();
      });

      it('does not leave its place at the end of its operation, when it is reached for', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['late']);
        await upgradeAll(bench, 'late');
        await bench.toast('Upgraded late');
        const row = await bench.row(/Upgrade late.*Completed/);
        assert.equal(await row.getAttribute('aria-level'), '1');
        await bench.screenshot('redrawn-just-ended');
        await openPage(bench, 'Upgrade late');
        await bench.row(/Today\s*1 operation$/);
        assert.equal(await (await bench.row(/Upgrade late.*Completed/)).getAttribute('aria-level'), '2');
        await bench.notifications(true);
      });

      // VS Code forgets all rows of a view the moment they are to be drawn again, and learns them anew when it draws
      // them. A workbench that is kept busy makes that moment long.
      it('says that its row was lost to an action, and does nothing to others', async () => {
        const bench = workbench();
        const seconds = await secondsOf(() => showUpgradable(bench, simulator, ['one', 'two']));
        await bench.expand('Upgrade available');
        await bench.expand('cn-hangzhou-h');
        await bench.notifications(true);
        const before = changes();
        gate.close(({ action }) => action === 'DescribeBackupClients');
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench.eventually(() => when(gate.held > 0), 'nothing is listed');
        await bench.row(/^one/);
        const upgrade = '.actions a.action-label[aria-label^="Upgrade…"]';
        // One more group: everything is drawn again.
        simulator.insertClient({ InstanceId: 'i-bp1more', Status: 'NOT_INSTALLED', ClientId: '' });
        const clicked = pressAfterBusySeconds(bench.page, seconds, 'no backups configured', upgrade);
        gate.open();
        await clicked;
        await bench.toast('The list changed while you clicked. Choose again.');
        await bench.screenshot('redrawn-row-lost');
        assert.equal(await bench.quickInput().count(), 0);
        assert.equal(changes(), before);
      });

      it('is still the machine whose tick is taken away while the pre-check blocks another above it', async () => {
        const bench = workbench();
        await bench.notifications(true);
        const others = Array.from({ length: 11 }, (_, n) => `x-${n}`);
        const names = ['first', 'second', 'third', ...others];
        const seconds = await secondsOf(() => showUpgradable(bench, simulator, names));
        simulator.updateInstance('i-bp1first', { status: 'Stopped' });
        gate.close(({ action }) => action === 'DescribeInstances');
        await bench.contextMenu('Upgrade available', 'Upgrade…');
        await bench.quickPick('Upgrade Clients');
        await bench.eventually(() => when(gate.held > 0), 'nothing is checked');
        const tick = '.monaco-checkbox, input[type="checkbox"]';
        const clicked = pressAfterBusySeconds(bench.page, seconds, 'third', tick, '.quick-input-list');
        gate.open();
        await clicked;
        await bench
          .quickInput()
          .locator('.monaco-list-row', { hasText: /first.*isn't running/ })
          .waitFor();
        await bench.quickInput().getByText('12 Selected', { exact: true }).waitFor();
        await bench.screenshot('redrawn-plan');
        await bench.quickInput().locator('.quick-input-action .monaco-button', { hasText: 'OK' }).click();
        const text = (await bench.quickPick('Upgrade 12 clients')).join('\n');
        await bench.escape();
        assert.match(text, /second/);
        assert.doesNotMatch(text, /third/);
      });
    },
  );
});

const when = (so: boolean): Promise<true | undefined> => Promise.resolve(so ? true : undefined);

/** How long work takes on this computer as it's now, at least three seconds. */
async function secondsOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return Math.max(3, (performance.now() - began) / 1000);
}

/**
 * Keeps the workbench from drawing for a while, and then presses the mouse on what a selector finds in a row, before it
 * can draw again. Compiled without the browser's types, so the part that runs in the page is text.
 */
function pressAfterBusySeconds(
  page: Page,
  seconds: number,
  row: string,
  inside: string,
  list = '.pane-body',
): Promise<unknown> {
  return page.evaluate(`(() => {
    const end = performance.now() + ${seconds * 1000};
    while (performance.now() < end);
    const rows = [...document.querySelectorAll('${list} .monaco-list-row')];
    const row = rows.find(({ textContent }) => textContent.includes(${JSON.stringify(row)}));
    const element = row.querySelector(${JSON.stringify(inside)});
    for (const type of ['mousedown', 'mouseup', 'click']) {
      element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, detail: 1, view: window }));
    }
  })()`);
}
