import { strict as assert } from 'node:assert';
import { toBackupError } from '../../src/core/service/errors';
import type { CrossAccount, Scope } from '../../src/core/service/scope';
import { neverCancelled } from '../support/apiBuilders';
import { signedIn, type SignedIn } from '../support/signedIn';

const regions = ['cn-hangzhou', 'cn-shanghai', 'ap-southeast-1'];

async function idsOf({ api }: SignedIn, scope: Scope): Promise<string[]> {
  const ids: string[] = [];
  for await (const { clients } of api.listClients(scope, {}, neverCancelled)) {
    ids.push(...clients.map(({ instanceId }) => instanceId ?? ''));
  }
  return ids.sort();
}

/** Every call that names machines, with one that exists nowhere. */
function everyCall({ api }: SignedIn, scope: Scope): Record<string, () => Promise<unknown>> {
  const machines = { instanceIds: ['i-a', 'i-b'], clientIds: [] };
  return {
    DescribeBackupClients: () => api.listClients(scope, {}, neverCancelled).next(),
    InstallBackupClients: () => api.installClients(scope, ['i-a', 'i-b'], neverCancelled),
    UpgradeBackupClients: () => api.upgradeClients(scope, machines, neverCancelled),
    UninstallBackupClients: () => api.uninstallClients(scope, machines, neverCancelled),
  };
}

describe('other accounts', () => {
  it('are listed as the service knows them, and every call for each of them reaches its machines', () =>
    signedIn({ clients: 120, regions }, async (world) => {
      const { simulator, api } = world;
      const own = await world.addStored('user');
      const accounts = await api.listCrossAccounts('user', own.regionId, neverCancelled);
      assert.deepEqual(
        accounts.map(({ type, userId, roleName, alias }) => [type, userId, roleName ?? '', alias]),
        simulator.crossAccounts.map(({ type, accountId, roleName, alias }) => [
          ...[type, accountId, roleName],
          alias,
        ]),
      );
      for (const crossAccount of [undefined, ...accounts]) {
        for (const regionId of regions) {
          const scope: Scope = { ...own, regionId, ...(crossAccount && { crossAccount }) };
          const theirs = simulator.machines(regionId, crossAccount?.userId);
          assert.deepEqual(
            await idsOf(world, scope),
            theirs
              .clients()
              .map(({ InstanceId }) => InstanceId)
              .sort(),
          );
          simulator.clearJournal();
          for (const call of Object.values(everyCall(world, scope))) await call();
          for (const { parameters, regionId: reached } of simulator.journal()) {
            assert.equal(reached, regionId);
            assert.deepEqual(
              [
                parameters['CrossAccountType'],
                parameters['CrossAccountUserId'],
                parameters['CrossAccountRoleName'],
              ],
              [crossAccount?.type, crossAccount?.userId, crossAccount?.roleName],
            );
          }
        }
      }
    }));

  it('are refused, on every call, with a wrong role, account or kind', () =>
    signedIn({ clients: 3 }, async (world) => {
      const own = await world.addStored('user');
      const [branch, subsidiary] = world.simulator.crossAccounts;
      assert.ok(branch && subsidiary);
      const role: CrossAccount = {
        ...{ type: 'CROSS_ACCOUNT', userId: branch.accountId, roleName: branch.roleName },
      };
      const directory: CrossAccount = { type: 'CROSS_ACCOUNT_BY_RD', userId: subsidiary.accountId };
      const wrong: [CrossAccount, string][] = [
        [{ ...role, roleName: 'another' }, 'RoleNotExist'],
        [{ ...role, userId: '1000000000000000' }, 'AssumeRoleFail'],
        [{ ...role, userId: subsidiary.accountId }, 'AssumeRoleFail'],
        [{ ...directory, userId: branch.accountId }, 'BackupAccountNotInSpecifiedRd'],
      ];
      for (const [crossAccount, serviceCode] of wrong) {
        for (const [name, call] of Object.entries(everyCall(world, { ...own, crossAccount }))) {
          await assert.rejects(call, { code: 'service-role-missing', serviceCode, action: name });
        }
      }
    }));
});

describe('regions', () => {
  it('are those that the service names', () =>
    signedIn({ clients: 0 }, async (world) => {
      const { regionId } = await world.addStored('user');
      const named = await world.api.listRegions('user', regionId, neverCancelled);
      assert.equal(named.length, 29);
      assert.deepEqual(
        named.find(({ id }) => id === 'cn-shanghai'),
        { id: 'cn-shanghai', name: 'China (Shanghai)' },
      );
    }));

  it('answer each for itself: one that is denied leaves the others alone', () =>
    signedIn({ clients: 30, regions }, async (world) => {
      const own = await world.addStored('user');
      world.simulator.setFaults([{ action: '*', regionId: 'cn-shanghai', fault: 'denied' }]);
      const counts = regions.map(async (regionId) => {
        try {
          return (await idsOf(world, { ...own, regionId })).length;
        } catch (error) {
          return toBackupError(error).code;
        }
      });
      assert.deepEqual(await Promise.all(counts), [30, 'permission-denied', 10]);
    }));

  it('of the demo are reached at their own ports', () =>
    signedIn({ clients: 30, regions }, async (world) => {
      const { profiles, simulator } = world;
      const { id } = profiles.demo.connect(simulator);
      const { accountId } = simulator;
      for (const regionId of regions) {
        const scope: Scope = { profileId: id, accountId, regionId, clientType: 'ECS_CLIENT' };
        assert.equal((await idsOf(world, scope)).length, regionId === 'cn-hangzhou' ? 30 : 10);
        assert.equal(simulator.journal().at(-1)?.regionId, regionId);
      }
      assert.throws(() => profiles.keys.get(id).endpoints('cn-beijing'), { code: 'wrong-endpoint' });
    }));
});
