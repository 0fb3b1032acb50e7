import type { ProtectionApi } from '../core/service/protection';

/** Backups, plans, and policies. */
export function createProtectionApi(): ProtectionApi {
  const nothing = async function* (): AsyncGenerator<never, { readonly complete: boolean }, void> {
    yield* [];
    return { complete: false };
  };
  return {
    listJobs: nothing,
    listPlans: nothing,
    listPolicies: nothing,
    listPolicyBindings: nothing,
    listEssentialInstances: nothing,
  };
}
