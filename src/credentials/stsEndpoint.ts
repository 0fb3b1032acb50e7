import { regionEndpoints, type EndpointNetwork } from '../core/service/endpoints';
import { readRegion } from '../core/service/regions';
import { isOn, type KeyDeps } from './keyDeps';

/** The variable of the official tools for the region of STS. */
export const stsRegionVariable = 'ALIBABA_CLOUD_STS_REGION';

/** What a source of credentials says about where STS is asked. */
export interface StsPlace {
  /** What it names for STS; empty for none. */
  readonly region?: string | undefined;
  /** The region that it is for; empty for none. */
  readonly home?: string | undefined;
  /** Over which network it reaches the service; the internet unless given. */
  readonly network?: EndpointNetwork | undefined;
}

/** Of STS where no region is named. */
export const globalSts = 'https://sts.aliyuncs.com';

/**
 * Origin of STS for a source of credentials that names no host itself: the user's own setting, else the host of the
 * first region among those of the source and `ALIBABA_CLOUD_STS_REGION`, over VPC where
 * `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED` says so, else the global one. The official SDK takes that where no region is named
 * for STS; from far away or behind a firewall it might not respond, and a session is the same from everywhere.
 */
export function stsEndpointOf(
  { region = '', home = '', network = 'public' }: StsPlace,
  { env, overrides }: Pick<KeyDeps, 'env' | 'overrides'>,
): string {
  const { regions, sts } = overrides();
  const named = [region, env[stsRegionVariable] ?? '', home, env['ALIBABA_CLOUD_REGION_ID'] ?? ''];
  const regionId = named.map(regionOf).find((id) => id !== undefined);
  if (regionId === undefined) return sts ?? globalSts;
  const over = isOn(env['ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED']) ? 'vpc' : network;
  return regions?.get(regionId)?.sts ?? sts ?? regionEndpoints(regionId, over).sts;
}

function regionOf(text: string): string | undefined {
  const written = readRegion(text);
  return written.kind === 'neither' ? undefined : written.regionId;
}
