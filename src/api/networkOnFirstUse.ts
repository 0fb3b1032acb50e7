import { DisposableStore } from '../core/kernel/disposables';
import { onFirstUse } from '../core/kernel/onFirstUse';
import type { Network, NetworkDeps } from './network';
import type { ServiceApi } from './serviceApi';

/** Everything that sends requests, loaded with the first of them. */
export function createNetworkOnFirstUse(deps: NetworkDeps): Network {
  const owned = new DisposableStore();
  const network = onFirstUse(async () => {
    const { createNetwork } = await import('./network');
    return owned.add(createNetwork(deps));
  });
  let service: ServiceApi | undefined;
  return {
    http: { request: async (...asked) => (await network()).http.request(...asked) },
    sts: {
      getCallerIdentity: async (...asked) => (await network()).sts.getCallerIdentity(...asked),
      assumeRole: async (...asked) => (await network()).sts.assumeRole(...asked),
      assumeRoleWithOidc: async (...asked) => (await network()).sts.assumeRoleWithOidc(...asked),
    },
    connect: (connections) =>
      serviceOnFirstUse(
        onFirstUse(async () => (service = (await network()).connect(connections))),
        () => service,
      ),
    clockOffsetMs: (at) => service?.clockOffsetMs(at),
    dispose: () => owned.dispose(),
  };
}

/** @param now the service where it was loaded: without a reply, nothing is known of its time */
function serviceOnFirstUse(load: () => Promise<ServiceApi>, now: () => ServiceApi | undefined): ServiceApi {
  return {
    async *listClients(...asked) {
      return yield* (await load()).listClients(...asked);
    },
    installClients: async (...asked) => (await load()).installClients(...asked),
    upgradeClients: async (...asked) => (await load()).upgradeClients(...asked),
    uninstallClients: async (...asked) => (await load()).uninstallClients(...asked),
    getTask: async (...asked) => (await load()).getTask(...asked),
    timeScale: (scope) => now()?.timeScale(scope) ?? 1,
    clockOffsetMs: (scope) => now()?.clockOffsetMs(scope),
    async *listInstances(...asked) {
      yield* (await load()).listInstances(...asked);
    },
    listCloudAssistantStatus: async (...asked) => (await load()).listCloudAssistantStatus(...asked),
    updateClientSettings: async (...asked) => (await load()).updateClientSettings(...asked),
    listRegions: async (...asked) => (await load()).listRegions(...asked),
    listCrossAccounts: async (...asked) => (await load()).listCrossAccounts(...asked),
    async *listJobs(...asked) {
      return yield* (await load()).listJobs(...asked);
    },
    async *listPlans(...asked) {
      return yield* (await load()).listPlans(...asked);
    },
    async *listPolicies(...asked) {
      return yield* (await load()).listPolicies(...asked);
    },
    async *listPolicyBindings(...asked) {
      return yield* (await load()).listPolicyBindings(...asked);
    },
    async *listEssentialInstances(...asked) {
      return yield* (await load()).listEssentialInstances(...asked);
    },
  };
}
