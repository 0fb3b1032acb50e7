import { attentionOf } from './attention';
import type { BackupFacts } from './backups/backupFacts';
import { capabilitiesOf, type Capability } from './capabilities';
import { countClients } from './clientCounts';
import { stateOf } from './clientState';
import {
  idPart,
  type ClientChange,
  type ClientNode,
  type ClientTree,
  type ClientTreeNode,
} from './clientTree';
import type { GroupBy } from './grouping/groupBy';
import { groupClients } from './grouping/groupClients';
import { asLeftover, isBusy, isOutdated } from '../service/clientFacts';
import type { OperationAction } from '../service/actions';
import type { BackupClient } from '../service/model';
import { scopeKey, type Scope } from '../service/scope';

export interface ClientTreeInput {
  readonly scope: Scope;
  readonly clients: ReadonlyMap<string, BackupClient>;
  readonly groupBy: GroupBy;
  /** Milliseconds since 1970, by the service's clock where it's known. */
  readonly nowMs: number;
  readonly staleMinutes: number;
  /** What running operations do to clients, by key: they're busy before the service lists them as busy. */
  readonly inOperation?: ReadonlyMap<string, ClientChange>;
  /** By key: the change that might still be running although it's no longer tracked. */
  readonly unwatched?: ReadonlyMap<string, OperationAction>;
  /** Keys of records that stayed after one of our operations uninstalled the client. */
  readonly leftovers?: ReadonlySet<string>;
  /** ID of the VPC by instance ID, as far as it's known; '' for an instance in a classic network. */
  readonly vpcIds?: ReadonlyMap<string, string>;
  /** What's known of their backups. */
  readonly backups?: BackupFacts;
  /** Which clients are shown; absent for all. Hidden ones still count as needing attention. */
  readonly isShown?: (node: ClientNode) => boolean;
}

const nothing: ReadonlySet<Capability> = new Set();

/** Groups the clients of one listing. Pure: the same input gives the same tree. */
export function buildClientTree(input: ClientTreeInput): ClientTree {
  const scope = scopeKey(input.scope);
  const byId = new Map<string, ClientTreeNode>();
  const parentOf = new Map<string, string>();
  const all: ClientNode[] = [];
  const shown: ClientNode[] = [];
  for (const [key, listed] of input.clients) {
    const client = input.leftovers?.has(key) ? asLeftover(listed) : listed;
    const lastBackup = input.backups?.lastBackups.get(key);
    const isOverdue = input.backups?.overdue.has(key) === true;
    const attention = attentionOf(client, input.nowMs, input.staleMinutes, isOverdue);
    const change = input.inOperation?.get(key);
    const vpcId = client.instanceId === undefined ? undefined : input.vpcIds?.get(client.instanceId);
    const unwatched = change ? undefined : input.unwatched?.get(key);
    const node: ClientNode = {
      kind: 'client',
      id: `${scope}/${idPart(key)}`,
      key,
      client,
      ...(vpcId !== undefined && { vpcId }),
      ...(lastBackup && { lastBackup }),
      outdated: isOutdated(client),
      busy: isBusy(client) || change !== undefined,
      ...(change && { change }),
      attention,
      state: stateOf({ client, attention }),
      ...(unwatched && { unwatched }),
      capabilities: change || unwatched ? nothing : capabilitiesOf(client),
    };
    all.push(node);
    if (input.isShown?.(node) !== false) shown.push(node);
  }
  const roots = groupClients(shown, input.groupBy, `${scope}/${input.groupBy.map(idPart).join('+')}`, {
    byId,
    parentOf,
  });
  return {
    roots,
    node: (id) => byId.get(id),
    parentOf: (id) => parentOf.get(id),
    clients: shown,
    all,
    counts: countClients(all),
    shown: shown.length,
  };
}
