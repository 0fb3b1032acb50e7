import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { createGate, type Gate } from '../support/gate';
import { addProfile, endpointsAt } from '../support/host/addProfile';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { groupBy } from '../support/host/groupBy';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('switching profiles', () => {
  let simulator: Simulator;
  let gate: Gate;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0 });
    for (let number = 0; number < 5000; number++) {
      simulator.insertClient({
        InstanceId: `i-own${String(number).padStart(12, '0')}`,
        InstanceName: `own-${number}`,
        ZoneId: 'cn-hangzhou-k',
      });
    }
    gate = createGate(simulator);
  });
  afterAll(() => simulator.dispose());

  describeWorkbench(
    'in the middle of a listing',
    () => ({ settings: endpointsAt(simulator), debugLog: true }),
    (workbench) => {
      it('paints no row of the profile that was left, and asks for no more of its pages', async () => {
        const bench = workbench();
        await bench.openContainer('Alibaba Cloud Backup');
        gate.close(
          ({ action, parameters }) => action === 'DescribeBackupClients' && parameters['PageNumber'] !== '1',
        );
        await addProfile(bench, 'production', simulator);
        await bench.row(/Activated\s*9\d$/);
        await bench.status('production · cn-hangzhou');
        await bench.command('Alibaba Cloud Backup: Try Demo');
        await bench.status('Demo · cn-hangzhou');
        await bench.row('Upgrade available');
        assert.ok(gate.held > 0);
        const asked = simulator.journal().length;
        gate.open();
        await groupBy(bench, 'Zone', 'Status');
        await bench.row('cn-hangzhou-h');
        assert.ok(!(await bench.tree()).some((line) => line.includes('cn-hangzhou-k')));
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench.row('cn-hangzhou-h');
        assert.equal(simulator.journal().length, asked, 'pages were read for nobody');
        assert.ok(asked < 51, `${asked} of 51 pages were asked for`);
      });

      it('goes back to the profile, whose rows are listed anew', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Exit Demo');
        await bench.row(/cn-hangzhou-k\s*5,000$/);
        await bench.status('production · cn-hangzhou');
        assert.equal((await bench.tree()).length, 1);
        assert.deepEqual(
          (await bench.notifications()).filter((text) => /fail|error/i.test(text)),
          [],
        );
      });
    },
  );
});
