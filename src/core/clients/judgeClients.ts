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
  /** In the order of the listing. */
  readonly listed: readonly ClientNode[];
  /** By name: places in {@link listed}. */
  readonly order: readonly number[];
  /** By name. */
  readonly inOrder: readonly ClientNode[];
  /** The place of a client in {@link listed} by its key. */
  readonly placeOf: (key: string) => number | undefined;
}

const nothing: ReadonlySet<Capability> = new Set();

const none: JudgedClients = { listed: [], order: [], inOrder: [], placeOf: () => undefined };

/**
 * Judges and orders clients in one pass. A client that was judged the same before keeps its node, and only new names are
 * sorted; where nothing differs, the answer is `before` itself. Clients are nearly always listed in the same order, so
 * they're found side by side, which takes a tenth of the time of looking each of them up.
 */
export function judgeClients(facts: ClientFacts, before: JudgedClients = none): JudgedClients {
  const prefix = `${scopeKey(facts.scope)}/`;
  const listed: ClientNode[] = [];
  const added: number[] = [];
  /** Where clients of before are now; -1 for those that are gone or have another name. */
  const moved = new Int32Array(before.listed.length).fill(-1);
  let found = 0;
  let next = 0;
  let same = true;
  for (const [key, client] of facts.clients) {
    const place = listed.length;
    if (before.listed[next]?.key !== key && found < before.listed.length) next = before.placeOf(key) ?? next;
    const old = before.listed[next]?.key === key ? before.listed[next] : undefined;
    const node = judge(facts, prefix, key, client, old);
    listed.push(node);
    if (node !== old) same = false;
    if (old) {
      found += 1;
      if (next !== place) same = false;
      if (node.name === old.name) moved[next] = place;
      next += 1;
    }
    if (node.name !== old?.name) added.push(place);
  }
  const sameKeys = found === before.listed.length && found === listed.length;
  if (same && sameKeys) return before;
  const order = orderOf(listed, before.order, moved, added);
  return {
    listed,
    order,
    inOrder: nodesAt(listed, order),
    placeOf: placesOf(listed),
  };
}

/** Those that were in order before, and new ones: two runs in order, so that sorting them again is one merge. */
function orderOf(
  listed: readonly ClientNode[],
  before: readonly number[],
  moved: Int32Array,
  added: number[],
): readonly number[] {
  const kept: number[] = [];
  for (const place of before) {
    const now = moved[place] ?? -1;
    if (now >= 0) kept.push(now);
  }
  if (added.length === 0) return kept;
  const compare = (a: number, b: number): number => {
    const [one, other] = [listed[a], listed[b]];
    return one && other ? compareNames(one, other) : 0;
  };
  return [...kept, ...added.sort(compare)].sort(compare);
}

function nodesAt(listed: readonly ClientNode[], places: readonly number[]): readonly ClientNode[] {
  const nodes: ClientNode[] = [];
  for (const place of places) {
    const node = listed[place];
    if (node) nodes.push(node);
  }
  return nodes;
}

function placesOf(listed: readonly ClientNode[]): JudgedClients['placeOf'] {
  let places: Map<string, number> | undefined;
  return (key) => (places ??= new Map(listed.map((node, place) => [node.key, place]))).get(key);
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
