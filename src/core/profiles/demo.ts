import { checkEndpoint, isLoopback, type Endpoints } from '../service/endpoints';
import { BackupError } from '../service/errors';
import type { AccessKey } from '../service/model';
import type { Connection } from '../service/connection';
import { demoProfileId } from '../service/scope';
import type { Profile } from './profile';

/** What the simulator announces about itself. */
export interface DemoConnection {
  /** Of its own region. */
  readonly endpoint: string;
  /** Of all regions that it serves; its own one alone unless given. */
  readonly endpoints?: Readonly<Record<string, string>>;
  readonly regionId: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly accountId: string;
}

/** A demo as a profile. It exists in memory only. */
export interface Demo {
  readonly profile: Profile;
  readonly connection: Connection;
  readonly key: AccessKey;
}

/**
 * Throws BackupError `invalid-input` for an endpoint that isn't on this computer. Its connection throws
 * `wrong-endpoint` for a region that isn't served, rather than showing the clients of another.
 */
export function demoOf(demo: DemoConnection): Demo {
  const { regionId, accountId, accessKeyId, accessKeySecret } = demo;
  const served = { [regionId]: demo.endpoint, ...demo.endpoints };
  const hosts = new Map(Object.entries(served).map(([id, origin]) => [id, demoHosts(origin)]));
  const key = { accessKeyId, accessKeySecret };
  return {
    profile: { id: demoProfileId, name: 'Demo', regionId, accountId, demo: true },
    key,
    connection: {
      profileId: demoProfileId,
      demo: true,
      endpoints: (id) => {
        const found = hosts.get(id);
        if (found) return found;
        throw new BackupError('wrong-endpoint', `no demo data for this region: ${id}`, { fate: 'not-run' });
      },
      accessKey: () => Promise.resolve(key),
    },
  };
}

function demoHosts(origin: string): Endpoints {
  const check = checkEndpoint(origin);
  if (!check.ok || !isLoopback(check.endpoint)) {
    throw new BackupError('invalid-input', 'demo data comes from this computer only');
  }
  return { hbr: check.endpoint, ecs: check.endpoint, sts: check.endpoint };
}
