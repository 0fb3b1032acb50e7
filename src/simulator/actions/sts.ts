import { toIsoSeconds } from '../clock';
import { refusal } from '../errors';
import type { Identity, Key, Keyring } from '../keyring';
import type { Random } from '../random';
import type { World } from '../world';
import type { Call } from './call';

/** The role of the caller's own account that AssumeRole accepts. */
const ownRoleName = 'backup-operator';

/** GetCallerIdentity: needs no permission and no parameter. */
export function getCallerIdentity(call: Call): string {
  const { identity } = call.caller;
  return JSON.stringify({
    RequestId: call.requestId,
    IdentityType: identity.type,
    AccountId: identity.accountId,
    Arn: identity.arn,
    PrincipalId: identity.principalId,
    ...(identity.type === 'AssumedRoleUser' ? { RoleId: identity.id } : { UserId: identity.id }),
  });
}

/** AssumeRole: a temporary key of a role in the caller's account, or in one that it may reach. */
export function assumeRole(call: Call): string {
  const { parameters } = call;
  if (call.caller.identity.type === 'Account')
    throw refusal('NoPermission', 'Roles may not be assumed by root accounts.');
  const arn = /^acs:ram::(\d{1,20}):role\/([\w.@-]{1,64})$/.exec(parameters.required('RoleArn'));
  const [, accountId = '', roleName = ''] = arn ?? [];
  if (arn === null) throw refusal('InvalidParameter.RoleArn');
  const sessionName = parameters.required('RoleSessionName');
  if (!/^[\w.@-]{2,64}$/.test(sessionName)) throw refusal('InvalidParameter.RoleSessionName');
  const duration = Number(parameters.text('DurationSeconds') ?? '3600');
  if (!Number.isInteger(duration) || duration < 900 || duration > 43_200) {
    throw refusal('InvalidParameter.DurationSeconds');
  }
  const externalId = parameters.text('ExternalId');
  if (externalId !== undefined && !/^.{2,1224}$/.test(externalId))
    throw refusal('InvalidParameter.ExternalId');
  checkPolicy(parameters.text('Policy'));
  if (!roleExists(call.world, accountId, roleName)) throw refusal('EntityNotExist.Role');
  const { random } = call.world;
  const roleId = `3${random.characters(17, '0123456789')}`;
  const identity: Identity = {
    type: 'AssumedRoleUser',
    accountId,
    arn: `acs:ram::${accountId}:assumed-role/${roleName}/${sessionName}`,
    principalId: `${roleId}:${sessionName}`,
    id: roleId,
  };
  const key = issueTemporaryKey(call.keyring, random, identity, call.nowMs + duration * 1000);
  return JSON.stringify({
    RequestId: call.requestId,
    AssumedRoleUser: { Arn: identity.arn, AssumedRoleId: identity.principalId },
    Credentials: {
      AccessKeyId: key.accessKeyId,
      AccessKeySecret: key.accessKeySecret,
      SecurityToken: key.securityToken,
      Expiration: toIsoSeconds(key.expiresMs),
    },
  });
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

function checkPolicy(policy: string | undefined): void {
  if (policy === undefined) return;
  if (policy.length > 2048) throw refusal('InvalidParameter.PolicySize');
  try {
    JSON.parse(policy);
  } catch {
    throw refusal('InvalidParameter.PolicyGrammar');
  }
}

function roleExists(world: World, accountId: string, roleName: string): boolean {
  if (accountId === world.accountId) return roleName === ownRoleName;
  return world.crossAccounts.some(
    (account) => account.accountId === accountId && account.roleName === roleName && roleName !== '',
  );
}
