import type { CallerIdentity } from '../service/model';
import type { Profile } from './profile';

/** Account and identity of a key, as the service returned them. */
export interface VerifiedIdentity {
  readonly accountId: string;
  readonly identity: string;
}

/** The end of the ARN says who it is (`user/alice`, `root`); without one the kind of identity must do. */
export function identityOf(caller: CallerIdentity): VerifiedIdentity {
  const name = caller.arn.split(':').slice(4).join(':');
  return { accountId: caller.accountId, identity: name === '' ? caller.identityType : name };
}

/** The profile with what is known of its key; without `verified`, as one that was saved unverified. */
export function withIdentity(profile: Profile, verified: VerifiedIdentity | undefined): Profile {
  const unverified: { -readonly [name in keyof Profile]: Profile[name] } = { ...profile };
  delete unverified.accountId;
  delete unverified.identity;
  return { ...unverified, ...verified };
}

/** The identity that a profile has stored; undefined while its account isn't known. */
export function identityIn({ accountId, identity = '' }: Profile): VerifiedIdentity | undefined {
  return accountId === undefined ? undefined : { accountId, identity };
}
