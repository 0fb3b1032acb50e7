import { attentionOf } from './attention';
import type { BackupFacts } from './backups/backupFacts';
import { capabilitiesOf, type Capability } from './capabilities';
import { stateOf } from './clientState';
import { idPart, type ClientChange, type ClientNode } from './clientTree';
import { sortKeyOf } from './nameOrder';
import { compareNames, rankOf } from './rowOrder';
import { asLeftover, isBusy, isOutdated, nameOf } from '../service/clientFacts';
import type { OperationAction } from '../service/actions';
import type { BackupClient } from '../service/model';
import { scopeKey, type Scope } from '../service/scope';

/** What clients are judged by. */
export interface ClientFacts {
  readonly scope: Scope;
  readonly clients: ReadonlyMap<string, BackupClient>;
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
}

/** All clients of a listing as nodes. */
export interface JudgedClients {
  /** By name. */
  readonly inOrder: readonly ClientNode[];
  readonly byKey: ReadonlyMap<string, ClientNode>;
}

const nothing: ReadonlySet<Capability> = new Set();

/**
 * Judges and orders clients in one pass. A client that was judged the same before keeps its node, and only new names are
 * sorted; where nothing differs, the answer is `before` itself.
 */
export function judgeClients(facts: ClientFacts, before?: JudgedClients): JudgedClients {
  const { clients } = facts;
  const prefix = `${scopeKey(facts.scope)}/`;
  const byKey = new Map<string, ClientNode>();
  const kept: ClientNode[] = [];
  const added: ClientNode[] = [];
  let same = before !== undefined;
  for (const old of before?.inOrder ?? []) {
    const client = clients.get(old.key);
    if (client === undefined) {
      same = false;
      continue;
    }
    const node = judge(facts, prefix, old.key, client, old);
    if (node !== old) same = false;
    byKey.set(node.key, node);
    (node.name === old.name ? kept : added).push(node);
  }
  if (before && same && byKey.size === clients.size) return before;
  if (byKey.size < clients.size) {
    for (const [key, client] of clients) {
      if (byKey.has(key)) continue;
      const node = judge(facts, prefix, key, client, undefined);
      byKey.set(key, node);
      added.push(node);
    }
  }
  // Two runs in order: sorting them again is one merge.
  const inOrder = added.length === 0 ? kept : [...kept, ...added.sort(compareNames)].sort(compareNames);
  return { inOrder, byKey };
}

function judge(
  facts: ClientFacts,
  prefix: string,
  key: string,
  listed: BackupClient,
  before: ClientNode | undefined,
): ClientNode {
  const client = facts.leftovers?.has(key) ? asLeftover(listed) : listed;
  const lastBackup = facts.backups?.lastBackups.get(key);
  const isOverdue = facts.backups?.overdue.has(key) === true;
  const attention = attentionOf(client, facts.nowMs, facts.staleMinutes, isOverdue);
  const change = facts.inOperation?.get(key);
  const vpcId = client.instanceId === undefined ? undefined : facts.vpcIds?.get(client.instanceId);
  const unwatched = change ? undefined : facts.unwatched?.get(key);
  if (
    before?.client === client &&
    before.attention === attention &&
    before.lastBackup === lastBackup &&
    before.vpcId === vpcId &&
    before.change?.action === change?.action &&
    before.change?.stage === change?.stage &&
    before.unwatched === unwatched
  ) {
    return before;
  }
  const outdated = isOutdated(client);
  const name = nameOf(client);
  return {
    kind: 'client',
    id: before?.id ?? prefix + idPart(key),
    key,
    name: before && nameOf(before.client) === name ? before.name : sortKeyOf(name),
    rank: rankOf(attention),
    client,
    vpcId,
    lastBackup,
    outdated,
    busy: isBusy(client) || change !== undefined,
    change,
    unwatched,
    attention,
    state: stateOf({ client, attention }),
    capabilities: change || unwatched ? nothing : capabilitiesOf(client),
  };
}
