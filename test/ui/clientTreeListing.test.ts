import { strict as assert } from 'node:assert';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { startSimulator, type ArrivedCall, type Simulator } from '../../simulator/main';
import { createGate, type Gate } from '../support/gate';
import { describeWorkbench } from '../support/host/describeWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

describe('listing clients', () => {
  let simulator: Simulator;
  let gate: Gate;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 0, timeScale: 60 });
    for (let number = 0; number < 250; number++) {
      simulator.insertClient({
        InstanceId: idOf(number),
        InstanceName: `web-${number}`,
        ZoneId: 'cn-hangzhou-h',
        ...(number === 7 && { Status: 'STOPPED' }),
      });
    }
    gate = createGate(simulator);
  });
  afterAll(() => simulator.dispose());

  /** What was asked for by each call since the journal was cleared: a page, or ids. */
  const calls = (): string[] =>
    simulator
      .journal()
      .filter(({ action }) => action === 'DescribeBackupClients')
      .map(({ parameters }) => parameters['InstanceIds'] ?? `page ${parameters['PageNumber'] ?? ''}`);

  const answered = (): number => simulator.journal().filter(({ status }) => status === 200).length;

  describeWorkbench(
    'in a workbench whose calls are held back by hand',
    () => {
      gate.close(allButFirstPage);
      return { demo: simulator };
    },
    (workbench) => {
      const message = () => workbench().pane('Backup Clients').locator('.message');
      const until = (condition: () => boolean, complaint: string) =>
        workbench().eventually(() => Promise.resolve(condition() ? true : undefined), complaint);

      it('shows the first rows before the whole list, and how many there are', async () => {
        const bench = workbench();
        await bench.row(/Activated\s*9\d$/);
        await message().filter({ hasText: '99 of 250 clients' }).waitFor();
        await bench.screenshot('tree-first-rows');
        gate.open();
        await bench.row(/Activated\s*249$/);
        await message().waitFor({ state: 'hidden' });
      });

      it('makes one set of calls for five refreshes in a row', async () => {
        const bench = workbench();
        simulator.clearJournal();
        gate.close();
        for (let times = 0; times < 5; times++) await bench.command('Alibaba Cloud Backup: Refresh Clients');
        gate.open();
        await until(() => answered() === 3, 'the list was not read');
        // What the five had left behind would come before the calls of this one.
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await until(() => answered() >= 6, 'the list was not read again');
        const once = ['page 1', 'page 2', 'page 3'];
        assert.deepEqual(calls().sort(), [...once, ...once].sort());
      });

      it('follows a client that is upgraded elsewhere by its id, without listing all', async () => {
        const bench = workbench();
        simulator.updateClient(idOf(3), { Status: 'UPGRADING' });
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench.row(/Upgrading\s*1$/);
        simulator.clearJournal();
        await until(() => calls().length > 0, 'nobody asked');
        simulator.updateClient(idOf(3), { Status: 'ACTIVATED' });
        await bench.rows('Upgrading').waitFor({ state: 'hidden' });
        assert.ok(
          calls().every((call) => call === `["${idOf(3)}"]`),
          calls().join('\n'),
        );
      });

      it('takes a client away only after a read by its id missed it too', async () => {
        const bench = workbench();
        await bench.expand('Needs attention');
        await bench.row(/Stopped\s*1$/);
        simulator.deleteClient(idOf(7));
        simulator.clearJournal();
        gate.close(({ parameters }) => parameters['InstanceIds'] !== undefined);
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await until(() => gate.held > 0, 'no call came');
        await bench.row(/Stopped\s*1$/);
        gate.open();
        await bench.rows('Stopped').waitFor({ state: 'hidden' });
        assert.deepEqual(calls().slice(-1), [`["${idOf(7)}"]`]);
      });

      it('shows the last list at once after a reload, with its age, while it is read again', async () => {
        const bench = workbench();
        await makeListingsOlder(bench.userData, 3 * 3_600_000);
        gate.close();
        await bench.reload();
        await bench.openContainer('Alibaba Cloud Backup');
        await bench.row(/Activated\s*249$/);
        await message().filter({ hasText: 'Listed 3 hours ago.' }).waitFor();
        await bench.screenshot('tree-listed-before');
        await until(() => gate.held > 0, 'no call came');
        gate.open();
        await message().waitFor({ state: 'hidden' });
      });
    },
  );
});

const allButFirstPage = ({ parameters }: ArrivedCall): boolean => parameters['PageNumber'] !== '1';

function idOf(number: number): string {
  return `i-listed${String(number).padStart(12, '0')}`;
}

/** Moves the time of each stored listing into the past. */
async function makeListingsOlder(userData: string, byMs: number): Promise<void> {
  const storage = path.join(userData, 'User', 'globalStorage', 'cloud-backup-tools.alibaba-cloud-backup');
  const names = await readdir(storage, { recursive: true });
  for (const name of names.filter((one) => one.startsWith('listings') && one.endsWith('.json'))) {
    const file = path.join(storage, name);
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace(/"listedAt":(\d+)/, (_all, at) => `"listedAt":${Number(at) - byMs}`),
    );
  }
}
