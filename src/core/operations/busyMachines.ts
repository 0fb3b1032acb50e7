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

/** Knows which running operation has a client. */
export class BusyMachines {
  readonly #operations: () => Iterable<Operation>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #beginnings = new Map<string, Beginning>();
  // Operations and beginnings never change in place, so the IDs of each are collected once.
  readonly #ids = new WeakMap<object, ReadonlySet<string>>();

  /** @param operations all known ones, ended ones included */
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
   * The running operation that has this client, or one that is starting in this window. Skips the one with the ID
   * `except`.
   */
  holderOf(scope: Scope, machine: Ids, except?: string): Holder | undefined {
    const beginning = this.beginningOf(scope, machine, except);
    if (beginning) return beginning;
    for (const operation of this.#operations()) {
      if (this.#has(operation, () => idsOf(operation), scope, machine)) return this.#holder(operation);
    }
    return undefined;
  }

  /** As `holderOf`, among those that are not recorded yet. */
  beginningOf(scope: Scope, machine: Ids, except?: string): Holder | undefined {
    for (const [id, beginning] of this.#beginnings) {
      const { action, machines } = beginning;
      if (id === except || action === undefined) continue;
      if (this.#has(beginning, () => machines.flatMap(textsOf), scope, machine)) {
        return this.#holder({ ...beginning, id, action });
      }
    }
    return undefined;
  }

  #has(owner: { readonly scope: Scope }, ids: () => readonly string[], scope: Scope, machine: Ids): boolean {
    if (idSpaceOf(owner.scope) !== idSpaceOf(scope)) return false;
    const owned = this.#ids.get(owner) ?? new Set(ids());
    this.#ids.set(owner, owned);
    return textsOf(machine).some((id) => owned.has(id));
  }

  #holder({ id, action, profileName, startedAt }: Pick<Operation, HolderField>): Holder {
    return { id, action, profileName, heldForMs: this.#clock.now() - startedAt };
  }
}

type HolderField = 'id' | 'action' | 'profileName' | 'startedAt';

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
