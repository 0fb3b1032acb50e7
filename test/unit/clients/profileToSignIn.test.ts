import { strict as assert } from 'node:assert';
import { profileToSignIn } from '../../../src/core/clients/profileToSignIn';
import type { Listing } from '../../../src/core/clients/listing';
import type { Session } from '../../../src/core/clients/session';
import type { ListingState } from '../../../src/core/clients/viewState';
import type { Profile } from '../../../src/core/profiles/profile';

const profile = (id: string, fields: Partial<Profile> = {}): Profile => ({
  id,
  name: id,
  regionId: 'cn-hangzhou',
  ...fields,
});
const [first, second] = [profile('first'), profile('second')];
const listing = (of: Profile, state: ListingState): Listing =>
  ({ key: `${of.id}-key`, profile: of, state }) as Listing;

function sessionOf(active: Profile | undefined, ...listings: readonly Listing[]): Session {
  return {
    profile: active,
    listings,
    listingOf: (key: unknown) => listings.find((one) => one.key === key),
  } as Session;
}

describe('the profile that "Sign In Again" means', () => {
  const both = sessionOf(first, listing(first, 'ready'), listing(second, 'expired'));

  it('is the named one, and no other when that is gone', () => {
    assert.equal(profileToSignIn('first', [first, second], both), first);
    assert.equal(profileToSignIn('gone', [first, second], both), 'removed');
  });

  it('is that of the row', () => {
    assert.equal(profileToSignIn({ id: 'first-key' }, [first, second], both), first);
    assert.equal(profileToSignIn({ id: 'first-key/status/ACTIVATED' }, [first, second], both), first);
  });

  it('is the one that needs new credentials, the active one before others', () => {
    assert.equal(profileToSignIn(undefined, [first, second], both), second);
    const troubled = sessionOf(first, listing(second, 'rejected'), listing(first, 'expired'));
    assert.equal(profileToSignIn(undefined, [first, second], troubled), first);
  });

  it('is the active one when none needs new credentials', () => {
    const fine = sessionOf(second, listing(first, 'ready'), listing(second, 'denied'));
    assert.equal(profileToSignIn(undefined, [first, second], fine), second);
  });

  it('is never the demo', () => {
    const demo = profile('demo', { demo: true });
    const session = sessionOf(demo, listing(demo, 'ready'));
    assert.equal(profileToSignIn(undefined, [demo], session), 'none');
    assert.equal(profileToSignIn('demo', [demo], session), 'none');
    assert.equal(profileToSignIn(undefined, [], sessionOf(undefined)), 'none');
  });
});
