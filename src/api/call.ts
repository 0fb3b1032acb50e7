import type { Disposable } from '../core/kernel/disposables';
import { isLoopback, type Endpoints } from '../core/service/endpoints';
import { asProfile } from '../core/service/errors';
import type { Connections } from '../core/service/connection';
import type { WriteWaiting } from '../core/kernel/waiting';
import type { Pace } from './pace';
import type { ApiReply, ApiRequest } from './pipeline';
import type { RequestFields } from './requestFields';
import { createSender, type SenderDeps } from './sender';
import { formEncode } from './signing';

/** What calls are made of. */
export interface CallDeps extends SenderDeps {
  readonly connections: Connections;
}

/** An operation as the service names it. */
export interface ApiOperation {
  readonly service: keyof Endpoints;
  readonly version: string;
  readonly action: string;
  readonly kind: 'read' | 'write';
}

/** The profile and region of a request; a scope is one. */
export interface CallScope {
  readonly profileId: string;
  /** The account that the credentials must belong to; any where it's absent. */
  readonly accountId?: string;
  readonly regionId: string;
}

/** Makes one call, with the attempts that its failures allow; throws the BackupError of the last of them. */
export type Call = (
  at: CallScope,
  operation: ApiOperation,
  fields: RequestFields,
  waiting: WriteWaiting,
  pace?: Pace,
) => Promise<ApiReply>;

/** The way to the services. */
export interface Calls extends Disposable {
  readonly call: Call;
  /** See {@link BackupApi.timeScale}. */
  timeScale(at: CallScope): number;
  /** See {@link BackupApi.clockOffsetMs}. */
  clockOffsetMs(at: CallScope): number | undefined;
}

const longestScale = 10_000;

/** One way for all services: the same signing, attempts, deadlines and pools of connections. */
export function createCalls(parts: CallDeps): Calls {
  const { connections } = parts;
  const sender = createSender(parts);
  const timeScales = new Map<string, number>();

  return {
    call: (at, operation, fields, waiting, pace) =>
      asProfile(at.profileId, async () => {
        const { profileId, accountId, regionId } = at;
        const connection = connections.get(profileId, accountId);
        const endpoint = connection.endpoints(regionId)[operation.service];
        const request: ApiRequest = {
          ...requestOf(operation, endpoint, fields),
          accessKey: (refused, each) => connection.accessKey(refused, each),
          ...(waiting.beforeSend ? { beforeSend: waiting.beforeSend } : {}),
          ...(pace ? { pace } : {}),
        };
        const reply = await sender.send(request, waiting).catch((error: unknown) => {
          throw connection.explain?.(error) ?? error;
        });
        const scale = Number(reply.header('x-simulator-time-scale') ?? NaN);
        // Only a server on this computer can make us ask more often.
        if (isLoopback(endpoint) && scale >= 1 && scale <= longestScale) timeScales.set(endpoint, scale);
        return reply;
      }),
    timeScale: ({ profileId, regionId }) =>
      timeScales.get(connections.get(profileId).endpoints(regionId).hbr) ?? 1,
    clockOffsetMs({ profileId, regionId }) {
      try {
        return sender.clocks.offsetMs(connections.get(profileId).endpoints(regionId).hbr);
      } catch {
        // The profile was removed.
        return undefined;
      }
    },
    dispose: () => sender.dispose(),
  };
}

/** An operation at an origin, before the policies; without a key it is not signed. */
export function requestOf(operation: ApiOperation, endpoint: string, fields: RequestFields): ApiRequest {
  return {
    ...operation,
    endpoint,
    ramAction: `${operation.service}:${operation.action}`,
    query: fields.query,
    ...(fields.form ? { body: formEncode(fields.form) } : {}),
    ...(fields.secret === undefined ? {} : { secret: fields.secret }),
    headers: {},
    timeOffsetMs: 0,
  };
}
