import { strict as assert } from 'node:assert';
import { BackupError, isCancelled } from '../../../src/core/service/errors';
import { importFromKeychain } from '../../../src/core/profiles/signIn/importFromKeychain';
import { KeychainUnavailable, type KeychainEntry } from '../../../src/core/profiles/keys/keychain';
import type { AccessKey, CallerIdentity } from '../../../src/core/service/model';
import type { Profile } from '../../../src/core/profiles/profile';
import { Redactor } from '../../../src/core/kernel/redact';
import {
  FakeIndex,
  FakeLog,
  FakeOutside,
  FakeSecrets,
  FakeSts,
  openProfiles,
  regionOfSts,
} from './signInFakes';
import { FakeNotices, FakeUser } from '../../support/fakeUser';

const secretOf = (accessKeyId: string): string => `secret+of/${accessKeyId}`;
const entryOf = (account: string): KeychainEntry => ({ account, password: secretOf(account) });
const callerOf = (arnEnd: string, accountId = '1234567890123456'): CallerIdentity => ({
  accountId,
  identityType: 'RAMUser',
  arn: `acs:ram::${accountId}:${arnEnd}`,
  requestId: 'REQUEST-1',
});
const refusal = () =>
  new BackupError('credentials-rejected', 'refused', {
    serviceCode: 'InvalidAccessKeyId.NotFound',
    requestId: 'REQUEST-2',
  });
const unreachable = () => new BackupError('unreachable', 'getaddrinfo ENOTFOUND', { fate: 'not-run' });

/** STS answers each access key id from its list, in order. */
function start(answers: Readonly<Record<string, readonly (CallerIdentity | Error)[]>> = {}) {
  const left = new Map(Object.entries(answers).map(([id, each]) => [id, [...each]]));
  const index = new FakeIndex();
  const secrets = new FakeSecrets();
  const redactor = new Redactor();
  const log = new FakeLog();
  const questions = new FakeUser().answer();
  const notices = new FakeNotices();
  const sts = new FakeSts();
  const profiles = openProfiles({ index, secrets, redactor, log, sts });
  const calls: { readonly key: AccessKey; readonly regionId: string; readonly keptThen: number }[] = [];
  const keychain = { entries: [] as (readonly KeychainEntry[] | Error)[], services: [] as string[] };
  sts.whoIs = (key, endpoint) => {
    calls.push({ key, regionId: regionOfSts(endpoint), keptThen: secrets.contents.size });
    const answer = left.get(key.accessKeyId)?.shift();
    if (answer === undefined) return assert.fail(`STS is asked once too often: ${key.accessKeyId}`);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  let ids = 0;
  const run = (): Promise<readonly Profile[]> =>
    importFromKeychain({
      ...profiles,
      outside: new FakeOutside(),
      troubleOf: () => undefined,
      questions,
      notices,
      redactor,
      log,
      newId: () => `id-${++ids}`,
      keychain: {
        entries(service) {
          keychain.services.push(service);
          const found = keychain.entries.shift() ?? [];
          return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
        },
      },
    });
  return { run, profiles, index, secrets, redactor, log, questions, notices, calls, keychain };
}

type World = ReturnType<typeof start>;

const names = (world: World): readonly string[] => world.profiles.store.list().map(({ name }) => name);

/** No secret may stand in anything that is kept, logged, asked or told. */
function assertNoSecretIn({ index, log, questions, notices }: World): void {
  const everything = JSON.stringify([index.text, log.lines, notices.shown, questions.asked]);
  assert.doesNotMatch(everything, /secret\+of/);
}

describe('importing keys from the system keychain', () => {
  it('reads what other programs store as UTF-16, and names what it cannot read', async () => {
    const world = start({ LTAIfirst: [callerOf('user/alice')] });
    const wide = Buffer.from(secretOf('LTAIfirst'), 'utf16le').toString('utf8');
    world.keychain.entries.push([
      { account: 'LTAIfirst', password: wide },
      { account: 'LTAIodd', password: 'secret+of/\0odd' },
    ]);
    world.questions.answer('alibaba-cloud-backup', 'LTAIfirst', 'Singapore');
    await world.run();
    assert.equal(world.calls[0]?.key.accessKeySecret, secretOf('LTAIfirst'));
    assert.match(
      world.notices.shown[0] ?? '',
      /^warn: These keychain entries don't contain an access key: LTAIodd\./,
    );
    assert.equal(world.redactor.redact(`${secretOf('LTAIfirst')} ${wide}`), '****** ******');
    assertNoSecretIn(world);
  });

  it('imports one key after its verification, and calls the profile after its RAM user', async () => {
    const world = start({ LTAIfirst: [callerOf('user/alice')] });
    world.keychain.entries.push([
      entryOf('LTAIold'),
      { account: ' LTAIfirst', password: ` ${secretOf('LTAIfirst')}\n` },
      { account: 'LTAIempty', password: ' ' },
    ]);
    world.questions.answer('alibaba-cloud-backup', 'LTAIfirst', 'Singapore');
    assert.deepEqual(await world.run(), [
      {
        id: 'id-1',
        name: 'alice',
        regionId: 'ap-southeast-1',
        accountId: '1234567890123456',
        identity: 'user/alice',
      },
    ]);
    assert.equal(world.questions.asked[0]?.value, 'alibaba-cloud-backup');
    assert.deepEqual(world.questions.asked[1]?.labels, ['LTAIold', 'LTAIfirst']);
    assert.deepEqual(world.calls, [
      {
        key: { accessKeyId: 'LTAIfirst', accessKeySecret: secretOf('LTAIfirst') },
        regionId: 'ap-southeast-1',
        keptThen: 0,
      },
    ]);
    assert.deepEqual(
      world.questions.asked.map(({ step }) => step),
      ['1/3', '2/3', '3/3'],
    );
    assert.deepEqual(world.notices.shown, ['info: Signed in as user/alice, account 1234567890123456.']);
    assertNoSecretIn(world);
  });

  it('tells every secret that was read to the redactor, also of keys that were not picked', async () => {
    const world = start();
    world.keychain.entries.push([entryOf('LTAIold'), entryOf('LTAIfirst')]);
    world.questions.answer('alibaba-cloud-backup', undefined);
    await world.run();
    assert.equal(world.redactor.redact(`${secretOf('LTAIold')} ${secretOf('LTAIfirst')}`), '****** ******');
  });

  it('takes several over at once, asks for the region once, and shows the first', async () => {
    const world = start({
      LTAIaaaa: [callerOf('user/alice')],
      LTAIbbbb: [callerOf('root', '77')],
      LTAIcccc: [callerOf('user/alice', '88')],
    });
    world.keychain.entries.push(['LTAIaaaa', 'LTAIbbbb', 'LTAIcccc', 'LTAIdddd'].map(entryOf));
    world.questions.answer('alibaba-cloud-backup', 'LTAIaaaa + LTAIbbbb + LTAIcccc', 'Singapore');
    const inView: (string | undefined)[] = [];
    world.profiles.view.onDidChange(() => inView.push(world.profiles.view.active?.name));
    const added = await world.run();
    assert.deepEqual([...new Set(inView)], ['alice'], 'no other was in view meanwhile');
    assert.deepEqual(names(world), ['alice', 'Access key …bbbb', 'alice (access key …cccc)']);
    assert.deepEqual(
      added.map(({ accountId }) => accountId),
      ['1234567890123456', '77', '88'],
    );
    assert.deepEqual(
      world.calls.map(({ keptThen }) => keptThen),
      [0, 0, 0],
    );
    assert.equal(world.profiles.view.active?.name, 'alice');
    assert.deepEqual(world.notices.shown, [
      'info: Added 3 profiles: alice, Access key …bbbb, alice (access key …cccc).',
    ]);
    for (const { id } of added) assert.ok(await world.profiles.keys.get(id).accessKey());
    assertNoSecretIn(world);
  });

  it('is not stopped by a key that is refused, and says in one notice which it was and why', async () => {
    const world = start({
      LTAIaaaa: [callerOf('user/alice')],
      LTAIbbbb: [refusal()],
      LTAIcccc: [callerOf('user/carol')],
    });
    world.keychain.entries.push(['LTAIaaaa', 'LTAIbbbb', 'LTAIcccc'].map(entryOf));
    world.questions.answer('alibaba-cloud-backup', 'LTAIaaaa + LTAIbbbb + LTAIcccc', 'Singapore');
    await world.run();
    assert.deepEqual(names(world), ['alice', 'carol']);
    assert.equal(world.notices.shown.length, 1);
    assert.match(
      world.notices.shown[0] ?? '',
      /^warn: Added 2 profiles: alice, carol\. 1 access key was rejected\. LTAIbbbb: .*were rejected.*$/,
    );
    assertNoSecretIn(world);
  });

  it('says that no profile was added where all of several are refused', async () => {
    const world = start({ LTAIaaaa: [refusal()], LTAIbbbb: [refusal()] });
    world.keychain.entries.push(['LTAIaaaa', 'LTAIbbbb'].map(entryOf));
    world.questions.answer('alibaba-cloud-backup', 'LTAIaaaa + LTAIbbbb', 'Singapore');
    assert.deepEqual(await world.run(), []);
    assert.match(
      world.notices.shown[0] ?? '',
      /^warn: No profiles were added\. 2 access keys were rejected\./,
    );
    assert.equal(world.secrets.contents.size, 0);
  });

  it('throws what refused the only key, and keeps nothing', async () => {
    const world = start({ LTAIfirst: [refusal()] });
    world.keychain.entries.push([entryOf('LTAIfirst')]);
    world.questions.answer('alibaba-cloud-backup', 'LTAIfirst', 'Singapore');
    await assert.rejects(world.run(), { code: 'credentials-rejected' });
    assert.deepEqual([world.profiles.store.list(), world.secrets.contents.size], [[], 0]);
    assert.deepEqual(world.notices.shown, []);
  });

  it('keeps what was added when a later key cannot be stored', async () => {
    const world = start({ LTAIaaaa: [callerOf('user/alice')], LTAIbbbb: [callerOf('user/bob')] });
    world.keychain.entries.push(['LTAIaaaa', 'LTAIbbbb'].map(entryOf));
    world.profiles.view.onDidChange(() => (world.secrets.storing = 'fails'));
    world.questions.answer('alibaba-cloud-backup', 'LTAIaaaa + LTAIbbbb', 'Singapore', undefined);
    await world.run();
    assert.deepEqual(names(world), ['alice']);
    assert.equal((await world.profiles.keys.get('id-1').accessKey()).accessKeyId, 'LTAIaaaa');
    assert.deepEqual(world.notices.shown, ['info: Signed in as user/alice, account 1234567890123456.']);
  });

  it('offers once to use keys for this session only where VS Code cannot keep them', async () => {
    const world = start({ LTAIaaaa: [callerOf('user/alice')], LTAIbbbb: [callerOf('user/bob')] });
    world.keychain.entries.push(['LTAIaaaa', 'LTAIbbbb'].map(entryOf));
    world.secrets.storing = 'fails';
    const session = 'Use for This Session Only';
    world.questions.answer('alibaba-cloud-backup', 'LTAIaaaa + LTAIbbbb', 'Singapore', session);
    await world.run();
    assert.deepEqual(names(world), ['alice', 'bob']);
    assert.ok(['id-1', 'id-2'].every((id) => world.profiles.keys.isForSession(id)));
    assert.equal(world.secrets.contents.size, 0);
    assert.equal(world.profiles.view.active?.name, 'alice');
  });

  it('keeps nothing and says no more where the user does not want a key for the session', async () => {
    const world = start({ LTAIaaaa: [callerOf('user/alice')] });
    world.keychain.entries.push(['LTAIaaaa'].map(entryOf));
    world.secrets.storing = 'fails';
    world.questions.answer('alibaba-cloud-backup', 'LTAIaaaa', 'Singapore', undefined);
    assert.deepEqual(await world.run(), []);
    assert.deepEqual([names(world), world.notices.shown], [[], []]);
  });

  it('asks once for all keys about which STS could not be asked, and keeps them unverified', async () => {
    const world = start({
      LTAIaaaa: [unreachable()],
      LTAIbbbb: [callerOf('user/bob')],
      LTAIcccc: [unreachable()],
    });
    world.keychain.entries.push(['LTAIaaaa', 'LTAIbbbb', 'LTAIcccc'].map(entryOf));
    world.questions.answer(
      'alibaba-cloud-backup',
      'LTAIaaaa + LTAIbbbb + LTAIcccc',
      'Singapore',
      'Save Unverified',
    );
    const added = await world.run();
    assert.deepEqual(names(world), ['Access key …aaaa', 'bob', 'Access key …cccc']);
    assert.deepEqual(
      added.map(({ accountId }) => accountId),
      [undefined, '1234567890123456', undefined],
    );
    assert.equal(world.questions.asked[3]?.words, "Couldn't verify 2 access keys.");
  });

  it('asks STS again only about the keys that are open', async () => {
    const world = start({
      LTAIaaaa: [unreachable(), callerOf('user/alice')],
      LTAIbbbb: [callerOf('user/bob')],
    });
    world.keychain.entries.push(['LTAIaaaa', 'LTAIbbbb'].map(entryOf));
    world.questions.answer('alibaba-cloud-backup', 'LTAIaaaa + LTAIbbbb', 'Singapore', 'Try Again');
    await world.run();
    assert.deepEqual(names(world), ['alice', 'bob']);
  });

  it('keeps nothing at all when the user gives up on keys that cannot be verified', async () => {
    const world = start({ LTAIaaaa: [unreachable()], LTAIbbbb: [callerOf('user/bob')] });
    world.keychain.entries.push(['LTAIaaaa', 'LTAIbbbb'].map(entryOf));
    world.questions.answer('alibaba-cloud-backup', 'LTAIaaaa + LTAIbbbb', 'Singapore', undefined);
    assert.deepEqual(await world.run(), []);
    assert.deepEqual([world.profiles.store.list(), world.notices.shown], [[], []]);
  });

  for (const answers of [[], ['alibaba-cloud-backup'], ['alibaba-cloud-backup', 'LTAIaaaa']]) {
    it(`keeps nothing when the user backs out after ${answers.length} answers`, async () => {
      const world = start();
      world.keychain.entries.push(['LTAIaaaa', 'LTAIbbbb'].map(entryOf));
      world.questions.answer(...answers, undefined);
      assert.deepEqual(await world.run(), []);
      assert.deepEqual([world.profiles.store.list(), world.notices.shown, world.calls], [[], [], []]);
    });
  }

  it('asks for another service name where it finds nothing', async () => {
    const world = start();
    world.keychain.entries.push([], [entryOf('LTAIfirst')]);
    world.questions.answer('some-name', 'other-name', undefined);
    await world.run();
    assert.deepEqual(world.keychain.services, ['some-name', 'other-name']);
    assert.match(world.questions.asked[1]?.words ?? '', /Nothing was found/);
    assert.equal(world.questions.asked[1]?.value, 'some-name');
  });

  it('throws what is in the way of the keychain', async () => {
    const world = start();
    world.keychain.entries.push(new KeychainUnavailable('no-service', 'no bus', undefined));
    world.questions.answer('alibaba-cloud-backup');
    await assert.rejects(world.run(), { trouble: 'no-service' });
  });

  it('ends as cancelled when the user does not wait for the keychain', async () => {
    const world = start();
    world.notices.cancel();
    world.keychain.entries.push([entryOf('LTAIfirst')]);
    world.questions.answer('alibaba-cloud-backup');
    await assert.rejects(world.run(), isCancelled);
    assert.deepEqual(world.notices.shown, []);
  });
});
