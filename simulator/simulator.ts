import { systemClock, type Clock } from './clock';
import { Faults, type FaultRule } from './faults';
import { Gateway, type ArrivedCall, type Reply } from './gateway';
import { Journal, type JournalEntry } from './journal';
import { Keyring, type Identity } from './keyring';
import { machinesIn, type Machines } from './machines';
import { Metadata, type MetadataOptions } from './metadata';
import { Random } from './random';
import { issueTemporaryKey, type Role } from './roles';
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
  /** False: no instance has a name that tries to be more than text, such as a link or markup. */
  readonly hostileNames?: boolean;
  /**
   * Plans, policies, Essential Edition, and jobs that run, wait, and failed. By default each protected ECS client has one
   * completed backup of the last day and nothing else.
   */
  readonly backups?: boolean;
  /** The same seed gives the same keys and the same world; default 1. */
  readonly seed?: number;
  /** Divides the durations of tasks, and nothing else; default 1. */
  readonly timeScale?: number;
  /** Real milliseconds that every answer waits; default 0. */
  readonly latencyMs?: number;
  /** The region that the endpoint stands for; default `cn-hangzhou`. */
  readonly regionId?: string;
  /** All regions served, each on a port of its own; default only the one of the endpoint, which is always among them. */
  readonly regions?: readonly string[];
  readonly faults?: readonly FaultRule[];
  /** Serves the calls received at `GET /__journal`. */
  readonly journal?: boolean;
  /** False: calls received are not kept, and the journal stays empty. */
  readonly keepsJournal?: boolean;
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

/** A metadata service on 127.0.0.1. */
export interface MetadataService {
  /** Takes the place of `http://100.100.100.200`. */
  readonly endpoint: string;
  /** Gives the same keys. */
  readonly credentialsUri: string;
  /** `GET /path` of each request, in order of arrival. */
  requests(): readonly string[];
}

/**
 * A running simulator. It is itself the machines of the own account in its first region; {@link Simulator.machines}
 * gives those of others.
 */
export interface Simulator extends Machines {
  /** Of the region `regionId`. */
  readonly endpoint: string;
  readonly regionId: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly accountId: string;
  readonly timeScale: number;
  readonly crossAccounts: readonly CrossAccount[];
  /** All that AssumeRole and its like know. */
  readonly roles: readonly Role[];
  /** Every call received, in order of arrival. */
  journal(): readonly JournalEntry[];
  clearJournal(): void;
  /** The endpoint of each region served. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Throws for a region that is not served. */
  endpointOf(regionId: string): string;
  /** Those of a region, and of another account in it. */
  machines(regionId: string, accountId?: string): Machines;
  /** TCP connections opened by callers since the start, at all endpoints. */
  connections(): number;
  /** The largest number of calls that were in flight at one time at one endpoint. */
  peakInFlight(): number;
  /** Called for every call before it is carried out, and waited for; the returned function takes it away. */
  onRequest(hook: (call: ArrivedCall) => void | Promise<void>): () => void;
  /** Replaces all fault rules. */
  setFaults(rules: readonly FaultRule[]): void;
  /** The key no longer exists; by default the one of the simulator itself. */
  revokeKey(accessKeyId?: string): void;
  /** The key exists but is disabled. */
  disableKey(accessKeyId?: string): void;
  /** A temporary key ends now; without an id every temporary key. */
  expireKeys(accessKeyId?: string): void;
  /** A token with which AssumeRoleWithOIDC gives the role `cluster-operator`, for so many wall-clock seconds. */
  issueOidcToken(seconds: number): string;
  /** Starts what an ECS instance with the role `instance-operator` asks for keys; ends with the simulator. */
  serveMetadata(options?: MetadataOptions): Promise<MetadataService>;
  /** A temporary key of the same user that ends after so many wall-clock seconds. */
  issueTemporaryKey(seconds: number): TemporaryKey;
  /** Every secret and security token that belongs to a key it ever knew, for a search of where none may be. */
  issuedSecrets(): readonly string[];
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
    regionId,
    clients: options.clients ?? 250,
    zones: options.zones ?? 3,
    hostileNames: options.hostileNames ?? true,
    backups: options.backups ?? false,
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
  const journal = new Journal(options.keepsJournal ?? true);
  const hooks = new Set<(call: ArrivedCall) => void | Promise<void>>();
  const arrived = async (call: ArrivedCall): Promise<void> => {
    for (const hook of hooks) await hook(call);
  };
  const gateway = new Gateway({ clock, world, keyring, faults, journal, arrived });
  const serverOf = (served: string): Server =>
    new Server({
      port: served === regionId ? (options.port ?? 0) : 0,
      latencyMs: options.latencyMs ?? 0,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      headers: { 'x-simulator-time-scale': String(timeScale) },
      answer: (request) =>
        isJournalRequest(request) && options.journal === true
          ? Promise.resolve(journalReply(journal, clock.nowMs()))
          : gateway.answer(request, served),
    });
  const served = new Map<string, Server>();
  for (const each of [regionId, ...(options.regions ?? [])]) {
    if (!served.has(each)) served.set(each, serverOf(each));
  }
  const others: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all([...served.values(), ...others].map((server) => server.close()));
  };
  const serveMetadata = async (metadataOptions: MetadataOptions = {}): Promise<MetadataService> => {
    const role = world.roles.find(({ trusts }) => 'service' in trusts);
    if (role === undefined) throw new Error('There is no role for instances.');
    const metadata = new Metadata({ ...metadataOptions, clock, keyring, random: keys, role });
    const requests: string[] = [];
    const server = new Server({
      port: 0,
      latencyMs: 0,
      headers: {},
      answer: (request) => {
        requests.push(`${request.method} ${request.path}`);
        return Promise.resolve(metadata.answer(request));
      },
    });
    others.push(server);
    const endpoint = await server.listen();
    return { endpoint, credentialsUri: `${endpoint}/credentials-uri`, requests: () => requests };
  };
  const machines = (of: string, accountId = world.accountId): Machines =>
    machinesIn(world.region(accountId, of, clock.nowMs()), clock, () => world.tasks.settle(clock.nowMs()));
  // The regions are made now and not with the first call: what was begun elsewhere starts with the simulator.
  for (const each of served.keys()) machines(each);
  const endpoints = await listenAll(served).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const endpointOf = (of: string): string => {
    const endpoint = endpoints[of];
    if (endpoint === undefined) throw new Error(`The region ${of} is not served.`);
    return endpoint;
  };
  return {
    ...machines(regionId),
    endpoint: endpointOf(regionId),
    endpoints,
    endpointOf,
    machines,
    regionId,
    accessKeyId,
    accessKeySecret,
    accountId: world.accountId,
    timeScale,
    crossAccounts: world.crossAccounts,
    roles: world.roles,
    journal: () => journal.entries(),
    clearJournal: () => journal.clear(),
    connections: () => [...served.values()].reduce((sum, server) => sum + server.connections, 0),
    peakInFlight: () => Math.max(...[...served.values()].map((server) => server.peakInFlight)),
    onRequest: (hook) => {
      hooks.add(hook);
      return () => {
        hooks.delete(hook);
      };
    },
    setFaults: (rules) => faults.set(rules),
    revokeKey: (id = accessKeyId) => keyring.remove(id),
    disableKey: (id = accessKeyId) => keyring.disable(id),
    expireKeys: (id) => keyring.expire(id, clock.nowMs()),
    issueOidcToken: (seconds) => world.oidcTokens.issue(clock.nowMs() + seconds * 1000),
    serveMetadata,
    issuedSecrets: () => keyring.secrets(),
    issueTemporaryKey: (seconds) =>
      issueTemporaryKey(keyring, keys, identity, clock.nowMs() + seconds * 1000),
    dispose: close,
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

async function listenAll(servers: ReadonlyMap<string, Server>): Promise<Readonly<Record<string, string>>> {
  const pairs = [...servers].map(async ([id, server]) => [id, await server.listen()] as const);
  return Object.fromEntries(await Promise.all(pairs));
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
