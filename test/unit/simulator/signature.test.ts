import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { ServiceError } from '../../../simulator/errors';
import { receiveCall } from '../../../simulator/request';
import type { RawRequest } from '../../../simulator/signature';
import file from '../../support/signingVectors.json';

type Vector = (typeof file.vectors)[number];
type V3 = Vector & {
  rawQueryOnWire: string;
  signedHeaderValues: object;
  authorization: string;
  body: string;
};
type V1 = Vector & { parameters: object; parametersInQuery: string[] };

const v3 = file.vectors.filter((vector): vector is V3 => vector.algorithm === 'ACS3-HMAC-SHA256');
const v1 = file.vectors.filter((vector): vector is V1 => vector.algorithm === 'HMAC-SHA1');

function requestV3(vector: V3): RawRequest {
  const headers = new Map<string, string[]>([['authorization', [vector.authorization]]]);
  for (const [name, value] of Object.entries(vector.signedHeaderValues)) headers.set(name, [value]);
  return {
    method: vector.method,
    path: vector.path,
    query: vector.rawQueryOnWire,
    headers,
    body: Buffer.from(vector.body),
  };
}

function requestV1(vector: V1): RawRequest {
  const all = Object.entries({ ...vector.parameters, Signature: vector.signature });
  const join = (entries: [string, unknown][]): string =>
    entries.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  const inQuery = (name: string): boolean => name === 'Signature' || vector.parametersInQuery.includes(name);
  return {
    method: vector.method,
    path: vector.path,
    query: join(all.filter(([name]) => inQuery(name))),
    headers: new Map([
      ['host', ['hbr.cn-hangzhou.aliyuncs.com']],
      ['content-type', ['application/x-www-form-urlencoded']],
    ]),
    body: Buffer.from(join(all.filter(([name]) => !inQuery(name)))),
  };
}

function verify(request: RawRequest, secret: string): void {
  receiveCall(request).claim().verify(secret);
}

function codeOf(attempt: () => void): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ServiceError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('the simulator reading signatures', () => {
  it('knows the vectors of both signatures', () => {
    assert.deepEqual([v3.length, v1.length], [9, 3]);
  });

  for (const vector of v3) {
    describe(`of vector ${vector.id}`, () => {
      const secret = vector.accessKeySecret;

      it('accepts it and reads who signed when', () => {
        const claim = receiveCall(requestV3(vector)).claim();
        claim.verify(secret);
        assert.deepEqual(
          [claim.accessKeyId, claim.date, claim.nonce],
          [vector.accessKeyId, vector.date, vector.nonce],
        );
      });

      it('refuses another secret, query, header, method and body', () => {
        const request = requestV3(vector);
        const otherHeaders = new Map([...request.headers, ['x-acs-date', ['2026-01-02T03:04:06Z']] as const]);
        const otherBody = Buffer.from('A=1');
        const rehashed = new Map([
          ...request.headers,
          ['x-acs-content-sha256', [createHash('sha256').update(otherBody).digest('hex')]] as const,
        ]);
        // A body is a form only when the headers say so; without that the call is refused before its signature.
        const form = new Map([
          ...request.headers,
          ['content-type', ['application/x-www-form-urlencoded']] as const,
        ]);
        const signedForm = request.headers.has('content-type');
        const tampered: readonly RawRequest[] = [
          { ...request, query: `${request.query}&Extra=1` },
          { ...request, headers: otherHeaders },
          { ...request, method: 'GET' },
          ...(signedForm
            ? [
                { ...request, body: otherBody },
                { ...request, body: otherBody, headers: rehashed },
              ]
            : []),
        ];
        assert.equal(
          codeOf(() => verify(request, `${secret}x`)),
          'SignatureDoesNotMatch',
        );
        for (const each of tampered) {
          assert.equal(
            codeOf(() => verify(each, secret)),
            'SignatureDoesNotMatch',
          );
        }
        if (!signedForm) {
          assert.equal(
            codeOf(() => verify({ ...request, headers: form, body: otherBody }, secret)),
            'IncompleteSignature',
          );
        }
      });

      it('refuses an x-acs- header that was not signed', () => {
        const request = requestV3(vector);
        const headers = new Map([...request.headers, ['x-acs-added-later', ['1']] as const]);
        assert.equal(
          codeOf(() => verify({ ...request, headers }, secret)),
          'IncompleteSignature',
        );
      });
    });
  }

  for (const vector of v1) {
    it(`accepts vector ${vector.id}, and refuses another secret or parameter`, () => {
      const request = requestV1(vector);
      verify(request, vector.accessKeySecret);
      assert.equal(
        codeOf(() => verify(request, 'other')),
        'SignatureDoesNotMatch',
      );
      assert.equal(
        codeOf(() => verify({ ...request, query: `${request.query}&Extra=1` }, vector.accessKeySecret)),
        'SignatureDoesNotMatch',
      );
    });
  }

  it('finds the operation of an older call among its parameters, and keeps those of the signature out', () => {
    const [vector] = v1;
    assert.ok(vector);
    const call = receiveCall(requestV1(vector));
    assert.deepEqual(
      [call.action, call.version, Object.fromEntries(call.parameters.entries())],
      [
        'DescribeBackupClients',
        '2017-09-08',
        { ClientType: 'ECS_CLIENT', PageSize: '50', ClientIds: '["c-000aaa"]' },
      ],
    );
  });

  it('calls a request without any signature incomplete', () => {
    const [vector] = v3;
    assert.ok(vector);
    const request = requestV3(vector);
    const headers = new Map(request.headers);
    headers.delete('authorization');
    assert.equal(
      codeOf(() => verify({ ...request, headers }, vector.accessKeySecret)),
      'IncompleteSignature',
    );
  });

  it('refuses a query whose percent-encoding is broken', () => {
    const [vector] = v3;
    assert.ok(vector);
    assert.equal(
      codeOf(() => receiveCall({ ...requestV3(vector), query: 'A=%zz' })),
      'InvalidParameter.Format',
    );
  });
});
