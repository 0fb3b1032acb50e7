import type { BackupApi } from '../service/api';
import type { Profile } from './profile';

/**
 * Milliseconds to add to this computer's clock to get the service's, as any profile has seen it; 0 until known. One is
 * enough for ends of keys: what differs is this computer's clock.
 */
export function knownClockOffset(
  profiles: readonly Profile[],
  api: Pick<BackupApi, 'clockOffsetMs'>,
): number {
  for (const { id, regionId, demo } of profiles) {
    const offsetMs = demo ? undefined : api.clockOffsetMs({ profileId: id, regionId });
    if (offsetMs !== undefined) return offsetMs;
  }
  return 0;
}
