import type { Disposable } from '../core/kernel/disposables';
import type { OidcRequest, StsApi, TimedKey } from '../core/profiles/keys/credentialSource';
import { isRecord } from '../core/kernel/objects';
import type { Waiting } from '../core/kernel/waiting';
import { requestOf, type ApiOperation } from './call';
import { decodeCallerIdentity } from './decode';
import { missing, text } from './decodeFields';
import type { ApiReply, ApiRequest, Fields } from './pipeline';
import { createSender, type SenderDeps } from './sender';

// Repeating a request is harmless: it returns one more key.
const sts = { service: 'sts', version: '2015-04-01', kind: 'read' } as const;
const operations = {
  getCallerIdentity: { ...sts, action: 'GetCallerIdentity' },
  assumeRole: { ...sts, action: 'AssumeRole' },
  assumeRoleWithOidc: { ...sts, action: 'AssumeRoleWithOIDC' },
} as const satisfies Readonly<Record<string, ApiOperation>>;

/** STS, for keys that belong to no profile yet. The keys that it returns aren't logged or stored here. */
export function createStsApi(parts: SenderDeps): StsApi & Disposable {
  const sender = createSender(parts);
  const timedKey = async (request: ApiRequest, waiting: Waiting): Promise<TimedKey> => {
    const { key, expiresAtMs } = decodeTimedKey(await sender.send(request, waiting));
    // The service names the end by its own clock.
    return { key, expiresAtMs: expiresAtMs - (sender.clocks.offsetMs(request.endpoint) ?? 0) };
  };
  return {
    async getCallerIdentity(endpoint, accessKey, waiting) {
      const request = requestOf(operations.getCallerIdentity, endpoint, { query: [] });
      return decodeCallerIdentity(await sender.send({ ...request, accessKey }, waiting));
    },
    async assumeRole(endpoint, key, role, waiting) {
      // In the form, as the official client sends it, so that nothing of it is in a URL.
      const form = [
        ...roleFields(role),
        ...(role.externalId === undefined ? [] : [['ExternalId', role.externalId] as const]),
      ];
      const request = requestOf(operations.assumeRole, endpoint, { query: [], form });
      return timedKey({ ...request, accessKey: () => Promise.resolve(key) }, waiting);
    },
    assumeRoleWithOidc: async (endpoint: string, from: OidcRequest, waiting: Waiting) => {
      const form: Fields = [
        ['OIDCProviderArn', from.oidcProviderArn],
        ['OIDCToken', from.oidcToken],
        ...roleFields(from),
      ];
      const request = requestOf(operations.assumeRoleWithOidc, endpoint, { query: [], form });
      return timedKey({ ...request, secret: from.oidcToken }, waiting);
    },
    dispose: () => sender.dispose(),
  };
}

function roleFields(role: Omit<OidcRequest, 'oidcProviderArn' | 'oidcToken'>): Fields {
  return [
    ['RoleArn', role.roleArn],
    ['RoleSessionName', role.sessionName],
    ['DurationSeconds', String(role.durationSeconds)],
    ...(role.policy === undefined ? [] : [['Policy', role.policy] as const]),
  ];
}

/** Its end is by the service's clock. Throws BackupError `unexpected-reply` that names the field, never its content. */
function decodeTimedKey(reply: ApiReply): TimedKey & { readonly expiresAtMs: number } {
  const from = reply.body['Credentials'];
  if (!isRecord(from)) throw missing('Credentials', reply);
  const field = (name: string): string => {
    const value = text(from[name]);
    if (value === undefined) throw missing(`Credentials.${name}`, reply);
    return value;
  };
  const key = {
    accessKeyId: field('AccessKeyId'),
    accessKeySecret: field('AccessKeySecret'),
    securityToken: field('SecurityToken'),
  };
  const expiration = field('Expiration');
  const expiresAtMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(expiration)
    ? Date.parse(expiration)
    : NaN;
  if (Number.isNaN(expiresAtMs)) throw missing('Credentials.Expiration', reply);
  return { key, expiresAtMs };
}
