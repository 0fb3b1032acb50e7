import { strict as assert } from 'node:assert';
import { isEnd } from '../../../simulator/jobs';
import type { Simulator } from '../../../simulator/main';
import { ask, record, records, refused, simulators, type Running } from './caller';

const listJobs = async (running: Running, query: Record<string, string> = {}) =>
  records(record((await ask(running, 'DescribeBackupJobs2', query))['BackupJobs'])['BackupJob']);

const goingOn = (simulator: Simulator) => simulator.jobs().filter(({ Status }) => !isEnd(Status));

describe('the backups of the simulator', () => {
  const start = simulators();

  it('are one completed backup of the last day for each protected client, unless more is wanted', async () => {
    const { simulator, time } = await start({ clients: 250 });
    const nowS = time.nowMs() / 1000;
    const protectedIds = simulator
      .clients()
      .filter(({ BackupStatus }) => BackupStatus === 'PROTECTED')
      .map(({ InstanceId }) => InstanceId);
    const jobs = simulator.jobs();
    assert.deepEqual(jobs.map(({ InstanceId }) => InstanceId).sort(), protectedIds.sort());
    assert.ok(jobs.every(({ Status }) => Status === 'COMPLETE'));
    assert.ok(jobs.every(({ CompleteTime }) => CompleteTime > nowS - 86_400 && CompleteTime <= nowS));
    assert.deepEqual([simulator.plans(), simulator.policies(), simulator.essentialIds()], [[], [], []]);
  });

  it('leave the machines of a seed as they are', async () => {
    const [plain, varied] = [await start({ seed: 7 }), await start({ seed: 7, backups: true })];
    assert.deepEqual(varied.simulator.clients(), plain.simulator.clients());
    assert.deepEqual(varied.simulator.instances(), plain.simulator.instances());
    const same = await start({ seed: 7, backups: true });
    assert.deepEqual(same.simulator.jobs(), varied.simulator.jobs());
    assert.deepEqual(same.simulator.plans(), varied.simulator.plans());
  });

  it('are of every kind where they are wanted, and fit what the clients say', async () => {
    const { simulator, time } = await start({ clients: 250, backups: true });
    const nowS = time.nowMs() / 1000;
    const plans = [...simulator.plans(), ...simulator.plans('BASIC')];
    const planned = new Set([
      ...plans.map(({ InstanceId }) => InstanceId),
      ...simulator.bindings().map(({ DataSourceId }) => DataSourceId),
    ]);
    for (const { InstanceId, BackupStatus } of simulator.clients()) {
      assert.equal(planned.has(InstanceId), BackupStatus === 'PROTECTED', InstanceId);
    }
    const jobs = simulator.jobs();
    assert.deepEqual(
      new Set(jobs.map(({ Status }) => Status)),
      new Set(['RUNNING', 'QUEUED', 'COMPLETE', 'PARTIAL_COMPLETE', 'FAILED']),
    );
    assert.ok(plans.some(({ Disabled }) => Disabled));
    const intervals = new Set(plans.map(({ Schedule }) => Schedule.split('|')[2]));
    for (const interval of ['PT1H', 'P1D', 'P1W']) assert.ok(intervals.has(interval), interval);
    assert.equal(simulator.essentialIds().length, 2);
    assert.equal(simulator.policies().length, 2);
    assert.ok(simulator.bindings().length > 3);
    assert.deepEqual(
      simulator.restores().map(({ Status }) => Status),
      ['RUNNING'],
    );
    const newest = new Map(
      jobs
        .filter(({ Status }) => Status === 'COMPLETE')
        .reverse()
        .map((job) => [job.InstanceId, job.CompleteTime]),
    );
    assert.ok([...newest.values()].some((seconds) => nowS - seconds > 10 * 86_400));
  });

  it('go on after the start: one ends within minutes, and some machine is busy hours later', async () => {
    const { simulator, time } = await start({ clients: 250, backups: true });
    const first = goingOn(simulator);
    time.move(60);
    const afterMinute = goingOn(simulator).map(({ JobId }) => JobId);
    assert.ok(first.every(({ JobId }) => afterMinute.includes(JobId)));
    time.move(5 * 60);
    const left = new Set(goingOn(simulator).map(({ JobId }) => JobId));
    const ended = first.filter(({ JobId }) => !left.has(JobId));
    assert.ok(ended.length >= 1 && left.size >= 3, `${ended.length} ended, ${left.size} go on`);
    for (let hour = 0; hour < 30; hour++) {
      time.move(3500);
      assert.ok(goingOn(simulator).length >= 1, `hour ${hour}`);
    }
  });

  it('are going on for some clients that can be upgraded, and one of them ends within minutes', async () => {
    const { simulator, time } = await start({ clients: 250, backups: true });
    const first = goingOn(simulator);
    const outdated = simulator
      .clients()
      .filter((row) => row.Status === 'ACTIVATED' && row.ClientVersion !== row.MaxClientVersion)
      .map(({ InstanceId }) => InstanceId);
    time.move(4 * 60 + 30);
    const later = goingOn(simulator).map(({ JobId }) => JobId);
    const soon = first.filter(
      ({ JobId, InstanceId }) => outdated.includes(InstanceId) && !later.includes(JobId),
    );
    assert.equal(soon.length, 1);
    const busy = new Set(first.map(({ InstanceId }) => InstanceId));
    const free = outdated.filter((id) => !busy.has(id));
    assert.ok(outdated.length - free.length >= 3 && free.length > 20);
  });

  it('are sorted by creation, newest first, or the other way round', async () => {
    const running = await start({ backups: true });
    const down = (await listJobs(running, { PageSize: '99' })).map((job) => Number(job['CreatedTime']));
    assert.deepEqual(
      down,
      [...down].sort((one, other) => other - one),
    );
    const up = await listJobs(running, { PageSize: '99', SortDirection: 'ASCEND' });
    assert.deepEqual(
      up[0],
      running.simulator.jobs().findLast(({ JobId }) => JobId === up[0]?.['JobId']),
    );
    assert.ok(Number(up[0]?.['CreatedTime']) < Number(down[0]));
  });

  it('can be filtered by keys in any case, with every operator', async () => {
    const running = await start({ clients: 0 });
    const { simulator } = running;
    for (const CreatedTime of [100, 200, 300]) {
      simulator.putJob({
        ...{ InstanceId: `i-${CreatedTime}`, CreatedTime, CompleteTime: CreatedTime + 10 },
        Status: CreatedTime === 100 ? 'FAILED' : 'COMPLETE',
      });
    }
    const found = async (key: string, operator: string, ...values: string[]) => {
      const filter = Object.fromEntries([
        ['Filters.1.Key', key],
        ...(operator === '' ? [] : [['Filters.1.Operator', operator]]),
        ...values.map((value, index) => [`Filters.1.Values.${index + 1}`, value]),
      ]) as Record<string, string>;
      return (await listJobs(running, filter)).map((job) => job['CreatedTime']);
    };
    assert.deepEqual(await found('InstanceId', 'IN', 'i-100', 'i-300'), [300, 100]);
    assert.deepEqual(await found('instanceid', '', 'i-200'), [200]);
    assert.deepEqual(await found('STATUS', 'NOT_EQUAL', 'FAILED'), [300, 200]);
    assert.deepEqual(await found('Status', 'EQUAL', 'FAILED'), [100]);
    assert.deepEqual(await found('CreatedTime', 'GREATER_THAN', '200'), [300]);
    assert.deepEqual(await found('CreatedTime', 'GREATER_THAN_OR_EQUAL', '200'), [300, 200]);
    assert.deepEqual(await found('CompleteTime', 'LESS_THAN', '210'), [100]);
    assert.deepEqual(await found('CompleteTime', 'LESS_THAN_OR_EQUAL', '210'), [200, 100]);
    assert.deepEqual(await found('CompleteTime', 'BETWEEN', '110', '210'), [200, 100]);
  });

  it('are refused for parameters that the service does not take', async () => {
    const running = await start({ clients: 0 });
    const filter = (key: string, operator: string, value: string) => ({
      ...{ 'Filters.1.Key': key, 'Filters.1.Operator': operator, 'Filters.1.Values.1': value },
    });
    const tooMany = Object.fromEntries(
      Array.from({ length: 501 }, (_, index) => [`Filters.1.Values.${index + 1}`, `i-${index}`]),
    );
    const wrong: readonly (readonly [string, Record<string, string>])[] = [
      ['DescribeBackupJobs2', { PageSize: '100' }],
      ['DescribeBackupJobs2', { Edition: 'ESSENTIAL' }],
      ['DescribeBackupJobs2', { SourceType: 'DISK' }],
      ['DescribeBackupJobs2', { SortDirection: 'DOWN' }],
      ['DescribeBackupJobs2', { Filters: '[{"Key":"InstanceId","Values":["i-a"]}]' }],
      ['DescribeBackupJobs2', filter('HostName', 'IN', 'a')],
      ['DescribeBackupJobs2', filter('Status', 'LIKE', 'RUN')],
      ['DescribeBackupJobs2', filter('CompleteTime', 'IN', '5')],
      ['DescribeBackupJobs2', filter('CreatedTime', 'GREATER_THAN', 'yesterday')],
      ['DescribeRestoreJobs2', filter('CreatedTime', 'GREATER_THAN', '5')],
      ['DescribeBackupPlans', filter('instanceId', 'IN', 'i-a')],
      ['DescribePolicyBindings', { DataSourceIds: 'i-a' }],
      ['DescribePoliciesV2', { NextToken: 'made-up' }],
      ['ListProtectedResources', { CreatedByProduct: 'STANDARD' }],
      ['ListProtectedResources', { Skip: '7', MaxResults: '10' }],
    ];
    for (const [action, query] of wrong) {
      assert.equal(await refused(running, action, query), '400 BadRequest', JSON.stringify(query));
    }
    assert.equal(
      await refused(
        running,
        'DescribeBackupJobs2',
        {},
        { form: { 'Filters.1.Key': 'InstanceId', ...tooMany } },
      ),
      '400 BadRequest',
    );
    running.simulator.setFaults([
      { action: '*', fault: 'unknownFiltersIgnored', nth: 1 },
      { action: '*', fault: 'largePages', nth: 2 },
    ]);
    assert.deepEqual(await listJobs(running, filter('HostName', 'IN', 'a')), []);
    assert.deepEqual(await listJobs(running, { PageSize: '100' }), []);
  });

  it('take filters from a form and the rest from the query', async () => {
    const running = await start({ clients: 0 });
    running.simulator.putJob({ InstanceId: 'i-a' });
    running.simulator.putJob({ InstanceId: 'i-b' });
    const answer = await ask(
      running,
      'DescribeBackupJobs2',
      { SourceType: 'ECS_FILE' },
      { form: { 'Filters.1.Key': 'InstanceId', 'Filters.1.Values.1': 'i-b' } },
    );
    assert.equal(answer['TotalCount'], 1);
    const other = await ask(running, 'DescribeBackupJobs2', { SourceType: 'NAS' });
    assert.deepEqual([other['TotalCount'], other['BackupJobs']], [0, { BackupJob: [] }]);
  });

  it('run once at a time for each plan', async () => {
    const { simulator } = await start({ clients: 250, backups: true });
    const busy = goingOn(simulator).map(({ PlanId, InstanceId }) => `${PlanId} ${InstanceId}`);
    assert.equal(new Set(busy).size, busy.length);
  });
});
