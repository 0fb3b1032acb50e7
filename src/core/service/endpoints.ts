/** Hosts of the three services; each one https, or http to loopback. */
export interface Endpoints {
  readonly hbr: string;
  readonly ecs: string;
  readonly sts: string;
}

/** An endpoint that may be used, or why not. */
export type EndpointCheck =
  | { readonly ok: true; readonly endpoint: string }
  | { readonly ok: false; readonly reason: 'not-an-address' | 'not-secure' | 'more-than-a-host' };

/**
 * Reads an endpoint as a user writes it: a host, or an address without path, query and credentials. Accepts https
 * anywhere and plain http to loopback only. The result is an origin such as `https://hbr.cn-hangzhou.aliyuncs.com`.
 */
export function checkEndpoint(text: string): EndpointCheck {
  const trimmed = text.trim();
  let url: URL;
  try {
    url = new URL(trimmed.includes('://') ? trimmed : `https://${trimmed}`);
  } catch {
    return { ok: false, reason: 'not-an-address' };
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { ok: false, reason: 'not-secure' };
  if (url.protocol === 'http:' && !isLoopback(url.origin)) return { ok: false, reason: 'not-secure' };
  const rest =
    url.username + url.password + url.search + url.hash + (url.pathname === '/' ? '' : url.pathname);
  return rest === '' ? { ok: true, endpoint: url.origin } : { ok: false, reason: 'more-than-a-host' };
}

/** True for an address on this computer: `localhost`, 127.0.0.0/8 or `::1`. */
export function isLoopback(address: string): boolean {
  try {
    // URL writes every spelling of an IPv4 address as four decimal numbers.
    const { hostname } = new URL(address);
    return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
  } catch {
    return false;
  }
}

/** True for a text that can be the region in a host name: lowercase letters, digits, and hyphens, at most 64. */
export function isRegionId(text: string): boolean {
  return /^[a-z0-9-]{1,64}$/.test(text);
}

/** Over which network a region is reached: the internet, or the region's own VPCs. */
export type EndpointNetwork = 'public' | 'vpc';

// Regions with an ECS or STS host that doesn't follow the rule (official client metadata).
const ecsExceptions: ReadonlyMap<string, string> = new Map([
  ['cn-shenzhen-finance-1', 'ecs-cn-hangzhou.aliyuncs.com'],
  ['cn-hangzhou-finance', 'ecs.aliyuncs.com'],
]);
const globalSts = 'sts.aliyuncs.com';
const stsExceptions: ReadonlyMap<string, string> = new Map([
  ['cn-hangzhou-finance', globalSts],
  ['cn-shenzhen-finance-1', globalSts],
  ['ap-southeast-6', globalSts],
]);

/**
 * Endpoints of the three services for a region, as the official metadata gives them. A VPC host resolves only inside a
 * VPC of that region (documented). Where a region shares the ECS or STS host of others, no VPC host is documented: that
 * service stays on the shared public host over `vpc` too, which then needs a way to the internet.
 */
export function regionEndpoints(regionId: string, network: EndpointNetwork = 'public'): Endpoints {
  const suffix = network === 'vpc' ? '-vpc' : '';
  const host = (service: keyof Endpoints): string => `${service}${suffix}.${regionId}.aliyuncs.com`;
  return {
    hbr: `https://${host('hbr')}`,
    ecs: `https://${ecsExceptions.get(regionId) ?? host('ecs')}`,
    sts: `https://${stsExceptions.get(regionId) ?? host('sts')}`,
  };
}
