import { keyClients } from '../../src/core/service/clientFacts';
import { buildClientTree } from '../../src/core/clients/buildClientTree';
import type { ClientNode, ClientTree, ClientTreeNode, ListingNode } from '../../src/core/clients/clientTree';
import { defaultGroupBy } from '../../src/core/clients/grouping/groupBy';
import { joinListings } from '../../src/core/clients/joinListings';
import type { BackupClient } from '../../src/core/service/model';
import { scopeKey, type Scope } from '../../src/core/service/scope';
import { aScope } from './builders';

/** What a test says of one listing. */
export interface ListingFields {
  readonly clients?: readonly BackupClient[];
  readonly scope?: Scope;
  readonly profileName?: string;
  readonly demo?: boolean;
  readonly state?: ListingNode['state'];
  readonly inventory?: Partial<ListingNode['inventory']>;
  readonly isShown?: (node: ClientNode) => boolean;
  /** False for a listing that the filter leaves out as a whole. */
  readonly listingShown?: boolean;
}

/** All nodes of a tree, as if somebody opened every row; those below a row come before it. */
export function allNodes({ roots }: Pick<ClientTree, 'roots'>): readonly ClientTreeNode[] {
  return roots.flatMap((node) =>
    node.kind === 'client' ? [node] : [...allNodes({ roots: node.children }), node],
  );
}

const regions = ['cn-hangzhou', 'cn-beijing', 'cn-shanghai'];

/** The tree of some listings, listed whole unless told otherwise, each in a region of its own. */
export function listingsTree(listings: readonly ListingFields[]): ClientTree {
  return joinListings(
    listings.map((fields, index) => {
      const { clients = [], scope = aScope({ regionId: regions[index] ?? 'cn-hangzhou' }), isShown } = fields;
      const tree = buildClientTree({
        scope,
        clients: keyClients(clients),
        groupBy: defaultGroupBy,
        nowMs: Date.UTC(2026, 0, 2),
        staleMinutes: 60,
        ...(isShown && { isShown }),
      });
      const listing = {
        id: scopeKey(scope),
        label: { scope, profileName: fields.profileName ?? 'production', demo: fields.demo === true },
        state: fields.state ?? (clients.length > 0 ? 'ready' : 'empty'),
        inventory: {
          phase: 'ready' as const,
          received: clients.length,
          total: clients.length,
          listedAt: Date.UTC(2026, 0, 2),
          changedWhileReading: false,
          error: undefined,
          ...fields.inventory,
        },
      };
      return { listing, tree, isShown: fields.listingShown ?? true };
    }),
  );
}
