import { obstacleTo, type Obstacle } from '../clients/capabilities';
import { nameOf } from '../service/clientFacts';
import type { ClientNode } from '../clients/clientTree';
import type { Reach } from '../clients/reach';
import type { BackupClient } from '../service/model';
import type { Holder } from '../operations/machineTaken';
import type { Plan, PlannedMachine, Strategy } from '../operations/operation';
import {
  nothingChecked,
  type CheckCall,
  type CheckFacts,
  type InstanceFacts,
  type NotChecked,
} from './precheck';
import { guardedMachine, type GuardedMachine } from './safety/safety';
import { changeCalls, idsPerCall, type Action, type ChangeCall } from '../service/actions';
import type { Scope } from '../service/scope';
import { wavesOf } from '../operations/waves';

/** A client with its key in the list. */
export type KeyedClient = Pick<ClientNode, 'key' | 'client'>;

/** Where and as whom: what a plan names besides the machines. */
export interface ChangeContext {
  /** An empty `accountId` means that the account of the profile was never verified. */
  readonly scope: Scope;
  readonly profileName: string;
  readonly demo: boolean;
  /** Display name, such as "China (Hangzhou)". */
  readonly regionName: string;
}

/** A client that is acted on, and which id a call names it by. */
export interface PlannedClient extends KeyedClient {
  readonly namedBy: PlannedMachine['namedBy'];
}

/** A client that is not acted on, and why. */
export interface LeftOut extends KeyedClient {
  readonly obstacle: Obstacle;
  /** The operation that has it, where that is the obstacle. */
  readonly holder?: Holder;
}

/** In what order, and when to stop. */
export interface WaveChoice {
  readonly strategy: Strategy;
  /** No further wave goes out once so many machines failed; 0 means never. */
  readonly maxFailures: number;
}

/** What is known besides the clients themselves. */
export interface PlanFacts {
  /** The operation that goes on and has a client; the list may not show it yet. */
  readonly holderOf: (client: BackupClient) => Holder | undefined;
  /** Which clients share an instance, of all that are listed and not only of those chosen. */
  readonly reach: Reach;
  readonly checks?: CheckFacts;
  /** Absent: all at once. */
  readonly waves?: WaveChoice;
  /** What was kept back before, such as pasted ids that are none. */
  readonly leftOut?: readonly LeftOut[];
  readonly retryOf?: string;
}

/** What a change would do, before anybody agreed to it. */
export interface ChangePlan {
  readonly action: Action;
  readonly context: ChangeContext;
  readonly eligible: readonly PlannedClient[];
  /** Clients on the instances of eligible ones that the change does not touch. */
  readonly neighbours: readonly BackupClient[];
  /** False where there may be more of those, since the list is not whole and they could not be read by id. */
  readonly neighboursKnown: boolean;
  readonly leftOut: readonly LeftOut[];
  readonly waves: WaveChoice;
  /** Machines of each wave, in order. */
  readonly waveSizes: readonly number[];
  /** Calls that go out, which is also how many tasks the service makes at most. */
  readonly calls: number;
  /** What RAM has to allow for the change and for following it. */
  readonly ramActions: readonly (ChangeCall | 'hbr:DescribeTask' | 'hbr:DescribeBackupClients')[];
  /** What RAM has to allow for the checks before it. */
  readonly checkRamActions: readonly CheckCall[];
  readonly notChecked: readonly NotChecked[];
  /** The eligible machines as the safety rules see them: with the tags of the client and of its instance. */
  readonly guarded: readonly GuardedMachine[];
  readonly retryOf?: string;
}

/**
 * Sorts machines into those that the action can be asked for and those that it cannot, and counts what it takes. A
 * machine stands once, though a group and a row in it were chosen. Pure.
 */
export function planOf(
  action: Action,
  context: ChangeContext,
  machines: readonly KeyedClient[],
  facts: PlanFacts,
): ChangePlan {
  const { checks = nothingChecked, reach, waves = { strategy: { kind: 'all' }, maxFailures: 0 } } = facts;
  const able: PlannedClient[] = [];
  const leftOut: LeftOut[] = [];
  const seen = new Set<string>();
  for (const { key, client } of machines) {
    if (seen.has(key)) continue;
    seen.add(key);
    const own = obstacleTo(action, client);
    const holder = own ? undefined : facts.holderOf(client);
    const namedBy = namedByOf(action, client, reach);
    const obstacle =
      own ??
      (holder && 'in-operation') ??
      (namedBy ? undefined : 'not-told-apart') ??
      obstacleOfInstance(client.instanceId ? checks.instances.get(client.instanceId) : undefined);
    if (namedBy && !obstacle) able.push({ key, client, namedBy });
    else if (obstacle) leftOut.push({ key, client, obstacle, ...(holder && { holder }) });
  }
  const taken = new Set(able.map(({ client }) => idOf(client)));
  const untouched = ({ client }: KeyedClient) =>
    reach.others(client).filter((other) => !taken.has(idOf(other)));
  const eligible = action === 'install' ? installable(able, untouched, leftOut) : able;
  const neighbours = new Map(eligible.flatMap(untouched).map((client) => [idOf(client), client]));
  const waveSizes = wavesOf(eligible.map(plannedMachine), waves.strategy).map((wave) => wave.length);
  return {
    action,
    context,
    eligible,
    neighbours: [...neighbours.values()],
    neighboursKnown: reach.whole,
    leftOut: [...leftOut, ...(facts.leftOut ?? [])],
    waves,
    waveSizes,
    calls: waveSizes.reduce((calls, size) => calls + Math.ceil(size / idsPerCall[action]), 0),
    ramActions: [changeCalls[action], 'hbr:DescribeTask', 'hbr:DescribeBackupClients'],
    checkRamActions: context.scope.crossAccount
      ? []
      : ['ecs:DescribeInstances', 'ecs:DescribeCloudAssistantStatus'],
    notChecked: checks.notChecked,
    guarded: eligible.map(({ client }) => guardedMachine(client, checks)),
    ...(facts.retryOf !== undefined && { retryOf: facts.retryOf }),
  };
}

/** The plan as the operations take it. */
export function operationPlanOf(plan: ChangePlan): Plan {
  const { action, context, eligible, waves, retryOf } = plan;
  const { scope, profileName, demo } = context;
  return {
    action,
    scope,
    profileName,
    demo,
    machines: eligible.map((one) =>
      plannedMachine(plan.waveSizes.length > 1 ? namedForLater(one, action) : one),
    ),
    ...(waves.strategy.kind !== 'all' && { strategy: waves.strategy }),
    ...(waves.maxFailures > 0 && { maxFailures: waves.maxFailures }),
    ...(retryOf !== undefined && { retryOf }),
  };
}

/** A later wave may go out hours after the list was read, when another client may have come to the instance. */
function namedForLater(one: PlannedClient, action: Action): PlannedClient {
  return action !== 'install' && one.client.clientId ? { ...one, namedBy: 'client' } : one;
}

/**
 * By which id a call names a client. Its InstanceId reaches every client there, so it does only where the client is
 * known to be alone; an install knows no other. Undefined where no id names this client and nothing else.
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

/** An install means the instance, once, with every client on it: those that were not chosen stand against it. */
function installable(
  able: readonly PlannedClient[],
  untouched: (client: KeyedClient) => readonly BackupClient[],
  leftOut: LeftOut[],
): readonly PlannedClient[] {
  const instances = new Set<string>();
  return able.filter((one) => {
    const { key, client } = one;
    if (untouched(one).some(({ status }) => status !== 'NOT_INSTALLED')) {
      leftOut.push({ key, client, obstacle: 'shared-instance' });
      return false;
    }
    const instance = client.instanceId ?? key;
    const again = instances.has(instance);
    instances.add(instance);
    return !again;
  });
}

function idOf({ instanceId, clientId }: BackupClient): string {
  return `${instanceId ?? ''} ${clientId ?? ''}`;
}

/** Installing, upgrading and uninstalling all go through Cloud Assistant on a running instance (documented). */
function obstacleOfInstance(facts: InstanceFacts | undefined): Obstacle | undefined {
  if (facts?.exists === false) return 'no-such-instance';
  if (facts?.status !== undefined && facts.status !== 'Running') return 'instance-not-running';
  return facts?.assistantRunning === false ? 'assistant-silent' : undefined;
}

function plannedMachine({ key, client, namedBy }: PlannedClient): PlannedMachine {
  return {
    key,
    namedBy,
    name: nameOf(client),
    fromStatus: client.status,
    ...(client.instanceId ? { instanceId: client.instanceId } : {}),
    ...(client.clientId ? { clientId: client.clientId } : {}),
    ...(client.zoneId ? { zoneId: client.zoneId } : {}),
    ...(client.clientVersion ? { fromVersion: client.clientVersion } : {}),
    ...(client.maxClientVersion ? { targetVersion: client.maxClientVersion } : {}),
  };
}
