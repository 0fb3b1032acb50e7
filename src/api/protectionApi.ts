import type { ProtectionApi } from '../core/service/protection';
import { readNumberedPages, readTokenPages } from './boundedPages';
import type { ApiOperation, Calls } from './call';
import {
  decodeBindingPage,
  decodeEssentialPage,
  decodeJobPage,
  decodePlanPage,
  decodePolicyPage,
} from './decodeProtection';
import {
  bindingFields,
  checkBound,
  essentialFields,
  jobFields,
  planFields,
  policyFields,
} from './protectionFields';

const hbr = { service: 'hbr', version: '2017-09-08', kind: 'read' } as const;
const operations = {
  backup: { ...hbr, action: 'DescribeBackupJobs2' },
  restore: { ...hbr, action: 'DescribeRestoreJobs2' },
  plans: { ...hbr, action: 'DescribeBackupPlans' },
  policies: { ...hbr, action: 'DescribePoliciesV2' },
  bindings: { ...hbr, action: 'DescribePolicyBindings' },
  essential: { ...hbr, action: 'ListProtectedResources' },
} as const satisfies Readonly<Record<string, ApiOperation>>;

/** Backups and restores, and what starts them. Reads only. */
export function createProtectionApi({ call }: Pick<Calls, 'call'>): ProtectionApi {
  return {
    async *listJobs(scope, query, waiting) {
      checkBound(waiting);
      const fieldsOf = jobFields(query);
      const operation = operations[query.kind];
      return yield* readNumberedPages(
        operation.action,
        async (number, each) =>
          decodeJobPage(await call(scope, operation, fieldsOf(number), each), query, number, scope),
        waiting,
      );
    },
    async *listPlans(scope, query, waiting) {
      checkBound(waiting);
      const fieldsOf = planFields(query);
      return yield* readNumberedPages(
        operations.plans.action,
        async (number, each) => {
          const reply = await call(scope, operations.plans, fieldsOf(number), each);
          return decodePlanPage(reply, query, number, scope);
        },
        waiting,
      );
    },
    async *listPolicies(scope, waiting) {
      checkBound(waiting);
      return yield* readTokenPages(
        operations.policies.action,
        async (token, each) =>
          decodePolicyPage(await call(scope, operations.policies, policyFields(token), each)),
        waiting,
      );
    },
    async *listPolicyBindings(scope, query, waiting) {
      checkBound(waiting);
      const fieldsOf = bindingFields(query);
      return yield* readTokenPages(
        operations.bindings.action,
        async (token, each) =>
          decodeBindingPage(await call(scope, operations.bindings, fieldsOf(token), each), query),
        waiting,
      );
    },
    async *listEssentialInstances(scope, query, waiting) {
      checkBound(waiting);
      const fieldsOf = essentialFields(query);
      return yield* readTokenPages(
        operations.essential.action,
        async (token, each) =>
          decodeEssentialPage(await call(scope, operations.essential, fieldsOf(token), each), query, scope),
        waiting,
      );
    },
  };
}
