import { strict as assert } from 'node:assert';
import type { Profile } from '../../../src/core/profiles/profile';
import type { ShownListing } from '../../../src/core/shell/shownListing';
import { statusTextOf, type StatusFacts } from '../../../src/core/shell/statusText';

const production: Profile = {
  id: 'p1',
  name: 'production',
  regionId: 'cn-hangzhou',
  accountId: '1111',
  identity: 'user/alice',
};
const listing = (
  profile: Profile,
  regionId: string,
  more: {
    readonly state?: ShownListing['state'];
    readonly crossAccount?: ShownListing['scope']['crossAccount'];
  } = {},
): ShownListing => ({
  key: `${profile.id}.${regionId}`,
  profile,
  scope: { regionId, ...(more.crossAccount && { crossAccount: more.crossAccount }) },
  state: more.state ?? 'ready',
});
const status = (listings: readonly ShownListing[], more: Partial<StatusFacts> = {}) =>
  statusTextOf(
    { listings, readOnly: false, keyEndsAt: () => undefined, isForSession: () => false, ...more },
    { time: (ms) => `at ${ms}` },
  );
const text = (...listings: readonly ShownListing[]) => status(listings)?.text;
const tooltip = (listings: readonly ShownListing[], more: Partial<StatusFacts> = {}) =>
  status(listings, more)?.tooltip.split('\n');

describe('the status bar', () => {
  it('shows nothing while nobody is signed in', () => {
    assert.equal(status([]), undefined);
  });

  it('names profile and region, or how many there are', () => {
    const staging = { ...production, id: 'p2', name: 'staging' };
    assert.equal(text(listing(production, 'cn-hangzhou')), '$(cloud) production · cn-hangzhou');
    assert.equal(
      text(listing(production, 'cn-hangzhou'), listing(production, 'eu-west-1')),
      '$(cloud) production · 2 regions',
    );
    assert.equal(
      text(listing(production, 'cn-hangzhou'), listing(staging, 'eu-west-1'), listing(staging, 'us-east-1')),
      '$(cloud) 2 profiles · 3 regions',
    );
    assert.equal(
      text(listing(production, 'cn-hangzhou'), listing(staging, 'cn-hangzhou')),
      '$(cloud) 2 profiles · cn-hangzhou',
    );
  });

  it('never shows clients of another account as if they were its own', () => {
    const crossAccount = { type: 'CROSS_ACCOUNT_BY_RD', userId: '2222' } as const;
    assert.equal(
      text(listing(production, 'cn-hangzhou', { crossAccount })),
      '$(cloud) production · cn-hangzhou · 2222',
    );
    assert.equal(
      text(listing(production, 'cn-hangzhou', { crossAccount: { ...crossAccount, alias: 'Retail' } })),
      '$(cloud) production · cn-hangzhou · Retail',
    );
    assert.equal(
      text(listing(production, 'cn-hangzhou'), listing(production, 'cn-hangzhou', { crossAccount })),
      '$(cloud) production · cn-hangzhou · 2 accounts',
    );
    assert.equal(
      text(listing(production, 'cn-hangzhou'), listing(production, 'eu-west-1', { crossAccount })),
      '$(cloud) production · 2 regions · 2 accounts',
    );
    assert.equal(
      text(
        listing(production, 'cn-hangzhou', { crossAccount }),
        listing(production, 'eu-west-1', { crossAccount }),
      ),
      '$(cloud) production · 2 regions · 2222',
    );
    assert.deepEqual(
      tooltip([listing(production, 'cn-hangzhou', { crossAccount: { ...crossAccount, alias: 'Retail' } })]),
      [
        'Cloud Backup: production, China (Hangzhou)',
        'Account 1111, user/alice',
        'Access key, saved in VS Code secret storage',
        'Shows clients of account 2222 (Retail) in China (Hangzhou). Access is through the resource directory.',
      ],
    );
  });

  it('says where the credentials come from and when they expire', () => {
    const line = (source: Profile['source'], more: Partial<StatusFacts> = {}) =>
      tooltip([listing({ ...production, ...(source && { source }) }, 'cn-hangzhou')], more)?.slice(2);
    const role = { roleArn: 'acs:ram::222:role/backup', sessionName: 's', durationSeconds: 900 };
    assert.deepEqual(line({ kind: 'role', sourceProfileId: 'x', role }, { keyEndsAt: () => 7 }), [
      'RAM role backup',
      'The credentials expire at at 7.',
    ]);
    assert.deepEqual(line({ kind: 'cli', name: 'dev' }), ['CLI profile dev']);
    assert.deepEqual(line({ kind: 'cli' }), ['Current profile of the Alibaba Cloud CLI']);
    assert.deepEqual(line({ kind: 'sdkFile', section: 'dev' }), ['Credentials file, section dev']);
    assert.deepEqual(line({ kind: 'default' }), ['Default credentials of this computer']);
    assert.deepEqual(line(undefined, { isForSession: () => true }), [
      'Access key, kept until this window closes',
    ]);
  });

  it('warns when credentials can not be used, and not when something else is wrong', () => {
    const listings = [
      listing(production, 'cn-hangzhou'),
      listing(production, 'eu-west-1', { state: 'expired' }),
    ];
    const shown = status(listings, { keyEndsAt: () => 7 });
    assert.equal(shown?.warning, true);
    assert.equal(shown.text, '$(warning) production · 2 regions');
    assert.deepEqual(shown.tooltip.split('\n').slice(3), ['The temporary credentials have expired.']);
    for (const state of ['rejected', 'keyNotKept', 'sourceUnusable', 'commandNotAllowed'] as const) {
      const lines = tooltip([listing(production, 'cn-hangzhou', { state })]);
      assert.equal(lines?.length, 4, state);
    }
    for (const state of ['denied', 'offline', 'failed', 'empty', 'loading'] as const) {
      assert.equal(status([listing(production, 'cn-hangzhou', { state })])?.warning, false);
    }
  });

  it('says that it is demo data, and that nothing can be changed', () => {
    const demo: Profile = { id: 'demo', name: 'x', regionId: 'cn-hangzhou', accountId: '1', demo: true };
    const shown = status([listing(demo, 'cn-hangzhou')], { readOnly: true });
    assert.equal(shown?.text, '$(beaker) Demo · cn-hangzhou $(lock) Read-only');
    assert.deepEqual(shown.tooltip.split('\n').slice(2), [
      'Changes stay on this computer.',
      "Read-only mode is on. You can't change anything.",
    ]);
  });

  it('shows no icon, link or line break of a name', () => {
    const named = { ...production, name: 'a $(error)\n[x](y)', identity: 'user/$(x)' };
    assert.equal(text(listing(named, 'cn-hangzhou')), '$(cloud) a $ (error) [x] (y) · cn-hangzhou');
    assert.equal(tooltip([listing(named, 'cn-hangzhou')])?.length, 3);
  });
});
