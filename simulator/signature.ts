import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { refusal } from './errors';
import { decodePairs } from './parameters';

/** A request as it came over the wire, before anything was read into it. */
export interface RawRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Query as received, still encoded, without `?`. */
  readonly query: string;
  /** Lower-cased names; one entry a header line. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
}

/** What a signed request claims; nothing of it is proven before `verify` returned. */
export interface Claim {
  readonly accessKeyId: string;
  readonly securityToken: string | undefined;
  /** As written by the caller: `YYYY-MM-DDThh:mm:ssZ`. */
  readonly date: string;
  readonly nonce: string;
  /** Throws `SignatureDoesNotMatch` unless the secret made this signature over this request. */
  verify(accessKeySecret: string): void;
}

/** Percent-encodes everything but letters, digits and `-_.~`, as both signatures want it. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Name and value pairs, sorted by name in byte order, encoded and joined. */
function canonicalPairs(pairs: Iterable<readonly [string, string]>): string {
  return [...pairs]
    .map(([name, value]) => ({ name: Buffer.from(name), value }))
    .sort((one, other) => Buffer.compare(one.name, other.name))
    .map(({ name, value }) => `${percentEncode(name.toString())}=${percentEncode(value)}`)
    .join('&');
}

/** The one value of a header; several lines of one name are joined as the signature wants them. */
export function header(request: RawRequest, name: string): string | undefined {
  const values = request.headers.get(name);
  if (values === undefined) return undefined;
  return values
    .map((value) => value.trim())
    .sort()
    .join(',');
}

const v3 = 'ACS3-HMAC-SHA256';
const mandatory = ['host', 'x-acs-action', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-version'];

/** Reads the claim of signature V3 (ACS3-HMAC-SHA256) from the `authorization` header. */
export function claimV3(request: RawRequest): Claim {
  const authorization = header(request, 'authorization') ?? '';
  const parts = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
    authorization,
  );
  const [, accessKeyId = '', names = '', signature = ''] = parts ?? [];
  if (parts === null) throw refusal('IncompleteSignature', 'The authorization header is not well formed.');
  const signed = names.split(';');
  const required = [...request.headers.keys()].filter(
    (name) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'),
  );
  const unsigned = [...mandatory, ...required].find((name) => !signed.includes(name));
  if (unsigned !== undefined) throw refusal('IncompleteSignature', `The header ${unsigned} must be signed.`);
  const nonce = header(request, 'x-acs-signature-nonce');
  if (nonce === undefined || nonce === '') throw refusal('MissingSignatureNonce');
  return {
    accessKeyId,
    securityToken: header(request, 'x-acs-security-token'),
    date: header(request, 'x-acs-date') ?? '',
    nonce,
    verify: (secret) => {
      const bodyHash = createHash('sha256').update(request.body).digest('hex');
      if (header(request, 'x-acs-content-sha256') !== bodyHash) {
        throw refusal('SignatureDoesNotMatch', 'x-acs-content-sha256 is not the hash of the body received.');
      }
      const stringToSign = stringToSignV3(request, signed, bodyHash);
      const expected = createHmac('sha256', secret).update(stringToSign).digest('hex');
      mustMatch(signature, expected, stringToSign);
    },
  };
}

function stringToSignV3(request: RawRequest, signed: readonly string[], bodyHash: string): string {
  const headerLines = [...signed].sort().map((name) => `${name}:${header(request, name) ?? ''}\n`);
  const canonicalRequest = [
    request.method,
    request.path,
    canonicalPairs(decodePairs(request.query)),
    headerLines.join(''),
    [...signed].sort().join(';'),
    bodyHash,
  ].join('\n');
  return `${v3}\n${createHash('sha256').update(canonicalRequest).digest('hex')}`;
}

/** Reads the claim of the older RPC signature (HMAC-SHA1), whose parts are ordinary parameters. */
export function claimV1(request: RawRequest, pairs: readonly (readonly [string, string])[]): Claim {
  const values = new Map(pairs);
  const need = (name: string): string => {
    const value = values.get(name);
    if (value === undefined || value === '') throw refusal('IncompleteSignature', `${name} is required.`);
    return value;
  };
  if (need('SignatureMethod') !== 'HMAC-SHA1' || need('SignatureVersion') !== '1.0') {
    throw refusal('IncompleteSignature', 'Only HMAC-SHA1 with SignatureVersion 1.0 is known.');
  }
  const signature = need('Signature');
  return {
    accessKeyId: need('AccessKeyId'),
    securityToken: values.get('SecurityToken'),
    date: need('Timestamp'),
    nonce: need('SignatureNonce'),
    verify: (secret) => {
      const canonical = canonicalPairs(pairs.filter(([name]) => name !== 'Signature'));
      const stringToSign = `${request.method}&%2F&${percentEncode(canonical)}`;
      const expected = createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64');
      mustMatch(signature, expected, stringToSign);
    },
  };
}

// The service quotes what it signed, so that a caller can compare; a caller must therefore never log the message.
function mustMatch(signature: string, expected: string, stringToSign: string): void {
  const given = Buffer.from(signature);
  const right = Buffer.from(expected);
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw refusal('SignatureDoesNotMatch', `server string to sign is:${stringToSign}`);
  }
}
