import { strict as assert } from 'node:assert';
import { BackupError } from '../../src/core/service/errors';
import { failureNotice } from '../../src/core/interaction/failureNotice';
import { SourceUnusable } from '../../src/core/profiles/keys/credentialSource';
import type { Scope } from '../../src/core/service/scope';
import type { Simulator } from '../../simulator/main';
import { neverCancelled } from '../support/apiBuilders';
import { addShown } from '../unit/profiles/signInFakes';
import { signedIn, type SignedIn } from '../support/signedIn';

interface Listed {
  readonly ids: readonly string[];
  readonly error?: unknown;
}

/** Lists all clients; keeps the rows that came before a failure. */
async function list({ api }: Pick<SignedIn, 'api'>, scope: Scope): Promise<Listed> {
  const ids: string[] = [];
  try {
    for await (const { clients } of api.listClients(scope, {}, neverCancelled)) {
      ids.push(...clients.map(({ instanceId }) => instanceId ?? ''));
    }
    return { ids };
  } catch (error) {
    return { ids, error };
  }
}

const rowsOf = (simulator: Simulator): string[] =>
  simulator
    .clients()
    .map(({ InstanceId }) => InstanceId)
    .sort();

function assertAllOnce({ simulator }: SignedIn, { ids, error }: Listed): void {
  assert.equal(error, undefined);
  assert.deepEqual([...ids].sort(), rowsOf(simulator));
}

/** Does something once, before the service looks at a page that is not the first. */
function inMidListing({ simulator }: SignedIn, change: () => void): void {
  const stop = simulator.onRequest(({ parameters }) => {
    if ((parameters['PageNumber'] ?? '1') === '1') return;
    stop();
    change();
  });
}

const code = (error: unknown): string => (error instanceof BackupError ? error.code : String(error));

describe('a session token of another key', () => {
  it('is named with the place where it is written, and nothing runs', () =>
    signedIn({ clients: 3 }, async (world) => {
      const { simulator, sts, profiles, outside } = world;
      const { accessKeyId, accessKeySecret, accountId, regionId } = simulator;
      const roleArn = simulator.roles.find(({ name }) => name === 'backup-operator')?.arn ?? '';
      const role = { roleArn, sessionName: 'somebody', durationSeconds: 900 };
      const pair = { accessKeyId, accessKeySecret };
      const { key: other } = await sts.assumeRole(simulator.endpoint, pair, role, neverCancelled);
      const { securityToken = '' } = other;
      const tokenName = 'ALIBABA_CLOUD_SECURITY_TOKEN';
      outside.give('default', { key: { ...pair, securityToken }, tokenName });
      const source = { kind: 'default' } as const;
      await addShown(profiles, { id: 'env', name: 'env', regionId, source });
      const scope = { profileId: 'env', accountId, regionId, clientType: 'ECS_CLIENT' } as const;
      const { error } = await list(world, { ...scope, accountId: '' });
      assert.ok(error instanceof SourceUnusable);
      assert.deepEqual([error.code, error.fate], ['credentials-expired', 'not-run']);
      assert.equal(
        failureNotice(error).message,
        "The STS token doesn't belong to this access key. Correct ALIBABA_CLOUD_SECURITY_TOKEN, " +
          'or remove it if the access key needs no token.',
      );
    }));
});

describe('a role', () => {
  it('is assumed once for many calls, and is who the service sees', () =>
    signedIn({ clients: 300 }, async (world) => {
      await world.addStored('user');
      const scope = await world.addRole('role', 'user', 'backup-operator');
      assertAllOnce(world, await list(world, scope));
      const { identity } = await world.profiles.keys.identify('role', neverCancelled);
      assert.match(identity, /assumed-role\/backup-operator\/contract-tests$/);
      assert.equal(world.calls('AssumeRole').length, 1);
      assert.deepEqual(world.calls('AssumeRole')[0]?.inQuery, []);
    }));

  for (const aheadMs of [-2 * 3_600_000, 2 * 3_600_000]) {
    it(`is assumed once where the clock of the service is ${aheadMs / 3_600_000} hours ahead`, () =>
      signedIn({ clients: 300, aheadMs }, async (world) => {
        await world.addStored('user');
        const scope = await world.addRole('role', 'user', 'backup-operator');
        assertAllOnce(world, await list(world, scope));
        const assumed = () => world.calls('AssumeRole').filter(({ executed }) => executed).length;
        for (let n = 0; n < 3; n++) assertAllOnce(world, await list(world, scope));
        assert.equal(assumed(), 1);
        world.move(55 * 60 - 1);
        assertAllOnce(world, await list(world, scope));
        assert.equal(assumed(), 1);
        world.move(1);
        assertAllOnce(world, await list(world, scope));
        assert.equal(assumed(), 2);
      }));
  }

  it('is assumed with the external id that was agreed on, else the missing permission is named', () =>
    signedIn({ clients: 3 }, async (world) => {
      await world.addStored('user');
      const scope = await world.addRole('role', 'user', 'partner-operator', { externalId: 'partner/7' });
      assertAllOnce(world, await list(world, scope));
      const without = await world.addRole('without', 'user', 'partner-operator');
      const { error } = await list(world, without);
      assert.ok(error instanceof BackupError);
      assert.equal(error.fate, 'not-run');
      const cause = error.code === 'source-unusable' ? error.cause : error;
      assert.ok(cause instanceof BackupError);
      assert.deepEqual([cause.code, cause.ramAction], ['permission-denied', 'sts:AssumeRole']);
    }));

  it('may be assumed with the key of another role', () =>
    signedIn({ clients: 3 }, async (world) => {
      await world.addStored('user');
      await world.addRole('first', 'user', 'backup-operator');
      const scope = await world.addRole('second', 'first', 'chained-operator');
      assertAllOnce(world, await list(world, scope));
      // The middle of the chain ends early: the end of it is renewed with a new middle.
      world.simulator.expireKeys();
      assertAllOnce(world, await list(world, scope));
      assert.ok(world.calls('AssumeRole').every(({ code: said }) => said === '200' || /Expired/.test(said)));
    }));

  it('is assumed anew five minutes ahead of its end, before any call is refused', () =>
    signedIn({ clients: 3 }, async (world) => {
      await world.addStored('user');
      const scope = await world.addRole('role', 'user', 'backup-operator', { durationSeconds: 1800 });
      await list(world, scope);
      world.move(1800 - 5 * 60 - 1);
      await list(world, scope);
      assert.equal(world.calls('AssumeRole').length, 1);
      world.move(1);
      assertAllOnce(world, await list(world, scope));
      assert.equal(world.calls('AssumeRole').length, 2);
      assert.ok(world.simulator.journal().every((entry) => entry.code === '200'));
    }));
});

describe('a temporary key that ends in the middle of a listing', () => {
  it('is renewed once, and every row comes once, when the service ends it', () =>
    signedIn({ clients: 3000 }, async (world) => {
      await world.addStored('user');
      const scope = await world.addRole('role', 'user', 'backup-operator');
      inMidListing(world, () => world.simulator.expireKeys());
      assertAllOnce(world, await list(world, scope));
      assert.equal(world.calls('AssumeRole').length, 2);
      const refused = world
        .calls('DescribeBackupClients')
        .filter((entry) => entry.code === 'InvalidSecurityToken.Expired');
      // Only those on their way: who comes after the first of them came back waits for the next key.
      assert.ok(refused.length > 0 && refused.length <= 16 + 4, `${refused.length} calls were refused`);
      assert.equal(world.calls('DescribeBackupClients').length, Math.ceil(3000 / 99) + refused.length);
    }));

  it('is renewed once when the time is over', () =>
    signedIn({ clients: 3000 }, async (world) => {
      await world.addStored('user');
      const scope = await world.addRole('role', 'user', 'backup-operator');
      inMidListing(world, () => world.move(3601));
      assertAllOnce(world, await list(world, scope));
      assert.equal(world.calls('AssumeRole').length, 2);
    }));

  it('fails once when its source was revoked too; the rows that came stay', () =>
    signedIn({ clients: 3000 }, async (world) => {
      await world.addStored('user');
      const scope = await world.addRole('role', 'user', 'backup-operator');
      inMidListing(world, () => {
        world.simulator.revokeKey();
        world.simulator.expireKeys();
      });
      const { ids, error } = await list(world, scope);
      assert.match(code(error), /^credentials-rejected$|^source-unusable$/);
      assert.ok(error instanceof BackupError && error.fate === 'not-run');
      assert.ok(ids.length >= 99 && new Set(ids).size === ids.length);
      const asked = world.simulator.journal().length;
      assert.ok(asked <= 60, `${asked} calls`);
      assert.ok(world.calls('AssumeRole').length <= 1 + 2 * 16);
    }));

  it('fails once for a key that was typed in: there is no other one', () =>
    signedIn({ clients: 3000 }, async (world) => {
      const scope = await world.addStored('user');
      inMidListing(world, () => world.simulator.revokeKey());
      const { ids, error } = await list(world, scope);
      assert.equal(code(error), 'credentials-rejected');
      assert.ok(ids.length >= 99);
      const refused = world.simulator.journal().filter((entry) => entry.status === 404);
      assert.ok(refused.length <= 16, `${refused.length} calls were refused`);
    }));
});

describe('a write with a key that has ended', () => {
  it('is repeated once with the next key, and carried out once', () =>
    signedIn({ clients: 0 }, async (world) => {
      world.simulator.insertClient({ InstanceId: 'i-old', ClientVersion: '2.4.1' });
      await world.addStored('user');
      const scope = await world.addRole('role', 'user', 'backup-operator');
      await list(world, scope);
      world.simulator.expireKeys();
      const machines = { instanceIds: ['i-old'], clientIds: [] };
      const { taskId } = await world.api.upgradeClients(scope, machines, neverCancelled);
      assert.ok(taskId);
      assert.deepEqual(
        world.calls('UpgradeBackupClients').map((entry) => [entry.code, entry.executed]),
        [
          ['InvalidSecurityToken.Expired', false],
          ['200', true],
        ],
      );
    }));
});

describe('a key from outside VS Code', () => {
  it('is read again after it was refused, and once only', () =>
    signedIn({ clients: 3000 }, async (world) => {
      const { simulator, outside, profiles } = world;
      const [first, second] = [simulator.issueTemporaryKey(3600), simulator.issueTemporaryKey(3600)];
      outside.give('cli:work', first, second);
      const { regionId } = simulator;
      const source = { kind: 'cli', name: 'work' } as const;
      await addShown(profiles, { id: 'cli', name: 'cli', regionId, source });
      const scope: Scope = { profileId: 'cli', accountId: '', regionId, clientType: 'ECS_CLIENT' };
      inMidListing(world, () => simulator.expireKeys(first.accessKeyId));
      assertAllOnce(world, await list(world, scope));
      assert.deepEqual(outside.reads, ['cli:work', 'cli:work']);
      simulator.expireKeys(second.accessKeyId);
      assert.equal(code((await list(world, scope)).error), 'credentials-expired');
      assert.deepEqual(outside.reads, ['cli:work', 'cli:work', 'cli:work']);
    }));

  it('works with its token and with no other', () =>
    signedIn({ clients: 3 }, async (world) => {
      const { simulator, outside, profiles } = world;
      const { regionId } = simulator;
      const key = simulator.issueTemporaryKey(3600);
      const { accessKeyId, accessKeySecret } = key;
      const { securityToken } = simulator.issueTemporaryKey(3600);
      for (const [name, given, expected] of [
        ['whole', key, undefined],
        ['bare', { accessKeyId, accessKeySecret }, 'credentials-expired'],
        ['mixed', { accessKeyId, accessKeySecret, securityToken }, 'credentials-expired'],
      ] as const) {
        outside.give(`cli:${name}`, given);
        await addShown(profiles, { id: name, name, regionId, source: { kind: 'cli', name } });
        const { error } = await list(world, {
          ...{ profileId: name, accountId: '', regionId, clientType: 'ECS_CLIENT' },
        });
        assert.equal(error === undefined ? undefined : code(error), expected, name);
      }
    }));
});

describe('what is said of keys', () => {
  it('holds no secret, neither in a log nor in an error', () =>
    signedIn({ clients: 300 }, async (world) => {
      const { simulator, log, profiles } = world;
      await world.addStored('user');
      const scope = await world.addRole('role', 'user', 'backup-operator');
      await list(world, scope);
      const temporary = await profiles.keys.get('role').accessKey();
      simulator.setFaults([{ action: 'AssumeRole', fault: 'html' }]);
      simulator.expireKeys();
      const errors = [(await list(world, scope)).error];
      simulator.setFaults([{ action: 'AssumeRole', fault: 'truncate' }]);
      errors.push((await list(world, scope)).error);
      simulator.setFaults([]);
      simulator.revokeKey();
      errors.push((await list(world, scope)).error);
      const said = [...log.lines, ...errors.map((error) => JSON.stringify(error) + String(error))].join('\n');
      assert.ok(errors.every((error) => error instanceof BackupError) && log.lines.length > 5);
      for (const secret of [
        simulator.accessKeySecret,
        temporary.accessKeySecret,
        temporary.securityToken ?? '?',
        'simulated-temporary-secret',
        'simulated-token',
      ]) {
        assert.ok(!said.includes(secret), secret.slice(0, 30));
      }
    }));
});
