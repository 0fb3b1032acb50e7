import { regions } from '../regions';
import { hbrAnswer, hbrPage, type Call } from './call';

/** DescribeRegions: all regions; the list is wrapped. */
export function describeRegions(call: Call): string {
  const Region = [...regions].map(([RegionId, LocalName]) => ({ RegionId, LocalName }));
  return hbrAnswer(call, { Regions: { Region } });
}

/** DescribeCrossAccounts: the accounts that the caller's account may reach; the list is wrapped. */
export function describeCrossAccounts(call: Call): string {
  const page = hbrPage(call.parameters);
  const { accountId } = call.caller.identity;
  const accounts = accountId === call.world.accountId ? call.world.crossAccounts : [];
  const start = (page.number - 1) * page.size;
  return hbrAnswer(call, {
    PageNumber: page.number,
    PageSize: page.size,
    TotalCount: accounts.length,
    CrossAccounts: {
      CrossAccount: accounts.slice(start, start + page.size).map((account) => ({
        Id: account.id,
        OwnerId: Number(accountId),
        CrossAccountUserId: Number(account.accountId),
        CrossAccountRoleName: account.roleName,
        CrossAccountType: account.type,
        Alias: account.alias,
        CreatedTime: account.createdS,
        UpdatedTime: account.createdS,
      })),
    },
  });
}
