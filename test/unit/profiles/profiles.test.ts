import { strict as assert } from 'node:assert';
import { BackupError, type FailureCode } from '../../../src/core/service/errors';
import type { VerifiedIdentity } from '../../../src/core/profiles/identity';
import type { EndpointOverrides } from '../../../src/core/profiles/endpointOverrides';
import type { AccessKey } from '../../../src/core/service/model';
import type { Profile } from '../../../src/core/profiles/profile';
import { Redactor } from '../../../src/core/kernel/redact';
import { decodeStoredProfiles } from '../../../src/core/profiles/profileIndex';
import { createHandClock } from '../../support/handClock';
import { patient } from '../../support/keyDeps';
import {
  addShown,
  callerOf,
  FakeIndex,
  FakeLog,
  FakeSecrets,
  FakeSts,
  FakeWorkspace,
  openProfiles,
} from './signInFakes';

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
function openWindow(
  shared: { readonly index?: FakeIndex; readonly secrets?: FakeSecrets } = {},
  workspace = new FakeWorkspace(),
) {
  const index = shared.index ?? new FakeIndex();
  const secrets = new FakeSecrets(shared.secrets);
  const redactor = new Redactor();
  const log = new FakeLog();
  const settings: { overrides: EndpointOverrides } = { overrides: {} };
  const clock = createHandClock();
  const owners = new Map<string, VerifiedIdentity>();
  const world = { duringWhoIs: (): Promise<void> => Promise.resolve() };
  const sts = new FakeSts();
  sts.whoIs = async ({ accessKeyId }) => {
    const during = world.duringWhoIs;
    world.duringWhoIs = () => Promise.resolve();
    await during();
    const owner = owners.get(accessKeyId);
    return owner ? callerOf(owner) : Promise.reject(new BackupError('unreachable', 'no STS'));
  };
  const profiles = openProfiles({
    sts,
    clock,
    index,
    workspace,
    secrets,
    redactor,
    log,
    endpointOverrides: () => settings.overrides,
  });
  const heard = { changes: 0, removed: [] as string[], keys: [] as string[] };
  profiles.view.onDidChange(() => heard.changes++);
  profiles.keys.onDidChange((id) => heard.keys.push(id));
  profiles.store.onDidRemove((id) => heard.removed.push(id));
  return Object.assign(world, { profiles, index, secrets, redactor, log, clock, settings, heard, owners });
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

const failsWith = (code: FailureCode) => (error: unknown) =>
  error instanceof BackupError && error.code === code;

describe('profiles', () => {
  it('keeps a profile in the list and its key in the secret storage, and makes it active', async () => {
    const { profiles, index, secrets, heard } = openWindow();
    await addShown(profiles, production, key);
    assert.deepEqual(profiles.store.list(), [production]);
    assert.deepEqual(profiles.view.active, production);
    assert.equal(profiles.keys.state(production.id), 'kept');
    assert.deepEqual(await profiles.keys.get(production.id).accessKey(), key);
    assert.deepEqual([...secrets.contents.keys()], ['cloudBackup.profile.id-1']);
    assert.ok(!index.text?.includes(key.accessKeyId) && !index.text?.includes(key.accessKeySecret));
    assert.equal(heard.changes, 1);
  });

  it('keeps a session token with its key', async () => {
    const { profiles } = openWindow();
    await addShown(profiles, production, otherKey);
    assert.deepEqual(await profiles.keys.get(production.id).accessKey(), otherKey);
  });

  for (const storing of ['fails', 'forgets'] as const) {
    it(`leaves nothing behind when the secret storage ${storing}`, async () => {
      const { profiles, index, secrets, log } = openWindow();
      await addShown(profiles, staging, otherKey);
      secrets.storing = storing;
      await assert.rejects(addShown(profiles, production, key), failsWith('secret-storage-failed'));
      assert.deepEqual(profiles.store.list(), [staging]);
      assert.deepEqual(profiles.view.active, staging);
      assert.deepEqual([...secrets.contents.keys()], ['cloudBackup.profile.id-2']);
      for (const text of [index.text ?? '', ...log.lines]) assert.ok(!text.includes(key.accessKeySecret));
    });
  }

  it('never writes what the list cannot keep either', async () => {
    const { profiles, index, secrets } = openWindow();
    index.writing = 'fails';
    await assert.rejects(addShown(profiles, production, key), failsWith('storage-failed'));
    assert.equal(secrets.contents.size, 0);
  });

  it('tells every secret that it reads or stores to the redactor', async () => {
    const first = openWindow();
    await addShown(first.profiles, production, otherKey);
    const second = openWindow(first);
    await second.profiles.keys.get(production.id).accessKey();
    for (const { redactor } of [first, second]) {
      const line = redactor.redact(`${otherKey.accessKeySecret} ${otherKey.securityToken}`);
      assert.equal(line, '****** ******');
    }
  });

  it('finds at start that VS Code did not keep a key', async () => {
    const { index } = await (async () => {
      const before = openWindow();
      await addShown(before.profiles, production, key);
      return before;
    })();
    const after = openWindow({ index });
    await after.profiles.store.load();
    assert.equal(after.profiles.keys.state(production.id), 'not-kept');
    assert.equal(after.heard.changes, 1);
    await assert.rejects(
      after.profiles.keys.get(production.id).accessKey(),
      failsWith('credentials-missing'),
    );
  });

  it('takes a secret that is no key, or that cannot be read, as not kept', async () => {
    const window = openWindow();
    await addShown(window.profiles, production, key);
    await addShown(window.profiles, staging, key);
    window.secrets.contents.set('cloudBackup.profile.id-1', '{"accessKeyId":"x"}');
    window.secrets.contents.set('cloudBackup.profile.id-2', 'no json');
    await window.profiles.store.load();
    assert.equal(window.profiles.keys.state(production.id), 'not-kept');
    assert.equal(window.profiles.keys.state(staging.id), 'not-kept');
    window.secrets.reading = 'fails';
    await window.profiles.store.load();
    assert.equal(window.profiles.keys.state(production.id), 'not-kept');
    await assert.rejects(
      window.profiles.keys.get(production.id).accessKey(),
      failsWith('secret-storage-failed'),
    );
  });

  it('waits 30 s for a secret storage that does not answer, and works once it does', async () => {
    const first = openWindow();
    await addShown(first.profiles, production, key);
    const window = openWindow(first);
    window.secrets.reading = 'hangs';
    const loading = window.profiles.store.load();
    await window.clock.advance(30_000);
    await loading;
    assert.equal(window.profiles.keys.state(production.id), 'not-kept');
    const reading = assert.rejects(
      window.profiles.keys.get(production.id).accessKey(),
      failsWith('secret-storage-failed'),
    );
    await window.clock.advance(30_000);
    await reading;
    window.secrets.reading = 'works';
    assert.deepEqual(await window.profiles.keys.get(production.id).accessKey(), key);
    assert.equal(window.profiles.keys.state(production.id), 'kept');
    assert.deepEqual(window.clock.dueTimes(), []);
  });

  it('says that a key is kept again once it was replaced', async () => {
    const { profiles, secrets } = openWindow();
    await addShown(profiles, production, key);
    secrets.contents.clear();
    await profiles.store.load();
    await profiles.store.replaceKey(production.id, otherKey, { accountId: '42', identity: 'root' });
    assert.equal(profiles.keys.state(production.id), 'kept');
    assert.deepEqual(await profiles.keys.get(production.id).accessKey(), otherKey);
    assert.deepEqual(profiles.store.list(), [{ ...production, accountId: '42', identity: 'root' }]);
  });

  it('drops account and identity with a key that replaces another unverified, until they are known', async () => {
    const window = openWindow();
    const { profiles } = window;
    await addShown(profiles, production, key);
    await profiles.store.replaceKey(production.id, otherKey);
    const { id, name, regionId } = production;
    assert.deepEqual(profiles.store.list(), [{ id, name, regionId }]);
    assert.deepEqual(openWindow(window).profiles.store.list(), [{ id, name, regionId }]);
    window.owners.set(otherKey.accessKeyId, { accountId: '2222', identity: 'root' });
    window.heard.keys.length = 0;
    const known = await profiles.keys.identify(id, patient);
    assert.deepEqual(known, { accountId: '2222', identity: 'root' });
    assert.deepEqual(profiles.store.list(), [{ id, name, regionId, ...known }]);
    assert.deepEqual(window.heard.keys, [id], 'what waits for a key of that account is told');
    await profiles.keys.identify(id, patient);
    assert.deepEqual(window.heard.keys, [id]);
  });

  it('says that the account is not known before the new key is there', async () => {
    const { profiles, secrets } = openWindow();
    await addShown(profiles, production, key);
    const seen: (string | undefined)[] = [];
    secrets.changes.event(() => seen.push(profiles.store.list()[0]?.accountId));
    await profiles.store.replaceKey(production.id, otherKey);
    assert.deepEqual(seen, [undefined]);
  });

  it('takes no answer about a key that was replaced while it was asked for', async () => {
    const window = openWindow();
    const { profiles, owners } = window;
    await addShown(profiles, staging, key);
    owners.set(key.accessKeyId, { accountId: '1111', identity: 'root' });
    owners.set(otherKey.accessKeyId, { accountId: '2222', identity: 'root' });
    window.duringWhoIs = () => profiles.store.replaceKey(staging.id, otherKey);
    assert.equal((await profiles.keys.identify(staging.id, patient)).accountId, '2222');
    assert.equal(profiles.store.list()[0]?.accountId, '2222');
  });

  it('forgets again what was found out about the old key while it was being replaced', async () => {
    const { profiles, owners, secrets } = openWindow();
    await addShown(profiles, production, key);
    owners.set(key.accessKeyId, { accountId: '1111', identity: 'root' });
    // An answer about the old key comes when the new one is not stored yet.
    const set = secrets.set.bind(secrets);
    secrets.set = async (name, value) => {
      await profiles.keys.identify(production.id, patient);
      await set(name, value);
    };
    await profiles.store.replaceKey(production.id, otherKey);
    assert.equal(profiles.store.list()[0]?.accountId, undefined);
  });

  it('knows the account of a key for the session in this window only', async () => {
    const first = openWindow();
    await addShown(first.profiles, production, key);
    const second = openWindow(first);
    second.secrets.storing = 'fails';
    await second.profiles.store.replaceKey(production.id, otherKey, undefined, 'session');
    assert.equal(second.profiles.store.list()[0]?.accountId, undefined);
    assert.equal(first.profiles.store.list()[0]?.accountId, production.accountId);
    second.owners.set(otherKey.accessKeyId, { accountId: '2222', identity: 'root' });
    await second.profiles.keys.identify(production.id, patient);
    assert.equal(second.profiles.store.list()[0]?.accountId, '2222');
    assert.equal(first.profiles.store.list()[0]?.accountId, production.accountId);
  });

  it('gives no key for the calls of an account that the profile is not known to be of', async () => {
    const { profiles, owners } = openWindow();
    await addShown(profiles, production, key);
    const connection = profiles.keys.get(production.id, production.accountId);
    assert.deepEqual(await connection.accessKey(), key);
    await profiles.store.replaceKey(production.id, otherKey);
    await assert.rejects(connection.accessKey(), failsWith('account-changed'));
    owners.set(otherKey.accessKeyId, { accountId: '2222', identity: 'root' });
    await profiles.keys.identify(production.id, patient);
    await assert.rejects(connection.accessKey(), failsWith('account-changed'));
    assert.deepEqual(await profiles.keys.get(production.id, '2222').accessKey(), otherKey);
    assert.deepEqual(await profiles.keys.get(production.id, '').accessKey(), otherKey);
    await profiles.store.replaceKey(production.id, key, {
      accountId: '1234567890123456',
      identity: 'user/alice',
    });
    assert.deepEqual(await connection.accessKey(), key);
  });

  it('does not claim to keep a key that could not be replaced', async () => {
    const { profiles, secrets } = openWindow();
    await addShown(profiles, production, key);
    secrets.storing = 'forgets';
    await assert.rejects(
      profiles.store.replaceKey(production.id, otherKey),
      failsWith('secret-storage-failed'),
    );
    assert.equal(profiles.keys.state(production.id), 'not-kept');
    // Which key lies there now, if any, nobody knows.
    assert.equal(profiles.store.list()[0]?.accountId, undefined);
  });

  it('erases the key of a removed profile, and works with the one that remains', async () => {
    const { profiles, index, secrets, heard } = openWindow();
    await addShown(profiles, production, key);
    await addShown(profiles, staging, otherKey);
    await profiles.store.remove(staging.id);
    assert.deepEqual(profiles.store.list(), [production]);
    assert.deepEqual(profiles.view.active, production);
    assert.deepEqual([...secrets.contents.keys()], ['cloudBackup.profile.id-1']);
    assert.ok(!index.text?.includes(staging.id));
    assert.deepEqual(heard.removed, [staging.id]);
    assert.throws(() => profiles.keys.get(staging.id), failsWith('profile-gone'));
  });

  it('brings no other profile into view when one of several in view is removed', async () => {
    const { profiles } = openWindow();
    await addShown(profiles, production, key);
    await addShown(profiles, staging, otherKey);
    await addShown(profiles, { ...staging, id: 'id-3' }, otherKey);
    await profiles.view.setActive(staging.id);
    await profiles.view.setShown([staging.id, 'id-3']);
    await profiles.store.remove(staging.id);
    assert.equal(profiles.view.active?.id, 'id-3');
    assert.deepEqual(
      profiles.view.shown.map(({ id }) => id),
      ['id-3'],
    );
  });

  it('erases at the next start what it could not erase', async () => {
    const before = openWindow();
    await addShown(before.profiles, production, key);
    before.secrets.erasing = 'fails';
    await assert.rejects(before.profiles.store.remove(production.id), failsWith('secret-storage-failed'));
    assert.deepEqual(before.profiles.store.list(), []);
    assert.equal(before.secrets.contents.size, 1);
    const after = openWindow(before);
    await after.profiles.store.load();
    assert.equal(after.secrets.contents.size, 0);
    assert.deepEqual(after.index.read(), { profiles: [], removing: [] });
  });

  it('remembers the active profile for the next window, but leaves open windows where they are', async () => {
    const first = openWindow();
    await addShown(first.profiles, production, key);
    await addShown(first.profiles, staging, otherKey);
    const second = openWindow(first);
    await first.profiles.view.setActive(production.id);
    assert.deepEqual(first.profiles.view.active, production);
    assert.deepEqual(second.profiles.view.active, staging);
    assert.deepEqual(openWindow(first).profiles.view.active, production);
    await assert.rejects(first.profiles.view.setActive('unknown'), failsWith('profile-gone'));
  });

  it('opens a workspace with the profiles that it showed last, whatever was shown in another since', async () => {
    const workspace = new FakeWorkspace();
    const first = openWindow({}, workspace);
    await addShown(first.profiles, production, key);
    const elsewhere = openWindow(first);
    await addShown(elsewhere.profiles, staging, otherKey);
    assert.deepEqual(openWindow(first, workspace).profiles.view.active, production);
    assert.deepEqual(openWindow(first).profiles.view.active, staging);

    await first.profiles.view.setShown([production.id, staging.id]);
    await elsewhere.profiles.view.setActive(staging.id);
    assert.deepEqual(openWindow(first, workspace).profiles.view.shown, [production, staging]);

    await elsewhere.profiles.store.remove(production.id);
    assert.deepEqual(openWindow(first, workspace).profiles.view.active, staging);
    await workspace.write({ activeId: 7 });
    assert.deepEqual(openWindow(first, workspace).profiles.view.active, staging);
  });

  it('keeps a workspace with the profile that was chosen there, also when it was shown already', async () => {
    const workspace = new FakeWorkspace();
    const first = openWindow();
    await addShown(first.profiles, production, key);
    const second = openWindow(first, workspace);
    await second.profiles.view.setActive(production.id);
    await addShown(first.profiles, staging, otherKey);
    assert.deepEqual(openWindow(first, workspace).profiles.view.active, production);
  });

  it('notices keys and profiles that another window adds, replaces and removes', async () => {
    const first = openWindow();
    await addShown(first.profiles, production, key);
    const second = openWindow(first);
    await second.profiles.store.load();

    await first.profiles.store.replaceKey(production.id, otherKey, identity);
    await settled();
    assert.equal(second.heard.changes, 1);
    assert.deepEqual(await second.profiles.keys.get(production.id).accessKey(), otherKey);

    await addShown(first.profiles, staging, key);
    await settled();
    assert.equal(second.heard.changes, 2);
    assert.deepEqual(second.profiles.store.list(), [production, staging]);

    await first.profiles.store.remove(production.id);
    await settled();
    assert.equal(second.heard.changes, 3);
    assert.deepEqual(second.profiles.store.list(), [staging]);
    assert.deepEqual(second.profiles.view.active, staging);
  });

  it('says that the key is gone when another window erased it, and takes the one that is stored there next', async () => {
    const first = openWindow();
    await addShown(first.profiles, production, key);
    const second = openWindow(first);
    await second.profiles.store.load();
    first.secrets.contents.clear();
    first.secrets.changes.fire('cloudBackup.profile.id-1');
    await settled();
    assert.equal(second.profiles.keys.state(production.id), 'not-kept');
    assert.equal(second.heard.changes, 1);
    await first.profiles.store.replaceKey(production.id, otherKey);
    await settled();
    assert.equal(second.profiles.keys.state(production.id), 'kept');
    assert.deepEqual(second.heard.keys, [production.id, production.id]);
    assert.deepEqual(await second.profiles.keys.get(production.id).accessKey(), otherKey);
  });

  it('looks again when the list of another window comes after its key', async () => {
    const first = openWindow();
    const late = new FakeIndex();
    const second = openWindow({ index: late, secrets: first.secrets });
    await addShown(first.profiles, production, key);
    await settled();
    assert.equal(second.heard.changes, 1);
    assert.deepEqual(second.profiles.store.list(), []);
    late.text = first.index.text;
    await second.clock.advance(1000);
    assert.equal(second.heard.changes, 2);
    assert.deepEqual(second.profiles.store.list(), [production]);
    await second.clock.advance(60_000);
    assert.equal(second.heard.changes, 2);
  });

  it('keeps a key for the session only in memory, until one is stored, here or in another window', async () => {
    const first = openWindow();
    first.secrets.storing = 'fails';
    await addShown(first.profiles, production, key, 'session');
    assert.deepEqual(await first.profiles.keys.get(production.id).accessKey(), key);
    assert.equal(first.profiles.keys.isForSession(production.id), true);
    assert.equal(first.secrets.contents.size, 0);
    assert.equal(first.redactor.redact(key.accessKeySecret), '******');

    // Another window sees the profile, without its key.
    const second = openWindow(first);
    await second.profiles.store.load();
    assert.equal(second.profiles.keys.state(production.id), 'not-kept');
    await first.profiles.store.load();
    assert.equal(first.profiles.keys.state(production.id), 'kept');

    await second.profiles.store.replaceKey(production.id, otherKey);
    await settled();
    assert.equal(first.profiles.keys.isForSession(production.id), false);
    assert.deepEqual(await first.profiles.keys.get(production.id).accessKey(), otherKey);
  });

  it('forgets the key of the session with its profile', async () => {
    const { profiles } = openWindow();
    await addShown(profiles, production, key, 'session');
    await profiles.store.remove(production.id);
    assert.equal(profiles.keys.isForSession(production.id), false);
  });

  it('shows what was in view before when a profile could not be added', async () => {
    const { profiles, index, secrets } = openWindow();
    await addShown(profiles, production, key);
    await addShown(profiles, staging, key);
    await profiles.view.setShown([production.id, staging.id]);
    const before = index.text;
    secrets.storing = 'fails';
    await assert.rejects(
      addShown(profiles, { ...staging, id: 'id-3' }, key),
      failsWith('secret-storage-failed'),
    );
    assert.deepEqual(index.read(), JSON.parse(before ?? ''));
    assert.equal(profiles.view.shown.length, 2);
  });

  it('hears nothing of its own changes a second time, and nothing once disposed', async () => {
    const { profiles, secrets, heard } = openWindow();
    await addShown(profiles, production, key);
    await profiles.store.replaceKey(production.id, otherKey, identity);
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
    await addShown(profiles, production, key);
    const before = profiles.keys.get(production.id);
    settings.overrides = { hbr: 'https://gateway.example.com' };
    const after = profiles.keys.get(production.id);
    assert.equal(before.endpoints('cn-beijing').hbr, 'https://hbr.cn-beijing.aliyuncs.com');
    assert.deepEqual(after.endpoints('cn-beijing'), {
      hbr: 'https://gateway.example.com',
      ecs: 'https://ecs.cn-beijing.aliyuncs.com',
      sts: 'https://sts.cn-beijing.aliyuncs.com',
    });
  });

  it('says whose a key is without keeping it', async () => {
    const { profiles, index, secrets, redactor, owners } = openWindow();
    owners.set(key.accessKeyId, identity);
    const { regionId } = production;
    assert.deepEqual(await profiles.keys.ownerOf(key, { regionId }, patient), identity);
    assert.deepEqual(profiles.store.list(), []);
    assert.equal(index.text, undefined);
    assert.equal(secrets.contents.size, 0);
    assert.equal(redactor.redact(key.accessKeySecret), '******');
  });

  it('makes sense of a list that something else wrote', () => {
    const index = new FakeIndex();
    index.text = JSON.stringify({
      profiles: [null, 1, {}, { ...production, accessKeySecret: 'x' }],
      removing: 7,
    });
    assert.deepEqual(openWindow({ index }).profiles.store.list(), [production]);
    index.text = '"nonsense"';
    assert.deepEqual(openWindow({ index }).profiles.store.list(), []);
  });
});

describe('the list of profiles as it is stored', () => {
  const read = (...entries: readonly unknown[]) => decodeStoredProfiles({ profiles: entries }).profiles;
  const role = { roleArn: 'acs:ram::1:role/r', sessionName: 'session', durationSeconds: 900 };

  it('is read with every field that a profile can have', () => {
    const whole = {
      ...production,
      source: { kind: 'role', sourceProfileId: 'id-2', role: { ...role, externalId: 'x', policy: '{}' } },
      network: 'vpc',
      pins: [
        { regionId: 'cn-beijing', crossAccount: { type: 'CROSS_ACCOUNT', userId: '7', alias: 'other' } },
      ],
    };
    assert.deepEqual(read(whole), [whole]);
  });

  it('loses what it cannot show, and keeps the rest of a profile', () => {
    const torn = { ...production, identity: 5, network: 'moon', secret: 'x', pins: [1, { regionId: 'a b' }] };
    assert.deepEqual(read({ ...torn, accountId: '' }), [
      { id: production.id, name: production.name, regionId: production.regionId },
    ]);
  });

  it('shows no pin whose account it cannot read: own clients would be the wrong ones', () => {
    const pins = [{ regionId: 'cn-beijing', crossAccount: { type: 'SOMETHING', userId: '7' } }];
    assert.deepEqual(read({ ...production, pins }), [production]);
  });

  it('leaves out a profile whose source it cannot read: its credentials would be others', () => {
    const sources = [
      { kind: 'new' },
      { kind: 'sdkFile' },
      { kind: 'cli', name: 7 },
      { kind: 'role', role },
      null,
    ];
    assert.deepEqual(read(...sources.map((source) => ({ ...production, source }))), []);
  });
});

describe('the demo', () => {
  it('shows nothing in a region that it does not serve, rather than the machines of another', () => {
    const { profiles } = openWindow();
    profiles.demo.connect({ ...demo, endpoints: { 'cn-beijing': 'http://127.0.0.1:9' } });
    const connection = profiles.keys.get('demo');
    assert.equal(connection.endpoints('cn-beijing').hbr, 'http://127.0.0.1:9');
    assert.throws(() => connection.endpoints('cn-shanghai'), failsWith('wrong-endpoint'));
  });

  it('drops everything of one demo before another takes its place, and nothing when it is the same', () => {
    const { profiles } = openWindow();
    const gone: string[] = [];
    profiles.store.onDidRemove((id) => gone.push(id));
    profiles.demo.connect(demo);
    profiles.demo.connect(demo);
    assert.deepEqual(gone, []);
    profiles.demo.connect({ ...demo, endpoint: 'http://127.0.0.1:9' });
    assert.deepEqual(gone, ['demo']);
    assert.equal(profiles.keys.get('demo').endpoints('cn-hangzhou').hbr, 'http://127.0.0.1:9');
  });

  it('lives in memory only, beside the real profiles', async () => {
    const { profiles, index, secrets, heard } = openWindow();
    await addShown(profiles, production, key);
    const [indexBefore, secretsBefore] = [index.text, [...secrets.contents]];
    const profile = profiles.demo.connect(demo);
    assert.deepEqual(profile, {
      id: 'demo',
      name: 'Demo',
      regionId: 'cn-hangzhou',
      accountId: '1000000000000001',
      demo: true,
    });
    assert.deepEqual(profiles.store.list(), [production, profile]);
    assert.deepEqual(profiles.view.active, profile);
    assert.equal(index.text, indexBefore);
    assert.deepEqual([...secrets.contents], secretsBefore);
    assert.equal(heard.changes, 2);
  });

  it('reaches its own endpoint for everything, whatever the settings say, and a real profile never does', async () => {
    const { profiles, settings } = openWindow();
    settings.overrides = { sts: 'https://gateway.example.com' };
    await addShown(profiles, production, key);
    profiles.demo.connect(demo);
    const connection = profiles.keys.get('demo');
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
    const real = profiles.keys.get(production.id);
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
      assert.throws(() => profiles.demo.connect({ ...demo, endpoint }), failsWith('invalid-input'), endpoint);
    }
    assert.deepEqual(profiles.store.list(), []);
  });

  it('gives way to the profile that was active before', async () => {
    const { profiles, heard } = openWindow();
    await addShown(profiles, production, key);
    await addShown(profiles, staging, key);
    await profiles.view.setActive(production.id);
    profiles.demo.connect(demo);
    await profiles.view.setActive(staging.id);
    await profiles.view.setActive('demo');
    profiles.demo.disconnect();
    assert.deepEqual(profiles.store.list(), [production, staging]);
    assert.deepEqual(profiles.view.active, staging);
    assert.deepEqual(heard.removed, ['demo']);
    assert.throws(() => profiles.keys.get('demo'), failsWith('profile-gone'));
  });
});
