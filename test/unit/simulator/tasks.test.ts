import { strict as assert } from 'node:assert';
import type { ClientRow, Instance } from '../../../simulator/main';
import { ask, records, refused, results, simulators, task, type Running } from './caller';

/** Runs an operation on machines given by instance id. */
function submit(
  running: Running,
  action: string,
  ...instanceIds: string[]
): Promise<Record<string, unknown>> {
  return ask(running, action, { InstanceIds: JSON.stringify(instanceIds) });
}

function row(running: Running, instanceId: string): ClientRow | undefined {
  return running.simulator.clients().find((client) => client.InstanceId === instanceId);
}

/** ECS instances that could take a client now, with what their record says. */
function fit(running: Running, filter: (client: ClientRow | undefined) => boolean): Instance[] {
  return running.simulator
    .instances()
    .filter((instance) => instance.status === 'Running' && instance.assistantRunning)
    .filter((instance) => filter(row(running, instance.instanceId)));
}

function ids(instances: readonly Instance[]): string[] {
  return instances.map(({ instanceId }) => instanceId);
}

function two(instanceIds: readonly string[]): [string, string] {
  const [one, other] = instanceIds;
  assert.ok(one !== undefined && other !== undefined);
  return [one, other];
}

function idle(running: Running): string[] {
  return ids(fit(running, (client) => client === undefined));
}

function outdated(running: Running): string[] {
  return ids(
    fit(
      running,
      (client) => client?.Status === 'ACTIVATED' && client.ClientVersion !== client.MaxClientVersion,
    ),
  );
}

function statuses(answer: Record<string, unknown>): unknown[] {
  return records(answer['InstanceStatuses']).map((each) => each['ErrorCode']);
}

describe('the tasks of the simulator', () => {
  const start = simulators();

  it('upgrade clients one after the other to the newest version', async () => {
    const running = await start();
    const [one, other] = two(outdated(running));
    const { TaskId } = await submit(running, 'UpgradeBackupClients', one, other);
    assert.deepEqual([row(running, one)?.Status, row(running, other)?.Status], ['UPGRADING', 'UPGRADING']);
    running.time.move(120);
    const staggered = await task(running, TaskId);
    assert.deepEqual(results(staggered, 'clientStatus'), ['ACTIVATED', 'UPGRADING']);
    assert.equal(row(running, one)?.ClientVersion, '2.13.2');
    assert.notEqual(row(running, other)?.ClientVersion, '2.13.2');
    running.time.move(40);
    assert.deepEqual(results(await task(running, TaskId), 'clientStatus'), ['ACTIVATED', 'ACTIVATED']);
    assert.equal(row(running, other)?.ClientVersion, '2.13.2');
  });

  it('leave a stopped record behind an uninstall, and take a reinstall with the same client id', async () => {
    const running = await start();
    const [id] = outdated(running);
    assert.ok(id);
    const before = row(running, id);
    const both = { InstanceIds: JSON.stringify([id]), ClientIds: JSON.stringify([before?.ClientId]) };
    const { TaskId } = await ask(running, 'UninstallBackupClients', both);
    running.time.move(60);
    assert.deepEqual(results(await task(running, TaskId), 'clientStatus'), ['NOT_INSTALLED']);
    assert.equal(row(running, id)?.Status, 'STOPPED');
    await submit(running, 'InstallBackupClients', id);
    running.time.move(90);
    assert.deepEqual([row(running, id)?.Status, row(running, id)?.ClientId], ['ACTIVATED', before?.ClientId]);
  });

  it('divide their durations by the time scale, and show at least four steps to who looks every three seconds', async () => {
    const running = await start({ timeScale: 10 });
    const [id] = outdated(running);
    assert.ok(id);
    const { TaskId } = await submit(running, 'UpgradeBackupClients', id);
    const progress: unknown[] = [];
    for (let poll = 0; poll < 5; poll++) {
      running.time.move(3);
      progress.push((await task(running, TaskId))['Progress']);
    }
    assert.deepEqual(progress, [20, 40, 60, 80, 100]);
  });

  it('refuse one machine with the call itself, and name the reason', async () => {
    const running = await start();
    const { simulator } = running;
    const [id] = idle(running);
    const [old] = outdated(running);
    const current = fit(
      running,
      (client) => client?.Status === 'ACTIVATED' && client.ClientVersion === client.MaxClientVersion,
    )[0]?.instanceId;
    assert.ok(id !== undefined && old !== undefined && current !== undefined);
    const refuse = (action: string, instanceId: string): Promise<string> =>
      refused(running, action, { InstanceIds: JSON.stringify([instanceId]) });
    assert.equal(await refuse('InstallBackupClients', 'i-none'), '404 InstanceNotExists');
    assert.equal(await refuse('InstallBackupClients', current), '400 ClientAlreadyInstalled');
    assert.equal(await refuse('UpgradeBackupClients', current), '400 ClientVersionIsLatest');
    assert.equal(await refuse('UninstallBackupClients', id), '400 ClientNotInstalled');
    simulator.updateInstance(id, { assistantRunning: false });
    assert.equal(await refuse('InstallBackupClients', id), '400 CloudAssistNotRunningOnInstance');
    simulator.updateInstance(id, { status: 'Stopped' });
    assert.equal(await refuse('InstallBackupClients', id), '400 InstanceNotRunning');
    simulator.deleteInstance(id);
    assert.equal(await refuse('InstallBackupClients', id), '404 InstanceNotExists');
    await submit(running, 'UpgradeBackupClients', old);
    assert.equal(await refuse('UninstallBackupClients', old), '400 ClientIsBusy');
  });

  it('allow 20 machines to install, 100 to upgrade and 20 to uninstall, and at least one', async () => {
    const running = await start();
    const many = (count: number): string =>
      JSON.stringify(Array.from({ length: count }, (_, index) => `i-${index}`));
    const limits = { InstallBackupClients: 20, UpgradeBackupClients: 100, UninstallBackupClients: 20 };
    for (const [action, limit] of Object.entries(limits)) {
      await ask(running, action, { InstanceIds: many(limit) });
      assert.equal(await refused(running, action, { InstanceIds: many(limit + 1) }), '400 BadRequest');
    }
    await ask(running, 'UpgradeBackupClients', { InstanceIds: many(50), ClientIds: many(50) });
    assert.equal(
      await refused(running, 'UpgradeBackupClients', { InstanceIds: many(50), ClientIds: many(51) }),
      '400 BadRequest',
    );
    assert.equal(await refused(running, 'UpgradeBackupClients', { InstanceIds: '[]' }), '400 BadRequest');
    assert.equal(await refused(running, 'InstallBackupClients'), '400 MissingParameter');
  });

  it('work through client ids, and only on ECS clients', async () => {
    const running = await start();
    const [id] = outdated(running);
    assert.ok(id);
    const [local] = running.simulator.clients('LOCAL_CLIENT');
    const ClientIds = JSON.stringify([row(running, id)?.ClientId, local?.ClientId, 'c-none']);
    const answer = await ask(running, 'UpgradeBackupClients', { ClientIds });
    assert.deepEqual(statuses(answer), ['', 'InstanceNotExists', 'InstanceNotExists']);
    assert.equal(records(answer['InstanceStatuses'])[0]?.['InstanceId'], id);
  });

  it('work on a client that a test has put in', async () => {
    const running = await start();
    running.simulator.insertClient({ InstanceId: 'i-mine', ClientVersion: '2.4.5' });
    await submit(running, 'UpgradeBackupClients', 'i-mine');
    running.time.move(150);
    assert.equal(row(running, 'i-mine')?.ClientVersion, '2.13.2');
  });

  it('fail with progress -1, and say so of every machine that was not done', async () => {
    const running = await start({ faults: [{ action: '*', fault: 'taskFails', errorCode: 'DiskFull' }] });
    const [one, other] = two(outdated(running));
    const { TaskId } = await submit(running, 'UpgradeBackupClients', one, other);
    running.time.move(100);
    const view = await task(running, TaskId);
    assert.equal(view['Progress'], -1);
    assert.deepEqual(results(view, 'clientStatus'), ['UPGRADE_FAILED', 'UPGRADE_FAILED']);
    assert.deepEqual(results(view, 'errorCode'), ['DiskFull', 'DiskFull']);
    assert.equal(row(running, one)?.Status, 'UPGRADE_FAILED');
    running.simulator.setFaults([]);
    await submit(running, 'UpgradeBackupClients', one, other);
    running.time.move(160);
    assert.equal(row(running, one)?.Status, 'ACTIVATED');
  });

  it('are known only to the account that started them', async () => {
    const running = await start();
    const [id] = idle(running);
    const [branch] = running.simulator.crossAccounts;
    assert.ok(id !== undefined && branch);
    const { TaskId } = await submit(running, 'InstallBackupClients', id);
    const RoleArn = `acs:ram::${branch.accountId}:role/${branch.roleName}`;
    const answer = await ask(running, 'AssumeRole', { RoleArn, RoleSessionName: 'other' });
    const [credentials] = records([answer['Credentials']]);
    const key = {
      accessKeyId: String(credentials?.['AccessKeyId']),
      accessKeySecret: String(credentials?.['AccessKeySecret']),
      securityToken: String(credentials?.['SecurityToken']),
    };
    assert.equal(
      await refused(running, 'DescribeTask', { TaskId: String(TaskId) }, { key }),
      '404 TaskNotFound',
    );
    assert.equal(await refused(running, 'DescribeTask'), '400 MissingParameter');
  });

  it('are under way when the world begins, started by someone else, and come to their end', async () => {
    const running = await start({ timeScale: 10 });
    const busy = running.simulator
      .clients()
      .filter((client) => ['INSTALLING', 'UPGRADING', 'UNINSTALLING'].includes(client.Status));
    assert.deepEqual(busy.map((client) => client.Status).sort(), ['INSTALLING', 'UNINSTALLING', 'UPGRADING']);
    running.time.move(15);
    for (const { InstanceId, Status } of busy) assert.equal(row(running, InstanceId)?.Status, Status);
    running.time.move(40);
    for (const { InstanceId, Status } of busy) {
      const expected = Status === 'UNINSTALLING' ? 'STOPPED' : 'ACTIVATED';
      assert.equal(row(running, InstanceId)?.Status, expected);
    }
  });
});
