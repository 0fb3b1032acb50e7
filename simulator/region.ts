import { Backups } from './backups';
import { Random } from './random';
import { instancePrefix } from './regions';
import type { ClientRecord, ClientType, Instance } from './rows';

/** The machines of one account in one region: client records in the order of the list, and ECS instances. */
export class Region {
  readonly accountId: string;
  readonly regionId: string;
  readonly random: Random;
  readonly backups = new Backups();
  readonly #clients = new Map<ClientType, ClientRecord[]>();
  readonly #instances = new Map<string, Instance>();

  constructor(accountId: string, regionId: string, seed: string) {
    this.accountId = accountId;
    this.regionId = regionId;
    this.random = new Random(`${seed} ${accountId} ${regionId}`);
  }

  clients(type: ClientType): readonly ClientRecord[] {
    return this.#clients.get(type) ?? [];
  }

  /** Adds a record at a place of its list, by default at the end. */
  insert(record: ClientRecord, at?: number): void {
    const list = this.#clients.get(record.row.ClientType) ?? [];
    this.#clients.set(record.row.ClientType, list);
    list.splice(at ?? list.length, 0, record);
  }

  remove(record: ClientRecord): void {
    const list = this.#clients.get(record.row.ClientType) ?? [];
    const at = list.indexOf(record);
    if (at >= 0) list.splice(at, 1);
  }

  /** The record with this client id, of any type. */
  clientById(clientId: string): ClientRecord | undefined {
    if (clientId === '') return undefined;
    for (const list of this.#clients.values()) {
      const found = list.find((record) => record.clientId === clientId);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The client on an ECS instance; where an instance has several records, the first of the list. */
  clientOnInstance(instanceId: string): ClientRecord | undefined {
    return this.clients('ECS_CLIENT').find((record) => record.instanceId === instanceId);
  }

  instance(instanceId: string): Instance | undefined {
    return this.#instances.get(instanceId);
  }

  instances(): Iterable<Instance> {
    return this.#instances.values();
  }

  /** Adds an instance or replaces the one with the same id. */
  putInstance(instance: Instance): void {
    this.#instances.set(instance.instanceId, instance);
  }

  removeInstance(instanceId: string): void {
    this.#instances.delete(instanceId);
  }

  newClientId(): string {
    return `c-000${this.random.characters(17)}`;
  }

  newInstanceId(): string {
    return `i-${instancePrefix(this.regionId)}${this.random.characters(17)}`;
  }
}
