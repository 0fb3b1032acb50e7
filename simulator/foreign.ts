import type { IncomingHttpHeaders } from 'node:http';

/**
 * True for a request that no program of this computer makes: one that a web page makes, which browsers mark, or one
 * that names a host which is neither this computer nor the service. A page whose own name was made to mean 127.0.0.1
 * sends that name.
 */
export function isForeign(headers: IncomingHttpHeaders): boolean {
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) return true;
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  return !thisComputer.has(host) && !serviceName.test(host);
}

// The last is the metadata service of an instance, which a proxy may be asked for.
const thisComputer: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]', '100.100.100.200']);

// Names under `test` are reserved for tests: no page has one.
const serviceName = /^[a-z0-9.-]+\.(?:aliyuncs\.com|test)$/;
