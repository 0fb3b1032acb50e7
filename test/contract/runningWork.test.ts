import { strict as assert } from 'node:assert';
import { startSimulator, type FaultRule, type Simulator } from '../../simulator/main';
import { nextRunOf } from '../../src/core/protection/plannedBackups';
import { readPlannedBackups } from '../../src/core/protection/readPlans';
import { readWork } from '../../src/core/protection/readWork';
import { neverCancelled } from '../support/apiBuilders';
import { createKeptLog } from '../support/operationBuilders';
import { realClock } from '../support/realClock';
import { createPatientClock, createSimulatedApi, type Simulated } from '../support/simulated';

describe('what runs on clients, as it is read from the service', () => {
  let simulator: Simulator;
  let simulated: Simulated;
  let nowMs: number;
  let instanceIds: readonly string[];

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
    simulator = await startSimulator({ clients: 0, clock: { nowMs: () => nowMs } });
    simulated = createSimulatedApi(simulator, { clock: createPatientClock(() => nowMs) });
    instanceIds = [0, 1, 2, 3].map(
      (n) => simulator.insertClient({ InstanceId: `i-bp1demo${1000 + n}` }).InstanceId,
    );
  });
  afterEach(async () => {
    simulated.api.dispose();
    await simulator.dispose();
  });

  const nowS = (): number => Math.floor(nowMs / 1000);
  const faulty = (fault: FaultRule['fault']) =>
    simulator.setFaults([{ action: 'DescribeBackupJobs2', fault }]);
  const deps = () => ({
    api: simulated.api,
    clock: realClock,
    log: createKeptLog(),
    serviceNow: () => nowMs,
  });
  const machines = () => instanceIds.map((instanceId) => ({ key: instanceId, instanceId }));
  const kinds = async () => {
    const works = await readWork(deps(), simulated.scope, machines(), neverCancelled);
    return instanceIds.map((id) => works.get(id)?.kind);
  };

  it('is found for backups of both editions and for restores, and gone when they end', async () => {
    const [first = '', second = '', third = '', fourth = ''] = instanceIds;
    simulator.putJob({ InstanceId: first }, { endsInSeconds: 60 });
    simulator.putJob({ InstanceId: second, Status: 'QUEUED' }, { edition: 'BASIC' });
    simulator.putRestore({ TargetInstanceId: third, SourceInstanceId: fourth });
    assert.deepEqual(await kinds(), ['running', 'running', 'running', 'none']);
    nowMs += 61_000;
    assert.deepEqual(await kinds(), ['none', 'running', 'running', 'none']);
  });

  it('is found although the service refuses to list by such statuses', async () => {
    const [first = '', second = ''] = instanceIds;
    simulator.putJob({ InstanceId: first });
    simulator.putJob({ InstanceId: second, Status: 'COMPLETE' });
    faulty('unfinishedRefused');
    assert.deepEqual(await kinds(), ['running', 'none', 'none', 'none']);
  });

  it('is found although the service lists nothing by such statuses, as a plan names what it started', async () => {
    const [first = '', second = ''] = instanceIds;
    const Schedule = `I|${nowS() + 30}|PT1H`;
    simulator.putPlan({ InstanceId: first, Schedule }, { backupSeconds: 600 });
    simulator.putPlan({ InstanceId: second, Schedule: `I|${nowS() + 3000}|PT1H` }, { backupSeconds: 600 });
    faulty('unfinishedHidden');
    assert.deepEqual(await kinds(), ['none', 'none', 'none', 'none']);
    // The first job of its plan, then a later one.
    for (const seconds of [60, 3600]) {
      nowMs += seconds * 1000;
      assert.equal((await kinds())[0], 'running', String(seconds));
    }
    nowMs += 600_000;
    assert.equal((await kinds())[0], 'none');
  });

  it("can't be told where reading is denied, and a job in a status of the future counts", async () => {
    const [first = '', second = ''] = instanceIds;
    simulator.putJob({ InstanceId: first, Status: 'PREPARING' });
    simulator.putJob({ InstanceId: second, Status: 'UNKNOWN' });
    faulty('unknownFiltersIgnored');
    faulty('unfinishedRefused');
    assert.deepEqual((await kinds()).slice(0, 2), ['running', 'unknown']);
    faulty('denied');
    assert.deepEqual(await kinds(), ['unknown', 'unknown', 'unknown', 'unknown']);
  });

  it("can't be told of the others where more goes on than ten pages of jobs have", async () => {
    const [busy = '', other = ''] = instanceIds;
    for (let n = 0; n < 990; n++) simulator.putJob({ InstanceId: busy, CreatedTime: nowS() - n });
    assert.deepEqual((await kinds()).slice(0, 2), ['running', 'none']);
    simulator.putJob({ InstanceId: other, CreatedTime: nowS() - 9999 });
    const works = await readWork(deps(), simulated.scope, machines(), neverCancelled);
    assert.equal(works.get(busy)?.kind, 'running');
    assert.deepEqual(works.get(other), {
      kind: 'unknown',
      gaps: [{ call: 'hbr:DescribeBackupJobs2', why: 'cut-off' }],
    });
  });

  it('comes with the next run by plan or policy, whichever is sooner', async () => {
    const [first = '', second = ''] = instanceIds;
    simulator.putPlan({ InstanceId: first, Schedule: `I|${nowS() + 3000}|P1D` });
    const { PolicyId } = simulator.putPolicy();
    simulator.putBinding({ PolicyId, DataSourceId: first });
    simulator.putEssential(second);
    const planned = await readPlannedBackups(deps(), simulated.scope, machines(), neverCancelled);
    assert.deepEqual(planned.gaps, []);
    const { backups } = planned.of({ instanceId: first });
    assert.deepEqual(
      backups.map(({ kind }) => kind),
      ['plan', 'policy'],
    );
    const next = nextRunOf(planned.of({ instanceId: first }), nowS());
    assert.ok(next.kind === 'at' && next.at >= nowS() && next.at <= nowS() + 3000);
    assert.deepEqual(
      instanceIds.map((instanceId) => planned.of({ instanceId }).essential),
      [false, true, false, false],
    );
  });
});
