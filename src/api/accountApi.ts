import { present } from '../core/kernel/objects';
import type { AccountApi } from '../core/service/api';
import type { Region } from '../core/service/regions';
import type { CrossAccount } from '../core/service/scope';
import type { Calls, ApiOperation } from './call';
import { integer, missing, objects, text, type ReplyFields } from './decodeFields';
import { PageEnd } from './pageEnd';
import { rowsPerPage } from '../core/service/api';

const hbr = { service: 'hbr', version: '2017-09-08', kind: 'read' } as const;
const operations = {
  describeRegions: { ...hbr, action: 'DescribeRegions' },
  describeCrossAccounts: { ...hbr, action: 'DescribeCrossAccounts' },
} as const satisfies Readonly<Record<string, ApiOperation>>;

const mostPages = 100;

/** Regions, and the accounts with clients that the caller can manage. */
export function createAccountApi({ call }: Pick<Calls, 'call'>): AccountApi {
  return {
    async listRegions(profileId, regionId, waiting) {
      const reply = await call({ profileId, regionId }, operations.describeRegions, { query: [] }, waiting);
      const list = objects(reply.body['Regions'], 'Region');
      if (list === undefined) throw missing('Regions', reply);
      return list.flatMap(decodeRegion);
    },

    async listCrossAccounts(profileId, regionId, waiting) {
      const found = new Map<string, CrossAccount>();
      const end = new PageEnd(rowsPerPage, operations.describeCrossAccounts.action, mostPages);
      for (let page = 1; page <= end.last; page++) {
        const query = [
          ['PageNumber', String(page)],
          ['PageSize', String(rowsPerPage)],
        ] as const;
        const reply = await call(
          { profileId, regionId },
          operations.describeCrossAccounts,
          { query },
          waiting,
        );
        const list = objects(reply.body['CrossAccounts'], 'CrossAccount');
        if (list === undefined) throw missing('CrossAccounts', reply);
        for (const account of list.flatMap(decodeCrossAccount)) {
          found.set(JSON.stringify([account.type, account.userId, account.roleName]), account);
        }
        end.add({
          number: page,
          rows: list.length,
          news: list.length > 0,
          total: integer(reply.body['TotalCount']),
          pageSize: integer(reply.body['PageSize']),
        });
      }
      return [...found.values()];
    },
  };
}

function decodeRegion(from: ReplyFields): Region[] {
  const id = text(from['RegionId']);
  return id === undefined ? [] : [{ id, name: text(from['LocalName']) ?? id }];
}

/** None for the caller's own account, and for kinds that calls cannot name. */
function decodeCrossAccount(from: ReplyFields): CrossAccount[] {
  const userId = text(from['CrossAccountUserId']);
  const roleName = text(from['CrossAccountRoleName']);
  // The service sends the type since 2026; before that, every account had a role.
  const type = text(from['CrossAccountType']) ?? (roleName === undefined ? '' : 'CROSS_ACCOUNT');
  if (userId === undefined || (type !== 'CROSS_ACCOUNT' && type !== 'CROSS_ACCOUNT_BY_RD')) return [];
  if (type === 'CROSS_ACCOUNT' && roleName === undefined) return [];
  return [present<CrossAccount>({ type, userId, roleName, alias: text(from['Alias']) })];
}
