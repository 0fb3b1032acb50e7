import { randomBytes } from 'node:crypto';
import type { Disposable } from '../core/disposables';
import { isLoopback } from '../core/endpoints';
import type { Clock, Connections, Endpoints, Log, Waiting } from '../core/ports';
import { mostInFlight } from './inFlight';
import { pipeline, type ApiReply, type ApiRequest, type Send } from './pipeline';
import { clockSkew } from './policies/clockSkew';
import { log } from './policies/log';
import { retry } from './policies/retry';
import { sign } from './policies/sign';
import { timeout } from './policies/timeout';
import type { RequestFields } from './requestFields';
import { formEncode } from './signing';
import { createAgents, createTransport, type Agents } from './transport';

/** What calls are made of. */
export interface CallParts {
  readonly connections: Connections;
  readonly clock: Clock;
  /** Must redact: failures quote the service. */
  readonly log: Log;
  /** Numbers from 0 up to 1, for the spread of waits. */
  readonly random: () => number;
  /** Sent as `user-agent`. */
  readonly userAgent: string;
  /** Pools of connections; own ones unless given. */
  readonly agents?: Agents;
  /** Takes the place of the network. */
  readonly transport?: Send;
  /** Deadline of each attempt in milliseconds; 30 s unless given. */
  readonly attemptMs?: number;
}

/** An operation as the service names it. */
export interface Operation {
  readonly service: keyof Endpoints;
  readonly version: string;
  readonly action: string;
  readonly kind: 'read' | 'write';
}

/** As whom and where: a scope is one. */
export interface Place {
  readonly profileId: string;
  readonly regionId: string;
}

/** Makes one call, with the attempts that its failures allow; throws the BackupError of the last of them. */
export type Call = (
  at: Place,
  operation: Operation,
  fields: RequestFields,
  waiting: Waiting,
  onThrottled?: () => void,
) => Promise<ApiReply>;

/** The way to the services. */
export interface Calls extends Disposable {
  readonly call: Call;
  /** What {@link BackupApi.timeScale} tells. */
  timeScale(at: Place): number;
}

const longestScale = 10_000;

/** One way for all services: the same signing, attempts, deadlines and pools of connections. */
export function createCalls(parts: CallParts): Calls {
  const { connections, clock } = parts;
  // Two more than a listing takes, so that a task is followed while a list is read.
  const agents = parts.agents ?? createAgents(mostInFlight + 2);
  const send = pipeline(
    [
      retry(clock, parts.random),
      // A token that expired is renewed here once there are keys that can be renewed: outside of signing.
      clockSkew(clock),
      sign(clock, () => randomBytes(16).toString('hex')),
      log(parts.log, clock),
      timeout(clock, parts.attemptMs ?? 30_000),
    ],
    parts.transport ?? createTransport(agents, parts.userAgent),
  );
  const timeScales = new Map<string, number>();

  return {
    async call({ profileId, regionId }, operation, fields, waiting, onThrottled) {
      const connection = connections.get(profileId);
      const endpoint = connection.endpoints(regionId)[operation.service];
      const request: ApiRequest = {
        ...operation,
        endpoint,
        ramAction: `${operation.service}:${operation.action}`,
        query: fields.query,
        ...(fields.form ? { body: formEncode(fields.form) } : {}),
        headers: {},
        timeOffsetMs: 0,
        accessKey: () => connection.accessKey(),
        ...(onThrottled ? { onThrottled } : {}),
      };
      const reply = await send(request, waiting);
      const scale = Number(reply.header('x-simulator-time-scale') ?? NaN);
      // Nobody but a server on this computer may make us ask more often.
      if (isLoopback(endpoint) && scale >= 1 && scale <= longestScale) timeScales.set(endpoint, scale);
      return reply;
    },
    timeScale: ({ profileId, regionId }) =>
      timeScales.get(connections.get(profileId).endpoints(regionId).hbr) ?? 1,
    dispose: () => {
      // Pools that were handed in belong to whoever made them.
      if (parts.agents === undefined) agents.dispose();
    },
  };
}
