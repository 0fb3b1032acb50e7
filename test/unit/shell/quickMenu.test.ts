import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import type { Profile } from '../../../src/core/profiles/profile';
import { quickMenuRows, type MenuFacts, type MenuRow } from '../../../src/core/shell/quickMenu';
import type { ShownListing } from '../../../src/core/shell/shownListing';

const production: Profile = { id: 'p1', name: 'production', regionId: 'cn-hangzhou', accountId: '1111' };
const staging: Profile = { id: 'p2', name: 'staging', regionId: 'eu-west-1', accountId: '2222' };
const demo: Profile = { id: 'demo', name: 'Demo', regionId: 'cn-hangzhou', accountId: '9', demo: true };
const listing = (
  profile: Profile,
  regionId: string,
  state: ShownListing['state'] = 'ready',
): ShownListing => ({
  key: `${profile.id}.${regionId}`,
  profile,
  scope: { regionId },
  state,
});
const rows = (facts: Partial<MenuFacts>): readonly MenuRow[] =>
  quickMenuRows({ listings: [], profiles: [], readOnly: false, ...facts });
const words = (facts: Partial<MenuFacts>): readonly string[] =>
  rows(facts).map((row) =>
    row.kind === 'heading'
      ? `# ${row.label}`
      : [row.label, row.description].filter((part) => part !== undefined).join(' | '),
  );

describe('the quick menu', () => {
  it('offers what can be done with one profile', () => {
    assert.deepEqual(words({ listings: [listing(production, 'cn-hangzhou')], profiles: [production] }), [
      '# Shown',
      'Switch Profile… | production',
      'Select Regions… | China (Hangzhou)',
      'Select Accounts… | This account',
      'Open Fleet Overview',
      'Refresh Clients',
      '# Account',
      'Copy Account ID | 1111',
      'Copy RAM Policy…',
      'Sign In Again… | production',
      '# Cloud Backup',
      'Turn Read-Only Mode On',
      'Try Demo',
      'Open Settings',
      'Show Log',
    ]);
  });

  it('starts with what fixes credentials, once for each profile', () => {
    const listings = [
      listing(production, 'cn-hangzhou'),
      listing(staging, 'eu-west-1', 'expired'),
      listing(staging, 'us-east-1', 'expired'),
    ];
    const shown = words({ listings, profiles: [production, staging] });
    assert.deepEqual(shown.slice(0, 5), [
      '# Needs attention',
      'Sign In Again… | staging: The temporary credentials have expired.',
      '# Shown',
      'Switch Profile… | production, staging',
      'Show Multiple Profiles…',
    ]);
    assert.ok(shown.includes('Copy Account ID | 2222 · staging'));
    assert.deepEqual(
      shown.filter((row) => row.startsWith('Sign In Again')),
      ['Sign In Again… | staging: The temporary credentials have expired.', 'Sign In Again… | production'],
    );
    const actions = rows({ listings, profiles: [] }).flatMap((row) =>
      row.kind === 'action' ? [row.action] : [],
    );
    assert.deepEqual(actions[0], {
      kind: 'command',
      command: 'cloudBackup.signInAgain',
      args: [{ id: 'p2.eu-west-1' }],
    });
  });

  it('never offers to sign in to the demo again, and offers to exit it', () => {
    const shown = words({
      listings: [listing(demo, 'cn-hangzhou', 'rejected')],
      profiles: [demo],
      readOnly: true,
    });
    assert.ok(!shown.some((row) => row.startsWith('Sign In Again')));
    assert.ok(shown.includes('Exit Demo'));
    assert.ok(!shown.includes('Try Demo'));
    assert.ok(shown.includes("Turn Read-Only Mode Off | You can't change anything now."));
  });

  it('copies an account ID, and leaves out one that is not known', () => {
    const unverified: Profile = { id: 'p3', name: 'new', regionId: 'cn-hangzhou' };
    assert.ok(
      !words({ listings: [listing(unverified, 'cn-hangzhou')] }).some((row) =>
        row.startsWith('Copy Account'),
      ),
    );
    const copies = rows({
      listings: [listing(production, 'cn-hangzhou'), listing(production, 'eu-west-1')],
    }).filter((row) => row.kind === 'action' && row.action.kind === 'copy');
    assert.equal(copies.length, 1);
  });

  it('offers nothing of an account while nobody is signed in', () => {
    assert.deepEqual(words({ profiles: [production] }).slice(0, 3), [
      '# Shown',
      'Switch Profile…',
      '# Account',
    ]);
  });

  it('runs commands that the manifest has, under the titles that the palette shows', () => {
    const titles = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
    const facts = {
      listings: [listing(production, 'cn-hangzhou', 'expired')],
      profiles: [production, staging],
    };
    const all = [...rows(facts), ...rows({ listings: [listing(demo, 'cn-hangzhou')] })];
    const ours = all.flatMap((row) =>
      row.kind === 'action' && row.action.kind === 'command' && row.action.command.startsWith('cloudBackup.')
        ? [[row.label, row.action.command.slice('cloudBackup.'.length)] as const]
        : [],
    );
    assert.ok(ours.length > 12);
    for (const [label, command] of ours) {
      const title = titles[`command.${command}.title`];
      // The menu knows which way it goes.
      if (command === 'toggleReadOnly') assert.match(label, /^Turn Read-Only Mode (On|Off)$/);
      else assert.equal(label, title);
    }
  });
});
