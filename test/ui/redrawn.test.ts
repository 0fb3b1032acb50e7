import { strict as assert } from 'node:assert';
import type { Locator } from 'playwright-core';
import { startSimulator, type Simulator } from '../../src/simulator/main';
import { createGate, type Gate } from '../support/gate';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { openTasks, showUpgradable, upgradeAll } from '../support/host/following';

// VS Code forgets all rows of a view the moment they are to be drawn again, and learns them anew when it draws them.
// A click in between reaches the extension without its row. A workbench that is kept busy makes that moment long.
describe('a row that is drawn again under the mouse', () => {
  let simulator: Simulator;
  let gate: Gate;

  before(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 30 });
    gate = createGate(simulator);
  });
  after(async () => {
    gate.open();
    await simulator.dispose();
  });

  const changes = (): number =>
    simulator.journal().filter(({ action }) => /^(Upgrade|Install|Uninstall)/.test(action)).length;

  describeWorkbench(
    'in a workbench',
    () => ({ demo: simulator }),
    (workbench) => {
      before(async () => {
        await openTasks(workbench());
      });

      it('opens the report of an operation that ended meanwhile', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['late']);
        gate.close(({ action }) => action === 'DescribeTask');
        await upgradeAll(bench, 'late');
        await bench.eventually(() => when(gate.held > 0), 'no task was asked about');
        const row = await bench.row(/Upgrade late/);
        const clicked = pressAfterBusySeconds(row, 8);
        gate.open();
        await clicked;
        await bench.webview('Upgrade late');
      });

      it('says that its row was lost to an action, and does nothing to others', async () => {
        const bench = workbench();
        await showUpgradable(bench, simulator, ['one', 'two']);
        await bench.expand('Update available');
        await bench.expand('cn-hangzhou-h');
        await bench.notifications(true);
        const before = changes();
        gate.close(({ action }) => action === 'DescribeBackupClients');
        await bench.command('Cloud Backup: Refresh');
        await bench.eventually(() => when(gate.held > 0), 'nothing is listed');
        const row = await bench.row(/^one/);
        await row.hover();
        const upgrade = row.locator('.actions a.action-label[aria-label^="Upgrade Client"]');
        // One more group: everything is drawn again.
        simulator.insertClient({ InstanceId: 'i-bp1more', Status: 'NOT_INSTALLED', ClientId: '' });
        const clicked = pressAfterBusySeconds(upgrade, 3);
        gate.open();
        await clicked;
        await bench.toast('The list changed while you clicked. Choose again.');
        assert.equal(await bench.quickInput().count(), 0);
        assert.equal(changes(), before);
      });
    },
  );
});

const when = (so: boolean): Promise<true | undefined> => Promise.resolve(so ? true : undefined);

/** Keeps the workbench from drawing for a while, and then presses the mouse on an element before it can draw again. */
async function pressAfterBusySeconds(element: Locator, seconds: number): Promise<void> {
  await element.evaluate((row: Clickable, ms: number) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
    const { MouseEvent } = row.ownerDocument.defaultView;
    for (const type of ['mousedown', 'mouseup', 'click']) {
      row.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, detail: 1 }));
    }
  }, seconds * 1000);
}

interface Clickable {
  readonly ownerDocument: {
    readonly defaultView: { readonly MouseEvent: new (type: string, init: object) => Event };
  };
  dispatchEvent(event: Event): boolean;
}
