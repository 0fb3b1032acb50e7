import { createHmac } from 'node:crypto';
import { canonicalQuery, percentEncode } from '../../src/api/signing';

/**
 * The legacy signature (version 1), for vectors of older callers: the product signs with version 3 only. Takes all
 * parameters, query and form together.
 */
export function signV1(
  method: string,
  parameters: Readonly<Record<string, string>>,
  secret: string,
): { readonly canonicalQuery: string; readonly stringToSign: string; readonly signature: string } {
  const canonical = canonicalQuery(Object.entries(parameters));
  const stringToSign = `${method}&%2F&${percentEncode(canonical)}`;
  const signature = createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64');
  return { canonicalQuery: canonical, stringToSign, signature };
}
