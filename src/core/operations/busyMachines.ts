import type { ClientChange } from '../clients/clientTree';
import type { MachineRef } from '../clients/readClients';
import type { BackupClient } from '../service/model';
import type { Clock } from '../kernel/clock';
import type { Holder } from './machineTaken';
import type { OperationAction } from '../service/actions';
import { idSpaceOf, type Scope } from '../service/scope';
import type { Operation, Plan } from './operation';
import { isBusyOutcome, outcomes } from './outcomes';

/** IDs of one client; either one names it. */
type Ids = Pick<MachineRef, 'instanceId' | 'clientId'>;

/** An operation that was decided and is not recorded yet: its clients and its task are already taken. */
export interface Beginning extends Pick<Plan, 'scope' | 'machines' | 'profileName'> {
  /** Absent until its task says what it does. */
  readonly action?: OperationAction | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly taskId?: string;
}

/** Answers which running operation has a client, if any. */
export type HolderLookup = (machine: Ids) => Holder | undefined;

/** Knows which running operation has a client. */
export class BusyMachines {
  readonly #operations: () => Iterable<Operation>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #beginnings = new Map<string, Beginning>();

  /** @param operations all known ones, newest first, ended ones included */
  constructor(operations: () => Iterable<Operation>, clock: Pick<Clock, 'now'>) {
    this.#operations = operations;
    this.#clock = clock;
  }

  /** The clients belong to this operation until `recorded` is called. */
  begin(id: string, beginning: Beginning): void {
    this.#beginnings.set(id, beginning);
  }

  recorded(id: string): void {
    this.#beginnings.delete(id);
  }

  isBeginning(id: string): boolean {
    return this.#beginnings.has(id);
  }

  /** True while this window looks up the same task. */
  isLookedUp(scope: Scope, taskId: string): boolean {
    const space = idSpaceOf(scope);
    return [...this.#beginnings.values()].some(
      (one) => one.taskId === taskId && idSpaceOf(one.scope) === space,
    );
  }

  /**
   * Which running operation has a client of the scope, or which one that is starting in this window, as of now. Looks at the
   * operations once, however many clients it's asked about. Skips the operation with the ID `except`.
   */
  holdersIn(scope: Scope, except?: string): HolderLookup {
    const owners = this.#beginningsIn(idSpaceOf(scope), except);
    for (const operation of this.#operations()) {
      if (idSpaceOf(operation.scope) === idSpaceOf(scope)) claim(owners, operation, idsOf(operation));
    }
    return this.#lookupIn(owners);
  }

  /** As `holdersIn`, among those that are not recorded yet. */
  beginningsIn(scope: Scope): HolderLookup {
    return this.#lookupIn(this.#beginningsIn(idSpaceOf(scope)));
  }

  #beginningsIn(space: string, except?: string): Map<string, Owner> {
    const owners = new Map<string, Owner>();
    for (const [id, { scope, action, machines, profileName, startedAt }] of this.#beginnings) {
      if (id === except || action === undefined || idSpaceOf(scope) !== space) continue;
      claim(owners, { id, action, profileName, startedAt }, machines.flatMap(textsOf));
    }
    return owners;
  }

  #lookupIn(owners: ReadonlyMap<string, Owner>): HolderLookup {
    const now = this.#clock.now();
    return (machine) => {
      const [owner] = textsOf(machine).flatMap((id) => owners.get(id) ?? []);
      if (!owner) return undefined;
      const { id, action, profileName, startedAt } = owner;
      return { id, action, profileName, heldForMs: now - startedAt };
    };
  }
}

type Owner = Pick<Operation, 'id' | 'action' | 'profileName' | 'startedAt'>;

/** The first owner of an ID keeps it. */
function claim(owners: Map<string, Owner>, owner: Owner, ids: readonly string[]): void {
  for (const id of ids) if (!owners.has(id)) owners.set(id, owner);
}

/** What running operations do to the clients of a scope, by client key. */
export function changesInOperations(
  operations: readonly Operation[],
  scope: Scope,
  clients: ReadonlyMap<string, BackupClient>,
): ReadonlyMap<string, ClientChange> {
  const space = idSpaceOf(scope);
  const changes = new Map<string, ClientChange>();
  const byId = new Map<string, ClientChange>();
  for (const { phase, scope: changed, action, machines } of operations) {
    if (phase === 'ended' || idSpaceOf(changed) !== space) continue;
    for (const { machine, outcome } of machines) {
      const { stage } = outcomes[outcome];
      if (stage === 'settled') continue;
      const { namedBy, instanceId, clientId } = machine;
      // Named by its ClientId it leaves the others on the instance alone.
      const ids = textsOf(namedBy === 'client' && clientId ? { clientId } : { instanceId, clientId });
      for (const id of ids) byId.set(id, { action, stage });
    }
  }
  if (byId.size === 0) return changes;
  for (const [key, client] of clients) {
    const change = textsOf(client).flatMap((id) => byId.get(id) ?? [])[0];
    if (change) changes.set(key, change);
  }
  return changes;
}

function idsOf({ phase, machines }: Operation): readonly string[] {
  if (phase === 'ended') return [];
  return machines.filter(({ outcome }) => isBusyOutcome(outcome)).flatMap(({ machine }) => textsOf(machine));
}

/** The ids as one text each; those of instances and clients never meet. */
function textsOf({ instanceId, clientId }: Ids): readonly string[] {
  return [...(instanceId ? [`instance ${instanceId}`] : []), ...(clientId ? [`client ${clientId}`] : [])];
}
