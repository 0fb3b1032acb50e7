import { keyClients } from '../../src/core/service/clientFacts';
import { buildClientTree, type ClientTree, type RootNode } from '../../src/core/clients/clientTree';
import { joinRoots } from '../../src/core/clients/rootTree';
import type { BackupClient } from '../../src/core/service/model';
import { scopeKey, type Scope } from '../../src/core/service/scope';
import { aScope } from './builders';

/** What a test says of one root. */
export interface RootFields {
  readonly clients?: readonly BackupClient[];
  readonly scope?: Scope;
  readonly profileName?: string;
  readonly demo?: boolean;
  readonly state?: RootNode['state'];
  readonly listing?: Partial<RootNode['listing']>;
  readonly isShown?: (client: BackupClient) => boolean;
}

const regions = ['cn-hangzhou', 'cn-beijing', 'cn-shanghai'];

/** The tree of some roots, listed whole unless told otherwise, each in a region of its own. */
export function rootsTree(roots: readonly RootFields[]): ClientTree {
  return joinRoots(
    roots.map((fields, index) => {
      const { clients = [], scope = aScope({ regionId: regions[index] ?? 'cn-hangzhou' }), isShown } = fields;
      const tree = buildClientTree({
        scope,
        clients: keyClients(clients),
        grouping: 'status',
        nowMs: Date.UTC(2026, 0, 2),
        staleMinutes: 60,
        ...(isShown && { isShown }),
      });
      const root = {
        id: scopeKey(scope),
        place: { scope, profileName: fields.profileName ?? 'production', demo: fields.demo === true },
        state: fields.state ?? (clients.length > 0 ? 'ready' : 'empty'),
        listing: {
          phase: 'ready' as const,
          received: clients.length,
          total: clients.length,
          listedAt: Date.UTC(2026, 0, 2),
          changedWhileReading: false,
          error: undefined,
          ...fields.listing,
        },
      };
      return { root, total: clients.length, tree };
    }),
  );
}
