import { refusal } from './errors';
import { decodePairs, Parameters } from './parameters';
import { claimV1, claimV3, header, type Claim, type RawRequest } from './signature';

/** A call as the gateway understands it: which operation, with what, signed by whom. */
export interface ReceivedCall {
  readonly action: string;
  readonly version: string;
  /** Host name without port. */
  readonly host: string;
  readonly parameters: Parameters;
  /** Names that travelled in the query, and so in the URL. */
  readonly inQuery: readonly string[];
  /** As written by the caller. */
  readonly date: string;
  claim(): Claim;
}

// What the older signature sends as parameters and V3 as headers.
const systemNames = new Set([
  'AccessKeyId',
  'Action',
  'Format',
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureVersion',
  'Timestamp',
  'Version',
]);

/**
 * Tells the operation and its parameters from the wire. The signature is V3 with an `authorization` header and
 * V1 with `Signature` among the parameters; what is not signed is written in either way. Query and form are merged,
 * and the query wins where both say a name.
 */
export function receiveCall(request: RawRequest): ReceivedCall {
  if (request.method !== 'POST' && request.method !== 'GET') throw refusal('UnsupportedHTTPMethod');
  if (request.path !== '/') throw refusal('InvalidApi.NotFound');
  const query = decodePairs(request.query);
  const pairs = [...query, ...formPairs(request)];
  const host = (header(request, 'host') ?? '').replace(/:\d+$/, '');
  const older = pairs.some(([name]) => name === 'Signature' || name === 'Action');
  if (header(request, 'authorization') !== undefined || !older) {
    return {
      action: header(request, 'x-acs-action') ?? '',
      version: header(request, 'x-acs-version') ?? '',
      host,
      parameters: new Parameters(pairs),
      inQuery: query.map(([name]) => name),
      date: header(request, 'x-acs-date') ?? '',
      claim: () => claimV3(request),
    };
  }
  const all = new Parameters(pairs);
  return {
    action: all.text('Action') ?? '',
    version: all.text('Version') ?? '',
    host,
    parameters: new Parameters(pairs.filter(([name]) => !systemNames.has(name))),
    inQuery: query.map(([name]) => name).filter((name) => !systemNames.has(name)),
    date: all.text('Timestamp') ?? '',
    claim: () => claimV1(request, pairs),
  };
}

function formPairs(request: RawRequest): (readonly [string, string])[] {
  if (request.body.length === 0) return [];
  const type = header(request, 'content-type')?.toLowerCase() ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/.test(type)) {
    throw refusal('InvalidParameter.Format', 'A body must be application/x-www-form-urlencoded.');
  }
  return decodePairs(request.body.toString('utf8'));
}
