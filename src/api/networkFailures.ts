import { AttemptError } from './attemptError';
import type { FailureKind } from './fates';
import type { ApiRequest } from './pipeline';

const noName: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
]);
// Codes of certificates come from OpenSSL by way of Node, without a common prefix.
const certificate =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)|^(EPROTO|HOSTNAME_MISMATCH)$/;

/**
 * What an error of the network, before any reply, says of the call. Whether it was `sent` decides, never the code:
 * the same one can come from a connection that was not made and from one that broke off.
 */
export function networkFailure(request: ApiRequest, error: unknown, sent: boolean): AttemptError {
  const systemCode = propertyOf(error, 'code');
  const kind = kindOfNetworkFailure(error, sent);
  const said = error instanceof Error ? error.message : String(error);
  const safe = withoutProxyCredentials(said);
  const host = new URL(request.endpoint).host;
  return new AttemptError(
    kind,
    `${request.action} failed: ${sentences[kind] ?? 'network failure'}, ${host}: ${systemCode || safe}`,
    {
      action: request.action,
      // The messages of causes are logged too.
      cause: safe === said ? error : new Error(safe),
    },
  );
}

/** Which of the ways it failed in: after the request was `sent`, or before, and then in which. */
export function kindOfNetworkFailure(error: unknown, sent: boolean): FailureKind {
  if (sent) return 'connection-lost';
  const code = propertyOf(error, 'code');
  if (noName.has(code) || propertyOf(error, 'erroredSysCall') === 'getaddrinfo') return 'name-not-found';
  return certificate.test(code) ? 'tls-failed' : 'not-connected';
}

/** VS Code 1.100 quotes a proxy that it cannot reach with its user and password: `PROXY user:password@host:8080`. */
function withoutProxyCredentials(message: string): string {
  return message.replace(/\b((?:PROXY|HTTPS?|SOCKS[45]?) )\S+@/g, '$1');
}

const sentences: Partial<Record<FailureKind, string>> = {
  'not-connected': 'no connection',
  'name-not-found': 'host name not found',
  'tls-failed': 'no secure connection',
  'connection-lost': 'the connection broke off',
};

function propertyOf(error: unknown, name: string): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
}
