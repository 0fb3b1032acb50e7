import { strict as assert } from 'node:assert';
import { sign } from '../../../src/api/policies/sign';
import type { ApiRequest, Fields } from '../../../src/api/pipeline';
import {
  authorization,
  canonicalQuery,
  canonicalRequest,
  formEncode,
  sha256,
} from '../../../src/api/signing';
import { createHandClock } from '../../support/handClock';
import { aReply, aRequest, neverCancelled } from '../../support/apiBuilders';
import { signV1 } from '../../support/signV1';
import vectors from '../../support/signingVectors.json';

interface V3Vector {
  readonly id: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
  readonly date: string;
  readonly nonce: string;
  readonly method: string;
  readonly path: string;
  readonly rawQueryOnWire: string;
  readonly signedHeaderValues: Readonly<Record<string, string>>;
  readonly body: string;
  readonly hashedPayload: string;
  readonly canonicalQuery: string;
  readonly canonicalRequest: string;
  readonly hashedCanonicalRequest: string;
  readonly authorization: string;
}

interface V1Vector {
  readonly id: string;
  readonly method: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly accessKeySecret: string;
  readonly canonicalQuery: string;
  readonly stringToSign: string;
  readonly signature: string;
}

const all: readonly object[] = vectors.vectors;
const v3 = all.filter((vector): vector is V3Vector => 'canonicalRequest' in vector);
const v1 = all.filter((vector): vector is V1Vector => 'parameters' in vector);
const fieldsOf = (query: string): Fields => [...new URLSearchParams(query)];

describe('signature version 3', () => {
  it('has nine vectors to meet, and version 1 has three', () => {
    assert.deepEqual([v3.length, v1.length], [9, 3]);
  });

  for (const vector of v3) {
    it(`is that of the official client for ${vector.id}`, () => {
      const signable = {
        method: vector.method,
        path: vector.path,
        query: fieldsOf(vector.rawQueryOnWire),
        headers: vector.signedHeaderValues,
        body: vector.body,
      };
      assert.equal(canonicalQuery(signable.query), vector.canonicalQuery);
      assert.equal(sha256(vector.body), vector.hashedPayload);
      assert.equal(canonicalRequest(signable), vector.canonicalRequest);
      assert.equal(sha256(canonicalRequest(signable)), vector.hashedCanonicalRequest);
      assert.equal(authorization(signable, vector), vector.authorization);
    });

    it(`is put on the wire by the sign policy as in ${vector.id}`, async () => {
      let sent: ApiRequest | undefined;
      const send = sign(
        createHandClock(Date.parse(vector.date)),
        () => vector.nonce,
      )((request) => {
        sent = request;
        return Promise.resolve(aReply());
      });
      const given = vector.signedHeaderValues;
      await send(
        aRequest({
          endpoint: `https://${given['host'] ?? ''}`,
          action: given['x-acs-action'] ?? '',
          version: given['x-acs-version'] ?? '',
          query: fieldsOf(vector.rawQueryOnWire),
          ...('content-type' in given ? { body: formEncode(fieldsOf(vector.body)) } : {}),
          // What the official client adds beyond the necessary goes in as it would by another policy.
          headers: Object.fromEntries(
            Object.entries(given).filter(([name]) => /accesskey-id|provider|retry/.test(name)),
          ),
          accessKey: () => Promise.resolve(vector),
        }),
        neverCancelled,
      );
      const { authorization: signature, ...headers } = sent?.headers ?? {};
      assert.equal(signature, vector.authorization);
      assert.deepEqual(headers, vector.signedHeaderValues);
    });
  }

  it('covers no header that anybody on the way may change', () => {
    const plain = { method: 'POST', path: '/', query: [], headers: { host: 'h' }, body: '' };
    const more = { ...plain, headers: { host: 'h', 'user-agent': 'u', accept: 'a', connection: 'c' } };
    assert.equal(canonicalRequest(more), canonicalRequest(plain));
  });
});

describe('signature version 1, of older callers', () => {
  for (const vector of v1) {
    it(`is that of ${vector.id}`, () => {
      const {
        canonicalQuery: query,
        stringToSign,
        signature,
      } = signV1(vector.method, vector.parameters, vector.accessKeySecret);
      assert.deepEqual(
        { query, stringToSign, signature },
        {
          query: vector.canonicalQuery,
          stringToSign: vector.stringToSign,
          signature: vector.signature,
        },
      );
    });
  }
});
