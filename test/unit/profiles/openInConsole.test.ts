import { strict as assert } from 'node:assert';
import type { CredentialSource } from '../../../src/core/profiles/keys/credentialSource';
import { createOpenInConsole, isConsoleRequest } from '../../../src/core/profiles/openInConsole';
import type { Profile } from '../../../src/core/profiles/profile';
import type { ConsoleSite } from '../../../src/core/service/consoleLinks';
import { FakeNotices, FakeUser } from '../../support/fakeUser';

const profileFrom = (source?: CredentialSource, more: Partial<Profile> = {}): Profile => ({
  id: 'p1',
  name: 'prod',
  regionId: 'cn-hangzhou',
  ...(source && { source }),
  ...more,
});
const role = { roleArn: 'acs:ram::1:role/x', sessionName: 'vscode', durationSeconds: 900 };

/** A profile, what the CLI and the setting say, and what happened. */
function desk({
  profiles = [profileFrom()],
  ofCli,
  setting,
}: {
  readonly profiles?: readonly Profile[];
  readonly ofCli?: ConsoleSite;
  readonly setting?: ConsoleSite;
} = {}) {
  const user = new FakeUser();
  const notices = new FakeNotices();
  const opened: string[] = [];
  const kept: string[] = [];
  const open = createOpenInConsole({
    questions: user,
    notices,
    store: {
      list: () => profiles,
      setConsoleSite: (id, site) => Promise.resolve(void kept.push(`${id} ${site}`)),
    },
    outside: { consoleSiteOf: () => Promise.resolve(ofCli) },
    setting: { current: setting, set: (site) => Promise.resolve(void kept.push(`setting ${site}`)) },
    openLink: (address) => Promise.resolve(void opened.push(address)),
  });
  return {
    ...{ user, notices, opened, kept },
    open: () => open({ kind: 'ramUsers' }, profiles[0]),
    openInstance: (instanceId: string) =>
      open({ kind: 'instance', instanceId, regionId: 'cn-hangzhou' }, profiles[0]),
  };
}

describe('opening the console', () => {
  it('asks once which site an account signs in to, and keeps the answer for its profile', async () => {
    const { user, open, opened, kept } = desk();
    user.answer('International site');
    await open();
    assert.deepEqual(opened, ['https://ram.console.alibabacloud.com/users']);
    assert.deepEqual(kept, ['p1 international']);
    assert.deepEqual(user.asked[0]?.rows, [
      '# For profile “prod”',
      '- China site | console.aliyun.com',
      '- International site | console.alibabacloud.com',
      '# For all profiles',
      '- China site | console.aliyun.com',
      '- International site | console.alibabacloud.com',
    ]);
  });

  it('opens nothing and keeps nothing when the question is canceled', async () => {
    const { user, open, opened, kept } = desk();
    user.answer(undefined);
    await open();
    assert.deepEqual([opened, kept], [[], []]);
  });

  it('keeps the answer as the setting where no profile is known', async () => {
    const { user, open, kept } = desk({ profiles: [] });
    user.answer('China site');
    await open();
    assert.deepEqual(kept, ['setting china']);
    assert.deepEqual(user.asked[0]?.rows[0], '# For all profiles');
  });

  it.each([
    [
      'the profile',
      [profileFrom({ kind: 'cli' }, { consoleSite: 'china' })],
      'international',
      'international',
    ],
    ['its CLI profile', [profileFrom({ kind: 'cli', name: 'cn' })], 'china', 'international'],
    [
      'the CLI profile with which its role is assumed',
      [
        profileFrom({ kind: 'role', sourceProfileId: 'p2', role }),
        profileFrom({ kind: 'cli' }, { id: 'p2', name: 'base' }),
      ],
      'china',
      'international',
    ],
    ['the setting', [profileFrom()], undefined, 'china'],
  ] as const)('asks nothing where %s says the site', async (_who, profiles, ofCli, setting) => {
    const { user, open, opened } = desk({ profiles, setting, ...(ofCli && { ofCli }) });
    await open();
    assert.deepEqual(user.asked, []);
    assert.deepEqual(opened, ['https://ram.console.aliyun.com/users']);
  });

  it('ends at a role whose profiles name each other, and asks', async () => {
    const profiles = [
      profileFrom({ kind: 'role', sourceProfileId: 'p2', role }),
      profileFrom({ kind: 'role', sourceProfileId: 'p1', role }, { id: 'p2' }),
    ];
    const { user, open } = desk({ profiles });
    user.answer(undefined);
    await open();
    assert.equal(user.asked.length, 1);
  });

  it('opens Cloud Backup for an instance ID that does not look like one', async () => {
    const { openInstance, opened } = desk({ setting: 'china' });
    await openInstance('i-bp1/../../logout');
    assert.deepEqual(opened, ['https://hbr.console.aliyun.com']);
  });

  it('says that demo data is not in the console', async () => {
    const { open, opened, user, notices } = desk({ profiles: [profileFrom(undefined, { demo: true })] });
    await open();
    assert.deepEqual([opened, user.asked], [[], []]);
    assert.deepEqual(notices.shown, ["info: The demo data is made up, so the console doesn't have it."]);
  });

  it('takes from a button a page that exists and a profile, and nothing else', () => {
    assert.ok(isConsoleRequest({ place: 'ramUsers', profileId: 'p1' }));
    assert.ok(isConsoleRequest({ place: 'cloudBackup' }));
    for (const other of [
      { id: 'row' },
      { place: 'constructor' },
      { place: 'ramUsers', profileId: 3 },
      'x',
      null,
    ])
      assert.ok(!isConsoleRequest(other), JSON.stringify(other));
  });
});
