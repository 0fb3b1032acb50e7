import { refusal } from '../errors';
import type { CallFault } from '../faults';
import type { Key, Keyring } from '../keyring';
import type { Parameters } from '../parameters';
import type { Region } from '../region';
import type { TaskFate } from '../tasks';
import type { World } from '../world';

/** An authenticated call on its way to be executed. */
export interface Call {
  readonly requestId: string;
  readonly nowMs: number;
  /** The region that the host name stands for. */
  readonly regionId: string;
  readonly caller: Key;
  readonly parameters: Parameters;
  readonly world: World;
  readonly keyring: Keyring;
  /** How a task that this call starts will end. */
  readonly fate: TaskFate;
  /** How it is to be carried out otherwise than usual. */
  readonly fault?: CallFault;
  /** What pages are to look like instead of as they should. */
  readonly oddPages?: { readonly rows?: number; readonly total?: number };
}

/** Executes a call and returns the JSON text of its answer, or throws a ServiceError. */
export type Action = (call: Call) => string;

/** An HBR answer: the common fields, then the given ones. */
export function hbrAnswer(call: Call, fields: object = {}): string {
  return JSON.stringify({ ...hbrCommon(call), ...fields });
}

/** The fields that every HBR answer begins with. */
export function hbrCommon(call: Call): object {
  return { RequestId: call.requestId, Success: true, Code: '200', Message: 'successful' };
}

/** PageNumber (from 1) and PageSize (1 to `most`, 10 when not given) of an HBR list. */
export function hbrPage(
  parameters: Parameters,
  most = 99,
): { readonly number: number; readonly size: number } {
  return {
    number: parameters.integer('PageNumber', 1, 2_147_483_647) ?? 1,
    size: parameters.integer('PageSize', 1, most) ?? 10,
  };
}

/** The caller's own machines: the calls that use it can't name another account. */
export function ownRegion({ world, caller, regionId, nowMs }: Call): Region {
  return world.region(caller.identity.accountId, regionId, nowMs);
}

/** The machines that an HBR call is about: the caller's own, or those of the account that it crosses over to. */
export function machinesOf(call: Call): Region {
  const { parameters, world } = call;
  const type = parameters.text('CrossAccountType') ?? 'SELF_ACCOUNT';
  if (type === 'SELF_ACCOUNT') return ownRegion(call);
  if (type !== 'CROSS_ACCOUNT' && type !== 'CROSS_ACCOUNT_BY_RD') {
    throw refusal('BadRequest', `CrossAccountType ${type} is unknown.`);
  }
  const userId = parameters.required('CrossAccountUserId');
  const roleName = type === 'CROSS_ACCOUNT' ? parameters.required('CrossAccountRoleName') : '';
  // They let in this one account, not whoever is in one of its neighbours.
  const letIn = call.caller.identity.accountId === world.accountId ? world.crossAccounts : [];
  const account = letIn.find((each) => each.type === type && each.accountId === userId);
  if (account === undefined) {
    throw refusal(type === 'CROSS_ACCOUNT' ? 'AssumeRoleFail' : 'BackupAccountNotInSpecifiedRd');
  }
  if (account.roleName !== roleName) throw refusal('RoleNotExist');
  return world.region(account.accountId, call.regionId, call.nowMs);
}
