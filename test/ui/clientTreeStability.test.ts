import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

for (const vscode of ['oldest', 'newest'] as const) {
  describe(`the client tree in the ${vscode} VS Code`, () => {
    let simulator: Simulator;

    beforeAll(async () => {
      // One page of rows: a refresh that changes something is then one event and no more.
      simulator = await startSimulator({ clients: 0 });
      for (let number = 1; number <= 85; number++) {
        const digits = String(number).padStart(2, '0');
        simulator.insertClient({
          InstanceId: idOf(number),
          InstanceName: `web-${digits}`,
          ZoneId: 'cn-hangzhou-h',
          PrivateIpV4: `192.168.0.${number}`,
          ...(number > 75 && { Status: 'STOPPED' }),
        });
      }
    });
    afterAll(() => simulator.dispose());

    describeWorkbench(
      'with three rows selected, two groups open, and scrolled',
      () => ({ vscode, demo: simulator, settings: { 'workbench.hover.delay': 60_000 }, debugLog: true }),
      (workbench) => {
        const move = (numbers: readonly number[]): void => {
          for (const number of numbers) simulator.updateClient(idOf(number), { Status: 'STOPPED' });
        };
        const answers = async () => [...(await workbench().logs()).matchAll(/call answered/g)].length;
        /** Returns when the answer has come; what it brought is drawn at once, or not at all. */
        const refresh = async (): Promise<void> => {
          const before = await answers();
          await workbench().command('Alibaba Cloud Backup: Refresh Clients');
          await workbench().eventually(
            async () => ((await answers()) > before ? true : undefined),
            'no answer came',
          );
        };

        beforeAll(async () => {
          const bench = workbench();
          await bench.expand('Activated');
          await bench.expand('cn-hangzhou-h');
          await bench.expand('Needs attention');
          await bench.expand(/Stopped\s*10$/);
          await bench.row('web-76');
          await scrollTo(bench, 'web-30');
          await bench.select('web-20', 'web-22', 'web-24');
        });

        it('keeps everything where it is and draws nothing when nothing changed', async () => {
          const bench = workbench();
          const before = await settled(bench);
          assert.deepEqual(before.selected, ['web-20', 'web-22', 'web-24']);
          assert.ok(before.scrolled > 0);
          await bench.screenshot(`tree-stability-${vscode}`);
          const events = await drawn(bench);
          await refresh();
          await refresh();
          assert.deepEqual(await settled(bench), before);
          // The log is in order: the next line must be that of a change, or the two above drew something.
          move([5]);
          await refresh();
          await bench.row(/Activated\s*74$/);
          const after = await drawn(bench);
          assert.deepEqual(after.slice(events.length), ['2'], 'one event names the old and the new group');
        });

        it('keeps selection, open groups and scroll position when one row moved', async () => {
          const bench = workbench();
          const before = await settled(bench);
          move([6]);
          await refresh();
          await bench.row(/Activated\s*73$/);
          const after = await settled(bench);
          assert.deepEqual(after.selected, before.selected);
          assert.equal(after.scrolled, before.scrolled);
        });

        it('keeps them when fifty rows moved, in one event, among them one that was selected', async () => {
          const bench = workbench();
          const before = await settled(bench);
          const events = await drawn(bench);
          move(Array.from({ length: 50 }, (_none, index) => index + 24));
          await refresh();
          await bench.row(/Stopped\s*62$/);
          assert.equal((await settled(bench)).scrolled, before.scrolled);
          assert.deepEqual((await drawn(bench)).slice(events.length), ['2']);
          await scrollTo(bench, 'web-23');
          await bench.screenshot(`tree-stability-moved-${vscode}`);
          const { selected } = await settled(bench);
          assert.deepEqual(selected.slice(-2), ['web-20', 'web-22']);
        });

        it('says nothing of ids in any log', async () => {
          const logs = `${workbench().serverLog()}\n${await workbench().logs()}`;
          assert.doesNotMatch(
            logs,
            /already registered|[Uu]nresolved tree|TreeError|Data tree node not found/,
          );
        });
      },
    );
  });
}

function idOf(number: number): string {
  return `i-stable${String(number).padStart(12, '0')}`;
}

/** What the extension wrote about each time it had the tree drawn again. */
async function drawn(bench: OpenWorkbench): Promise<readonly string[]> {
  return [...(await bench.logs()).matchAll(/tree changed, drawn again: (\w+)/g)].map(([, what = '']) => what);
}

/** Turns the wheel over the tree until a row is in sight, from the top. */
async function scrollTo(bench: OpenWorkbench, text: string): Promise<void> {
  const tree = bench.pane('Backup Clients').locator('.monaco-list').first();
  await tree.hover();
  await bench.page.mouse.wheel(0, -100_000);
  await bench.eventually(async () => {
    if ((await bench.rows(text).count()) > 0) return true;
    await bench.page.mouse.wheel(0, 200);
    return undefined;
  }, `${text} did not come into sight.`);
}

interface TreeState {
  readonly selected: readonly string[];
  readonly rows: readonly string[];
  readonly scrolled: number;
}

/** As much of an element as is read inside the page. */
interface Element {
  readonly offsetTop: number;
  getAttribute(name: string): string | null;
  querySelector(selector: string): { readonly textContent: string | null } | null;
}

async function stateOf(bench: OpenWorkbench): Promise<TreeState> {
  const list = bench.pane('Backup Clients').locator('.monaco-list-rows').first();
  const rows = await list.locator('.monaco-list-row').evaluateAll((all: Element[]) =>
    all.map((row) => ({
      label: row.querySelector('.label-name')?.textContent ?? '',
      selected: row.getAttribute('aria-selected') === 'true',
      index: Number(row.getAttribute('data-index')),
    })),
  );
  // What scrolled out and came back stands last in the page.
  rows.sort((one, other) => one.index - other.index);
  return {
    selected: rows.filter(({ selected }) => selected).map(({ label }) => label),
    rows: rows.map(({ label }) => label),
    scrolled: await list.evaluate((element: Element) => -element.offsetTop),
  };
}

/** The state once it stands still: scrolling glides, and rows are drawn after it. */
async function settled(bench: OpenWorkbench): Promise<TreeState> {
  let last = '';
  return bench.eventually(async () => {
    const state = await stateOf(bench);
    const seen = JSON.stringify(state);
    const still = seen === last;
    last = seen;
    return still ? state : undefined;
  }, 'the tree never stood still');
}
