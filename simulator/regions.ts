/** The regions of the service with the names that DescribeRegions gives them. */
export const regions: ReadonlyMap<string, string> = new Map([
  ['cn-qingdao', 'China (Qingdao)'],
  ['cn-beijing', 'China (Beijing)'],
  ['cn-zhangjiakou', 'China (Zhangjiakou)'],
  ['cn-huhehaote', 'China (Hohhot)'],
  ['cn-wulanchabu', 'China (Ulanqab)'],
  ['cn-hangzhou', 'China (Hangzhou)'],
  ['cn-shanghai', 'China (Shanghai)'],
  ['cn-shenzhen', 'China (Shenzhen)'],
  ['cn-heyuan', 'China (Heyuan)'],
  ['cn-guangzhou', 'China (Guangzhou)'],
  ['cn-chengdu', 'China (Chengdu)'],
  ['cn-hongkong', 'China (Hong Kong)'],
  ['ap-northeast-1', 'Japan (Tokyo)'],
  ['ap-northeast-2', 'South Korea (Seoul)'],
  ['ap-southeast-1', 'Singapore'],
  ['ap-southeast-3', 'Malaysia (Kuala Lumpur)'],
  ['ap-southeast-5', 'Indonesia (Jakarta)'],
  ['ap-southeast-6', 'Philippines (Manila)'],
  ['ap-southeast-7', 'Thailand (Bangkok)'],
  ['us-east-1', 'US (Virginia)'],
  ['us-west-1', 'US (Silicon Valley)'],
  ['eu-west-1', 'UK (London)'],
  ['eu-central-1', 'Germany (Frankfurt)'],
  ['me-east-1', 'UAE (Dubai)'],
  ['me-central-1', 'Saudi Arabia (Riyadh)'],
  ['cn-hangzhou-finance', 'China East 1 Finance'],
  ['cn-shanghai-finance-1', 'China East 2 Finance'],
  ['cn-shenzhen-finance-1', 'China South 1 Finance'],
  ['cn-beijing-finance-1', 'China North 2 Finance'],
]);

const instancePrefixes: ReadonlyMap<string, string> = new Map([
  ['cn-hangzhou', 'bp1'],
  ['cn-beijing', '2ze'],
  ['cn-shenzhen', 'wz9'],
]);

/** The three characters after `i-` that go with a region. */
export function instancePrefix(regionId: string): string {
  return instancePrefixes.get(regionId) ?? '0xi';
}

/** Zone ids of a region: `cn-hangzhou-f`, but `us-west-1a` where the region id ends in a digit. */
export function zonesOf(regionId: string, count: number): string[] {
  const letters = 'fghijkbecdalmnopqrstuvwxyz';
  const joint = /\d$/.test(regionId) ? '' : '-';
  return Array.from({ length: count }, (_, index) => `${regionId}${joint}${letters.charAt(index)}`);
}

/** The region that a host name such as `hbr-vpc.cn-beijing.aliyuncs.com` stands for; undefined for loopback. */
export function regionOfHost(host: string): string | undefined {
  const region = /^(?:hbr|ecs|sts)(?:-vpc)?\.([a-z0-9-]{1,64})\./.exec(host)?.[1];
  return region !== undefined && regions.has(region) ? region : undefined;
}
