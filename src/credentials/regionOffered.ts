import type { SourceOffer } from '../core/profiles/keys/credentialSource';
import { readRegion } from '../core/service/regions';

/** The region of an offer as a file or the environment writes it. */
export function regionOffered(text: string): Pick<SourceOffer, 'regionId' | 'zoneId'> {
  const written = readRegion(text);
  switch (written.kind) {
    case 'region':
      return { regionId: written.regionId };
    case 'zone':
      return { zoneId: written.zoneId };
    case 'neither':
      return {};
  }
}
