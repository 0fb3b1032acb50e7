import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { createGate, type Gate } from '../support/gate';
import { addProfile } from '../support/host/addProfile';
import { describeWorkbench } from '../support/host/describeWorkbench';
import type { OpenWorkbench } from '../support/host/openWorkbench';
import { afterAll, beforeAll, describe, it } from '../support/host/test';

/** An account with one region and clients of which the first is outdated. */
interface Account {
  readonly simulator: Simulator;
  readonly gate: Gate;
}

describe('two profiles of two accounts', () => {
  let production: Account;
  let staging: Account;

  beforeAll(async () => {
    production = await anAccount(1, 'cn-hangzhou', ['web-01', 'web-02']);
    staging = await anAccount(2, 'cn-shanghai', ['db-01']);
    assert.notEqual(production.simulator.accountId, staging.simulator.accountId);
  });
  afterAll(() => Promise.all([production.simulator.dispose(), staging.simulator.dispose()]));

  describeWorkbench(
    'side by side',
    () => ({
      settings: {
        'cloudBackup.endpoints.regions': Object.fromEntries(
          [production, staging].map(({ simulator: { regionId, endpoint } }) => [
            regionId,
            { hbr: endpoint, ecs: endpoint, sts: endpoint },
          ]),
        ),
        'workbench.colorTheme': 'Dark Modern',
      },
    }),
    (workbench) => {
      it('are shown together once both are ticked, each with its own rows', async () => {
        const bench = workbench();
        await bench.openContainer('Alibaba Cloud Backup');
        await addProfile(bench, 'production', production.simulator);
        await bench.row('Activated');
        await addProfile(bench, 'staging', staging.simulator);
        await bench.status('staging · cn-shanghai');
        await bench.row(/Upgrade available\s*1/);
        await bench.treeIs(['Upgrade available 1 · 2.4.5']);
        await showBoth(bench, 'production');
        await bench.row(/production · cn-hangzhou\s*2 · 1 upgrade available/);
        await bench.row(/staging · cn-shanghai\s*1 · 1 upgrade available/);
        await bench.expand(/^Upgrade available/);
        await bench.expand('cn-hangzhou-b');
        await bench.row('web-01');
        await bench.status('2 profiles · 2 regions');
        await bench.notifications(true);
        await bench.screenshot('profiles-side-by-side');
      });

      it('are changed one at a time, in the name of the account that is meant', async () => {
        const bench = workbench();
        await bench.command('Alibaba Cloud Backup: Upgrade All…');
        await bench.quickPick('Select Region');
        await bench.pick('staging');
        const text = await bench.modal('Upgrade the client on db-01 in China (Shanghai)?');
        assert.match(text, new RegExp(`Account ${staging.simulator.accountId}, profile staging`));
        await bench.screenshot('profiles-side-by-side-confirm');
        await bench.answerModal('Upgrade');
        await bench.toast('Upgraded');
        assert.equal(calls(staging, 'UpgradeBackupClients'), 1);
        assert.equal(calls(production, 'UpgradeBackupClients'), 0);
        await bench.notifications(true);
      });

      it('leave nothing behind when another one is switched to, not even a call', async () => {
        const bench = workbench();
        staging.gate.close(({ action }) => action === 'DescribeBackupClients');
        await bench.command('Alibaba Cloud Backup: Refresh Clients');
        await bench.eventually(
          () => Promise.resolve(staging.gate.held > 0 ? true : undefined),
          'It is not listed.',
        );
        await bench.command('Alibaba Cloud Backup: Switch Profile…');
        await bench.quickPick('Switch Profile');
        await bench.pick('production');
        await bench.status('production · cn-hangzhou');
        await showsNothingOf(bench, /staging|production ·/);
        await bench.row(/^\s*Upgrade available\s*1 ·/);

        // What is switched to has not answered yet, and of the one before nothing is left.
        await bench.command('Alibaba Cloud Backup: Switch Profile…');
        await bench.quickPick('Switch Profile');
        const asked = production.simulator.journal().length;
        await bench.pick('staging');
        await bench.status('staging · cn-shanghai');
        await showsNothingOf(bench, /production|web-|Upgrade available/);
        staging.gate.open();
        await bench.row(/^\s*Activated\s*1$/);
        await bench.treeIs(['Activated 1']);
        assert.equal(production.simulator.journal().length, asked, 'the profile that was left was asked');
      });

      it('leave the other one in view when one is removed', async () => {
        const bench = workbench();
        await showBoth(bench, 'production');
        await bench.row(/production · cn-hangzhou\s*2 · 1 upgrade available/);
        await bench.command('Alibaba Cloud Backup: Remove Profile…');
        await bench.quickPick('Remove Profile');
        await bench.pick('staging');
        const text = await bench.modal('Remove the profile “staging”?');
        assert.match(text, new RegExp(staging.simulator.accountId));
        await bench.answerModal('Remove');
        await bench.status('production · cn-hangzhou');
        await showsNothingOf(bench, /staging|production ·/);
        await bench.row(/^\s*Upgrade available\s*1 ·/);
        await bench.screenshot('profiles-one-removed');
      });
    },
  );

  /** What goes out of view has gone when the workbench has painted; what waits for an answer waits on. */
  async function showsNothingOf(bench: OpenWorkbench, what: RegExp): Promise<void> {
    await bench.eventually(
      async () => ((await bench.tree()).some((line) => what.test(line)) ? undefined : true),
      `${what} is still in view.`,
    );
  }

  /** Shows another profile beside the one in view. */
  async function showBoth(bench: OpenWorkbench, other: string): Promise<void> {
    await bench.command('Alibaba Cloud Backup: Show Multiple Profiles…');
    await bench.quickPick('Show Multiple Profiles');
    await bench.pickMany(other);
  }
});

function calls({ simulator }: Account, action: string): number {
  return simulator.journal().filter((call) => call.action === action).length;
}

async function anAccount(seed: number, regionId: string, names: readonly string[]): Promise<Account> {
  const simulator = await startSimulator({ clients: 0, timeScale: 60, seed, regionId });
  for (const [index, name] of names.entries()) {
    simulator.insertClient({
      InstanceId: `i-${name}`,
      InstanceName: name,
      ZoneId: `${regionId}-b`,
      ClientVersion: index === 0 ? '2.4.1' : '2.4.5',
      MaxClientVersion: '2.4.5',
      BackupStatus: 'PROTECTED',
    });
  }
  return { simulator, gate: createGate(simulator) };
}
