import { strict as assert } from 'node:assert';
import { CancelledError } from '../../../src/core/kernel/cancelled';
import { BackupError } from '../../../src/core/service/errors';
import { KeychainUnavailable } from '../../../src/core/profiles/keys/keychain';
import type { AccessKey, CallerIdentity } from '../../../src/core/service/model';
import { patient } from '../../support/keyDeps';
import { Redactor } from '../../../src/core/kernel/redact';
import { createSignIn } from '../../../src/core/profiles/signIn/signIn';
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

const secret = 'x7Secret+of/the=user';
const token = 'Session+token/of=the-user';
const caller: CallerIdentity = {
  accountId: '1234567890123456',
  identityType: 'RAMUser',
  arn: 'acs:ram::1234567890123456:user/alice',
  requestId: 'REQUEST-1',
};
const refused = (serviceCode: string) =>
  new BackupError('credentials-rejected', `refused: ${serviceCode}`, { serviceCode, requestId: 'REQUEST-2' });
const unreachable = () => new BackupError('unreachable', 'getaddrinfo ENOTFOUND', { fate: 'not-run' });

type Answer = CallerIdentity | Error;

/** Everything around the flows, with the answers of STS in order; each answer sees whether a key is kept already. */
function start(...answers: readonly Answer[]) {
  const index = new FakeIndex();
  const secrets = new FakeSecrets();
  const redactor = new Redactor();
  const log = new FakeLog();
  const questions = new FakeUser().answer();
  const notices = new FakeNotices();
  const outside = new FakeOutside();
  const sts = new FakeSts();
  const profiles = openProfiles({ index, secrets, redactor, log, outside, sts });
  const calls: { readonly key: AccessKey; readonly regionId: string; readonly keptThen: number }[] = [];
  const left = [...answers];
  let ids = 0;
  sts.whoIs = (key, endpoint, { signal }) => {
    if (signal.aborted) return Promise.reject(new CancelledError());
    calls.push({ key, regionId: regionOfSts(endpoint), keptThen: secrets.contents.size });
    const answer = left.shift() ?? assert.fail('STS is asked once too often');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const signIn = createSignIn({
    ...profiles,
    outside,
    troubleOf: () => undefined,
    questions,
    notices,
    redactor,
    log,
    newId: () => `id-${++ids}`,
    keychain: { entries: () => Promise.reject(new KeychainUnavailable('no-service', 'no bus', undefined)) },
  });
  return { signIn, profiles, index, secrets, redactor, log, questions, notices, calls };
}

type World = ReturnType<typeof start>;

/** No secret may stand in anything that is kept, logged, asked or told, apart from the masked box itself. */
function assertNoSecretIn({ index, log, questions, notices }: World): void {
  const texts = [
    index.text ?? '',
    ...log.lines,
    ...notices.shown,
    ...notices.failures.map(({ message }) => message),
    ...questions.asked.map(({ secret: masked, value, ...rest }) =>
      JSON.stringify(masked ? rest : { ...rest, value }),
    ),
  ];
  for (const text of texts) {
    for (const hidden of [secret, token]) assert.ok(!text.includes(hidden), text);
  }
}

async function withProfile(...answers: readonly Answer[]): Promise<World> {
  const world = start(caller, ...answers);
  world.questions.answer('Access key', 'production', 'LTAIfirst', secret, 'Singapore');
  await world.signIn.addProfile();
  world.questions.asked.length = 0;
  world.notices.shown.length = 0;
  world.calls.length = 0;
  return world;
}

describe('adding a profile', () => {
  it('verifies the key before it is kept, keeps it, and tells once whose it is', async () => {
    const world = start(caller);
    world.questions.answer('Access key', '  production ', ' LTAIfirst\n', `\t${secret} `, 'Singapore');
    const profile = await world.signIn.addProfile();
    assert.deepEqual(profile, {
      id: 'id-1',
      name: 'production',
      regionId: 'ap-southeast-1',
      accountId: '1234567890123456',
      identity: 'user/alice',
    });
    assert.deepEqual(world.calls, [
      {
        key: { accessKeyId: 'LTAIfirst', accessKeySecret: secret },
        regionId: 'ap-southeast-1',
        keptThen: 0,
      },
    ]);
    assert.deepEqual(world.profiles.view.active, profile);
    assert.deepEqual(world.notices.shown, ['info: Signed in as user/alice, account 1234567890123456.']);
    assert.deepEqual(world.notices.progressed, ['notification: Verifying the access key']);
    assert.deepEqual(
      world.questions.asked.map(({ step, secret: masked }) => [step, masked ?? false]),
      [
        [undefined, false],
        ['1/4', false],
        ['2/4', false],
        ['3/4', true],
        ['4/4', false],
      ],
    );
    assertNoSecretIn(world);
  });

  it('asks for the session token of a temporary key only', async () => {
    const world = start(caller);
    world.questions.answer('Access key', 'temporary', 'STS.first', secret, ` ${token}\n`, 'China (Hangzhou)');
    const profile = await world.signIn.addProfile();
    assert.deepEqual(await world.profiles.keys.get(profile?.id ?? '').accessKey(), {
      accessKeyId: 'STS.first',
      accessKeySecret: secret,
      securityToken: token,
    });
    assert.deepEqual(
      world.questions.asked.map(({ step }) => step),
      [undefined, '1/4', '2/4', '3/5', '4/5', '5/5'],
    );
    assertNoSecretIn(world);
  });

  it('offers the session token, to be skipped with Enter, for an id of neither kind', async () => {
    const world = start(caller);
    world.questions.answer('Access key', 'other', 'someOtherId', secret, '', 'China (Hangzhou)');
    const profile = await world.signIn.addProfile();
    assert.deepEqual(await world.profiles.keys.get(profile?.id ?? '').accessKey(), {
      accessKeyId: 'someOtherId',
      accessKeySecret: secret,
    });
    assert.deepEqual(
      world.questions.asked.map(({ step }) => step),
      [undefined, '1/4', '2/4', '3/5', '4/5', '5/5'],
    );
  });

  it('takes the id of a region that has no name here', async () => {
    const world = start(caller);
    world.questions.answer('Access key', 'new', 'LTAIfirst', secret, ' xx-south-9 ');
    assert.equal((await world.signIn.addProfile())?.regionId, 'xx-south-9');
  });

  it('refuses a name that is empty, too long or in use', async () => {
    const world = await withProfile();
    for (const name of ['   ', 'n'.repeat(65), 'PRODUCTION ']) {
      world.questions.answer('Access key', name);
      await world.signIn.addProfile();
      assert.match(world.notices.failures.pop()?.message ?? '', /refused: /, name);
    }
  });

  it('refuses a key that cannot be one', async () => {
    const wrong: readonly (readonly string[])[] = [
      [''],
      ['LTAI with spaces'],
      ['LTAI\u00e9'],
      ['L'.repeat(129)],
      ['LTAIfirst', ''],
      ['LTAIfirst', 'two words'],
      ['STS.first', secret, ''],
      ['STS.first', secret, 'two words'],
    ];
    for (const typed of wrong) {
      const world = start();
      world.questions.answer('Access key', 'production', ...typed);
      await world.signIn.addProfile();
      assert.match(world.notices.failures[0]?.message ?? '', /refused: /, typed.join());
      assert.equal(world.questions.unused, 0);
    }
  });

  it('refuses a region that cannot be one', async () => {
    for (const region of ['cn-hangzhou-b', 'cn.hangzhou', 'a'.repeat(65), 'evil.example.com/']) {
      const world = start();
      world.questions.answer('Access key', 'production', 'LTAIfirst', secret, region);
      await world.signIn.addProfile();
      assert.match(world.notices.failures[0]?.message ?? '', /can't be chosen: /, region);
      assert.equal(world.calls.length, 0);
    }
  });

  it('keeps nothing when the user backs out, after however many answers', async () => {
    for (const answers of [[], ['production'], ['production', 'LTAIx'], ['production', 'LTAIx', secret]]) {
      const world = start();
      world.questions.answer('Access key', ...answers, undefined);
      assert.equal(await world.signIn.addProfile(), undefined);
      assert.deepEqual([world.profiles.store.list(), world.secrets.contents.size], [[], 0]);
      assert.deepEqual([world.notices.shown, world.notices.failures], [[], []]);
    }
  });

  it('asks for the secret again when it is wrong, and for nothing else', async () => {
    const world = start(refused('SignatureDoesNotMatch'), caller);
    world.questions.answer('Access key', 'production', 'LTAIfirst', 'wrong-secret', 'Singapore', secret);
    assert.ok(await world.signIn.addProfile());
    const again = world.questions.asked[5];
    assert.equal(again?.words, 'The access key secret was rejected. Check it and try again.');
    assert.equal(again.value, 'wrong-secret');
    assert.equal(again.secret, true);
    assert.deepEqual(world.calls[1]?.key, { accessKeyId: 'LTAIfirst', accessKeySecret: secret });
    assert.equal(world.calls[1].regionId, 'ap-southeast-1');
    assert.equal(world.calls[1].keptThen, 0);
    assert.ok(world.log.lines.some((line) => line.includes('REQUEST-2')));
    assert.deepEqual(world.notices.failures, []);
  });

  it('does not ask for a session token again where only the secret is wrong', async () => {
    const world = start(refused('SignatureDoesNotMatch'), caller);
    world.questions.answer('Access key', 'other', 'someOtherId', 'wrong-secret', '', 'Singapore', secret);
    assert.ok(await world.signIn.addProfile());
    assert.equal(world.questions.unused, 0);
    assert.deepEqual(world.calls[1]?.key, { accessKeyId: 'someOtherId', accessKeySecret: secret });
  });

  it('asks for the id again when nobody knows it, with what was typed', async () => {
    const world = start(refused('InvalidAccessKeyId.NotFound'), caller);
    world.questions.answer('Access key', 'production', 'LTAIwrong', secret, 'Singapore', 'LTAIright', secret);
    assert.ok(await world.signIn.addProfile());
    const id = world.questions.asked[5];
    const typedSecret = world.questions.asked[6];
    assert.match(id?.words ?? '', /access key ID doesn't exist/);
    assert.equal(id?.value, 'LTAIwrong');
    assert.equal(typedSecret?.value, secret);
    assert.equal(world.calls[1]?.key.accessKeyId, 'LTAIright');
  });

  it('says that a key is disabled', async () => {
    const world = start(refused('InvalidAccessKeyId.Inactive'));
    world.questions.answer('Access key', 'production', 'LTAIfirst', secret, 'Singapore', undefined);
    await world.signIn.addProfile();
    assert.match(world.questions.asked[5]?.words ?? '', /is disabled/);
  });

  it('asks for the token again when it is malformed, and for the whole key when it has expired', async () => {
    const world = start(
      refused('InvalidSecurityToken.Malformed'),
      new BackupError('credentials-expired', 'expired', { serviceCode: 'InvalidSecurityToken.Expired' }),
    );
    world.questions.answer(
      'Access key',
      'temporary',
      'STS.first',
      secret,
      'half-a-token',
      'Singapore',
      token,
      undefined,
    );
    await world.signIn.addProfile();
    const tokenAgain = world.questions.asked[6];
    const idAgain = world.questions.asked[7];
    assert.match(tokenAgain?.words ?? '', /STS token was rejected/);
    assert.equal(tokenAgain?.step, '4/5');
    assert.match(idAgain?.words ?? '', /have expired/);
    assert.equal(idAgain?.value, 'STS.first');
    assertNoSecretIn(world);
  });

  for (const code of ['unreachable', 'timeout', 'tls-failed', 'unexpected-reply'] as const) {
    it(`saves a key unverified where STS cannot be asked (${code}), and only if the user says so`, async () => {
      const world = start(new BackupError(code, 'no luck'));
      world.questions.answer('Access key', 'production', 'LTAIfirst', secret, 'Singapore', 'Save Unverified');
      assert.deepEqual(await world.signIn.addProfile(), {
        id: 'id-1',
        name: 'production',
        regionId: 'ap-southeast-1',
      });
      const modal = world.questions.asked[5];
      assert.equal(modal?.words, "Couldn't verify the access key.");
      assert.match(modal.detail ?? '', /sts\.ap-southeast-1\.aliyuncs\.com/);
      assert.deepEqual(modal.labels, ['Try Again', 'Save Unverified']);
      assert.deepEqual(world.notices.shown, [
        "info: “production” is saved. Its credentials aren't verified yet.",
      ]);
      assert.equal(world.secrets.contents.size, 1);
      assertNoSecretIn(world);
    });
  }

  it('keeps nothing when the user does not want an unverified key', async () => {
    const world = start(unreachable());
    world.questions.answer('Access key', 'production', 'LTAIfirst', secret, 'Singapore', undefined);
    assert.equal(await world.signIn.addProfile(), undefined);
    assert.deepEqual([world.profiles.store.list(), world.secrets.contents.size], [[], 0]);
  });

  it('tries again when the network is back', async () => {
    const world = start(unreachable(), caller);
    world.questions.answer('Access key', 'production', 'LTAIfirst', secret, 'Singapore', 'Try Again');
    assert.equal((await world.signIn.addProfile())?.accountId, caller.accountId);
  });

  it('tells a failure that trying again would not change, and keeps nothing', async () => {
    const world = start(new BackupError('account-blocked', 'InDebt', { requestId: 'REQUEST-3' }));
    world.questions.answer('Access key', 'production', 'LTAIfirst', secret, 'Singapore');
    assert.equal(await world.signIn.addProfile(), undefined);
    assert.deepEqual(
      world.notices.failures.map(({ code, requestId }) => [code, requestId]),
      [['account-blocked', 'REQUEST-3']],
    );
    assert.equal(world.secrets.contents.size, 0);
  });

  it('ends quietly when the verification is cancelled', async () => {
    const world = start();
    world.notices.cancel();
    world.questions.answer('Access key', 'production', 'LTAIfirst', secret, 'Singapore');
    assert.equal(await world.signIn.addProfile(), undefined);
    assert.deepEqual([world.notices.shown, world.notices.failures], [[], []]);
    assert.equal(world.secrets.contents.size, 0);
  });

  for (const storing of ['fails', 'forgets'] as const) {
    it(`says so and keeps nothing when the secret storage ${storing} and the user backs out`, async () => {
      const world = start(caller);
      world.secrets.storing = storing;
      world.questions.answer('Access key', 'production', 'LTAIfirst', secret, 'Singapore', undefined);
      assert.equal(await world.signIn.addProfile(), undefined);
      assert.equal(world.questions.asked.at(-1)?.words, "VS Code couldn't save the access key.");
      assert.deepEqual(world.questions.asked.at(-1)?.labels, ['Use for This Session Only']);
      assert.deepEqual([world.notices.shown, world.notices.failures], [[], []]);
      assert.deepEqual(world.profiles.store.list(), []);
      assertNoSecretIn(world);
    });
  }

  it('can use a key that VS Code does not keep until the window closes, and marks it', async () => {
    const world = start(caller, caller);
    world.secrets.storing = 'fails';
    const session = 'Use for This Session Only';
    world.questions.answer('Access key', 'production', 'LTAIfirst', secret, 'Singapore', session);
    const profile = (await world.signIn.addProfile()) ?? assert.fail();
    assert.equal((await world.profiles.keys.get(profile.id).accessKey()).accessKeySecret, secret);
    assert.equal(world.secrets.contents.size, 0);
    assert.equal(world.profiles.keys.state(profile.id), 'kept');
    world.questions.answer(undefined);
    await world.signIn.switchProfile();
    assert.match(world.questions.asked.at(-1)?.rows[0] ?? '', /Available until this window closes/);
    assertNoSecretIn(world);
    // Once the keyring works again the key is kept, and the mark is gone.
    world.secrets.storing = 'works';
    world.questions.answer('LTAIsecond', secret);
    await world.signIn.signInAgain(profile.id);
    assert.equal(world.profiles.keys.isForSession(profile.id), false);
    assert.equal(world.secrets.contents.size, 1);
  });

  it('shows names of the service without live icons or links', async () => {
    const world = start({ ...caller, arn: 'acs:ram::1:user/$(check)[a](command:b)' });
    world.questions.answer('Access key', 'production', 'LTAIfirst', secret, 'Singapore');
    await world.signIn.addProfile();
    assert.ok(!/\$\(|\]\(/.test(world.notices.shown[0] ?? '$('));
  });
});

describe('entering the key of a profile again', () => {
  it('puts the new key in the place of the lost one', async () => {
    const world = await withProfile(caller);
    world.secrets.contents.clear();
    await world.profiles.store.load();
    assert.equal(world.profiles.keys.state('id-1'), 'not-kept');
    world.questions.answer('LTAIsecond', secret);
    await world.signIn.signInAgain('id-1');
    assert.equal(world.profiles.keys.state('id-1'), 'kept');
    assert.equal((await world.profiles.keys.get('id-1').accessKey()).accessKeyId, 'LTAIsecond');
    assert.deepEqual(
      world.questions.asked.map(({ step }) => step),
      ['1/2', '2/2'],
    );
    assert.equal(world.notices.shown.length, 1);
  });

  it('refuses the key of another account, since what runs belongs to the first', async () => {
    const world = await withProfile({ ...caller, accountId: '99' });
    world.questions.answer('LTAIother', secret, undefined);
    await world.signIn.signInAgain('id-1');
    assert.match(
      world.questions.asked[2]?.words ?? '',
      /belongs to account 99, but the profile belongs to account 1234567890123456/,
    );
    assert.equal((await world.profiles.keys.get('id-1').accessKey()).accessKeyId, 'LTAIfirst');
  });

  it('saved unverified, makes the profile one of an unknown account, then of the account of the new key', async () => {
    const other = { ...caller, accountId: '2222', arn: 'acs:ram::2222:root' };
    const world = await withProfile(unreachable(), other);
    world.questions.answer('LTAIother', secret, 'Save Unverified');
    await world.signIn.signInAgain('id-1');
    const { accountId, identity, ...rest } = world.profiles.view.active ?? assert.fail();
    assert.deepEqual([accountId, identity], [undefined, undefined]);
    assert.deepEqual(world.notices.shown, [
      "info: “production” is saved. Its credentials aren't verified yet.",
    ]);
    const known = await world.profiles.keys.identify('id-1', patient);
    assert.deepEqual(known, { accountId: '2222', identity: 'root' });
    assert.deepEqual(world.profiles.view.active, { ...rest, ...known });
  });

  it('asks again after a refusal, and keeps the old key when the user gives up', async () => {
    const world = await withProfile(refused('SignatureDoesNotMatch'));
    world.questions.answer('LTAIfirst', 'wrong', undefined);
    await world.signIn.signInAgain('id-1');
    assert.match(world.questions.asked[2]?.words ?? '', /secret was rejected/);
    assert.equal((await world.profiles.keys.get('id-1').accessKey()).accessKeySecret, secret);
  });

  it('asks nothing for a profile that is gone', async () => {
    const world = start();
    await world.signIn.signInAgain('id-9');
    assert.deepEqual(world.questions.asked, []);
  });

  it('learns the account of a profile that was saved unverified', async () => {
    const world = start(unreachable(), caller);
    world.questions.answer('Access key', 'production', 'LTAIfirst', secret, 'Singapore', 'Save Unverified');
    const profile = (await world.signIn.addProfile()) ?? assert.fail();
    const known = await world.profiles.keys.identify(profile.id, patient);
    assert.deepEqual(known, { accountId: caller.accountId, identity: 'user/alice' });
    assert.deepEqual(world.profiles.view.active, { ...profile, ...known });
  });
});

describe('removing a profile', () => {
  it('erases it after a confirm that says what happens', async () => {
    const world = await withProfile();
    world.questions.answer('Remove');
    await world.signIn.removeProfile();
    const [confirm] = world.questions.asked;
    assert.equal(confirm?.words, 'Remove the profile “production”?');
    assert.match(confirm.detail ?? '', /Account 1234567890123456 · user\/alice · ap-southeast-1/);
    assert.match(confirm.detail ?? '', /Nothing changes in Alibaba Cloud/);
    assert.deepEqual([world.profiles.store.list(), world.secrets.contents.size], [[], 0]);
  });

  it('removes nothing without the confirm', async () => {
    const world = await withProfile();
    world.questions.answer(undefined);
    await world.signIn.removeProfile('id-1');
    assert.equal(world.profiles.store.list().length, 1);
    assert.equal(world.secrets.contents.size, 1);
  });

  it('asks which one when there are several', async () => {
    const world = await withProfile(caller);
    world.questions.answer('Access key', 'staging', 'LTAIsecond', secret, 'Singapore');
    await world.signIn.addProfile();
    world.questions.answer('production', 'Remove');
    await world.signIn.removeProfile();
    assert.deepEqual(
      world.profiles.store.list().map(({ name }) => name),
      ['staging'],
    );
  });

  it('says so where there is none, instead of an empty pick', async () => {
    const world = start();
    await world.signIn.removeProfile();
    assert.deepEqual(world.questions.asked, []);
    assert.deepEqual(world.notices.shown, ['info: There are no profiles to remove.']);
  });

  it('says so when the key could not be erased', async () => {
    const world = await withProfile();
    world.secrets.erasing = 'fails';
    world.questions.answer('Remove');
    await world.signIn.removeProfile();
    assert.deepEqual(
      world.notices.failures.map(({ code }) => code),
      ['secret-storage-failed'],
    );
  });

  it('leaves the demo', async () => {
    const world = start();
    world.profiles.demo.connect({
      endpoint: 'http://127.0.0.1:4010',
      regionId: 'cn-hangzhou',
      accessKeyId: 'LTAIdemo',
      accessKeySecret: 'secret-of-the-demo',
      accountId: '1',
    });
    world.questions.answer('Exit Demo');
    await world.signIn.removeProfile();
    assert.deepEqual(world.profiles.store.list(), []);
  });
});

describe('switching the profile', () => {
  it('lists the profiles with account and region, marks the active one, and ends with Add Profile…', async () => {
    const world = await withProfile(caller);
    world.questions.answer('Access key', 'staging', 'LTAIsecond', secret, 'Singapore');
    await world.signIn.addProfile();
    world.secrets.contents.delete('cloudBackup.profile.id-1');
    await world.profiles.store.load();
    world.questions.asked.length = 0;
    world.questions.answer('production');
    await world.signIn.switchProfile();
    assert.deepEqual(world.questions.asked[0]?.rows, [
      "- production | Account 1234567890123456 · user/alice · ap-southeast-1 | VS Code couldn't save these credentials",
      '+ staging | Account 1234567890123456 · user/alice · ap-southeast-1 | Access key',
      '# ',
      '- Add Profile…',
    ]);
    assert.equal(world.profiles.view.active?.name, 'production');
  });

  it('adds a profile from its last row', async () => {
    const world = start(caller);
    world.questions.answer('Add Profile…', 'Access key', 'production', 'LTAIfirst', secret, 'Singapore');
    await world.signIn.switchProfile();
    assert.equal(world.profiles.view.active?.name, 'production');
  });

  it('changes nothing when the user backs out', async () => {
    const world = await withProfile();
    world.questions.answer(undefined);
    await world.signIn.switchProfile();
    assert.equal(world.profiles.view.active?.name, 'production');
  });
});

describe('importing from the system keychain', () => {
  it('tells what is in the way, and rejects never', async () => {
    const world = start();
    world.questions.answer('alibaba-cloud-backup');
    assert.deepEqual(await world.signIn.importFromKeychain(), []);
    assert.deepEqual(
      world.notices.failures.map(({ code }) => code),
      ['keychain-unavailable'],
    );
  });
});
