import type { BackupClient } from '../../src/core/service/model';
import type { Scope } from '../../src/core/service/scope';

/** An installed client that's called `name`, with IDs that follow from it, and without backups. */
export function aNamedClient(name: string, fields: Partial<BackupClient> = {}): BackupClient {
  return aClient({
    instanceName: name,
    instanceId: `i-${name}`,
    clientId: `c-${name}`,
    clientVersion: '2.4.1',
    backupStatus: 'UNPROTECTED',
    ...fields,
  });
}

/** A healthy, current ECS client in a zone; name what a test is about. */
export function aClient(fields: Partial<BackupClient> = {}): BackupClient {
  return {
    ...aBareClient(),
    clientId: 'c-0001',
    instanceId: 'i-bp1web01',
    status: 'ACTIVATED',
    backupStatus: 'PROTECTED',
    clientVersion: '2.4.5',
    maxClientVersion: '2.4.5',
    hostname: 'web-01.example.com',
    instanceName: 'web-01',
    privateIpV4: '10.0.0.1',
    zoneId: 'cn-hangzhou-f',
    osType: 'linux',
    archType: 'amd64',
    ...fields,
  };
}

/** An ECS client of which the service told nothing else, not even an id. */
export function aBareClient(fields: Partial<BackupClient> = {}): BackupClient {
  return { clientType: 'ECS_CLIENT', status: 'NOT_INSTALLED', tags: [], ...fields };
}

/** The ECS clients of one profile in Hangzhou. */
export function aScope(fields: Partial<Scope> = {}): Scope {
  return {
    profileId: 'profile-1',
    accountId: '1234567890123456',
    regionId: 'cn-hangzhou',
    clientType: 'ECS_CLIENT',
    ...fields,
  };
}
