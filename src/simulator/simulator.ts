import { issueTemporaryKey } from './actions/sts';
import { systemClock, toSeconds, type Clock } from './clock';
import { Faults, type FaultRule } from './faults';
import { Gateway, type ArrivedCall, type Reply } from './gateway';
import { Journal, type JournalEntry } from './journal';
import { Keyring, type Identity } from './keyring';
import { Random } from './random';
import type { Region } from './region';
import { ClientRecord, type ClientRow, type ClientType, type Instance } from './rows';
import { latestVersion } from './seed';
import { Server } from './server';
import type { RawRequest } from './signature';
import { World, type CrossAccount } from './world';

export interface SimulatorOptions {
  /** Port on 127.0.0.1; 0, the default, lets the system choose. */
  readonly port?: number;
  /** ECS clients of the seeded world, default 250; a few of the other kinds come on top. */
  readonly clients?: number;
  /** Zones that they are spread over, 1 to 26, default 3. */
  readonly zones?: number;
  /** The same seed gives the same keys and the same world; default 1. */
  readonly seed?: number;
  /** Divides the durations of tasks, and nothing else; default 1. */
  readonly timeScale?: number;
  /** Real milliseconds that every answer waits; default 0. */
  readonly latencyMs?: number;
  /** The region that the endpoint stands for; default `cn-hangzhou`. */
  readonly regionId?: string;
  readonly faults?: readonly FaultRule[];
  /** Serves the calls received at `GET /__journal`. */
  readonly journal?: boolean;
  /** Serves https with this certificate. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** Where the time comes from; tests move it by hand. */
  readonly clock?: Clock;
}

/** A temporary key as AssumeRole gives it. */
export interface TemporaryKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string;
}

/** A running simulator. Changes to the world concern the default region of the own account unless told otherwise. */
export interface Simulator {
  readonly endpoint: string;
  readonly regionId: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly accountId: string;
  readonly timeScale: number;
  readonly crossAccounts: readonly CrossAccount[];
  /** Every call received, in order of arrival. */
  journal(): readonly JournalEntry[];
  clearJournal(): void;
  /** TCP connections opened by callers since the start. */
  connections(): number;
  /** The largest number of calls that were in flight at one time. */
  peakInFlight(): number;
  /** The rows of the list as they are now, in its order. */
  clients(type?: ClientType, accountId?: string): readonly ClientRow[];
  /**
   * Adds a row; what is left out is taken from a plain activated client. `at` is its place, default the end. An ECS
   * client gets a running instance if there is none with its id.
   */
  insertClient(row: Partial<ClientRow> & Pick<ClientRow, 'InstanceId'>, at?: number): ClientRow;
  /** Changes the client with this client id or instance id. Throws when there is none. */
  updateClient(id: string, change: Partial<ClientRow>): void;
  /** Takes the client with this client id or instance id out of the list. Throws when there is none. */
  deleteClient(id: string): void;
  instances(accountId?: string): readonly Instance[];
  /** Changes an ECS instance. Throws when there is none with this id. */
  updateInstance(instanceId: string, change: Partial<Omit<Instance, 'instanceId'>>): void;
  deleteInstance(instanceId: string): void;
  /** Called for every call before it is carried out, and waited for; the returned function takes it away. */
  onRequest(hook: (call: ArrivedCall) => void | Promise<void>): () => void;
  /** Replaces all fault rules. */
  setFaults(rules: readonly FaultRule[]): void;
  /** The key no longer exists; by default the one of the simulator itself. */
  revokeKey(accessKeyId?: string): void;
  /** The key exists but is disabled. */
  disableKey(accessKeyId?: string): void;
  /** A temporary key of the same user that ends after so many wall-clock seconds. */
  issueTemporaryKey(seconds: number): TemporaryKey;
  /** Stops listening and closes all connections. */
  dispose(): Promise<void>;
}

/** Starts a simulator on 127.0.0.1. Rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const clock = options.clock ?? systemClock;
  const seed = String(options.seed ?? 1);
  const regionId = options.regionId ?? 'cn-hangzhou';
  const timeScale = options.timeScale ?? 1;
  const startMs = clock.nowMs();
  const world = new World({
    seed,
    clients: options.clients ?? 250,
    zones: options.zones ?? 3,
    timeScale,
    nowMs: startMs,
  });
  const keyring = new Keyring();
  const keys = new Random(`keys ${seed}`);
  const accessKeyId = `SimulatedKey${keys.characters(12)}`;
  const accessKeySecret = `simulated-secret-${keys.characters(16)}`;
  const identity = administrator(world.accountId);
  keyring.add({ accessKeyId, accessKeySecret, identity });
  const faults = new Faults(new Random(`faults ${seed}`));
  faults.set(options.faults ?? []);
  const journal = new Journal();
  const hooks = new Set<(call: ArrivedCall) => void | Promise<void>>();
  const arrived = async (call: ArrivedCall): Promise<void> => {
    for (const hook of hooks) await hook(call);
  };
  const gateway = new Gateway({ clock, world, keyring, faults, journal, regionId, arrived });
  const server = new Server({
    port: options.port ?? 0,
    latencyMs: options.latencyMs ?? 0,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    headers: { 'x-simulator-time-scale': String(timeScale) },
    answer: (request) =>
      isJournalRequest(request) && options.journal === true
        ? Promise.resolve(journalReply(journal, clock.nowMs()))
        : gateway.answer(request),
  });
  // The region is made now and not with the first call, so that what was begun elsewhere starts with the simulator.
  const region = world.region(world.accountId, regionId, startMs);
  const endpoint = await server.listen();
  const regionOf = (accountId: string): Region => {
    world.tasks.settle(clock.nowMs());
    return world.region(accountId, regionId, clock.nowMs());
  };
  const recordOf = (id: string): ClientRecord => {
    const found = regionOf(world.accountId).clientById(id) ?? region.clientOnInstance(id);
    if (found === undefined) throw new Error(`There is no client ${id}.`);
    return found;
  };
  return {
    endpoint,
    regionId,
    accessKeyId,
    accessKeySecret,
    accountId: world.accountId,
    timeScale,
    crossAccounts: world.crossAccounts,
    journal: () => journal.entries(),
    clearJournal: () => journal.clear(),
    connections: () => server.connections,
    peakInFlight: () => server.peakInFlight,
    clients: (type = 'ECS_CLIENT', accountId = world.accountId) =>
      regionOf(accountId)
        .clients(type)
        .map((record) => record.rowAt(toSeconds(clock.nowMs()))),
    insertClient: (row, at) => {
      const nowS = toSeconds(clock.nowMs());
      const complete = { ...plainClient(region.newClientId(), nowS), ...row };
      const beats = complete.Status === 'ACTIVATED' && row.LastHeartBeatTime === undefined;
      region.insert(new ClientRecord(complete, beats ? nowS : undefined), at);
      if (complete.ClientType === 'ECS_CLIENT' && region.instance(complete.InstanceId) === undefined) {
        region.putInstance(plainInstance(complete, clock.nowMs()));
      }
      return complete;
    },
    updateClient: (id, change) => recordOf(id).change(change, toSeconds(clock.nowMs())),
    deleteClient: (id) => region.remove(recordOf(id)),
    instances: (accountId = world.accountId) => [...regionOf(accountId).instances()],
    updateInstance: (instanceId, change) => {
      const instance = region.instance(instanceId);
      if (instance === undefined) throw new Error(`There is no instance ${instanceId}.`);
      region.putInstance({ ...instance, ...change });
    },
    deleteInstance: (instanceId) => region.removeInstance(instanceId),
    onRequest: (hook) => {
      hooks.add(hook);
      return () => {
        hooks.delete(hook);
      };
    },
    setFaults: (rules) => faults.set(rules),
    revokeKey: (id = accessKeyId) => keyring.remove(id),
    disableKey: (id = accessKeyId) => keyring.disable(id),
    issueTemporaryKey: (seconds) =>
      issueTemporaryKey(keyring, keys, identity, clock.nowMs() + seconds * 1000),
    dispose: () => server.close(),
  };
}

function administrator(accountId: string): Identity {
  const userId = `2${accountId.slice(1)}00`;
  return {
    type: 'RAMUser',
    accountId,
    arn: `acs:ram::${accountId}:user/backup-admin`,
    principalId: userId,
    id: userId,
  };
}

function plainClient(clientId: string, nowS: number): Omit<ClientRow, 'InstanceId'> {
  return {
    ClientId: clientId,
    ClientType: 'ECS_CLIENT',
    Status: 'ACTIVATED',
    BackupStatus: 'UNPROTECTED',
    ClientVersion: latestVersion,
    MaxClientVersion: latestVersion,
    Hostname: 'inserted',
    Appliance: false,
    CreatedTime: nowS,
    UpdatedTime: nowS,
    LastHeartBeatTime: nowS,
  };
}

function plainInstance(row: ClientRow, nowMs: number): Instance {
  return {
    instanceId: row.InstanceId,
    instanceName: row.InstanceName ?? '',
    hostName: row.Hostname,
    status: 'Running',
    zoneId: row.ZoneId ?? '',
    osType: row.OsType === 'windows' ? 'windows' : 'linux',
    archType: row.ArchType ?? 'amd64',
    privateIp: row.PrivateIpV4 ?? '',
    vpcId: '',
    tags: row.Tags ?? [],
    createdMs: nowMs,
    assistantRunning: true,
  };
}

function isJournalRequest(request: RawRequest): boolean {
  return request.method === 'GET' && request.path === '/__journal';
}

function journalReply(journal: Journal, nowMs: number): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/json;charset=utf-8', date: new Date(nowMs).toUTCString() },
    body: JSON.stringify(journal.entries()),
  };
}
