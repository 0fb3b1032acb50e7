import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

const zoneId = 'cn-hangzhou-h';

describe('two clients on one instance in a workbench', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 60 });
    const onOne = { InstanceId: 'i-1', ZoneId: zoneId, ClientVersion: '2.12.0', MaxClientVersion: '2.13.0' };
    simulator.insertClient({
      ...onOne,
      ClientId: 'c-old',
      InstanceName: 'web-old',
      Status: 'UNKNOWN',
      BackupStatus: 'UNPROTECTED',
    });
    simulator.insertClient({
      ...onOne,
      ClientId: 'c-live',
      InstanceName: 'web-live',
      Status: 'ACTIVATED',
      BackupStatus: 'PROTECTED',
    });
  });
  afterAll(() => simulator.dispose());

  const statuses = () => Object.fromEntries(simulator.clients().map((row) => [row.ClientId, row.Status]));

  describeWorkbench(
    'where one of them is uninstalled',
    () => ({ demo: simulator }),
    (workbench) => {
      beforeAll(async () => {
        await workbench().openContainer('Alibaba Cloud Backup');
        await workbench().expand('Needs attention');
        await workbench().expand('Disconnected');
      });

      it('names the other one in the confirm, and sends the ClientId of the one that was chosen', async () => {
        const bench = workbench();
        await bench.contextMenu('web-old', 'Uninstall…');
        const text = await bench.modal('Uninstall the client from web-old');
        await bench.screenshot('uninstall-shared-instance');
        assert.match(
          text,
          /i-1 also runs c-live \(Activated, backups configured\)\. That client isn't changed\./,
        );
        await bench.answerModal('Uninstall');
        await bench.toast('Uninstalled the client on web-old');
        const writes = simulator.journal().filter(({ action }) => action === 'UninstallBackupClients');
        assert.deepEqual(
          writes.map(({ parameters: { InstanceIds, ClientIds } }) => [InstanceIds, ClientIds]),
          [[undefined, '["c-old"]']],
        );
        assert.deepEqual(statuses(), { 'c-old': 'STOPPED', 'c-live': 'ACTIVATED' });
        await bench.notifications(true);
      });

      it('then shows its record as uninstalled, to be installed again and nothing else', async () => {
        const bench = workbench();
        await bench.expand('Uninstalled');
        await bench.expand(zoneId);
        await bench.screenshot('uninstalled-record');
        const offered = await bench.openContextMenu('web-old');
        assert.ok(offered.includes('Install…'), offered.join());
        assert.deepEqual(
          offered.filter((entry) => /Upgrade|Uninstall/.test(entry)),
          [],
        );
        await bench.page.keyboard.press('Escape');
      });
    },
  );
});
