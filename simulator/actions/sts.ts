import { toIsoSeconds } from '../clock';
import { refusal } from '../errors';
import type { Parameters } from '../parameters';
import { isTrusted, issueTemporaryKey, sessionOf, type Role } from '../roles';
import type { World } from '../world';
import type { Call } from './call';

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

/** AssumeRole: a temporary key of a role that trusts the caller, who may be in a role already. */
export function assumeRole(call: Call): string {
  const { parameters, caller } = call;
  if (caller.identity.type === 'Account')
    throw refusal('NoPermission', 'Roles may not be assumed by root accounts.');
  const session = sessionAsked(parameters);
  const externalId = parameters.text('ExternalId');
  if (externalId !== undefined && !/^.{2,1224}$/.test(externalId))
    throw refusal('InvalidParameter.ExternalId');
  const role = roleNamed(call.world, session.arn);
  const agreed = role.externalId === undefined || role.externalId === externalId;
  if (!agreed || !isTrusted(role, caller.identity)) throw refusal('NoPermission');
  return answerWithKey(call, role, session);
}

/** AssumeRoleWithOIDC: not signed, the token tells who asks. */
export function assumeRoleWithOidc(call: Call): string {
  const { parameters, world } = call;
  const session = sessionAsked(parameters);
  const provider = parameters.required('OIDCProviderArn');
  const token = parameters.required('OIDCToken');
  if (token.length < 4 || token.length > 20_000) throw refusal('AuthenticationFail.OIDCToken.Invalid');
  world.oidcTokens.check(token, call.nowMs);
  const role = roleNamed(world, session.arn);
  if (!('oidcProviderArn' in role.trusts) || role.trusts.oidcProviderArn !== provider) {
    throw refusal('AuthenticationFail.NoPermission');
  }
  return answerWithKey(call, role, session, {
    OIDCTokenInfo: { Issuer: 'https://oidc.example.test', Subject: 'system:serviceaccount:backup' },
  });
}

interface Session {
  readonly arn: string;
  readonly name: string;
  readonly seconds: number;
}

function sessionAsked(parameters: Parameters): Session {
  const arn = parameters.required('RoleArn');
  if (!/^acs:ram::\d{1,20}:role\/[\w.@-]{1,64}$/.test(arn)) throw refusal('InvalidParameter.RoleArn');
  const name = parameters.required('RoleSessionName');
  if (!/^[\w.@-]{2,64}$/.test(name)) throw refusal('InvalidParameter.RoleSessionName');
  const seconds = Number(parameters.text('DurationSeconds') ?? '3600');
  if (!Number.isInteger(seconds) || seconds < 900) throw refusal('InvalidParameter.DurationSeconds');
  checkPolicy(parameters.text('Policy'));
  return { arn, name, seconds };
}

function answerWithKey(call: Call, role: Role, { name, seconds }: Session, more: object = {}): string {
  if (seconds > role.maxSeconds) throw refusal('InvalidParameter.DurationSeconds');
  const identity = sessionOf(role, name, call.world.random);
  const expiresMs = call.nowMs + seconds * 1000;
  const key = issueTemporaryKey(call.keyring, call.world.random, identity, expiresMs);
  return JSON.stringify({
    RequestId: call.requestId,
    ...more,
    AssumedRoleUser: { Arn: identity.arn, AssumedRoleId: identity.principalId },
    Credentials: {
      AccessKeyId: key.accessKeyId,
      AccessKeySecret: key.accessKeySecret,
      SecurityToken: key.securityToken,
      Expiration: toIsoSeconds(key.expiresMs),
    },
  });
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

function roleNamed(world: World, arn: string): Role {
  const role = world.roles.find((each) => each.arn === arn);
  if (role === undefined) throw refusal('EntityNotExist.Role');
  return role;
}
