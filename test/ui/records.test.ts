import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { addClients } from '../support/fleet';
import { createGate, type Gate } from '../support/gate';
import { addProfile, endpointsAt } from '../support/host/addProfile';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { openTasks } from '../support/host/following';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('records of what was sent', () => {
  let simulator: Simulator;
  let gate: Gate;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 10 });
    gate = createGate(simulator);
    addClients(simulator, ['answer-lost', 'never-sent']);
  });
  afterAll(async () => {
    gate.open();
    await simulator.dispose();
  });

  const upgrades = () => simulator.journal().filter(({ action }) => action === 'UpgradeBackupClients');
  const readings = (name: string) =>
    simulator
      .journal()
      .filter(
        ({ action, parameters }) =>
          action === 'DescribeBackupClients' && JSON.stringify(parameters).includes(name.replaceAll('-', '')),
      );

  describeWorkbench(
    'when the extension host is killed',
    () => ({ settings: endpointsAt(simulator) }),
    (workbench) => {
      beforeAll(async () => {
        const bench = workbench();
        await bench.openContainer('Alibaba Cloud Backup');
        await addProfile(bench, 'production', simulator);
        await bench.row('Upgrade available');
      });

      it('between the send and its answer: the operation is taken up again, settled by reading, sent once', async () => {
        const bench = workbench();
        simulator.setFaults([{ action: 'UpgradeBackupClients', fault: 'delay', ms: 600_000 }]);
        await upgrade(bench, 'answer-lost');
        await bench.eventually(() => when(upgrades().some(({ executed }) => executed)), 'nothing was sent');
        await killBehindClosedViews(bench);
        await bench.eventually(() => when(readings('answer-lost').length > 0), 'Nobody took it up again.');
        await bench.openContainer('Alibaba Cloud Backup');
        await openTasks(bench);
        await bench.row(/Upgrade answer-lost.*Completed/);
        assert.equal(upgrades().length, 1);
        const told = async () => {
          const texts = (await bench.notifications()).filter((text) => text.includes('Upgrade'));
          return when(texts.length === 1);
        };
        await bench.eventually(told, 'The end was not told once.');
        await bench.notifications(true);
        await bench.clickRow('Upgrade answer-lost');
        const page = await bench.webview('Upgrade answer-lost');
        assert.match(await page.locator('body').innerText(), /The response was lost/);
      });

      it('before the call reaches the service: told as not sent, and never sent', async () => {
        const bench = workbench();
        simulator.setFaults([]);
        gate.close(({ action }) => action === 'UpgradeBackupClients');
        await upgrade(bench, 'never-sent');
        await bench.eventually(() => when(gate.held === 1), 'nothing was sent');
        const before = readings('never-sent').length;
        await killBehindClosedViews(bench);
        await bench.eventually(
          () => when(readings('never-sent').length > before),
          'Nobody took it up again.',
        );
        await bench.openContainer('Alibaba Cloud Backup');
        await openTasks(bench);
        await bench.row(/Upgrade never-sent.*Not started/);
        assert.deepEqual(
          upgrades().map(({ executed }) => executed),
          [true, false],
        );
      });
    },
  );
});

const when = (so: boolean): Promise<true | undefined> => Promise.resolve(so ? true : undefined);

async function upgrade(bench: OpenWorkbench, name: string): Promise<void> {
  await bench.expand('Upgrade available');
  await bench.expand('cn-hangzhou-h');
  await bench.contextMenu(name, 'Upgrade…');
  await bench.modal(name);
  await bench.answerModal('Upgrade');
}

/**
 * With no view of ours open, only what was left unfinished can load the extension again. A new extension host takes some
 * seconds to start, and the lease of the old one 12 s to run out.
 */
async function killBehindClosedViews(bench: OpenWorkbench): Promise<void> {
  await bench.openContainer('Explorer');
  await bench.killExtensionHost();
}
