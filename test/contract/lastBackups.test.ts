import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { ListingBackups } from '../../src/core/clients/backups/listingBackups';
import type { InventoryState } from '../../src/core/clients/inventory';
import { keyClients } from '../../src/core/service/clientFacts';
import type { BackupClient } from '../../src/core/service/model';
import { createPatientClock, createSimulatedApi } from '../support/simulated';

describe('last backups from the simulator', () => {
  let simulator: Simulator;
  afterEach(() => simulator.dispose());

  const read = async () => {
    const { api, scope } = createSimulatedApi(simulator);
    const { signal } = new AbortController();
    const rows: BackupClient[] = [];
    for await (const page of api.listClients(scope, {}, { signal })) rows.push(...page.clients);
    const clients = keyClients(rows);
    const state: InventoryState = {
      ...{
        scope,
        clients,
        phase: 'ready' as const,
        received: rows.length,
        total: rows.length,
        listedAt: Date.now(),
      },
      ...{ changedWhileReading: false, error: undefined },
    };
    const listing = new ListingBackups(
      {
        ...{ api, clock: createPatientClock(), log: { write: () => undefined } },
        serviceNow: () => Date.now() + (api.clockOffsetMs(scope) ?? 0),
      },
      { scope, inventory: { state, refresh: () => Promise.resolve() } },
    );
    await listing.read({ explicit: false, overdueHours: 0 }, { signal });
    return { clients, listing };
  };
  const callsOf = (action: string): number =>
    simulator.journal().filter((one) => one.action === action).length;

  it('are known of each protected client after about one call per 90', async () => {
    simulator = await startSimulator({ clients: 1_000, seed: 5 });
    const { clients, listing } = await read();
    const wanted = [...clients].filter(([, { backupStatus }]) => backupStatus === 'PROTECTED');
    assert.ok(wanted.length > 600, `${wanted.length} protected`);
    for (const [key] of wanted) assert.equal(listing.facts.lastBackups.get(key)?.kind, 'at', key);
    assert.equal(listing.facts.overdue.size, 0);
    const most = Math.ceil(wanted.length / 90);
    assert.ok(callsOf('DescribeBackupJobs2') <= most, `${callsOf('DescribeBackupJobs2')} of ${most} calls`);
    assert.equal(callsOf('DescribeBackupPlans'), 2);
  });

  it('are overdue in a varied world where backups fail, and not where plans are suspended or weekly', async () => {
    simulator = await startSimulator({ clients: 250, backups: true, seed: 5 });
    const { clients, listing } = await read();
    const plansOf = (instanceId: string | undefined) =>
      [...simulator.plans(), ...simulator.plans('BASIC')].filter((plan) => plan.InstanceId === instanceId);
    const active = [...clients].filter(([, { status }]) => status === 'ACTIVATED');
    const overdue = active.filter(([key]) => listing.facts.overdue.has(key));
    assert.ok(overdue.length > 0);
    const newestOf = (instanceId: string | undefined): number =>
      Math.max(
        0,
        ...simulator
          .jobs()
          .filter((job) => job.InstanceId === instanceId && /COMPLETE$/.test(job.Status))
          .map((job) => job.CompleteTime),
      );
    const limits: Readonly<Record<string, number>> = { PT1H: 2, PT2H: 4, PT6H: 12, P1D: 48, P1W: 14 * 24 };
    for (const [key, { instanceId, backupStatus }] of active) {
      const plans = plansOf(instanceId);
      const hours = Math.min(
        ...plans
          .filter(({ Disabled }) => !Disabled)
          .map(({ Schedule }) => limits[Schedule.split('|')[2] ?? ''] ?? 0),
      );
      const limit = plans.length === 0 ? 48 : hours;
      const age = Date.now() / 1000 - newestOf(instanceId);
      const expected = (backupStatus === 'PROTECTED' || hours < Infinity) && age > limit * 3600;
      assert.equal(listing.facts.overdue.has(key), expected, `${key} ${age} ${limit}`);
    }
  });
});
