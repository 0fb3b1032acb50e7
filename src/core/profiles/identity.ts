import type { CallerIdentity } from '../model';

/** Account and identity behind a key, as the service told them. */
export interface VerifiedIdentity {
  readonly accountId: string;
  readonly identity: string;
}

/** The end of the ARN says who it is (`user/alice`, `root`); without one the kind of identity must do. */
export function identityOf(caller: CallerIdentity): VerifiedIdentity {
  const name = caller.arn.split(':').slice(4).join(':');
  return { accountId: caller.accountId, identity: name === '' ? caller.identityType : name };
}
