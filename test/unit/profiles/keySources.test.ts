import { strict as assert } from 'node:assert';
import { BackupError, type FailureCode } from '../../../src/core/service/errors';
import type { AccessKey } from '../../../src/core/service/model';
import type { Profile } from '../../../src/core/profiles/profile';
import {
  SourceUnusable,
  type CredentialSource,
  type OutsideSource,
} from '../../../src/core/profiles/keys/credentialSource';
import type { VerifiedIdentity } from '../../../src/core/profiles/identity';
import { Redactor } from '../../../src/core/kernel/redact';
import { patient } from '../../support/keyDeps';
import { createHandClock } from '../../support/handClock';
import {
  addShown,
  callerOf,
  FakeIndex,
  FakeOutside,
  FakeSecrets,
  FakeSts,
  openProfiles,
} from './signInFakes';

const minutes = 60_000;
const stored: AccessKey = { accessKeyId: 'LTAIstored', accessKeySecret: 'secret-of-the-stored-key' };
const outsideKey = (n: number): AccessKey => ({
  accessKeyId: `STS.outside${n}`,
  accessKeySecret: `outside-secret-${n}`,
  securityToken: `outside/token/${n}`,
});
const roleOf = (sourceProfileId: string, account = '2222222222222222'): CredentialSource => ({
  kind: 'role',
  sourceProfileId,
  role: {
    roleArn: `acs:ram::${account}:role/backup`,
    sessionName: 'vscode-cloud-backup',
    durationSeconds: 3600,
  },
});
const profileOf = (id: string, source?: CredentialSource): Profile => ({
  id,
  name: `profile ${id}`,
  regionId: 'cn-hangzhou',
  ...(source && { source }),
});
const cli: CredentialSource = { kind: 'cli', name: 'work' };

function start() {
  const clock = createHandClock();
  const outside = new FakeOutside();
  const sts = new FakeSts();
  const secrets = new FakeSecrets();
  const index = new FakeIndex();
  const redactor = new Redactor();
  const asked: string[] = [];
  const accounts = new Map<string, VerifiedIdentity>();
  const profiles = openProfiles({
    clock,
    outside,
    sts,
    secrets,
    index,
    redactor,
  });
  sts.whoIs = ({ accessKeyId }) => {
    asked.push(accessKeyId);
    const found = accounts.get(accessKeyId);
    return found
      ? Promise.resolve(callerOf(found))
      : Promise.reject(new BackupError('unreachable', 'STS is not reached'));
  };
  const changed: string[] = [];
  profiles.keys.onDidChange((id) => changed.push(id));
  const keyOf = (id: string, refused?: AccessKey): Promise<AccessKey> =>
    profiles.keys.get(id).accessKey(refused);
  return { profiles, clock, outside, sts, secrets, index, redactor, asked, accounts, changed, keyOf };
}

const saying = (words: RegExp) => (error: unknown) =>
  error instanceof SourceUnusable && words.test(error.sentence);
const failsWith = (code: FailureCode) => (error: unknown) =>
  error instanceof BackupError && error.code === code;

describe('a RAM role', () => {
  it('is assumed with the key of its source profile, at the STS of its own region', async () => {
    const { profiles, sts, redactor, keyOf } = start();
    await addShown(profiles, profileOf('base'), stored);
    await addShown(profiles, { ...profileOf('role', roleOf('base')), regionId: 'eu-central-1' });
    const key = await keyOf('role');
    assert.equal(key.accessKeyId, 'STS.1');
    assert.deepEqual(sts.assumed, [
      {
        endpoint: 'https://sts.eu-central-1.aliyuncs.com',
        key: stored,
        role: {
          roleArn: 'acs:ram::2222222222222222:role/backup',
          sessionName: 'vscode-cloud-backup',
          durationSeconds: 3600,
        },
      },
    ]);
    assert.equal(redactor.redact(`${key.accessKeySecret} ${key.securityToken}`), '****** ******');
    assert.equal(profiles.keys.state('role'), 'kept');
  });

  it('is renewed five minutes ahead, by one call for all, and once when its key is refused', async () => {
    const { profiles, sts, clock, keyOf } = start();
    sts.answer = (_asked, n) => ({
      key: { accessKeyId: `STS.${n}`, accessKeySecret: `secret-${n}` },
      expiresAtMs: clock.now() + 60 * minutes,
    });
    await addShown(profiles, profileOf('base'), stored);
    await addShown(profiles, profileOf('role', roleOf('base')));
    const first = await keyOf('role');
    await clock.advance(54 * minutes);
    assert.deepEqual(await keyOf('role'), first);
    await clock.advance(1 * minutes);
    const seconds = await Promise.all([keyOf('role'), keyOf('role'), keyOf('role')]);
    assert.deepEqual([...new Set(seconds.map(({ accessKeyId }) => accessKeyId))], ['STS.2']);
    assert.equal((await keyOf('role', seconds[0])).accessKeyId, 'STS.3');
    assert.equal((await keyOf('role', seconds[0])).accessKeyId, 'STS.3');
    assert.equal(sts.assumed.length, 3);
  });

  it('tells once when the key in use has another end', async () => {
    const { profiles, sts, clock, keyOf } = start();
    sts.answer = (_asked, n) => ({
      key: { accessKeyId: `STS.${n}`, accessKeySecret: `secret-${n}` },
      expiresAtMs: clock.now() + 60 * minutes,
    });
    await addShown(profiles, profileOf('base'), stored);
    await addShown(profiles, profileOf('role', roleOf('base')));
    const ends: unknown[] = [];
    profiles.keys.onDidRenew((id) => ends.push([id, profiles.keys.endsAt(id)]));
    await Promise.all([keyOf('role'), keyOf('role')]);
    await keyOf('base');
    const first = clock.now() + 60 * minutes;
    await clock.advance(55 * minutes);
    await Promise.all([keyOf('role'), keyOf('role')]);
    assert.deepEqual(ends, [
      ['role', first],
      ['role', first + 55 * minutes],
    ]);
  });

  it('may stand on another role, which may stand on a profile of the CLI', async () => {
    const { profiles, sts, outside, keyOf } = start();
    outside.give('cli:work', outsideKey(1));
    await addShown(profiles, profileOf('cli', cli));
    await addShown(profiles, profileOf('first', roleOf('cli')));
    await addShown(profiles, profileOf('second', roleOf('first')));
    assert.equal((await keyOf('second')).accessKeyId, 'STS.2');
    assert.deepEqual(
      sts.assumed.map(({ key }) => key.accessKeyId),
      ['STS.outside1', 'STS.1'],
    );
  });

  it('takes another key of its source profile once, when the first is refused', async () => {
    const { profiles, sts, outside, keyOf } = start();
    outside.give('cli:work', outsideKey(1), outsideKey(2));
    const expired = new BackupError('credentials-expired', 'InvalidSecurityToken.Expired');
    const answer = sts.answer;
    sts.answer = (asked, n) => (asked.key.accessKeyId === 'STS.outside1' ? expired : answer(asked, n));
    await addShown(profiles, profileOf('cli', cli));
    await addShown(profiles, profileOf('role', roleOf('cli')));
    assert.equal((await keyOf('role')).accessKeyId, 'STS.2');
    // The source has no other now: the failure is that of STS, and nothing goes round.
    sts.answer = () => expired;
    profiles.keys.readAgain('role');
    await assert.rejects(keyOf('role'), failsWith('credentials-expired'));
    assert.equal(sts.assumed.length, 3);
  });

  it('says which profiles go in a circle, and asks nobody then', async () => {
    const { profiles, sts, keyOf } = start();
    await addShown(profiles, profileOf('a', roleOf('c')));
    await addShown(profiles, profileOf('b', roleOf('a')));
    await addShown(profiles, profileOf('c', roleOf('b')));
    await assert.rejects(keyOf('a'), saying(/: profile a → profile c → profile b → profile a\. Remove/));
    await addShown(profiles, profileOf('outsider', roleOf('b')));
    await assert.rejects(keyOf('outsider'), saying(/: profile b → profile a → profile c → profile b\./));
    await addShown(profiles, profileOf('self', roleOf('self')));
    await assert.rejects(keyOf('self'), saying(/: profile self → profile self\./));
    assert.equal(sts.assumed.length, 0);
  });

  it('stands on eight roles at most', async () => {
    const { profiles, keyOf } = start();
    await addShown(profiles, profileOf('0'), stored);
    for (let n = 1; n <= 9; n++) await addShown(profiles, profileOf(`${n}`, roleOf(`${n - 1}`)));
    assert.equal((await keyOf('8')).accessKeyId, 'STS.8');
    await assert.rejects(keyOf('9'), saying(/longer than 8\. Add the role again/));
  });

  it('says that its source profile is gone, or that its key is', async () => {
    const { profiles, secrets, changed, keyOf } = start();
    await addShown(profiles, profileOf('base'), stored);
    await addShown(profiles, profileOf('role', roleOf('base')));
    secrets.contents.clear();
    await assert.rejects(keyOf('role'), saying(/^VS Code has no credentials for “profile base”, .* Sign in/));
    await profiles.store.remove('base');
    assert.deepEqual(changed.slice(-2), ['base', 'role']);
    await assert.rejects(
      keyOf('role'),
      saying(/source profile of the role “profile role” was removed\. Remove/),
    );
  });

  it('says in words what STS has against it', async () => {
    const refusals: readonly (readonly [FailureCode, string, RegExp])[] = [
      ['permission-denied', 'NoPermission', /“profile base” can't assume .* sts:AssumeRole/],
      ['not-found', 'EntityNotExist.Role', /^This role doesn't exist\. /],
      ['bad-request', 'InvalidParameter.RoleArn', /role ARN\. /],
      ['bad-request', 'InvalidParameter.DurationSeconds', /fewer seconds/],
      ['bad-request', 'Unknown', /^STS rejected/],
    ];
    for (const [code, serviceCode, words] of refusals) {
      const { profiles, sts, keyOf } = start();
      sts.answer = () => new BackupError(code, 'refused', { serviceCode, requestId: 'REQUEST-1' });
      await addShown(profiles, profileOf('base'), stored);
      await addShown(profiles, profileOf('role', roleOf('base')));
      await assert.rejects(keyOf('role'), saying(words), serviceCode);
    }
  });

  it('passes on what says nothing about the role', async () => {
    const { profiles, sts, keyOf } = start();
    sts.answer = () => new BackupError('unreachable', 'no network');
    await addShown(profiles, profileOf('base'), stored);
    await addShown(profiles, profileOf('role', roleOf('base')));
    await assert.rejects(keyOf('role'), failsWith('unreachable'));
  });

  it('is assumed anew when the key of its source profile was replaced, here or in another window', async () => {
    const { profiles, sts, secrets, changed, keyOf } = start();
    await addShown(profiles, profileOf('base'), stored);
    await addShown(profiles, profileOf('role', roleOf('base')));
    await addShown(profiles, profileOf('second', roleOf('role')));
    await keyOf('second');
    await profiles.store.replaceKey('base', { ...stored, accessKeyId: 'LTAInew' });
    assert.deepEqual(changed, ['base', 'role', 'second']);
    await keyOf('second');
    assert.equal(sts.assumed[2]?.key.accessKeyId, 'LTAInew');

    const other = { ...stored, accessKeyId: 'LTAIother' };
    secrets.contents.set('cloudBackup.profile.base', JSON.stringify(other));
    secrets.changes.fire('cloudBackup.profile.base');
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(changed.slice(3), ['base', 'role', 'second']);
    await keyOf('second');
    assert.equal(sts.assumed[4]?.key.accessKeyId, 'LTAIother');
  });
});

describe('a source outside VS Code', () => {
  const sources: readonly (readonly [string, CredentialSource])[] = [
    ['cli:', { kind: 'cli' }],
    ['cli:work', { kind: 'cli', name: 'work' }],
    ['sdkFile:project', { kind: 'sdkFile', section: 'project' }],
    ['default', { kind: 'default' }],
  ];
  for (const [name, source] of sources) {
    it(`gives its key without a copy: ${name}`, async () => {
      const { profiles, outside, secrets, index, redactor, keyOf } = start();
      outside.give(name, outsideKey(1));
      await addShown(profiles, profileOf('one', source));
      assert.deepEqual(await keyOf('one'), outsideKey(1));
      assert.deepEqual(await keyOf('one'), outsideKey(1));
      assert.deepEqual(outside.reads, [name]);
      assert.equal(secrets.contents.size, 0);
      assert.ok(!index.text?.includes('outside'));
      assert.equal(redactor.redact(outsideKey(1).accessKeySecret), '******');
      assert.equal(profiles.keys.state('one'), 'kept');
      await profiles.store.remove('one');
      assert.deepEqual(index.read(), { profiles: [], removing: [] });
    });
  }

  it('passes on why it gives none', async () => {
    const { profiles, outside, keyOf } = start();
    await addShown(profiles, profileOf('one', cli));
    await assert.rejects(keyOf('one'), saying(/No cli:work/));
    outside.give('cli:work', new BackupError('command-not-allowed', 'ask first'));
    await assert.rejects(keyOf('one'), failsWith('command-not-allowed'));
  });

  it('is asked again once it changed, and those whose roles stand on it are told as well', async () => {
    const { profiles, outside, changed, keyOf } = start();
    outside.give('cli:work', outsideKey(1), outsideKey(2));
    outside.give('default', outsideKey(3));
    await addShown(profiles, profileOf('one', cli));
    await addShown(profiles, profileOf('role', roleOf('one')));
    await addShown(profiles, profileOf('unused', { kind: 'default' }));
    await keyOf('role');
    await outside.change();
    assert.deepEqual(changed, ['one', 'role']);
    assert.deepEqual(await keyOf('one'), outsideKey(2));
    await addShown(profiles, profileOf('stored'), stored);
    outside.give('cli:work', outsideKey(3));
    await outside.change();
    assert.deepEqual(changed, ['one', 'role', 'one', 'role']);
  });

  it('is left alone by a change of the file that is none of its own', async () => {
    const { profiles, outside, changed, keyOf } = start();
    outside.give('cli:work', outsideKey(1));
    outside.give('default', outsideKey(2), outsideKey(3));
    await addShown(profiles, profileOf('one', cli));
    await addShown(profiles, profileOf('other', { kind: 'default' }));
    await keyOf('one');
    await keyOf('other');
    await outside.change();
    assert.deepEqual(changed, ['other']);
    assert.deepEqual(await keyOf('one'), outsideKey(1));
    assert.deepEqual(outside.reads, ['cli:work', 'default']);
  });

  it('is run once when the program that gives it writes the file', async () => {
    const { profiles, outside, keyOf } = start();
    outside.give('cli:work', outsideKey(1));
    await addShown(profiles, profileOf('one', cli));
    const read = outside.read.bind(outside);
    Object.assign(outside, {
      read: async (source: OutsideSource) => {
        if (outside.reads.length < 9) await outside.change();
        return await read(source);
      },
    });
    assert.deepEqual(await keyOf('one'), outsideKey(1));
    assert.deepEqual(outside.reads, ['cli:work']);
  });

  it('is not followed before it is used', async () => {
    const { profiles, outside, keyOf } = start();
    let listeners = 0;
    const follow = outside.changes.event;
    Object.assign(outside, {
      onDidChange: (listener: () => void) => {
        listeners++;
        return follow(listener);
      },
    });
    await addShown(profiles, profileOf('one', cli));
    await profiles.store.load();
    assert.equal(listeners, 0);
    outside.give('cli:work', outsideKey(1));
    await keyOf('one');
    await keyOf('one');
    assert.equal(listeners, 1);
  });

  it('is looked at before each use, so that a change counts at once, and once', async () => {
    const { profiles, outside, sts, changed, keyOf } = start();
    outside.give('cli:work', outsideKey(1), outsideKey(2), outsideKey(3));
    await addShown(profiles, profileOf('one', cli));
    await addShown(profiles, profileOf('role', roleOf('one')));
    assert.deepEqual(await keyOf('one'), outsideKey(1));
    await keyOf('role');
    outside.changeUnheard();
    const all = await Promise.all([keyOf('one'), keyOf('one'), keyOf('role')]);
    assert.deepEqual([all[0], all[1]], [outsideKey(2), outsideKey(2)]);
    assert.equal(sts.assumed.at(-1)?.key.accessKeyId, 'STS.outside2');
    assert.deepEqual(changed, ['one', 'role']);
    assert.deepEqual(await keyOf('one'), outsideKey(2));
    assert.deepEqual(outside.reads, ['cli:work', 'cli:work']);
  });

  it('must stay with its account: each new key is asked about once', async () => {
    const { profiles, outside, asked, accounts, keyOf } = start();
    const account = { accountId: '1111111111111111', identity: 'user/alice' };
    outside.give('cli:work', outsideKey(1), outsideKey(2), outsideKey(3));
    accounts.set('STS.outside1', account);
    accounts.set('STS.outside2', { accountId: '3333333333333333', identity: 'user/mallory' });
    accounts.set('STS.outside3', { ...account, identity: 'user/bob' });
    await addShown(profiles, { ...profileOf('one', cli), ...account });
    await keyOf('one');
    await keyOf('one');
    assert.deepEqual(asked, ['STS.outside1']);
    await outside.change();
    await assert.rejects(
      keyOf('one'),
      saying(
        /belongs to account 1111111111111111, but its credentials are now for account 3333333333333333\./,
      ),
    );
    await outside.change();
    assert.deepEqual(await keyOf('one'), outsideKey(3));
    assert.equal(profiles.store.list()[0]?.identity, 'user/bob');
    assert.deepEqual(asked, ['STS.outside1', 'STS.outside2', 'STS.outside3']);
  });

  it('is asked about once the account is known, since another window may have found out about another key', async () => {
    const { profiles, outside, index, asked, accounts, keyOf } = start();
    outside.give('cli:work', outsideKey(1));
    accounts.set('STS.outside1', { accountId: '3333333333333333', identity: 'root' });
    await addShown(profiles, profileOf('one', cli));
    await keyOf('one');
    assert.deepEqual(asked, []);
    index.text = index.text?.replace('"id":"one"', '"id":"one","accountId":"1111111111111111"');
    await assert.rejects(keyOf('one'), saying(/now for account 3333333333333333/));
    await assert.rejects(keyOf('one'), saying(/now for account 3333333333333333/));
    assert.deepEqual(asked, ['STS.outside1']);
  });

  it('is not used while nobody can say whose its new key is', async () => {
    const { profiles, outside, keyOf } = start();
    outside.give('cli:work', outsideKey(1));
    await addShown(profiles, { ...profileOf('one', cli), accountId: '1111111111111111', identity: 'root' });
    await assert.rejects(keyOf('one'), failsWith('unreachable'));
  });
});

describe('a source that is tried', () => {
  it('hands its key to the profile that is made of it, so that nothing is asked or run twice', async () => {
    const { profiles, outside, asked, accounts } = start();
    outside.give('cli:work', outsideKey(1));
    const account = { accountId: '1111111111111111', identity: 'user/alice' };
    accounts.set(outsideKey(1).accessKeyId, account);
    const trial = profiles.keys.tryOut(profileOf('one', cli));
    assert.deepEqual(await profiles.keys.identify('one', patient), account);
    assert.deepEqual(profiles.store.list(), []);
    await addShown(profiles, { ...profileOf('one', cli), ...account });
    trial.dispose();
    assert.deepEqual(await profiles.keys.get('one', account.accountId).accessKey(), outsideKey(1));
    assert.deepEqual([outside.reads.length, asked.length], [1, 1]);
  });

  it('is read for that profile from then on', async () => {
    const { profiles, outside, keyOf } = start();
    outside.give('cli:work', outsideKey(1), outsideKey(2), outsideKey(3));
    const trial = profiles.keys.tryOut(profileOf('one', cli));
    await keyOf('one');
    await addShown(profiles, profileOf('one', cli));
    trial.dispose();
    assert.deepEqual(await keyOf('one', outsideKey(1)), outsideKey(2));
    await outside.change();
    assert.deepEqual(await keyOf('one'), outsideKey(3));
  });

  it('leaves nothing behind when nothing is made of it', async () => {
    const { profiles, sts, index, keyOf } = start();
    await addShown(profiles, profileOf('base'), stored);
    const before = index.text;
    const trial = profiles.keys.tryOut({ ...profileOf('one', roleOf('base')), regionId: 'cn-beijing' });
    await keyOf('one');
    assert.equal(sts.assumed[0]?.endpoint, 'https://sts.cn-beijing.aliyuncs.com');
    trial.dispose();
    assert.equal(index.text, before);
    assert.throws(() => profiles.keys.get('one'), failsWith('profile-gone'));
  });
});
