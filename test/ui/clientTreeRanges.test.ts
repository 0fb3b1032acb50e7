import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { takePick } from '../support/host/agreeing';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { filterClients } from '../support/host/filterClients';
import { groupBy } from '../support/host/groupBy';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

const nameOf = (number: number): string => `web-${String(number).padStart(4, '0')}`;

describe('a group with more clients than are drawn at once', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0 });
    for (let number = 1; number <= 1200; number++) {
      simulator.insertClient({
        InstanceId: `i-${nameOf(number)}`,
        InstanceName: nameOf(number),
        ZoneId: 'cn-hangzhou-h',
        ...(number === 5 && { Status: 'STOPPED' }),
        ...(number === 777 && { ClientVersion: '2.12.0', MaxClientVersion: '2.13.2' }),
      });
    }
  });
  afterAll(() => simulator.dispose());

  describeWorkbench(
    'in a workbench',
    () => ({ demo: simulator }),
    (workbench) => {
      const copied = async (count: number): Promise<readonly string[]> => {
        const bench = workbench();
        await bench.page.keyboard.press('ControlOrMeta+c');
        return bench.eventually(async () => {
          const ids = (await bench.clipboard()).split('\n');
          return ids.length === count ? ids : undefined;
        }, `The clipboard doesn't hold ${count} IDs.`);
      };

      it('shows ranges of rows, with clients that need attention before the others', async () => {
        const bench = workbench();
        await bench.row(/Activated\s*1,198$/);
        await groupBy(bench, 'Zone');
        await bench.expand('cn-hangzhou-h');
        await bench.treeIs([
          'cn-hangzhou-h 1,200 · 1 needs attention',
          '  web-0005 1 · 1 needs attention',
          '  web-0001 … web-0241 240',
          '  web-0242 … web-0481 240',
          '  web-0482 … web-0721 240',
          '  web-0722 … web-0961 240',
          '  web-0962 … web-1200 239',
        ]);
        await bench.screenshot('ranges');
      });

      it('opens a range with its rows, and selects all of them by keyboard', async () => {
        const bench = workbench();
        await bench.expand('web-0001 … web-0241');
        await bench.clickRow('web-0002');
        await bench.page.keyboard.press('ControlOrMeta+a');
        assert.equal((await copied(240)).at(-1), 'i-web-0241');
      });

      it('takes a group and a row in it for all its clients, each once', async () => {
        const bench = workbench();
        await bench.select('web-0002', 'cn-hangzhou-h');
        assert.equal(new Set(await copied(1200)).size, 1200);
      });

      it('shows a row that is in a closed range', async () => {
        const bench = workbench();
        await bench.clickRow('web-0002');
        const page = await bench.webview('i-web-0002');
        await bench.clickRow('web-0001 … web-0241');
        await bench.rows('web-0002').waitFor({ state: 'detached' });
        await page.getByRole('button', { name: 'Show in Backup Clients' }).click();
        const selected = bench.page.locator('.pane-body .monaco-list-row[aria-selected="true"]');
        await selected.filter({ hasText: 'web-0002' }).waitFor();
      });

      it('upgrades the clients of a range from its menu', async () => {
        const bench = workbench();
        await bench.clickRow('web-0001 … web-0241');
        await bench.contextMenu('web-0722 … web-0961', 'Upgrade…');
        await takePick(bench, 'Upgrade Clients');
        await bench.modal('Upgrade the client on web-0777');
        await bench.answerModal('Cancel');
      });

      it('has no ranges for the few that a filter leaves', async () => {
        const bench = workbench();
        await filterClients(bench, 'web-077');
        await bench.row('web-0770');
        assert.equal((await bench.tree()).filter((line) => /^ {2}web-077\d/.test(line)).length, 10);
      });
    },
  );
});
