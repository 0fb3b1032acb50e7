import { createTreeModel, type TreeModel } from '../../../src/core/clients/treeModel';
import { noBackupFacts } from '../../../src/core/clients/backups/backupFacts';
import type { ClientTreeNode } from '../../../src/core/clients/clientTree';
import type { GroupBy } from '../../../src/core/clients/grouping/groupBy';
import { OpenListing } from '../../../src/core/clients/listing';
import { ListingQueue } from '../../../src/core/clients/listingQueue';
import { Emitter } from '../../../src/core/kernel/events';
import type { BackupApi } from '../../../src/core/service/api';
import type { BackupClient } from '../../../src/core/service/model';
import type { Profile } from '../../../src/core/profiles/profile';
import type { Scope } from '../../../src/core/service/scope';
import { realClock as clock } from '../../support/realClock';

const pageSize = 99;
const nothing = new Emitter<void>().event;
const scope: Scope = { profileId: 'p', accountId: '1', regionId: 'cn-hangzhou', clientType: 'ECS_CLIENT' };
const profile: Profile = { id: 'p', name: 'production', regionId: 'cn-hangzhou' };

/** What the service has: as text, so that each listing gets rows of its own, as from the wire. */
export interface Fleet {
  readonly pages: readonly string[];
}

/** Clients in no order of names, in 8 zones; one in 50 stopped, one in 7 outdated. */
export function fleetOf(count: number): Fleet {
  const rows = Array.from({ length: count }, (_, i) => rowOf((i * 7919) % count));
  const pages: string[] = [];
  for (let at = 0; at < count; at += pageSize) pages.push(JSON.stringify(rows.slice(at, at + pageSize)));
  return { pages };
}

/** The same fleet, in which one of so many clients has another address. */
export function withChanges({ pages }: Fleet, every: number): Fleet {
  return {
    pages: pages.map((page, nth) => {
      const clients = JSON.parse(page) as BackupClient[];
      const isChanged = (i: number): boolean => (nth * pageSize + i) % every === 0;
      if (!clients.some((_, i) => isChanged(i))) return page;
      return JSON.stringify(
        clients.map((client, i) => (isChanged(i) ? { ...client, privateIpV4: '10.9.9.9' } : client)),
      );
    }),
  };
}

/** The same fleet, in which every client has sent a heartbeat since. */
export function withHeartbeats({ pages }: Fleet): Fleet {
  return { pages: pages.map((page) => page.replaceAll('1764000000', '1764000600')) };
}

function rowOf(i: number): BackupClient {
  const number = String(i).padStart(6, '0');
  return {
    clientId: `c-000${number}bp1abcdefghi`,
    instanceId: `i-bp1${number}0abcdefgh`,
    clientType: 'ECS_CLIENT',
    status: i % 50 === 0 ? 'STOPPED' : i % 11 === 0 ? 'NOT_INSTALLED' : 'ACTIVATED',
    backupStatus: i % 3 === 0 ? 'UNPROTECTED' : 'PROTECTED',
    clientVersion: i % 7 === 0 ? '2.4.1' : '2.4.5',
    maxClientVersion: '2.4.5',
    hostname: `host-${number}.example.internal`,
    instanceName: `${['web', 'db', 'cache', 'Batch'][i % 4] ?? ''}-${i}`,
    privateIpV4: `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
    zoneId: `cn-hangzhou-${'bcdefghi'.charAt(i % 8)}`,
    osType: 'linux',
    archType: 'amd64',
    createdTime: 1_700_000_000 + i,
    updatedTime: 1_760_000_000 + i,
    lastHeartBeatTime: 1_764_000_000,
    tags: [
      { key: 'env', value: i % 2 === 0 ? 'prod' : 'test' },
      { key: 'team', value: `team-${i % 20}` },
    ],
  };
}

/** A listing of a fleet, and the tree of it, as the view has them. */
export interface Bench {
  readonly listing: OpenListing;
  readonly model: TreeModel | undefined;
  fleet: Fleet;
  groupBy: GroupBy;
  filter: string;
  /** Call it after one of those two. */
  choose(): void;
  list(): Promise<void>;
  /** Events of the tree, and rows that they named or that were asked for again. */
  readonly seen: { events: number; rows: number; builds: number };
  dispose(): void;
}

/** @param options.tree false for the listing alone */
export function benchOf(fleet: Fleet, options: { readonly tree: boolean } = { tree: true }): Bench {
  const log = { write: () => undefined };
  const changes = new Emitter<void>();
  const choices = new Emitter<void>();
  const api: Pick<BackupApi, 'listClients'> = {
    async *listClients() {
      const { pages } = bench.fleet;
      for (const page of pages) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        yield { clients: JSON.parse(page) as BackupClient[], total: pages.length * pageSize, requestId: '' };
      }
      return { changedWhileReading: false };
    },
  };
  const listing = new OpenListing(
    { profile, scope, amongTypes: false, keyState: 'kept' },
    {
      api,
      listings: { read: () => Promise.resolve(undefined), write: () => Promise.resolve() },
      seen: { read: () => Promise.resolve(undefined), write: () => Promise.resolve() },
      clock,
      log,
    },
    () => true,
    () => changes.fire(),
  );
  const seen = { events: 0, rows: 0, builds: 0 };
  const none = { inOperation: new Map(), leftovers: new Set<string>(), unwatched: new Map() };
  const noVpcs = new Map<string, string>();
  const bench: Bench = {
    listing,
    model: undefined,
    fleet,
    groupBy: ['status', 'zone'],
    filter: '',
    seen,
    choose: () => choices.fire(),
    list: () => listing.list(new ListingQueue(clock)),
    dispose() {
      bench.model?.dispose();
      listing.dispose();
    },
  };
  if (!options.tree) return bench;
  const model = createTreeModel({
    session: { listings: [listing], onDidChange: changes.event },
    operations: { factsOf: () => none, onDidChange: nothing },
    vpcs: { vpcIdsOf: () => noVpcs, onDidChange: nothing },
    backups: { factsOf: () => noBackupFacts, onDidChange: nothing },
    choices: {
      groupBy: () => bench.groupBy,
      filter: () => bench.filter,
      staleMinutes: () => 0,
      onDidChange: choices.event,
    },
    api: { clockOffsetMs: () => 0 },
    clock,
    log,
  });
  model.onDidRebuild(() => (seen.builds += 1));
  model.onDidChange(({ root, ids }) => {
    seen.events += 1;
    seen.rows += root ? model.tree.roots.length : ids.length;
  });
  return Object.assign(bench, { model });
}

/** Opens the first row that can be opened, and in it the next one, down to clients: what somebody does who looks at one. */
export function openOnce(nodes: readonly ClientTreeNode[]): readonly ClientTreeNode[] {
  const node = nodes.find(({ kind }) => kind !== 'client');
  return node && node.kind !== 'client' ? openOnce(node.children) : nodes;
}
