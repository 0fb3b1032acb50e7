import { refusal } from './errors';
import type { Identity, Key, Keyring } from './keyring';
import type { Random } from './random';

/** A RAM role, and whom it trusts. */
export interface Role {
  readonly arn: string;
  readonly accountId: string;
  readonly name: string;
  readonly trusts: Trust;
  /** Without it the role is refused to everybody, as the other side agreed on. */
  readonly externalId?: string;
  /** Longest session that it gives. */
  readonly maxSeconds: number;
}

/** An account with all its users and roles, one role, a provider of identities, or ECS instances. */
export type Trust =
  | { readonly accountId: string }
  | { readonly roleArn: string }
  | { readonly oidcProviderArn: string }
  | { readonly service: 'ecs.aliyuncs.com' };

/** The roles of an account, one for each way in, and those of the accounts that let it in. */
export function rolesOf(
  accountId: string,
  crossAccounts: readonly { readonly accountId: string; readonly roleName: string }[],
): readonly Role[] {
  const role = (
    name: string,
    trusts: Trust,
    more: { readonly owner?: string; readonly externalId?: string; readonly maxSeconds?: number } = {},
  ): Role => ({
    arn: `acs:ram::${more.owner ?? accountId}:role/${name}`,
    accountId: more.owner ?? accountId,
    name,
    trusts,
    ...(more.externalId === undefined ? {} : { externalId: more.externalId }),
    maxSeconds: more.maxSeconds ?? 3600,
  });
  const operator = role('backup-operator', { accountId }, { maxSeconds: 43_200 });
  return [
    operator,
    role('partner-operator', { accountId }, { externalId: 'partner/7' }),
    role('chained-operator', { roleArn: operator.arn }),
    role('cluster-operator', { oidcProviderArn: `acs:ram::${accountId}:oidc-provider/cluster` }),
    role('instance-operator', { service: 'ecs.aliyuncs.com' }),
    ...crossAccounts
      .filter(({ roleName }) => roleName !== '')
      .map(({ accountId: owner, roleName }) => role(roleName, { accountId }, { owner })),
  ];
}

/** True when an identity may assume a role as far as the role's trust goes. */
export function isTrusted({ trusts }: Role, identity: Identity): boolean {
  if ('accountId' in trusts) return identity.accountId === trusts.accountId;
  // The ARN of a session names its role too.
  return (
    'roleArn' in trusts && identity.arn.startsWith(`${trusts.roleArn.replace(':role/', ':assumed-role/')}/`)
  );
}

/** The identity of a session of a role. */
export function sessionOf(role: Role, sessionName: string, random: Random): Identity {
  const roleId = `3${random.characters(17, '0123456789')}`;
  return {
    type: 'AssumedRoleUser',
    accountId: role.accountId,
    arn: `acs:ram::${role.accountId}:assumed-role/${role.name}/${sessionName}`,
    principalId: `${roleId}:${sessionName}`,
    id: roleId,
  };
}

/** Makes a temporary key that works until `expiresMs` (wall clock) and adds it to the ring. */
export function issueTemporaryKey(
  keyring: Keyring,
  random: Random,
  identity: Identity,
  expiresMs: number,
): Required<Key> {
  const key = {
    accessKeyId: `STS.Simulated${random.characters(14)}`,
    accessKeySecret: `simulated-temporary-secret-${random.characters(12)}`,
    securityToken: `simulated-token-${random.characters(600)}==`,
    expiresMs,
    active: true,
    identity,
  };
  keyring.add(key);
  return key;
}

/** Tokens of the provider of identities that cluster-operator trusts: each works until its time is over. */
export class OidcTokens {
  readonly #random: Random;
  readonly #expiresMs = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A token of three parts, as every one has. */
  issue(expiresMs: number): string {
    const token = ['header', 'claims', 'signature']
      .map((part) => `simulated-${part}-${this.#random.characters(40)}`)
      .join('.');
    this.#expiresMs.set(token, expiresMs);
    return token;
  }

  /** Throws the documented refusal of a token that was never issued, or is over. */
  check(token: string, nowMs: number): void {
    const expiresMs = this.#expiresMs.get(token);
    if (expiresMs === undefined) throw refusal('AuthenticationFail.OIDCToken.Invalid');
    if (nowMs >= expiresMs) throw refusal('AuthenticationFail.OIDCToken.Expired');
  }
}
