import type { MachineRef } from '../clients/readClients';
import { BackupError } from '../errors';
import type { Translate } from '../localize';
import type { BackupClient } from '../model';
import { plainText } from '../plainText';
import type { Clock } from '../ports';
import { demoProfileId } from '../profiles/demo';
import type { OperationAction } from '../schedules';
import type { Scope } from '../scope';
import { durationInWords } from '../words';
import { isBusyOutcome, type Operation, type Plan } from './operation';

/** Ids of one machine; either one names it. */
type Ids = Pick<MachineRef, 'instanceId' | 'clientId'>;

/**
 * Where instance, client and task ids are unique: a region, whichever profile or account it is seen through. Demo data
 * is a world of its own. Letters, digits and hyphens only.
 */
export function idSpaceOf({ profileId, regionId }: Pick<Scope, 'profileId' | 'regionId'>): string {
  const region = regionId.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 60);
  return profileId === demoProfileId ? `demo-${region}` : region;
}

/** The operation that has a machine, as far as a notice names it. */
export interface Holder {
  /** Id of the operation. */
  readonly id: string;
  readonly action: OperationAction;
  readonly profileName: string;
  /** Milliseconds since the operation began. */
  readonly heldForMs: number;
}

/** What is between the decision and its record: its machines and its task are taken already. */
export interface Beginning extends Pick<Plan, 'scope' | 'machines' | 'profileName'> {
  /** Absent while a task has not said what it does. */
  readonly action?: OperationAction | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly taskId?: string;
}

/** Which operation has a machine. */
export class BusyMachines {
  readonly #operations: () => Iterable<Operation>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #beginnings = new Map<string, Beginning>();
  // Neither an operation nor a beginning changes in place, so the ids of each are collected once.
  readonly #ids = new WeakMap<object, ReadonlySet<string>>();

  /** @param operations all that are known, also those that have ended */
  constructor(operations: () => Iterable<Operation>, clock: Pick<Clock, 'now'>) {
    this.#operations = operations;
    this.#clock = clock;
  }

  /** From now until `recorded` the machines belong to this operation. */
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

  /** The operation that goes on, or begins in this window, and has this machine; that with the id `except` is passed over. */
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

/** Keys of the clients of a scope that an operation which goes on changes. */
export function keysInOperation(
  operations: readonly Operation[],
  scope: Scope,
  clients: ReadonlyMap<string, BackupClient>,
): ReadonlySet<string> {
  const space = idSpaceOf(scope);
  const changed = operations.filter((one) => one.phase !== 'ended' && idSpaceOf(one.scope) === space);
  const ids = new Set(
    changed.flatMap(({ machines }) =>
      machines
        .filter(({ outcome }) => isBusyOutcome(outcome))
        // Named by its ClientId it leaves the others on the instance alone.
        .flatMap(({ machine: { namedBy, instanceId, clientId } }) =>
          textsOf(namedBy === 'client' && clientId ? { clientId } : { instanceId, clientId }),
        ),
    ),
  );
  if (ids.size === 0) return ids;
  return new Set(
    [...clients].filter(([, client]) => textsOf(client).some((id) => ids.has(id))).map(([key]) => key),
  );
}

function idsOf({ phase, machines }: Operation): readonly string[] {
  if (phase === 'ended') return [];
  return machines.filter(({ outcome }) => isBusyOutcome(outcome)).flatMap(({ machine }) => textsOf(machine));
}

/** The ids as one text each; those of instances and clients never meet. */
function textsOf({ instanceId, clientId }: Ids): readonly string[] {
  return [...(instanceId ? [`instance ${instanceId}`] : []), ...(clientId ? [`client ${clientId}`] : [])];
}

/** A machine is in an operation that goes on, so no other one was begun with it. */
export class MachineTaken extends BackupError {
  readonly machineName: string;
  readonly holder: Holder;

  constructor(machineName: string, holder: Holder) {
    super('busy-elsewhere', `a machine is in an operation already, operation: ${holder.id}`, {
      fate: 'not-run',
    });
    this.machineName = machineName;
    this.holder = holder;
  }
}

/** Says which operation has the machine, and what to do. */
export function takenInWords({ machineName, holder }: MachineTaken, t: Translate): string {
  const { action, profileName, heldForMs } = holder;
  const name = plainText(machineName, 60);
  const profile = plainText(profileName, 60);
  const duration = durationInWords(heldForMs, t);
  switch (action) {
    case 'install':
      return t(
        'The client is already being installed on {0}. Profile “{1}” started that operation {2} ago. Wait until it ends, then try again.',
        name,
        profile,
        duration,
      );
    case 'upgrade':
      return t(
        '{0} is already being upgraded. Profile “{1}” started that operation {2} ago. Wait until it ends, then try again.',
        name,
        profile,
        duration,
      );
    case 'uninstall':
      return t(
        'The client is already being uninstalled from {0}. Profile “{1}” started that operation {2} ago. Wait until it ends, then try again.',
        name,
        profile,
        duration,
      );
    case 'settings':
      return t(
        'The settings of {0} are already being changed. Profile “{1}” started that operation {2} ago. Wait until it ends, then try again.',
        name,
        profile,
        duration,
      );
  }
}

/** The same in a few words, to follow the name of a client. */
export function holderInWords({ action, profileName, heldForMs }: Holder, t: Translate): string {
  const profile = plainText(profileName, 60);
  const duration = durationInWords(heldForMs, t);
  switch (action) {
    case 'install':
      return t('being installed by profile “{0}”, started {1} ago', profile, duration);
    case 'upgrade':
      return t('being upgraded by profile “{0}”, started {1} ago', profile, duration);
    case 'uninstall':
      return t('being uninstalled by profile “{0}”, started {1} ago', profile, duration);
    case 'settings':
      return t('its settings are being changed by profile “{0}”, started {1} ago', profile, duration);
  }
}
