import { randomUUID } from 'node:crypto';
import { findAction, isUnsigned, ramAction } from './actions';
import type { Action } from './actions/call';
import { authenticate, checkDate } from './authentication';
import type { Clock } from './clock';
import { spokenAs } from './dialects';
import { errorBody, refusal, ServiceError } from './errors';
import type { FaultRule, Faults, Fired } from './faults';
import type { Journal } from './journal';
import { anonymous, type Key, type Keyring } from './keyring';
import { regionOfHost } from './regions';
import { receiveCall, type ReceivedCall } from './request';
import type { RawRequest } from './signature';
import type { World } from './world';

/** What goes back over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `connection`: nothing is sent, the connection is reset. `body`: it is reset in the middle of the body. */
  readonly cut?: 'connection' | 'body';
  /** Held back this long. */
  readonly delayMs?: number;
}

/** A call as a test's hook sees it, after its arrival and before it is carried out. */
export interface ArrivedCall {
  readonly action: string;
  readonly version: string;
  readonly regionId: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly requestId: string;
}

export interface GatewayParts {
  readonly clock: Clock;
  readonly world: World;
  readonly keyring: Keyring;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly arrived: (call: ArrivedCall) => void | Promise<void>;
}

/** Where every call passes: who is it, is there a fault in store, carry it out, answer, note it down. */
export class Gateway {
  readonly #parts: GatewayParts;
  // Clocks that a skew fault has shown to callers: dates that follow them are right from then on.
  readonly #shownShiftsMs = new Set<number>([0]);

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  /** `portRegionId`: the region of the port at which the request came in. */
  async answer(request: RawRequest, portRegionId: string): Promise<Reply> {
    const { clock, journal, faults, arrived } = this.#parts;
    const requestId = randomUUID().toUpperCase();
    const { call, problem } = received(request);
    const regionId = regionOfHost(call?.host ?? '') ?? portRegionId;
    const finish = journal.arrived(
      {
        action: call?.action ?? '',
        version: call?.version ?? '',
        host: call?.host ?? '',
        regionId,
        inQuery: call?.inQuery ?? [],
        requestId,
        parameters: call?.parameters,
      },
      clock.nowMs(),
    );
    const fired = faults.fire(call?.action ?? '', regionId, clock.nowMs());
    const fault = fired.call;
    const noted = fault === undefined ? {} : { fault: fault.fault };
    if (fault?.fault === 'resetBefore') {
      finish({ executed: false, status: 0, code: '', ...noted });
      return { status: 0, headers: {}, body: '', cut: 'connection' };
    }
    const host = call?.host ?? '';
    const context = { requestId, host, regionId, nowMs: clock.nowMs(), shiftMs: shiftOf(fault) };
    if (call === undefined) {
      const reply = this.#refused(problem, context);
      finish({ executed: false, status: reply.status, code: problem.code, ...noted });
      return reply;
    }
    const parameters = Object.fromEntries(call.parameters.entries());
    await arrived({ action: call.action, version: call.version, regionId, parameters, requestId });
    let executed = false;
    let reply: Reply;
    let code = '200';
    try {
      const { action, caller } = this.#admit(call, context);
      const instead = fault === undefined ? undefined : this.#instead(fault, call, caller, context);
      const runs = instead === undefined || fault?.executes === true;
      const body = runs ? this.#execute(action, call, caller, context, fired) : '';
      executed = runs;
      if (instead instanceof ServiceError) throw instead;
      reply = instead ?? spoiled(this.#reply(200, body, context), fault);
    } catch (error) {
      const known = error instanceof ServiceError ? error : refusal('InternalError', String(error));
      code = known.code;
      const accessDenied = deniedCodes.has(code) ? denial(call, this.#parts.world.accountId) : undefined;
      reply = this.#refused(known, context, accessDenied, faultHeaders(fault));
    }
    const sent = reply.cut !== 'connection';
    finish({ executed, status: sent ? reply.status : 0, code: sent ? code : '', ...noted });
    return reply;
  }

  #admit(call: ReceivedCall, context: Context): { readonly action: Action; readonly caller: Key } {
    const action = findAction(call.action, call.version);
    if (context.shiftMs !== 0) this.#shownShiftsMs.add(context.shiftMs);
    const shifts = context.shiftMs === 0 ? [...this.#shownShiftsMs] : [context.shiftMs];
    const clocks = shifts.map((shiftMs) => context.nowMs + shiftMs);
    if (isUnsigned(action)) {
      checkDate(call.date, clocks);
      return { action, caller: anonymous };
    }
    return { action, caller: authenticate(call.claim(), this.#parts.keyring, context.nowMs, clocks) };
  }

  #execute(action: Action, call: ReceivedCall, caller: Key, context: Context, fired: Fired): string {
    const { world, keyring } = this.#parts;
    world.tasks.settle(context.nowMs);
    return action({
      requestId: context.requestId,
      nowMs: context.nowMs,
      regionId: context.regionId,
      caller,
      parameters: call.parameters,
      world,
      keyring,
      fate: fired.fate,
      ...(fired.call && { fault: fired.call.fault }),
      ...(fired.call?.fault === 'oddPages' ? { oddPages: fired.call } : {}),
    });
  }

  /** What a fault answers in place of a result; undefined for faults that only spoil the answer on its way. */
  #instead(
    fault: FaultRule,
    call: ReceivedCall,
    caller: Key,
    context: Context,
  ): ServiceError | Reply | undefined {
    switch (fault.fault) {
      case 'throttle': {
        const { message } = refusal('Throttling.User');
        return new ServiceError(fault.code ?? 'Throttling.User', message, fault.status ?? 400);
      }
      case 'serverError': {
        const { message } = refusal('ServiceUnavailable');
        return new ServiceError(fault.code ?? 'ServiceUnavailable', message, fault.status ?? 503);
      }
      case 'error':
        return new ServiceError(
          fault.code ?? 'UnknownError',
          fault.message ?? 'The call failed.',
          fault.status ?? 400,
        );
      case 'nonceUsed':
        return refusal('SignatureNonceUsed');
      case 'denied': {
        const detail = `${ramAction(call.action, call.version)} is not allowed to ${caller.identity.arn}.`;
        return refusal(call.version === '2017-09-08' ? 'NoPermission' : 'Forbidden.RAM', detail);
      }
      case 'businessFailure': {
        const body = {
          RequestId: context.requestId,
          Success: false,
          Code: fault.code ?? 'CrossAccountBackupSlrNotExist',
          Message: fault.message ?? 'The service role for backups across accounts does not exist.',
        };
        return this.#reply(200, JSON.stringify(body), context);
      }
      case 'html':
        return {
          ...this.#reply(fault.status ?? 502, htmlPage, context),
          headers: { ...this.#headers(context, 'text/html'), ...faultHeaders(fault) },
        };
      case 'redirect': {
        const reply = this.#reply(fault.status ?? 302, '', context);
        return { ...reply, headers: { ...reply.headers, location: fault.location ?? '/elsewhere' } };
      }
      case 'oversize':
        return this.#reply(200, `{"RequestId":"${'A'.repeat(fault.bytes ?? 1)}"}`, context);
      default:
        return undefined;
    }
  }

  #refused(
    error: ServiceError,
    context: Context,
    accessDenied?: object,
    headers: Record<string, string> = {},
  ): Reply {
    const body = errorBody(error, {
      requestId: context.requestId,
      host: context.host,
      ...(accessDenied === undefined ? {} : { accessDenied }),
    });
    const reply = this.#reply(error.status, body, context);
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }

  #reply(status: number, body: string, context: Context): Reply {
    return { status, headers: this.#headers(context, 'application/json;charset=utf-8'), body };
  }

  #headers(context: Context, contentType: string): Record<string, string> {
    return {
      'content-type': contentType,
      date: new Date(context.nowMs + context.shiftMs).toUTCString(),
      'x-acs-request-id': context.requestId,
    };
  }
}

interface Context {
  readonly requestId: string;
  readonly host: string;
  readonly regionId: string;
  readonly nowMs: number;
  readonly shiftMs: number;
}

const htmlPage =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>';

type Received =
  | { readonly call: ReceivedCall; readonly problem?: undefined }
  | { readonly call?: undefined; readonly problem: ServiceError };

function received(request: RawRequest): Received {
  try {
    return { call: receiveCall(request) };
  } catch (error) {
    if (error instanceof ServiceError) return { problem: error };
    throw error;
  }
}

function shiftOf(fault: FaultRule | undefined): number {
  return fault?.fault === 'skew' ? (fault.seconds ?? 0) * 1000 : 0;
}

/** Headers that a fault adds to its answer or puts in the place of the usual ones; an empty one is not sent. */
function faultHeaders({ retryAfterMs, retryAfter, date }: Partial<FaultRule> = {}): Record<string, string> {
  return {
    ...(retryAfterMs === undefined ? {} : { 'x-acs-retry-after': String(retryAfterMs) }),
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    ...(date === undefined ? {} : { date: date === 'none' ? '' : date }),
  };
}

const deniedCodes: ReadonlySet<string> = new Set(['NoPermission', 'Forbidden.RAM']);

function denial(call: ReceivedCall, accountId: string): object {
  return {
    AuthAction: ramAction(call.action, call.version),
    AuthPrincipalType: 'SubUser',
    AuthPrincipalDisplayName: 'backup-admin',
    AuthPrincipalOwnerId: accountId,
    NoPermissionType: 'ImplicitDeny',
    PolicyType: 'AccountLevelIdentityBasedPolicy',
    EncodedDiagnosticMessage: 'AQEAAAAASimulatedDiagnosticMessage==',
  };
}

/** The right answer, lost or damaged on its way. */
function spoiled(reply: Reply, fault: FaultRule | undefined): Reply {
  switch (fault?.fault) {
    case 'resetAfter':
      return { ...reply, cut: 'connection' };
    case 'delay':
      return { ...reply, delayMs: fault.ms ?? 0 };
    case 'truncate':
      return fault.cut === true
        ? { ...reply, cut: 'body' }
        : { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
    case 'empty':
      return { ...reply, status: fault.status ?? reply.status, body: '' };
    case 'dialect':
      return fault.as === undefined ? reply : { ...reply, body: spokenAs(fault.as, reply.body) };
    default:
      return reply;
  }
}
