import { t } from '@vscode/l10n';
import { isRegionId } from './endpoints';

/** A region of the service. */
export interface Region {
  readonly id: string;
  readonly name: string;
}

/** Regions of the official metadata of December 2025. Others may exist: accept any id that `isRegionId` accepts. */
export const regions: readonly Region[] = [
  { id: 'cn-qingdao', name: 'China (Qingdao)' },
  { id: 'cn-beijing', name: 'China (Beijing)' },
  { id: 'cn-zhangjiakou', name: 'China (Zhangjiakou)' },
  { id: 'cn-huhehaote', name: 'China (Hohhot)' },
  { id: 'cn-wulanchabu', name: 'China (Ulanqab)' },
  { id: 'cn-hangzhou', name: 'China (Hangzhou)' },
  { id: 'cn-shanghai', name: 'China (Shanghai)' },
  { id: 'cn-shenzhen', name: 'China (Shenzhen)' },
  { id: 'cn-heyuan', name: 'China (Heyuan)' },
  { id: 'cn-guangzhou', name: 'China (Guangzhou)' },
  { id: 'cn-chengdu', name: 'China (Chengdu)' },
  { id: 'cn-hongkong', name: 'China (Hong Kong)' },
  { id: 'ap-northeast-1', name: 'Japan (Tokyo)' },
  { id: 'ap-northeast-2', name: 'South Korea (Seoul)' },
  { id: 'ap-southeast-1', name: 'Singapore' },
  { id: 'ap-southeast-3', name: 'Malaysia (Kuala Lumpur)' },
  { id: 'ap-southeast-5', name: 'Indonesia (Jakarta)' },
  { id: 'ap-southeast-6', name: 'Philippines (Manila)' },
  { id: 'ap-southeast-7', name: 'Thailand (Bangkok)' },
  { id: 'us-east-1', name: 'US (Virginia)' },
  { id: 'us-west-1', name: 'US (Silicon Valley)' },
  { id: 'eu-west-1', name: 'UK (London)' },
  { id: 'eu-central-1', name: 'Germany (Frankfurt)' },
  { id: 'me-east-1', name: 'UAE (Dubai)' },
  { id: 'me-central-1', name: 'Saudi Arabia (Riyadh)' },
  { id: 'cn-hangzhou-finance', name: 'China East 1 Finance' },
  { id: 'cn-shanghai-finance-1', name: 'China East 2 Finance' },
  { id: 'cn-shenzhen-finance-1', name: 'China South 1 Finance' },
  { id: 'cn-beijing-finance-1', name: 'China North 2 Finance' },
];

/** What was typed in place of a region. `zone`: a zone, in the region `regionId`. */
export type WrittenRegion =
  | { readonly kind: 'region'; readonly regionId: string }
  | { readonly kind: 'zone'; readonly zoneId: string; readonly regionId: string }
  | { readonly kind: 'neither' };

/**
 * Reads a region as people write it: capitals and surrounding white space don't matter. Zones have a letter behind their
 * region, with a hyphen where that ends in a letter: `cn-hangzhou-b`, `ap-southeast-1a`.
 */
export function readRegion(text: string): WrittenRegion {
  const id = text.trim().toLowerCase();
  if (!isRegionId(id)) return { kind: 'neither' };
  const [, regionId] =
    /^([a-z]+(?:-[a-z0-9]+)*)-[a-z]$/.exec(id) ?? /^([a-z]+(?:-[a-z]+)*-\d+)[a-z]$/.exec(id) ?? [];
  return regionId?.includes('-') ? { kind: 'zone', zoneId: id, regionId } : { kind: 'region', regionId: id };
}

/** Says that a zone was typed in place of a region, and which region it's in. */
export function zoneInWords({ zoneId, regionId }: WrittenRegion & { kind: 'zone' }): string {
  return t({
    message: '{zone} is a zone. Did you mean region {region}?',
    args: { zone: zoneId, region: regionId },
    comment: 'Both are IDs, such as cn-hangzhou-b and cn-hangzhou',
  });
}

/** Display name of a region; the ID of a region that isn't in the table. */
export function regionName(regionId: string): string {
  return regions.find(({ id }) => id === regionId)?.name ?? regionId;
}
