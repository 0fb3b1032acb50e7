import { refusal } from '../errors';
import { describeCrossAccounts, describeRegions } from './account';
import { describeBackupClients } from './backupClients';
import { describeBackupJobs2, describeBackupPlans, describeRestoreJobs2 } from './backupJobs';
import type { Action } from './call';
import { updateClientSettings } from './clientSettings';
import { installBackupClients, uninstallBackupClients, upgradeBackupClients } from './clientTasks';
import { describeTask } from './describeTask';
import { describeCloudAssistantStatus, describeInstances } from './ecs';
import { describePoliciesV2, describePolicyBindings, listProtectedResources } from './policies';
import { assumeRole, assumeRoleWithOidc, getCallerIdentity } from './sts';

interface Product {
  /** The prefix of its RAM actions. */
  readonly ram: string;
  readonly actions: Readonly<Record<string, Action>>;
}

const products: ReadonlyMap<string, Product> = new Map([
  [
    '2017-09-08',
    {
      ram: 'hbr',
      actions: {
        DescribeBackupClients: describeBackupClients,
        InstallBackupClients: installBackupClients,
        UpgradeBackupClients: upgradeBackupClients,
        UninstallBackupClients: uninstallBackupClients,
        DescribeTask: describeTask,
        UpdateClientSettings: updateClientSettings,
        DescribeRegions: describeRegions,
        DescribeCrossAccounts: describeCrossAccounts,
        DescribeBackupJobs2: describeBackupJobs2,
        DescribeRestoreJobs2: describeRestoreJobs2,
        DescribeBackupPlans: describeBackupPlans,
        DescribePoliciesV2: describePoliciesV2,
        DescribePolicyBindings: describePolicyBindings,
        ListProtectedResources: listProtectedResources,
      },
    },
  ],
  [
    '2014-05-26',
    {
      ram: 'ecs',
      actions: {
        DescribeInstances: describeInstances,
        DescribeCloudAssistantStatus: describeCloudAssistantStatus,
      },
    },
  ],
  [
    '2015-04-01',
    {
      ram: 'sts',
      actions: {
        GetCallerIdentity: getCallerIdentity,
        AssumeRole: assumeRole,
        AssumeRoleWithOIDC: assumeRoleWithOidc,
      },
    },
  ],
]);

/** True for the operations that nobody signs. */
export function isUnsigned(action: Action): boolean {
  return action === assumeRoleWithOidc;
}

/** Names of all operations that the simulator knows, of whatever version. */
export const actionNames: readonly string[] = [...products.values()].flatMap((each) =>
  Object.keys(each.actions),
);

/** The operation of a version; names are case-sensitive. */
export function findAction(action: string, version: string): Action {
  const product = products.get(version);
  if (product === undefined) throw refusal('NoSuchVersion');
  const found = Object.hasOwn(product.actions, action) ? product.actions[action] : undefined;
  if (found === undefined) throw refusal('InvalidApi.NotFound');
  return found;
}

/** What a permission policy calls the operation: `hbr:DescribeTask`. */
export function ramAction(action: string, version: string): string {
  return `${products.get(version)?.ram ?? 'hbr'}:${action}`;
}
