import { randomBytes } from 'node:crypto';
import type { Disposable } from '../core/disposables';
import { isLoopback } from '../core/endpoints';
import type { BackupApi, Clock, Connection, Connections, Endpoints, Log, Waiting } from '../core/ports';
import { decodeCallerIdentity, decodeClientPage, decodeSubmission, decodeTask } from './decode';
import { mostInFlight } from './inFlight';
import { pipeline, type ApiReply, type ApiRequest, type Send } from './pipeline';
import { clockSkew } from './policies/clockSkew';
import { log } from './policies/log';
import { retry } from './policies/retry';
import { sign } from './policies/sign';
import { timeout } from './policies/timeout';
import { readPages } from './readPages';
import {
  clientQueryFields,
  installFields,
  machineFields,
  taskFields,
  type RequestFields,
} from './requestFields';
import { formEncode } from './signing';
import { createAgents, createTransport, type Agents } from './transport';

export interface BackupApiParts {
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

interface Operation {
  readonly service: keyof Endpoints;
  readonly version: string;
  readonly action: string;
  readonly kind: 'read' | 'write';
}

const hbr = { service: 'hbr', version: '2017-09-08' } as const;
const operations = {
  describeBackupClients: { ...hbr, action: 'DescribeBackupClients', kind: 'read' },
  installBackupClients: { ...hbr, action: 'InstallBackupClients', kind: 'write' },
  upgradeBackupClients: { ...hbr, action: 'UpgradeBackupClients', kind: 'write' },
  uninstallBackupClients: { ...hbr, action: 'UninstallBackupClients', kind: 'write' },
  describeTask: { ...hbr, action: 'DescribeTask', kind: 'read' },
  getCallerIdentity: { service: 'sts', version: '2015-04-01', action: 'GetCallerIdentity', kind: 'read' },
} as const satisfies Readonly<Record<string, Operation>>;

const longestScale = 10_000;

/**
 * The service over HTTP: one method an operation. Aborting a signal ends the waiting; a write that was on its way
 * may still run. Disposing closes idle connections.
 */
export function createBackupApi(parts: BackupApiParts): BackupApi & Disposable {
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

  async function call(
    target: { readonly connection: Connection; readonly regionId: string },
    operation: Operation,
    fields: RequestFields,
    waiting: Waiting,
    onThrottled?: () => void,
  ): Promise<ApiReply> {
    const endpoint = target.connection.endpoints(target.regionId)[operation.service];
    const request: ApiRequest = {
      ...operation,
      endpoint,
      ramAction: `${operation.service}:${operation.action}`,
      query: fields.query,
      ...(fields.form ? { body: formEncode(fields.form) } : {}),
      headers: {},
      timeOffsetMs: 0,
      accessKey: () => target.connection.accessKey(),
      ...(onThrottled ? { onThrottled } : {}),
    };
    const reply = await send(request, waiting);
    const scale = Number(reply.header('x-simulator-time-scale') ?? NaN);
    // Nobody but a server on this computer may make us ask more often.
    if (isLoopback(endpoint) && scale >= 1 && scale <= longestScale) timeScales.set(endpoint, scale);
    return reply;
  }

  const targetOf = (at: { readonly profileId: string; readonly regionId: string }) => ({
    connection: connections.get(at.profileId),
    regionId: at.regionId,
  });

  return {
    async *listClients(scope, query, waiting) {
      const fieldsOfPage = clientQueryFields(scope, query);
      const target = targetOf(scope);
      return yield* readPages(async (pageNumber, onThrottled, pageWaiting) => {
        const fields = fieldsOfPage(pageNumber);
        return decodeClientPage(
          await call(target, operations.describeBackupClients, fields, pageWaiting, onThrottled),
        );
      }, waiting);
    },
    async installClients(scope, instanceIds, waiting) {
      const fields = installFields(scope, instanceIds);
      return decodeSubmission(await call(targetOf(scope), operations.installBackupClients, fields, waiting));
    },
    async upgradeClients(scope, machines, waiting) {
      const fields = machineFields(scope, 'upgrade', machines);
      return decodeSubmission(await call(targetOf(scope), operations.upgradeBackupClients, fields, waiting));
    },
    async uninstallClients(scope, machines, waiting) {
      const fields = machineFields(scope, 'uninstall', machines);
      return decodeSubmission(
        await call(targetOf(scope), operations.uninstallBackupClients, fields, waiting),
      );
    },
    async getTask(scope, taskId, waiting) {
      return decodeTask(
        await call(targetOf(scope), operations.describeTask, taskFields(taskId), waiting),
        taskId,
      );
    },
    async getCallerIdentity(profileId, regionId, waiting) {
      const target = targetOf({ profileId, regionId });
      return decodeCallerIdentity(await call(target, operations.getCallerIdentity, { query: [] }, waiting));
    },
    timeScale: ({ profileId, regionId }) =>
      timeScales.get(connections.get(profileId).endpoints(regionId).hbr) ?? 1,
    dispose: () => {
      // Pools that were handed in belong to whoever made them.
      if (parts.agents === undefined) agents.dispose();
    },
  };
}
