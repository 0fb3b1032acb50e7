import { strict as assert } from 'node:assert';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { startSimulator, type Simulator } from '../../simulator/main';
import { addClients } from '../support/fleet';
import { addProfile, endpointsAt } from '../support/host/addProfile';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { openTasks } from '../support/host/following';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('records that cannot be read', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 10 });
    addClients(simulator, ['kept-safe']);
  });
  afterAll(() => simulator.dispose());

  const upgrades = () => simulator.journal().filter(({ action }) => action === 'UpgradeBackupClients');

  describeWorkbench(
    'because a file has the name of their folder',
    () => ({ settings: endpointsAt(simulator) }),
    (workbench) => {
      it('leave clients to be browsed, and the Tasks view says what is wrong', async () => {
        const bench = workbench();
        const storage = storageIn(bench.userData);
        await mkdir(storage, { recursive: true });
        await writeFile(path.join(storage, 'operations'), '');
        await bench.openContainer('Alibaba Cloud Backup');
        await addProfile(bench, 'production', simulator);
        await bench.row('Upgrade available');
        await openTasks(bench);
        await message(bench).waitFor();
        assert.match(await message(bench).innerText(), /no operation can be started.*ENOTDIR/s);
      });

      it('keep a change from being started, and say so', async () => {
        const bench = workbench();
        await upgrade(bench, 'kept-safe');
        await bench.toast("Operation records on disk couldn't be read or written");
        assert.equal(upgrades().length, 0);
      });

      it('are read as soon as they can be, and the change goes through', async () => {
        const bench = workbench();
        await rm(path.join(storageIn(bench.userData), 'operations'));
        await message(bench).waitFor({ state: 'hidden' });
        await bench.notifications(true);
        await upgrade(bench, 'kept-safe');
        await bench.row(/Upgrade kept-safe.*(Running|Completed)/);
        assert.equal(upgrades().length, 1);
      });
    },
  );
});

function storageIn(userData: string): string {
  return path.join(userData, 'User', 'globalStorage', 'cloud-backup-tools.alibaba-cloud-backup');
}

const message = (bench: OpenWorkbench) =>
  bench.pane('Tasks').locator('.message', { hasText: 'records of operations' });

async function upgrade(bench: OpenWorkbench, name: string): Promise<void> {
  await bench.expand('Upgrade available');
  await bench.expand('cn-hangzhou-h');
  await bench.contextMenu(name, 'Upgrade…');
  await bench.modal(name);
  await bench.answerModal('Upgrade');
}
