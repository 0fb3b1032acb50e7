import type { Clock } from '../core/kernel/clock';
import { DisposableStore, type Disposable } from '../core/kernel/disposables';
import type { Log } from '../core/kernel/log';
import type { StsApi } from '../core/profiles/keys/credentialSource';
import type { Connections } from '../core/service/connection';
import { createPlainHttp } from './nodePlainHttp';
import { createServiceApi, type ServiceApi } from './serviceApi';
import { createStsApi } from './sts';
import { allowFarHosts } from './transport';

/** Everything that sends requests. Disposing ends those that run. */
export interface Network extends Disposable {
  readonly http: ReturnType<typeof createPlainHttp>;
  readonly sts: StsApi;
  /** The services, called with the keys and at the hosts of the connections. */
  connect(connections: Connections): ServiceApi;
  /** As {@link ServiceApi.clockOffsetMs}; undefined before the services are connected. */
  readonly clockOffsetMs: ServiceApi['clockOffsetMs'];
}

export interface NetworkDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly userAgent: string;
}

export function createNetwork(deps: NetworkDeps): Network {
  const owned = new DisposableStore();
  owned.add(allowFarHosts());
  let service: ServiceApi | undefined;
  const sending = { ...deps, random: Math.random };
  return {
    http: createPlainHttp(deps.clock, deps.userAgent),
    // A slow STS host is given up soon, so that another one can be suggested.
    sts: owned.add(createStsApi({ ...sending, attemptMs: 10_000 })),
    connect: (connections) => (service = owned.add(createServiceApi({ ...sending, connections }))),
    clockOffsetMs: (at) => service?.clockOffsetMs(at),
    dispose: () => owned.dispose(),
  };
}
