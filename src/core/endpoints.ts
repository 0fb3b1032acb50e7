import type { Endpoints } from './ports';

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

/** True for an address whose host is this computer: `localhost`, 127.0.0.0/8 or `::1`. */
export function isLoopback(address: string): boolean {
  try {
    // URL writes every spelling of an IPv4 address as four decimal numbers.
    const { hostname } = new URL(address);
    return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
  } catch {
    return false;
  }
}

/** True for what may stand in a host name as a region: lower-case letters, digits and hyphens, at most 64. */
export function isRegionId(text: string): boolean {
  return /^[a-z0-9-]{1,64}$/.test(text);
}

// Regions whose ECS or STS host does not follow the rule (official client metadata).
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

/** Public endpoints of the three services for a region, as the official metadata gives them. */
export function regionEndpoints(regionId: string): Endpoints {
  return {
    hbr: `https://hbr.${regionId}.aliyuncs.com`,
    ecs: `https://${ecsExceptions.get(regionId) ?? `ecs.${regionId}.aliyuncs.com`}`,
    sts: `https://${stsExceptions.get(regionId) ?? `sts.${regionId}.aliyuncs.com`}`,
  };
}
