import { strict as assert } from 'node:assert';
import { keyed, label } from '../../support/draftBuilders';
import { fleet, limitingCores, runOn, type Table } from './editSettingsFakes';

describe('editing settings of clients on which a backup runs', () => {
  const clients = fleet(3);
  const tableWithJob = () => {
    const table = limitingCores(clients);
    table.service.jobs.push({
      ...{ kind: 'backup', jobId: 'job-1', status: 'RUNNING', edition: 'STANDARD', percent: 43 },
      ...{ clientId: 'c-web-2', instanceId: 'i-web-2' },
    });
    return table;
  };
  const machinesOf = ({ operations }: Table) =>
    operations.list()[0]?.machines.map(({ machine }) => `${machine.name} ${machine.whenBusy ?? '-'}`);

  it('asks whether to wait for them, leave them out, or include them', async () => {
    const table = tableWithJob();
    table.user.on.confirm = () => undefined;
    await runOn(table, clients);
    const [confirm] = table.user.ofKind('confirm');
    assert.deepEqual(confirm?.labels, ['Wait for It', 'Leave It Out', 'Include It…']);
    assert.match(confirm.detail ?? '', /^A backup is running on web-2 \(43%\)\. You can wait for it/m);
    assert.doesNotMatch(confirm.detail ?? '', /were found/);
  });

  it('marks them in the pick, as soon as it is known', async () => {
    const table = tableWithJob();
    let answer = (): void => undefined;
    const ready = new Promise<void>((resolve) => (answer = resolve));
    table.service.onProtectionRead.run = () => ready;
    const opened = table.user.opened();
    void table.flow.run({ label, clients: keyed(clients), review: 'all' });
    const pick = await opened;
    assert.ok(!pick.rows.join().includes('running'));
    answer();
    await pick.settled();
    assert.deepEqual(
      pick.rows.map((row) => row.split(' · ')[0]),
      ['- web-1 | 2.13.0', '- web-2 | backup running, 43%', '- web-3 | 2.13.0'],
    );
    pick.escape();
  });

  it('leaves them out, counted in the notification', async () => {
    const table = tableWithJob();
    table.user.on.confirm = () => 'Leave It Out';
    await runOn(table, clients);
    assert.deepEqual(table.sent(), ['c-web-1', 'c-web-3']);
    assert.equal(table.notices.shown[0], 'info: Changing the settings of 2 clients. 1 client left out.');
  });

  it('includes them once the number is typed', async () => {
    const table = tableWithJob();
    table.user.on.confirm = () => 'Include It…';
    table.user.on.confirmTyped = ({ hint }) => hint;
    await runOn(table, clients);
    assert.deepEqual(machinesOf(table), ['web-1 -', 'web-2 send', 'web-3 -']);
    assert.deepEqual(table.sent(), ['c-web-1', 'c-web-2', 'c-web-3']);
  });

  it('holds them back, and changes the others, where the user waits', async () => {
    const table = tableWithJob();
    table.user.on.confirm = () => 'Wait for It';
    await runOn(table, clients);
    assert.deepEqual(machinesOf(table), ['web-1 -', 'web-2 -', 'web-3 -']);
    assert.deepEqual(table.sent(), ['c-web-1', 'c-web-3']);
    assert.equal(table.operations.list()[0]?.holdLimitMs, 7_200_000);
  });
});
