import { present } from '../kernel/objects';
import { obstacleTo, type Obstacle } from '../clients/capabilities';
import type { ClientNode } from '../clients/clientTree';
import { joinReach, type Reach } from '../clients/reach';
import type { Holder } from '../operations/machineTaken';
import type { Plan, PlannedMachine, Strategy } from '../operations/operation';
import type { Operations } from '../operations/operations';
import { wavesOf } from '../operations/waves';
import type { Work } from '../protection/work';
import { actions, type Action } from '../service/actions';
import { isInstalled, nameOf } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import type { ScopeLabel } from '../service/scopeLabel';
import type { Scope } from '../service/scope';
import {
  busyAmong,
  inOrderOfRuns,
  plannedOf,
  recordedWork,
  runningOn,
  soonAmong,
  type BusyClient,
  type SoonClient,
  type WhenBusy,
} from './interruption';
import type { CheckFacts, InstanceFacts } from './precheck';
import { guardedClient, type GuardedClient, type SafetyRules } from './safety/safety';

/** A client with its key in the list. */
export type KeyedClient = Pick<ClientNode, 'key' | 'client'>;

/** A client that isn't changed, and why. */
export interface LeftOut<O = Obstacle> extends KeyedClient {
  readonly obstacle: O;
  /** The operation that has the client, or what runs on it, where that is the obstacle. */
  readonly holder?: Holder;
  readonly work?: Work;
}

/** In which order clients are changed, and when the rollout stops. */
export interface Rollout {
  readonly order: Strategy;
  /** No further wave starts after this many clients failed; 0: no limit. */
  readonly maxFailures: number;
}

/** All at once. */
export const allAtOnce: Rollout = { order: { kind: 'all' }, maxFailures: 0 };

/** What `agree` and `start` need of a change, whatever it does. */
export interface AnyDraft {
  readonly label: ScopeLabel;
  /** What the operation is started with. Without machines there is nothing to do. */
  readonly plan: Plan;
  /** The clients of the plan. */
  readonly eligible: readonly KeyedClient[];
  /** Those of them on which a backup or restore runs, and what is done with them. */
  readonly busy: readonly BusyClient[];
  /** Those of them that aren't busy and are backed up soon. */
  readonly soon: readonly SoonClient[];
  readonly whenBusy: WhenBusy;
  /** What was read of the clients. */
  readonly checks: CheckFacts;
  /** UNIX seconds by the service's clock, when the draft was made. */
  readonly now: number;
  /** The same clients as the safety rules see them. */
  readonly guarded: readonly GuardedClient[];
  /** The safety rules as they were read before the questions. */
  readonly rules: SafetyRules;
  /** Those that were asked for and stay as they are. */
  readonly leftOut: readonly LeftOut<unknown>[];
  /** Requests that are sent, which is also the highest number of tasks that Cloud Backup starts. */
  readonly requests: number;
}

/** What a draft is made of: what was asked for, what was answered, and what was seen outside. */
export interface DraftSource {
  readonly action: Action;
  readonly label: ScopeLabel;
  /** All clients that were asked for; one may be there twice. */
  readonly requested: readonly KeyedClient[];
  /** Those that the user ticked; absent: all. */
  readonly chosen?: readonly KeyedClient[];
  /** Left out before, such as pasted text that is no ID. */
  readonly leftOutBefore: readonly LeftOut[];
  /** Clients that other operations have, by key. */
  readonly holders: ReadonlyMap<string, Holder>;
  /** Which clients share an instance, of all that are listed and not only of those requested. */
  readonly listed: Reach;
  /** The same as read by ID, where the list is incomplete. */
  readonly read?: Reach;
  readonly checks: CheckFacts;
  /** UNIX seconds by the service's clock. */
  readonly now: number;
  readonly whenBusy: WhenBusy;
  /** Milliseconds: how long a client is waited for at most while a backup or restore runs on it. */
  readonly holdLimitMs: number;
  readonly rollout: Rollout;
  readonly rules: SafetyRules;
  /** ID of the operation whose failed clients are tried again. */
  readonly retryOf?: string;
}

/** An install, upgrade, or uninstall on its way to being agreed to: `review → agree → start`. */
export interface Draft extends DraftSource, AnyDraft {
  /** What `listed` and `read` know together. */
  readonly reach: Reach;
  readonly leftOut: readonly LeftOut[];
  /** Clients on the instances of eligible ones that aren't changed. */
  readonly neighbors: readonly BackupClient[];
  /** Clients of each wave, in order. */
  readonly waveSizes: readonly number[];
}

/** Clients by whether they can be changed. */
interface Sorted {
  readonly eligible: readonly PlannedClient[];
  readonly leftOut: readonly LeftOut[];
  readonly reach: Reach;
  /** The clients on the instance of a client that aren't changed. */
  readonly untouched: (client: KeyedClient) => readonly BackupClient[];
}

/**
 * Sorts clients into those that can be changed and those that can't, as {@link draftOf} does, without planning anything:
 * a pick needs no more. Pure.
 */
export function sorted(source: DraftSource): Sorted {
  const { action, listed, read, leftOutBefore } = source;
  const reach = read ? joinReach(listed, read) : listed;
  const { able, leftOut } = sortOut(source, reach);
  const taken = new Set(able.map(({ client }) => idOf(client)));
  const untouched = ({ client }: KeyedClient) =>
    reach.others(client).filter((other) => !taken.has(idOf(other)));
  const eligible = action === 'install' ? onePerInstance(able, untouched, leftOut) : able;
  return { eligible, leftOut: [...leftOut, ...leftOutBefore], reach, untouched };
}

/**
 * Sorts clients into those that can be changed and those that can't, and plans the operation. Pure. A client counts
 * once, though a group and a row in it were selected.
 */
export function draftOf(source: DraftSource): Draft {
  const { action, label, checks, now, holdLimitMs, retryOf } = source;
  const { eligible, leftOut, reach, untouched } = sorted(source);
  const neighbors = new Map(eligible.flatMap(untouched).map((client) => [idOf(client), client]));
  const { maxFailures } = source.rollout;
  // One client needs no order.
  const order = eligible.length < 2 ? allAtOnce.order : source.rollout.order;
  const soon = soonAmong(eligible, checks, now);
  const inOrder = inOrderOfRuns(eligible, { checks, soon, now }, order);
  const isOneWave =
    wavesOf(
      inOrder.map(({ client }) => client),
      order,
    ).length < 2;
  const machines = inOrder.map((planned) => plannedMachine(source, planned, isOneWave));
  const waves = wavesOf(machines, order);
  const waveSizes = waves.map((wave) => wave.length);
  const { scope, profileName, demo } = label;
  return {
    ...source,
    reach,
    eligible,
    busy: busyAmong(eligible, checks),
    soon,
    leftOut,
    neighbors: [...neighbors.values()],
    waveSizes,
    requests: waves.reduce((sum, wave) => sum + requestsFor(wave, actions[action].idsPerCall), 0),
    guarded: eligible.map((keyed) => ({
      ...guardedClient(keyed.client, checks),
      ...(plannedOf(keyed, checks)?.essential && { essential: true }),
    })),
    plan: {
      action,
      scope,
      profileName,
      demo,
      machines,
      ...(order.kind !== 'all' && { strategy: order }),
      ...(maxFailures > 0 && { maxFailures }),
      holdLimitMs,
      ...(retryOf !== undefined && { retryOf }),
    },
  };
}

// Fewer clients are changed at once, unless the user's settings say otherwise.
const orderMattersAbove = 5;

/** True where it's worth asking in which order clients are changed. */
export function orderMatters({ eligible, rollout }: Pick<Draft, 'eligible' | 'rollout'>): boolean {
  return eligible.length > orderMattersAbove || (eligible.length > 1 && rollout.order.kind !== 'all');
}

/** The operations that have clients now, by the key of the client; the list may not show it yet. */
export function holdersOf(
  operations: Pick<Operations, 'holdersIn'>,
  scope: Scope,
  clients: readonly KeyedClient[],
): ReadonlyMap<string, Holder> {
  const holderOf = operations.holdersIn(scope);
  return new Map(
    clients.flatMap(({ key, client }) => {
      const holder = holderOf(client);
      return holder ? [[key, holder] as const] : [];
    }),
  );
}

interface PlannedClient extends KeyedClient {
  readonly namedBy: PlannedMachine['namedBy'];
}

function sortOut(
  source: DraftSource,
  reach: Reach,
): { readonly able: readonly PlannedClient[]; readonly leftOut: LeftOut[] } {
  const { action, holders, checks, whenBusy } = source;
  const able: PlannedClient[] = [];
  const leftOut: LeftOut[] = [];
  for (const { key, client } of new Map(clientsMeant(source).map((keyed) => [keyed.key, keyed])).values()) {
    const own = obstacleTo(action, client);
    const holder = own ? undefined : holders.get(key);
    const namedBy = namedByOf(action, client, reach);
    const before =
      own ??
      (holder && 'in-operation') ??
      (namedBy ? undefined : 'not-told-apart') ??
      obstacleOfInstance(client.instanceId ? checks.instances.get(client.instanceId) : undefined) ??
      obstacleOfEdition(source, { key, client });
    const work = before || whenBusy !== 'leave-out' ? undefined : runningOn({ key, client }, checks);
    const obstacle = before ?? (work && 'job-running');
    if (obstacle) leftOut.push({ key, client, obstacle, ...(holder && { holder }), ...(work && { work }) });
    else if (namedBy) able.push({ key, client, namedBy });
  }
  return { able, leftOut };
}

/** An install means an instance: with one client of it, all others that were requested there. */
function clientsMeant({ action, requested, chosen }: DraftSource): readonly KeyedClient[] {
  if (!chosen) return requested;
  if (action !== 'install') return chosen;
  const instances = new Set(chosen.map(({ client: { instanceId } }) => instanceId));
  return [
    ...chosen,
    ...requested.filter(({ client: { instanceId } }) => instanceId && instances.has(instanceId)),
  ];
}

/** True for a client that waits for its backup or restore to end. */
export function isHeld({ work, whenBusy }: Pick<PlannedMachine, 'work' | 'whenBusy'>): boolean {
  return work?.kind === 'running' && whenBusy === undefined;
}

/** Clients of a wave are named together, except that each one that waits may be the only one to be ready. */
function requestsFor(wave: readonly PlannedMachine[], idsPerCall: number): number {
  const held = wave.filter(isHeld).length;
  return Math.ceil((wave.length - held) / idsPerCall) + held;
}

/**
 * A later wave may start hours after the list was read, and so may a client that waits, when another client may have come
 * to the instance: it's named by its own ID.
 */
function plannedMachine(
  { action, checks, whenBusy }: DraftSource,
  { key, client, namedBy }: PlannedClient,
  isOneWave: boolean,
): PlannedMachine {
  const recorded = recordedWork(checks.works.get(key), whenBusy);
  const isNow = isOneWave && !isHeld(recorded);
  const machine = machineOf(
    key,
    client,
    isNow || action === 'install' || !client.clientId ? namedBy : 'client',
  );
  return present<PlannedMachine>({
    ...machine,
    targetVersion: client.maxClientVersion || undefined,
    work: recorded.work,
    whenBusy: recorded.whenBusy,
  });
}

/**
 * By which ID a request names a client. Its instance ID means every client there, so it's used only where the client is
 * known to be alone; an install has no other. Undefined where no ID means this client and nothing else.
 */
function namedByOf(
  action: Action,
  client: BackupClient,
  reach: Reach,
): PlannedMachine['namedBy'] | undefined {
  if (action === 'install') return 'instance';
  if (client.instanceId && reach.isAlone(client)) return 'instance';
  return client.clientId ? 'client' : undefined;
}

/**
 * An install means an instance with every client on it, once: a client that wasn't chosen rules it out. Of several, one
 * that's installed is planned: something may run on it.
 */
function onePerInstance(
  able: readonly PlannedClient[],
  untouched: (client: KeyedClient) => readonly BackupClient[],
  leftOut: LeftOut[],
): readonly PlannedClient[] {
  const planned = new Map<string, PlannedClient>();
  for (const one of able) {
    const { key, client } = one;
    if (untouched(one).some(({ status }) => status !== 'NOT_INSTALLED')) {
      leftOut.push({ key, client, obstacle: 'shared-instance' });
      continue;
    }
    const instance = client.instanceId ?? key;
    const before = planned.get(instance);
    if (!before || (!isInstalled(before.client) && isInstalled(client))) planned.set(instance, one);
  }
  return [...planned.values()];
}

function idOf({ instanceId, clientId }: BackupClient): string {
  return `${instanceId ?? ''} ${clientId ?? ''}`;
}

/** Installing, upgrading, and uninstalling all go through Cloud Assistant on a running instance (documented). */
function obstacleOfInstance(facts: InstanceFacts | undefined): Obstacle | undefined {
  if (facts?.exists === false) return 'no-such-instance';
  if (facts?.status !== undefined && facts.status !== 'Running') return 'instance-not-running';
  return facts?.assistantRunning === false ? 'assistant-silent' : undefined;
}

/**
 * Essential Edition installs the client itself, and its plan would stay: only canceling it in the console ends both. Where
 * nobody knows whether it protects a client, the questions say so.
 */
function obstacleOfEdition(
  { action, checks, rules }: Pick<DraftSource, 'action' | 'checks' | 'rules'>,
  keyed: KeyedClient,
): Obstacle | undefined {
  if (action !== 'uninstall' || rules.allowsEssentialEdition) return undefined;
  return plannedOf(keyed, checks)?.essential ? 'essential-edition' : undefined;
}

/** A client as an operation records it. */
export function machineOf(
  key: string,
  client: BackupClient,
  namedBy: PlannedMachine['namedBy'],
): PlannedMachine {
  return present<PlannedMachine>({
    key,
    namedBy,
    name: nameOf(client),
    fromStatus: client.status,
    instanceId: client.instanceId || undefined,
    clientId: client.clientId || undefined,
    zoneId: client.zoneId || undefined,
    fromVersion: client.clientVersion || undefined,
  });
}
