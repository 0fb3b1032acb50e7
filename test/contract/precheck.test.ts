import { strict as assert } from 'node:assert';
import { startPrecheck } from '../../src/core/change/precheck';
import { keyClients } from '../../src/core/service/clientFacts';
import type { BackupClient } from '../../src/core/service/model';
import { protectionCalls } from '../../src/core/service/protection';
import { startSimulator, type Simulator } from '../../simulator/main';
import { neverCancelled } from '../support/apiBuilders';
import { createKeptLog } from '../support/operationBuilders';
import { realClock } from '../support/realClock';
import { createSimulatedApi, type Simulated } from '../support/simulated';

describe('the pre-check of a plan', () => {
  let simulator: Simulator;
  let simulated: Simulated;
  let clients: BackupClient[];

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 1300, zones: 2, seed: 7, backups: true });
    simulated = createSimulatedApi(simulator, { clock: realClock });
    clients = [];
    for await (const page of simulated.api.listClients(simulated.scope, {}, neverCancelled)) {
      clients.push(...page.clients.filter(({ status }) => status === 'ACTIVATED'));
    }
  });
  afterAll(async () => {
    simulated.api.dispose();
    await simulator.dispose();
  });

  /** Runs it over so many clients. @returns the calls of Cloud Backup that it took, by name, and what it found */
  async function check(count: number) {
    const { api, scope } = simulated;
    const before = simulator.journal().length;
    const keyed = [...keyClients(clients.slice(0, count))].map(([key, client]) => ({ key, client }));
    assert.equal(keyed.length, count);
    const deps = { instances: api, protection: api, clock: realClock, log: createKeptLog() };
    const precheck = startPrecheck({ ...deps, serviceNow: () => Date.now() }, scope, keyed);
    await precheck.settled(60_000, neverCancelled);
    const calls = new Map<string, number>();
    for (const { action } of simulator.journal().slice(before)) {
      if (!protectionCalls.some((call) => call === `hbr:${action}`)) continue;
      calls.set(action, (calls.get(action) ?? 0) + 1);
    }
    return { calls: Object.fromEntries([...calls].sort()), facts: precheck.facts };
  }

  const one = {
    DescribeBackupJobs2: 2,
    DescribeBackupPlans: 2,
    DescribePoliciesV2: 1,
    DescribePolicyBindings: 1,
    DescribeRestoreJobs2: 2,
    ListProtectedResources: 1,
  };

  it('takes nine calls for one client', async () => {
    const { calls, facts } = await check(1);
    assert.deepEqual(calls, one);
    assert.equal(facts.works.size, 1);
  });

  it('takes few more for a hundred, and a bounded number for a thousand', async () => {
    for (const count of [100, 1000]) {
      const { calls, facts } = await check(count);
      const total = Object.values(calls).reduce((sum, each) => sum + each, 0);
      assert.ok(total <= (count === 100 ? 11 : 20), JSON.stringify(calls));
      assert.equal(facts.works.size, count);
      assert.ok([...facts.works.values()].every(({ kind }) => kind !== 'unknown'));
      assert.deepEqual(facts.planned?.gaps, []);
    }
  });
});
