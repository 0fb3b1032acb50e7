import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { takePick } from '../support/host/agreeing';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('filtering the client tree', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0 });
    for (const name of ['web-1', 'web-2', 'db-1']) {
      simulator.insertClient({
        InstanceId: `i-${name}`,
        InstanceName: name,
        ClientVersion: '2.12.0',
        MaxClientVersion: '2.13.2',
      });
    }
  });
  afterAll(() => simulator.dispose());

  describeWorkbench(
    'in a workbench with demo data',
    () => ({ demo: simulator }),
    (workbench) => {
      it('shows what contains every word, and says how much it hides', async () => {
        const bench = workbench();
        await bench.row('Upgrade available');
        await bench.command('Alibaba Cloud Backup: Filter Clients…');
        await bench.input('Shows clients that match every word', 'web 2.12');
        await bench.pane('Backup Clients').filter({ hasText: '“web 2.12”: 2 of 3 clients shown.' }).waitFor();
        await bench.eventually(
          async () => ((await bench.tree())[0] === 'Upgrade available 2 · 2.13.2' ? true : undefined),
          'The group does not count what is shown.',
        );
        await bench.screenshot('filter');
      });

      it('upgrades all outdated ones of the filtered set, and no others', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Upgrade All…');
        await takePick(bench, 'Upgrade Clients');
        const text = await bench.modal('Upgrade 2 clients');
        assert.ok(text.includes('web-1') && text.includes('web-2') && !text.includes('db-1'), text);
        await bench.answerModal('Cancel');
      });

      it('is kept over a reload, and cleared by one click', async () => {
        const bench = workbench();
        await bench.kept('web 2.12');
        await bench.reload();
        await bench.openContainer('Alibaba Cloud Backup');
        await bench.pane('Backup Clients').filter({ hasText: '2 of 3 clients shown.' }).waitFor();
        await bench.viewAction('Backup Clients', 'Clear Filter');
        await bench.eventually(
          async () => ((await bench.tree())[0] === 'Upgrade available 3 · 2.13.2' ? true : undefined),
          'The rows did not come back.',
        );
      });

      it('says when nothing matches, with a way back', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Filter Clients…');
        await bench.input('Shows clients that match every word', 'nobody');
        const welcome = bench.pane('Backup Clients').filter({ hasText: 'No client matches the filter.' });
        await welcome.waitFor();
        await bench.screenshot('filter-nothing');
        await welcome.getByText('Clear Filter', { exact: true }).last().click();
        await bench.row('Upgrade available');
      });
    },
  );
});
