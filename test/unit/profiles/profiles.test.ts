import { strict as assert } from 'node:assert';
import { BackupError, type FailureCode } from '../../../src/core/service/errors';
import type { VerifiedIdentity } from '../../../src/core/profiles/signIn/identity';
import type { Profiles } from '../../../src/core/profiles/profiles';
import type { EndpointOverrides } from '../../../src/core/profiles/endpointOverrides';
import type { AccessKey } from '../../../src/core/service/model';
import type { Profile } from '../../../src/core/profiles/profile';
import { Redactor } from '../../../src/core/kernel/redact';
import { createHandClock } from '../../support/handClock';
import { patient } from '../../support/keyParts';
import { FakeIndex, FakeLog, FakeSecrets, openProfiles } from './signInFakes';

const key: AccessKey = { accessKeyId: 'LTAIprofile', accessKeySecret: 'the-secret-of-this-profile' };
const otherKey: AccessKey = {
  accessKeyId: 'STS.other',
  accessKeySecret: 'another-secret-of-it',
  securityToken: 'token/of+the=session',
};
const production: Profile = {
  id: 'id-1',
  name: 'production',
  regionId: 'cn-hangzhou',
  accountId: '1234567890123456',
  identity: 'user/alice',
};
const identity = { accountId: '1234567890123456', identity: 'user/alice' };
const staging: Profile = { id: 'id-2', name: 'staging', regionId: 'eu-central-1' };
const demo = {
  endpoint: 'http://127.0.0.1:4010',
  regionId: 'cn-hangzhou',
  accessKeyId: 'LTAIdemo',
  accessKeySecret: 'secret-of-the-demo',
  accountId: '1000000000000001',
};

/** One window, on its own storage unless it shares that of another. */
function openWindow(shared: { readonly index?: FakeIndex; readonly secrets?: FakeSecrets } = {}) {
  const index = shared.index ?? new FakeIndex();
  const secrets = new FakeSecrets(shared.secrets);
  const redactor = new Redactor();
  const log = new FakeLog();
  const settings: { overrides: EndpointOverrides } = { overrides: {} };
  const clock = createHandClock();
  const owners = new Map<string, VerifiedIdentity>();
  const world = { duringWhoIs: (): Promise<void> => Promise.resolve() };
  const profiles: Profiles = openProfiles({
    whoIs: async (id) => {
      const { accessKeyId } = await profiles.get(id).accessKey();
      const during = world.duringWhoIs;
      world.duringWhoIs = () => Promise.resolve();
      await during();
      return owners.get(accessKeyId) ?? Promise.reject(new BackupError('unreachable', 'no STS'));
    },
    clock,
    index,
    secrets,
    redactor,
    log,
    endpointOverrides: () => settings.overrides,
  });
  const heard = { changes: 0, removed: [] as string[], keys: [] as string[] };
  profiles.onDidChange(() => heard.changes++);
  profiles.onDidChangeKey((id) => heard.keys.push(id));
  profiles.onDidRemove((id) => heard.removed.push(id));
  return Object.assign(world, { profiles, index, secrets, redactor, log, clock, settings, heard, owners });
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

const failsWith = (code: FailureCode) => (error: unknown) =>
  error instanceof BackupError && error.code === code;

describe('profiles', () => {
  it('keeps a profile in the list and its key in the secret storage, and makes it active', async () => {
    const { profiles, index, secrets, heard } = openWindow();
    await profiles.add(production, key);
    assert.deepEqual(profiles.list(), [production]);
    assert.deepEqual(profiles.active, production);
    assert.equal(profiles.keyState(production.id), 'kept');
    assert.deepEqual(await profiles.get(production.id).accessKey(), key);
    assert.deepEqual([...secrets.contents.keys()], ['cloudBackup.profile.id-1']);
    assert.ok(!index.text?.includes(key.accessKeyId) && !index.text?.includes(key.accessKeySecret));
    assert.equal(heard.changes, 1);
  });

  it('keeps a session token with its key', async () => {
    const { profiles } = openWindow();
    await profiles.add(production, otherKey);
    assert.deepEqual(await profiles.get(production.id).accessKey(), otherKey);
  });

  for (const storing of ['fails', 'forgets'] as const) {
    it(`leaves nothing behind when the secret storage ${storing}`, async () => {
      const { profiles, index, secrets, log } = openWindow();
      await profiles.add(staging, otherKey);
      secrets.storing = storing;
      await assert.rejects(profiles.add(production, key), failsWith('secret-storage-failed'));
      assert.deepEqual(profiles.list(), [staging]);
      assert.deepEqual(profiles.active, staging);
      assert.deepEqual([...secrets.contents.keys()], ['cloudBackup.profile.id-2']);
      for (const text of [index.text ?? '', ...log.lines]) assert.ok(!text.includes(key.accessKeySecret));
    });
  }

  it('never writes what the list cannot keep either', async () => {
    const { profiles, index, secrets } = openWindow();
    index.writing = 'fails';
    await assert.rejects(profiles.add(production, key), failsWith('storage-failed'));
    assert.equal(secrets.contents.size, 0);
  });

  it('tells every secret that it reads or stores to the redactor', async () => {
    const first = openWindow();
    await first.profiles.add(production, otherKey);
    const second = openWindow(first);
    await second.profiles.get(production.id).accessKey();
    for (const { redactor } of [first, second]) {
      const line = redactor.redact(`${otherKey.accessKeySecret} ${otherKey.securityToken}`);
      assert.equal(line, '****** ******');
    }
  });

  it('finds at start that VS Code did not keep a key', async () => {
    const { index } = await (async () => {
      const before = openWindow();
      await before.profiles.add(production, key);
      return before;
    })();
    const after = openWindow({ index });
    await after.profiles.load();
    assert.equal(after.profiles.keyState(production.id), 'not-kept');
    assert.equal(after.heard.changes, 1);
    await assert.rejects(after.profiles.get(production.id).accessKey(), failsWith('credentials-missing'));
  });

  it('takes a secret that is no key, or that cannot be read, as not kept', async () => {
    const window = openWindow();
    await window.profiles.add(production, key);
    await window.profiles.add(staging, key);
    window.secrets.contents.set('cloudBackup.profile.id-1', '{"accessKeyId":"x"}');
    window.secrets.contents.set('cloudBackup.profile.id-2', 'no json');
    await window.profiles.load();
    assert.equal(window.profiles.keyState(production.id), 'not-kept');
    assert.equal(window.profiles.keyState(staging.id), 'not-kept');
    window.secrets.reading = 'fails';
    await window.profiles.load();
    assert.equal(window.profiles.keyState(production.id), 'not-kept');
    await assert.rejects(window.profiles.get(production.id).accessKey(), failsWith('secret-storage-failed'));
  });

  it('says that a key is kept again once it was replaced', async () => {
    const { profiles, secrets } = openWindow();
    await profiles.add(production, key);
    secrets.contents.clear();
    await profiles.load();
    await profiles.replaceKey(production.id, otherKey, { accountId: '42', identity: 'root' });
    assert.equal(profiles.keyState(production.id), 'kept');
    assert.deepEqual(await profiles.get(production.id).accessKey(), otherKey);
    assert.deepEqual(profiles.list(), [{ ...production, accountId: '42', identity: 'root' }]);
  });

  it('drops account and identity with a key that replaces another unverified, until they are known', async () => {
    const window = openWindow();
    const { profiles } = window;
    await profiles.add(production, key);
    await profiles.replaceKey(production.id, otherKey);
    const { id, name, regionId } = production;
    assert.deepEqual(profiles.list(), [{ id, name, regionId }]);
    assert.deepEqual(openWindow(window).profiles.list(), [{ id, name, regionId }]);
    window.owners.set(otherKey.accessKeyId, { accountId: '2222', identity: 'root' });
    window.heard.keys.length = 0;
    const known = await profiles.identify(id, patient);
    assert.deepEqual(known, { id, name, regionId, accountId: '2222', identity: 'root' });
    assert.deepEqual(profiles.list(), [known]);
    assert.deepEqual(window.heard.keys, [id], 'what waits for a key of that account is told');
    await profiles.identify(id, patient);
    assert.deepEqual(window.heard.keys, [id]);
  });

  it('says that the account is not known before the new key is there', async () => {
    const { profiles, secrets } = openWindow();
    await profiles.add(production, key);
    const seen: (string | undefined)[] = [];
    secrets.changes.event(() => seen.push(profiles.list()[0]?.accountId));
    await profiles.replaceKey(production.id, otherKey);
    assert.deepEqual(seen, [undefined]);
  });

  it('takes no answer about a key that was replaced while it was asked for', async () => {
    const window = openWindow();
    const { profiles, owners } = window;
    await profiles.add(staging, key);
    owners.set(key.accessKeyId, { accountId: '1111', identity: 'root' });
    owners.set(otherKey.accessKeyId, { accountId: '2222', identity: 'root' });
    window.duringWhoIs = () => profiles.replaceKey(staging.id, otherKey);
    assert.equal((await profiles.identify(staging.id, patient)).accountId, '2222');
    assert.equal(profiles.list()[0]?.accountId, '2222');
  });

  it('forgets again what was found out about the old key while it was being replaced', async () => {
    const { profiles, owners, secrets } = openWindow();
    await profiles.add(production, key);
    owners.set(key.accessKeyId, { accountId: '1111', identity: 'root' });
    // An answer about the old key comes when the new one is not stored yet.
    const set = secrets.set.bind(secrets);
    secrets.set = async (name, value) => {
      await profiles.identify(production.id, patient);
      await set(name, value);
    };
    await profiles.replaceKey(production.id, otherKey);
    assert.equal(profiles.list()[0]?.accountId, undefined);
  });

  it('knows the account of a key for the session in this window only', async () => {
    const first = openWindow();
    await first.profiles.add(production, key);
    const second = openWindow(first);
    second.secrets.storing = 'fails';
    await second.profiles.replaceKey(production.id, otherKey, undefined, 'session');
    assert.equal(second.profiles.list()[0]?.accountId, undefined);
    assert.equal(first.profiles.list()[0]?.accountId, production.accountId);
    second.owners.set(otherKey.accessKeyId, { accountId: '2222', identity: 'root' });
    await second.profiles.identify(production.id, patient);
    assert.equal(second.profiles.list()[0]?.accountId, '2222');
    assert.equal(first.profiles.list()[0]?.accountId, production.accountId);
  });

  it('gives no key for the calls of an account that the profile is not known to be of', async () => {
    const { profiles, owners } = openWindow();
    await profiles.add(production, key);
    const connection = profiles.get(production.id, production.accountId);
    assert.deepEqual(await connection.accessKey(), key);
    await profiles.replaceKey(production.id, otherKey);
    await assert.rejects(connection.accessKey(), failsWith('account-changed'));
    owners.set(otherKey.accessKeyId, { accountId: '2222', identity: 'root' });
    await profiles.identify(production.id, patient);
    await assert.rejects(connection.accessKey(), failsWith('account-changed'));
    assert.deepEqual(await profiles.get(production.id, '2222').accessKey(), otherKey);
    assert.deepEqual(await profiles.get(production.id, '').accessKey(), otherKey);
    await profiles.replaceKey(production.id, key, { accountId: '1234567890123456', identity: 'user/alice' });
    assert.deepEqual(await connection.accessKey(), key);
  });

  it('does not claim to keep a key that could not be replaced', async () => {
    const { profiles, secrets } = openWindow();
    await profiles.add(production, key);
    secrets.storing = 'forgets';
    await assert.rejects(profiles.replaceKey(production.id, otherKey), failsWith('secret-storage-failed'));
    assert.equal(profiles.keyState(production.id), 'not-kept');
    // Which key lies there now, if any, nobody knows.
    assert.equal(profiles.list()[0]?.accountId, undefined);
  });

  it('erases the key of a removed profile, and works with the one that remains', async () => {
    const { profiles, index, secrets, heard } = openWindow();
    await profiles.add(production, key);
    await profiles.add(staging, otherKey);
    await profiles.remove(staging.id);
    assert.deepEqual(profiles.list(), [production]);
    assert.deepEqual(profiles.active, production);
    assert.deepEqual([...secrets.contents.keys()], ['cloudBackup.profile.id-1']);
    assert.ok(!index.text?.includes(staging.id));
    assert.deepEqual(heard.removed, [staging.id]);
    assert.throws(() => profiles.get(staging.id), failsWith('profile-gone'));
  });

  it('brings no other profile into view when one of several in view is removed', async () => {
    const { profiles } = openWindow();
    await profiles.add(production, key);
    await profiles.add(staging, otherKey);
    await profiles.add({ ...staging, id: 'id-3' }, otherKey);
    await profiles.setActive(staging.id);
    await profiles.setShown([staging.id, 'id-3']);
    await profiles.remove(staging.id);
    assert.equal(profiles.active?.id, 'id-3');
    assert.deepEqual(
      profiles.shown.map(({ id }) => id),
      ['id-3'],
    );
  });

  it('erases at the next start what it could not erase', async () => {
    const before = openWindow();
    await before.profiles.add(production, key);
    before.secrets.erasing = 'fails';
    await assert.rejects(before.profiles.remove(production.id), failsWith('secret-storage-failed'));
    assert.deepEqual(before.profiles.list(), []);
    assert.equal(before.secrets.contents.size, 1);
    const after = openWindow(before);
    await after.profiles.load();
    assert.equal(after.secrets.contents.size, 0);
    assert.deepEqual(after.index.read(), { profiles: [], removing: [] });
  });

  it('remembers the active profile for the next window, but leaves open windows where they are', async () => {
    const first = openWindow();
    await first.profiles.add(production, key);
    await first.profiles.add(staging, otherKey);
    const second = openWindow(first);
    await first.profiles.setActive(production.id);
    assert.deepEqual(first.profiles.active, production);
    assert.deepEqual(second.profiles.active, staging);
    assert.deepEqual(openWindow(first).profiles.active, production);
    await assert.rejects(first.profiles.setActive('unknown'), failsWith('profile-gone'));
  });

  it('notices keys and profiles that another window adds, replaces and removes', async () => {
    const first = openWindow();
    await first.profiles.add(production, key);
    const second = openWindow(first);
    await second.profiles.load();

    await first.profiles.replaceKey(production.id, otherKey, identity);
    await settled();
    assert.equal(second.heard.changes, 1);
    assert.deepEqual(await second.profiles.get(production.id).accessKey(), otherKey);

    await first.profiles.add(staging, key);
    await settled();
    assert.equal(second.heard.changes, 2);
    assert.deepEqual(second.profiles.list(), [production, staging]);

    await first.profiles.remove(production.id);
    await settled();
    assert.equal(second.heard.changes, 3);
    assert.deepEqual(second.profiles.list(), [staging]);
    assert.deepEqual(second.profiles.active, staging);
  });

  it('says that the key is gone when another window erased it, and takes the one that is stored there next', async () => {
    const first = openWindow();
    await first.profiles.add(production, key);
    const second = openWindow(first);
    await second.profiles.load();
    first.secrets.contents.clear();
    first.secrets.changes.fire('cloudBackup.profile.id-1');
    await settled();
    assert.equal(second.profiles.keyState(production.id), 'not-kept');
    assert.equal(second.heard.changes, 1);
    await first.profiles.replaceKey(production.id, otherKey);
    await settled();
    assert.equal(second.profiles.keyState(production.id), 'kept');
    assert.deepEqual(second.heard.keys, [production.id, production.id]);
    assert.deepEqual(await second.profiles.get(production.id).accessKey(), otherKey);
  });

  it('looks again when the list of another window comes after its key', async () => {
    const first = openWindow();
    const late = new FakeIndex();
    const second = openWindow({ index: late, secrets: first.secrets });
    await first.profiles.add(production, key);
    await settled();
    assert.equal(second.heard.changes, 1);
    assert.deepEqual(second.profiles.list(), []);
    late.text = first.index.text;
    await second.clock.advance(1000);
    assert.equal(second.heard.changes, 2);
    assert.deepEqual(second.profiles.list(), [production]);
    await second.clock.advance(60_000);
    assert.equal(second.heard.changes, 2);
  });

  it('keeps a key for the session only in memory, until one is stored, here or in another window', async () => {
    const first = openWindow();
    first.secrets.storing = 'fails';
    await first.profiles.add(production, key, 'session');
    assert.deepEqual(await first.profiles.get(production.id).accessKey(), key);
    assert.equal(first.profiles.isForSession(production.id), true);
    assert.equal(first.secrets.contents.size, 0);
    assert.equal(first.redactor.redact(key.accessKeySecret), '******');

    // Another window sees the profile, without its key.
    const second = openWindow(first);
    await second.profiles.load();
    assert.equal(second.profiles.keyState(production.id), 'not-kept');
    await first.profiles.load();
    assert.equal(first.profiles.keyState(production.id), 'kept');

    await second.profiles.replaceKey(production.id, otherKey);
    await settled();
    assert.equal(first.profiles.isForSession(production.id), false);
    assert.deepEqual(await first.profiles.get(production.id).accessKey(), otherKey);
  });

  it('forgets the key of the session with its profile', async () => {
    const { profiles } = openWindow();
    await profiles.add(production, key, 'session');
    await profiles.remove(production.id);
    assert.equal(profiles.isForSession(production.id), false);
  });

  it('shows what was in view before when a profile could not be added', async () => {
    const { profiles, index, secrets } = openWindow();
    await profiles.add(production, key);
    await profiles.add(staging, key);
    await profiles.setShown([production.id, staging.id]);
    const before = index.text;
    secrets.storing = 'fails';
    await assert.rejects(profiles.add({ ...staging, id: 'id-3' }, key), failsWith('secret-storage-failed'));
    assert.deepEqual(index.read(), JSON.parse(before ?? ''));
    assert.equal(profiles.shown.length, 2);
  });

  it('hears nothing of its own changes a second time, and nothing once disposed', async () => {
    const { profiles, secrets, heard } = openWindow();
    await profiles.add(production, key);
    await profiles.replaceKey(production.id, otherKey, identity);
    await settled();
    assert.equal(heard.changes, 2);
    secrets.changes.fire('somebody.elses.secret');
    profiles.dispose();
    secrets.contents.clear();
    secrets.changes.fire('cloudBackup.profile.id-1');
    await settled();
    assert.equal(heard.changes, 2);
  });

  it('carries the endpoint overrides of its time in each connection', async () => {
    const { profiles, settings } = openWindow();
    await profiles.add(production, key);
    const before = profiles.get(production.id);
    settings.overrides = { hbr: 'https://gateway.example.com' };
    const after = profiles.get(production.id);
    assert.equal(before.endpoints('cn-beijing').hbr, 'https://hbr.cn-beijing.aliyuncs.com');
    assert.deepEqual(after.endpoints('cn-beijing'), {
      hbr: 'https://gateway.example.com',
      ecs: 'https://ecs.cn-beijing.aliyuncs.com',
      sts: 'https://sts.cn-beijing.aliyuncs.com',
    });
  });

  it('lets a key be tried without keeping it, and forgets it', async () => {
    const { profiles, index, secrets, redactor } = openWindow();
    const probe = profiles.probe(key);
    assert.deepEqual(await profiles.get(probe.profileId).accessKey(), key);
    assert.deepEqual(profiles.list(), []);
    assert.equal(index.text, undefined);
    assert.equal(secrets.contents.size, 0);
    assert.equal(redactor.redact(key.accessKeySecret), '******');
    probe.dispose();
    assert.throws(() => profiles.get(probe.profileId), failsWith('profile-gone'));
  });

  it('makes sense of a list that something else wrote', () => {
    const index = new FakeIndex();
    index.text = JSON.stringify({
      profiles: [null, 1, {}, { ...production, accessKeySecret: 'x' }],
      removing: 7,
    });
    assert.deepEqual(openWindow({ index }).profiles.list(), [production]);
    index.text = '"nonsense"';
    assert.deepEqual(openWindow({ index }).profiles.list(), []);
  });
});

describe('the demo', () => {
  it('shows nothing in a region that it does not serve, rather than the machines of another', () => {
    const { profiles } = openWindow();
    profiles.connectDemo({ ...demo, endpoints: { 'cn-beijing': 'http://127.0.0.1:9' } });
    const connection = profiles.get('demo');
    assert.equal(connection.endpoints('cn-beijing').hbr, 'http://127.0.0.1:9');
    assert.throws(() => connection.endpoints('cn-shanghai'), failsWith('wrong-endpoint'));
  });

  it('drops everything of one demo before another takes its place, and nothing when it is the same', () => {
    const { profiles } = openWindow();
    const gone: string[] = [];
    profiles.onDidRemove((id) => gone.push(id));
    profiles.connectDemo(demo);
    profiles.connectDemo(demo);
    assert.deepEqual(gone, []);
    profiles.connectDemo({ ...demo, endpoint: 'http://127.0.0.1:9' });
    assert.deepEqual(gone, ['demo']);
    assert.equal(profiles.get('demo').endpoints('cn-hangzhou').hbr, 'http://127.0.0.1:9');
  });

  it('lives in memory only, beside the real profiles', async () => {
    const { profiles, index, secrets, heard } = openWindow();
    await profiles.add(production, key);
    const [indexBefore, secretsBefore] = [index.text, [...secrets.contents]];
    const profile = profiles.connectDemo(demo);
    assert.deepEqual(profile, {
      id: 'demo',
      name: 'Demo',
      regionId: 'cn-hangzhou',
      accountId: '1000000000000001',
      demo: true,
    });
    assert.deepEqual(profiles.list(), [production, profile]);
    assert.deepEqual(profiles.active, profile);
    assert.equal(index.text, indexBefore);
    assert.deepEqual([...secrets.contents], secretsBefore);
    assert.equal(heard.changes, 2);
  });

  it('reaches its own endpoint for everything, whatever the settings say, and a real profile never does', async () => {
    const { profiles, settings } = openWindow();
    settings.overrides = { sts: 'https://gateway.example.com' };
    await profiles.add(production, key);
    profiles.connectDemo(demo);
    const connection = profiles.get('demo');
    assert.equal(connection.demo, true);
    assert.deepEqual(connection.endpoints(demo.regionId), {
      hbr: demo.endpoint,
      ecs: demo.endpoint,
      sts: demo.endpoint,
    });
    assert.deepEqual(await connection.accessKey(), {
      accessKeyId: 'LTAIdemo',
      accessKeySecret: 'secret-of-the-demo',
    });
    const real = profiles.get(production.id);
    assert.equal(real.demo, false);
    assert.ok(!Object.values(real.endpoints('cn-hangzhou')).includes(demo.endpoint));
    assert.deepEqual(await real.accessKey(), key);
  });

  it('refuses an endpoint on another computer', () => {
    const { profiles } = openWindow();
    for (const endpoint of [
      'https://hbr.cn-hangzhou.aliyuncs.com',
      'http://127.0.0.1.example.com',
      'nonsense:',
    ]) {
      assert.throws(() => profiles.connectDemo({ ...demo, endpoint }), failsWith('invalid-input'), endpoint);
    }
    assert.deepEqual(profiles.list(), []);
  });

  it('gives way to the profile that was active before', async () => {
    const { profiles, heard } = openWindow();
    await profiles.add(production, key);
    await profiles.add(staging, key);
    await profiles.setActive(production.id);
    profiles.connectDemo(demo);
    await profiles.setActive(staging.id);
    await profiles.setActive('demo');
    profiles.disconnectDemo();
    assert.deepEqual(profiles.list(), [production, staging]);
    assert.deepEqual(profiles.active, staging);
    assert.deepEqual(heard.removed, ['demo']);
    assert.throws(() => profiles.get('demo'), failsWith('profile-gone'));
  });
});
