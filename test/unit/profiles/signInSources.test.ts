import { strict as assert } from 'node:assert';
import { regionEndpoints } from '../../../src/core/service/endpoints';
import { BackupError } from '../../../src/core/service/errors';
import { failureNotice } from '../../../src/core/interaction/failureNotice';
import type { AccessKey, CallerIdentity } from '../../../src/core/service/model';
import type { Profile } from '../../../src/core/profiles/profile';
import { SourceUnusable, type SourceOffer } from '../../../src/core/profiles/keys/credentialSource';
import { createSignIn } from '../../../src/core/profiles/signIn/signIn';
import { Redactor } from '../../../src/core/kernel/redact';
import { addShown, FakeIndex, FakeLog, FakeOutside, FakeSecrets, FakeSts, openProfiles } from './signInFakes';
import { FakeNotices, FakeUser } from '../../support/fakeUser';

const key = (accessKeyId: string): AccessKey => ({
  accessKeyId,
  accessKeySecret: `secret-of-${accessKeyId}`,
});
const callerOf = (accountId: string, arnEnd: string): CallerIdentity => ({
  accountId,
  identityType: 'RAMUser',
  arn: `acs:ram::${accountId}:${arnEnd}`,
  requestId: 'REQUEST-1',
});
const alice = callerOf('1111111111111111', 'user/alice');
const inRole = callerOf('2222222222222222', 'assumed-role/backup/vscode-cloud-backup');

const work: SourceOffer = {
  source: { kind: 'cli', name: 'work' },
  name: 'work',
  kindInWords: 'Access key',
  regionId: 'eu-central-1',
  current: true,
};
const program: SourceOffer = {
  source: { kind: 'cli', name: 'program' },
  name: 'program',
  kindInWords: 'External program',
  regionId: 'cn-hangzhou',
  current: false,
  command: '/usr/bin/get-key --for "Team $(x)"',
};
const old: SourceOffer = {
  source: { kind: 'cli', name: 'old' },
  name: 'old',
  kindInWords: 'Key pair',
  current: false,
  blocked: 'RsaKeyPair is no longer supported. Use another profile.',
};
const project: SourceOffer = {
  source: { kind: 'sdkFile', section: 'project' },
  name: 'project',
  kindInWords: 'Access key',
  current: true,
};
const chain: SourceOffer = {
  source: { kind: 'default' },
  name: 'Default chain',
  kindInWords: 'Environment',
  current: true,
};

/** Everything around the flows; STS knows each access key id by what `callers` says. */
function start() {
  const index = new FakeIndex();
  const secrets = new FakeSecrets();
  const outside = new FakeOutside();
  const sts = new FakeSts();
  const redactor = new Redactor();
  const log = new FakeLog();
  const questions = new FakeUser().answer();
  const notices = new FakeNotices();
  const callers = new Map<string, CallerIdentity | Error>();
  const troubles = new Map<string, string>();
  const asked: string[] = [];
  sts.whoIs = ({ accessKeyId }) => {
    asked.push(accessKeyId);
    const caller = callers.get(accessKeyId) ?? assert.fail(`nobody knows ${accessKeyId}`);
    return caller instanceof Error ? Promise.reject(caller) : Promise.resolve(caller);
  };
  const profiles = openProfiles({
    index,
    secrets,
    outside,
    sts,
    redactor,
    log,
  });
  let ids = 0;
  const signIn = createSignIn({
    ...profiles,
    outside,
    questions,
    notices,
    redactor,
    log,
    newId: () => `id-${++ids}`,
    keychain: { entries: () => Promise.resolve([]) },
    troubleOf: (id) => troubles.get(id),
  });
  return { signIn, profiles, outside, sts, secrets, index, questions, notices, callers, troubles, asked };
}

type World = ReturnType<typeof start>;

const base: Profile = { id: 'base', name: 'base', regionId: 'cn-hangzhou', accountId: '1111111111111111' };

async function withBase(): Promise<World> {
  const world = start();
  await addShown(world.profiles, base, key('LTAIbase'));
  world.callers.set('LTAIbase', alice);
  return world;
}

describe('the ways to add a profile', () => {
  it('are an access key, a role, what lies outside with the current one first, and the keychain', async () => {
    const world = start();
    world.outside.here = {
      offers: [old, program, work, chain, project],
      problems: ['Line 3 of /home/a/.aliyun/config.json is no JSON. Correct it.'],
    };
    world.questions.answer(undefined);
    assert.equal(await world.signIn.addProfile(), undefined);
    assert.deepEqual(world.questions.asked[0]?.rows, [
      '- Access key | Enter an access key and save it in VS Code secret storage',
      'x RAM role | Add another profile first. Its credentials are used to assume the role.',
      '# Alibaba Cloud CLI',
      '- work | Access key · current in the CLI · eu-central-1',
      '- program | External program · cn-hangzhou',
      'x old | Key pair | RsaKeyPair is no longer supported. Use another profile.',
      '# SDK credentials file',
      '- project | Access key · current',
      '# Default credential chain',
      '- Default chain | Environment · current',
      '# Problems',
      "x Can't be read | Line 3 of /home/a/.aliyun/config.json is no JSON. Correct it.",
      '# ',
      '- System keychain…',
    ]);
  });

  it('do not offer twice what is there already', async () => {
    const world = start();
    world.outside.here = { offers: [work], problems: [] };
    await addShown(world.profiles, { ...base, name: 'mine', source: work.source });
    world.questions.answer(undefined);
    await world.signIn.addProfile();
    assert.ok(
      world.questions.asked[0]?.rows.includes(
        'x work | Access key · current in the CLI · eu-central-1 | Already added as “mine”',
      ),
    );
  });
});

describe('adding a profile of the CLI', () => {
  it('names the CLI profile whose key is refused, offers no sign-in with another one, and tries again', async () => {
    const world = await withBase();
    world.outside.here = { offers: [work], problems: [] };
    world.outside.give('cli:work', key('LTAIwork'));
    world.callers.set('LTAIwork', new BackupError('credentials-rejected', 'InvalidAccessKeyId.NotFound'));
    world.questions.answer('work');
    assert.equal(await world.signIn.addProfile(), undefined);
    const [refused] = world.notices.failures;
    assert.ok(refused);
    refused.profileId ??= 'probe-1';
    const notice = failureNotice(refused);
    assert.match(notice.message, /CLI profile “work” was rejected.*aliyun configure --profile work/);
    assert.ok(!notice.remedies.includes('sign-in-again'));

    world.callers.set('LTAIwork', alice);
    assert.deepEqual(
      world.notices.actions.map(({ label }) => label),
      ['Try Again'],
    );
    world.notices.actions[0]?.run();
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(world.profiles.store.list().some(({ name }) => name === 'work'));
  });

  it('asks nothing more where its name is free and it names a region', async () => {
    const world = start();
    world.outside.here = { offers: [work], problems: [] };
    world.outside.give('cli:work', key('LTAIwork'));
    world.callers.set('LTAIwork', alice);
    world.questions.answer('work');
    const profile = await world.signIn.addProfile();
    assert.deepEqual(profile, {
      id: 'id-1',
      name: 'work',
      regionId: 'eu-central-1',
      source: { kind: 'cli', name: 'work' },
      accountId: '1111111111111111',
      identity: 'user/alice',
    });
    assert.deepEqual(world.profiles.view.active, profile);
    assert.equal(world.questions.asked.length, 1);
    assert.deepEqual(world.notices.shown, ['info: Signed in as user/alice, account 1111111111111111.']);
    // The key that was tried is used on: nothing is read twice, and nobody is asked twice whose it is.
    await world.profiles.keys.get('id-1').accessKey();
    assert.deepEqual([world.outside.reads, world.asked], [['cli:work'], ['LTAIwork']]);
  });

  it('says that a zone is none, and offers its region', async () => {
    const world = start();
    world.outside.here = { offers: [{ ...project, zoneId: 'ap-southeast-1a' }], problems: [] };
    world.outside.give('sdkFile:project', key('LTAIproject'));
    world.callers.set('LTAIproject', alice);
    world.questions.answer('project', ' AP-SouthEast-1 ');
    assert.equal((await world.signIn.addProfile())?.regionId, 'ap-southeast-1');
    assert.match(
      JSON.stringify(world.questions.asked.at(-1)),
      /ap-southeast-1a is a zone. Did you mean region ap-southeast-1\?/,
    );
  });

  it('keeps to the network of the CLI profile, also where it asks whose the key is', async () => {
    const world = start();
    world.outside.here = { offers: [{ ...work, network: 'vpc' }], problems: [] };
    world.outside.give('cli:work', key('LTAIwork'));
    world.callers.set('LTAIwork', alice);
    world.questions.answer('work');
    const profile = await world.signIn.addProfile();
    assert.equal(profile?.network, 'vpc');
    assert.deepEqual(
      world.profiles.keys.get('id-1').endpoints('eu-central-1'),
      regionEndpoints('eu-central-1', 'vpc'),
    );
  });

  it('says that a host of the CLI is not used, and which setting has one for Cloud Backup', async () => {
    const world = start();
    world.outside.here = { offers: [{ ...work, otherHost: 'ecs.example.com' }], problems: [] };
    world.outside.give('cli:work', key('LTAIwork'));
    world.callers.set('LTAIwork', alice);
    world.questions.answer('work');
    await world.signIn.addProfile();
    assert.match(world.notices.shown.at(-1) ?? '', /ecs\.example\.com.*cloudBackup\.endpoints\.hbr/);
  });

  it('asks for a name in use and for a region that is not named', async () => {
    const world = start();
    await addShown(world.profiles, { ...base, name: 'Project' }, key('LTAIbase'));
    world.outside.here = { offers: [project], problems: [] };
    world.outside.give('sdkFile:project', key('LTAIproject'));
    world.callers.set('LTAIproject', alice);
    world.questions.answer('project', 'project 2', 'Singapore');
    const profile = await world.signIn.addProfile();
    assert.deepEqual([profile?.name, profile?.regionId], ['project 2', 'ap-southeast-1']);
    assert.equal(world.questions.asked[1]?.value, 'project');
  });

  it('keeps nothing of one that gives no key, and says why', async () => {
    const world = start();
    world.outside.here = { offers: [work], problems: [] };
    world.outside.give('cli:work', new SourceUnusable('The session is over. Run it again.', 'over'));
    world.questions.answer('work');
    assert.equal(await world.signIn.addProfile(), undefined);
    assert.deepEqual(world.profiles.store.list(), []);
    assert.deepEqual(
      world.notices.failures.map((error) => error instanceof SourceUnusable && error.sentence),
      ['The session is over. Run it again.'],
    );
  });

  it('is saved unverified where STS cannot be asked and the user says so', async () => {
    const world = start();
    world.outside.here = { offers: [work], problems: [] };
    world.outside.give('cli:work', key('LTAIwork'));
    world.callers.set('LTAIwork', new BackupError('unreachable', 'no network'));
    world.questions.answer('work', 'Save Unverified');
    assert.equal((await world.signIn.addProfile())?.accountId, undefined);
    assert.equal(world.profiles.store.list().length, 1);
  });

  it('runs a program only after its whole command line was allowed', async () => {
    const world = start();
    world.outside.here = { offers: [program], problems: [] };
    world.outside.give('cli:program', key('LTAIprogram'));
    world.callers.set('LTAIprogram', alice);
    world.questions.answer('program', undefined);
    assert.equal(await world.signIn.addProfile(), undefined);
    const confirm = world.questions.asked[1];
    assert.equal(confirm?.words, 'Run a program to get the credentials of “program”?');
    assert.match(
      confirm.detail ?? '',
      /^\/usr\/bin\/get-key --for "Team \$\(x\)"\n\nThe program runs on this computer for up to 60/,
    );
    assert.deepEqual([world.outside.allowed, world.outside.reads], [[], []]);
    world.questions.answer('program', 'Allow and Run');
    assert.equal((await world.signIn.addProfile())?.name, 'program');
    assert.deepEqual(world.outside.allowed, [program.source]);
  });
});

describe('adding a RAM role', () => {
  const typed = ['RAM role', 'base', 'acs:ram::2222222222222222:role/backup', 'vscode-cloud-backup'] as const;

  it('asks for the role, assumes it, and keeps nothing secret', async () => {
    const world = await withBase();
    world.callers.set('STS.1', inRole);
    world.questions.answer(...typed, 'external-1', '7200', 'backup', 'China (Hangzhou)');
    const profile = await world.signIn.addProfile();
    assert.deepEqual(profile, {
      id: 'id-1',
      name: 'backup',
      regionId: 'cn-hangzhou',
      source: {
        kind: 'role',
        sourceProfileId: 'base',
        role: {
          roleArn: 'acs:ram::2222222222222222:role/backup',
          sessionName: 'vscode-cloud-backup',
          externalId: 'external-1',
          durationSeconds: 7200,
        },
      },
      accountId: '2222222222222222',
      identity: 'assumed-role/backup/vscode-cloud-backup',
    });
    assert.deepEqual(
      world.questions.asked.map(({ step, value }) => [step, value]),
      [
        [undefined, undefined],
        ['1/7', undefined],
        ['2/7', ''],
        ['3/7', 'vscode-cloud-backup'],
        ['4/7', ''],
        ['5/7', '3600'],
        ['6/7', 'backup'],
        ['7/7', undefined],
      ],
    );
    assert.deepEqual(world.profiles.store.list()[1], profile);
    assert.ok(!world.index.text?.includes('secret-of'));
    await world.profiles.keys.get('id-1').accessKey();
    assert.equal(world.sts.assumed.length, 1);
  });

  it('leads back to what STS refuses, with the rest kept', async () => {
    const world = await withBase();
    world.callers.set('STS.3', inRole);
    const usual = world.sts.answer;
    const refusals = [
      new BackupError('permission-denied', 'no', { serviceCode: 'NoPermission' }),
      new BackupError('bad-request', 'no', { serviceCode: 'InvalidParameter.DurationSeconds' }),
    ];
    world.sts.answer = (asked, n) => refusals[n - 1] ?? usual(asked, n);
    world.questions.answer(...typed, '', '43200', 'backup', 'China (Hangzhou)');
    world.questions.answer('acs:ram::2222222222222222:role/operator', '3600');
    const profile = await world.signIn.addProfile();
    assert.equal(profile?.accountId, '2222222222222222');
    assert.deepEqual(
      world.questions.asked.slice(8).map(({ words, step }) => [words, step]),
      [
        [
          "The profile “base” can't assume this role. It needs the sts:AssumeRole permission, and the role must trust it.",
          '2/7',
        ],
        ["The role doesn't allow a session this long. Enter fewer seconds.", '5/7'],
      ],
    );
    assert.equal(world.sts.assumed[2]?.role.roleArn, 'acs:ram::2222222222222222:role/operator');
    assert.equal(world.sts.assumed[2].role.durationSeconds, 3600);
  });

  it('tells what is wrong with the source profile instead of asking again', async () => {
    const world = await withBase();
    world.secrets.contents.clear();
    world.questions.answer(...typed, '', '3600', 'backup', 'China (Hangzhou)');
    assert.equal(await world.signIn.addProfile(), undefined);
    assert.match(
      (world.notices.failures[0] as SourceUnusable).sentence,
      /^VS Code has no credentials for “base”/,
    );
  });

  const wrong: readonly (readonly [string, readonly string[]])[] = [
    ['an ARN that is none', ['acs:ram::abc:role/backup']],
    ['the ARN of a user', ['acs:ram::2222222222222222:user/backup']],
    ['a session name of one letter', [typed[2], 'a']],
    ['a session name with a space', [typed[2], 'two words']],
    ['an external ID of one letter', [typed[2], typed[3], 'x']],
    ['fewer than 900 seconds', [typed[2], typed[3], '', '899']],
    ['more than 43200 seconds', [typed[2], typed[3], '', '43201']],
  ];
  for (const [what, answers] of wrong) {
    it(`refuses ${what}`, async () => {
      const world = await withBase();
      world.questions.answer('RAM role', 'base', ...answers);
      await world.signIn.addProfile();
      assert.match(world.notices.failures[0]?.message ?? '', /refused: /);
      assert.equal(world.sts.assumed.length, 0);
    });
  }
});

describe('signing in again', () => {
  it('reads a source anew and says who is signed in then', async () => {
    const world = start();
    world.outside.give('cli:work', key('LTAIone'), key('LTAItwo'));
    for (const id of ['LTAIone', 'LTAItwo']) world.callers.set(id, alice);
    await addShown(world.profiles, { ...base, source: work.source });
    await world.profiles.keys.get('base').accessKey();
    await world.signIn.signInAgain('base');
    assert.deepEqual(world.questions.asked, []);
    assert.equal((await world.profiles.keys.get('base').accessKey()).accessKeyId, 'LTAItwo');
    assert.deepEqual(world.notices.shown, ['info: Signed in as user/alice, account 1111111111111111.']);
    assert.deepEqual(world.notices.progressed, ['notification: Signing in to “base”']);
  });

  it('means the active profile unless another is named', async () => {
    const world = start();
    world.outside.give('default', key('LTAIone'));
    world.callers.set('LTAIone', alice);
    await addShown(world.profiles, { ...base, source: chain.source });
    await world.signIn.signInAgain();
    assert.equal(world.notices.shown.length, 1);
  });

  it('says what a source needs, once', async () => {
    const world = start();
    const sentence = 'The session is over. Run: aliyun configure --profile work';
    world.outside.give('cli:work', new SourceUnusable(sentence, 'over', undefined, 'credentials-expired'));
    await addShown(world.profiles, { ...base, source: work.source });
    await world.signIn.signInAgain('base');
    assert.deepEqual(
      world.notices.failures.map((error) => error instanceof SourceUnusable && error.sentence),
      [sentence],
    );
    assert.deepEqual([world.notices.shown, world.questions.asked], [[], []]);
  });

  it('refuses to mix accounts when the source has a key of another one now', async () => {
    const world = start();
    world.outside.give('cli:work', key('LTAIother'));
    world.callers.set('LTAIother', callerOf('3333333333333333', 'root'));
    await addShown(world.profiles, { ...base, source: work.source });
    await world.signIn.signInAgain('base');
    assert.match((world.notices.failures[0] as SourceUnusable).sentence, /now for account 3333333333333333/);
    assert.equal(world.profiles.store.list()[0]?.accountId, '1111111111111111');
  });

  it('asks about a program that is not allowed yet, and goes on when it is', async () => {
    const world = start();
    const ask = new BackupError('command-not-allowed', 'ask first');
    world.outside.here = { offers: [program], problems: [] };
    world.outside.give('cli:program', ask, ask, key('LTAIone'));
    world.callers.set('LTAIone', alice);
    await addShown(world.profiles, { ...base, source: program.source });
    world.questions.answer(undefined);
    await world.signIn.signInAgain('base');
    assert.deepEqual([world.outside.allowed, world.notices.shown, world.notices.failures], [[], [], []]);
    world.questions.answer('Allow and Run');
    await world.signIn.signInAgain('base');
    assert.deepEqual(world.outside.allowed, [program.source]);
    assert.equal(world.notices.shown.length, 1);
  });

  it('asks for the key that a role stands on when that is lost or refused', async () => {
    const world = await withBase();
    const source = {
      kind: 'role',
      sourceProfileId: 'base',
      role: { roleArn: 'acs:ram::2:role/a', sessionName: 'a1', durationSeconds: 3600 },
    } as const;
    await addShown(world.profiles, { id: 'role', name: 'role', regionId: 'cn-hangzhou', source });
    world.sts.answer = () => new BackupError('credentials-rejected', 'InvalidAccessKeyId.Inactive');
    world.callers.set('LTAInew', alice);
    world.questions.answer('LTAInew', 'secret-of-LTAInew');
    await world.signIn.signInAgain('role');
    assert.equal((await world.profiles.keys.get('base').accessKey()).accessKeyId, 'LTAInew');
    world.secrets.contents.clear();
    await world.profiles.store.load();
    world.questions.answer('LTAInew', 'secret-of-LTAInew');
    await world.signIn.signInAgain('role');
    assert.equal(world.profiles.keys.state('base'), 'kept');
    assert.equal(world.sts.assumed.length, 1);
    assert.equal(world.notices.shown.length, 2);
  });
});

describe('switching and showing profiles', () => {
  it('offers what lies outside and is no profile yet, and adds it at once', async () => {
    const world = await withBase();
    world.outside.here = { offers: [work, program], problems: [] };
    world.outside.give('cli:work', key('LTAIwork'));
    world.callers.set('LTAIwork', alice);
    world.troubles.set('base', 'The temporary key has expired.');
    await addShown(world.profiles, { ...base, id: 'p', name: 'p', source: program.source });
    world.questions.answer('work');
    await world.signIn.switchProfile();
    assert.deepEqual(world.questions.asked[0]?.rows, [
      '- base | Account 1111111111111111 · cn-hangzhou | Access key · The temporary key has expired.',
      '+ p | Account 1111111111111111 · cn-hangzhou | Alibaba Cloud CLI',
      '# Alibaba Cloud CLI',
      '- work | Access key · current in the CLI · eu-central-1',
      '# ',
      '- Add Profile…',
    ]);
    assert.equal(world.profiles.view.active?.name, 'work');
    assert.deepEqual(world.profiles.view.shown, [world.profiles.view.active]);
  });

  it('shows several profiles side by side, and none less', async () => {
    const world = await withBase();
    await world.signIn.showProfiles();
    assert.match(world.notices.shown[0] ?? '', /add another one first/);
    await addShown(world.profiles, { ...base, id: 'p', name: 'p', source: work.source });
    world.questions.answer('base + p');
    await world.signIn.showProfiles();
    assert.deepEqual(
      world.questions.asked[0]?.rows.map((row) => row.startsWith('+')),
      [false, true],
    );
    assert.deepEqual(
      world.profiles.view.shown.map(({ id }) => id),
      ['base', 'p'],
    );
    assert.equal(world.profiles.view.active?.id, 'p');
    world.questions.answer(undefined);
    await world.signIn.showProfiles();
    assert.equal(world.profiles.view.shown.length, 2);
  });
});

describe('removing a profile that others stand on', () => {
  it('names those that stop working', async () => {
    const world = await withBase();
    const role = { roleArn: 'acs:ram::2:role/a', sessionName: 'a1', durationSeconds: 3600 };
    for (const [id, sourceProfileId] of [
      ['one', 'base'],
      ['two', 'one'],
    ] as const) {
      await addShown(world.profiles, {
        ...base,
        id,
        name: id,
        source: { kind: 'role', sourceProfileId, role },
      });
    }
    world.questions.answer(undefined, 'Remove');
    await world.signIn.removeProfile('base');
    assert.match(
      world.questions.asked[0]?.detail ?? '',
      /These profiles use its credentials to assume roles and will stop working: one, two\./,
    );
    await world.signIn.removeProfile('two');
    assert.match(
      world.questions.asked[1]?.detail ?? '',
      /^Account .*\n\nNothing changes at its credential source/,
    );
    assert.deepEqual(
      world.profiles.store.list().map(({ id }) => id),
      ['base', 'one'],
    );
  });
});
