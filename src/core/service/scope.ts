import type { ClientType } from './model';
import { normalFilter, type ServiceFilter } from './serviceFilter';

/** Another account that owns the clients, reached through a RAM role or a resource directory (documented). */
export interface CrossAccount {
  readonly type: 'CROSS_ACCOUNT' | 'CROSS_ACCOUNT_BY_RD';
  /** Account that owns the machines. Text, since 16 digits fit a number today but might not later. */
  readonly userId: string;
  /** Name (not ARN) of the RAM role in that account; not needed with a resource directory. */
  readonly roleName?: string;
  /** What its owner calls it; only shown, no part of any key. */
  readonly alias?: string;
}

/**
 * What everything is keyed by: tree ids, caches, stores and calls. Two scopes never share a row, a record or a
 * connection.
 */
export interface Scope {
  readonly profileId: string;
  readonly accountId: string;
  readonly regionId: string;
  readonly clientType: ClientType;
  readonly crossAccount?: CrossAccount;
  /** What narrows it. Only listing heeds it: whoever names clients by ID finds them in the whole region. */
  readonly filter?: ServiceFilter;
}

/** One text a scope; equal scopes give equal text, different scopes different text. Safe as a file name. */
export function scopeKey(scope: Scope): string {
  const cross = scope.crossAccount
    ? [scope.crossAccount.type, scope.crossAccount.userId, scope.crossAccount.roleName ?? '']
    : [];
  const filter = scope.filter && normalFilter(scope.filter);
  // Without a filter the key is what it was before there were any: files and records have it.
  const narrowed = filter
    ? [
        JSON.stringify([
          (filter.tags ?? []).map(({ key, value }) => [key, value]),
          filter.clusterId ?? '',
          filter.instanceIds ?? [],
        ]),
      ]
    : [];
  return [scope.profileId, scope.accountId, scope.regionId, scope.clientType, ...cross, ...narrowed]
    .map((part) => encodeURIComponent(part).replaceAll('.', '%2E').replaceAll('*', '%2A'))
    .join('.');
}

/** The same clients and those that its filter leaves out. */
export function withoutFilter({ profileId, accountId, regionId, clientType, crossAccount }: Scope): Scope {
  return { profileId, accountId, regionId, clientType, ...(crossAccount && { crossAccount }) };
}

/** The profile of the demo data. */
export const demoProfileId = 'demo';

/**
 * Where instance, client and task ids are unique: a region, whichever profile or account it is seen through. Demo data
 * is a world of its own. Letters, digits and hyphens only.
 */
export function idSpaceOf({ profileId, regionId }: Pick<Scope, 'profileId' | 'regionId'>): string {
  const region = regionId.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 60);
  return profileId === demoProfileId ? `demo-${region}` : region;
}
