import { regionEndpoints } from '../core/service/endpoints';
import type { SourceOffer } from '../core/profiles/keys/credentialSource';
import { readRegion } from '../core/service/regions';
import type { CliProfile } from './cliConfig';

/**
 * How a profile of the CLI reaches the service. `endpoint_type` names the network for every product; `endpoint` is one
 * host for whatever is called, so it is used only where it says the same as a network.
 */
export function networkOf(profile: CliProfile): Pick<SourceOffer, 'network' | 'otherHost'> {
  const ofType = profile.endpoint_type.trim().toLowerCase() === 'vpc';
  const host = profile.endpoint
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '');
  const region = readRegion(profile.region_id);
  const hostOver = (network: 'public' | 'vpc'): string =>
    region.kind === 'neither' ? '' : new URL(regionEndpoints(region.regionId, network).hbr).host;
  if (host === '' || host === hostOver('public')) return ofType && host === '' ? { network: 'vpc' } : {};
  return host === hostOver('vpc')
    ? { network: 'vpc' }
    : { ...(ofType && { network: 'vpc' }), otherHost: host };
}
