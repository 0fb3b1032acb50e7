import { isRegionId, regionEndpoints } from '../core/endpoints';
import { isOn, type KeyParts } from './keyParts';

/**
 * Origin of STS for a source of credentials that names no host itself: the user's own setting, else the host of its
 * region or of `ALIBABA_CLOUD_STS_REGION`, over VPC where `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED` says so, else the
 * global one (as the official SDK does).
 *
 * @param regionId passed `isRegionId`
 */
export function stsEndpointOf(
  regionId: string | undefined,
  { env, overrides }: Pick<KeyParts, 'env' | 'overrides'>,
): string {
  const { regions, sts } = overrides();
  const region = regionId ?? env['ALIBABA_CLOUD_STS_REGION']?.trim() ?? '';
  if (!isRegionId(region)) return sts ?? 'https://sts.aliyuncs.com';
  const network = isOn(env['ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED']) ? 'vpc' : 'public';
  return regions?.get(region)?.sts ?? sts ?? regionEndpoints(region, network).sts;
}
