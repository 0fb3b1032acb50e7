import { strict as assert } from 'node:assert';
import { FetchError } from 'node-fetch';
import { networkFailure } from '../../../src/api/networkFailures';
import { aRequest } from '../../support/apiBuilders';

/** As node-fetch wraps what node reports. */
function failed(message: string, system: { code?: string; syscall?: string } = {}, sent = false) {
  return networkFailure(
    aRequest(),
    new FetchError(`request failed, reason: ${message}`, 'system', system),
    sent,
  );
}

describe('an error of the network', () => {
  it('says of a request that was not sent that it did not run, and what hindered it', () => {
    for (const [code, syscall, kind] of [
      ['ECONNREFUSED', 'connect', 'not-connected'],
      ['ECONNRESET', 'read', 'not-connected'],
      ['ENOTFOUND', 'getaddrinfo', 'name-not-found'],
      ['EAI_AGAIN', 'getaddrinfo', 'name-not-found'],
      ['SELF_SIGNED_CERT_IN_CHAIN', '', 'tls-failed'],
      ['DEPTH_ZERO_SELF_SIGNED_CERT', '', 'tls-failed'],
      ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', '', 'tls-failed'],
      ['CERT_HAS_EXPIRED', '', 'tls-failed'],
      ['ERR_TLS_CERT_ALTNAME_INVALID', '', 'tls-failed'],
      ['EPROTO', 'write', 'tls-failed'],
    ] as const) {
      const failure = failed(code, { code, syscall });
      assert.deepEqual([failure.kind, failure.fate], [kind, 'not-run'], code);
    }
  });

  it('says of a request that was sent that it may have run, whatever the code', () => {
    for (const code of ['ECONNRESET', 'EPIPE', 'ENETDOWN', 'EHOSTUNREACH', 'EPROTO', 'ENOTFOUND', '']) {
      const failure = failed(code, { code, syscall: 'connect' }, true);
      assert.deepEqual([failure.kind, failure.fate], ['connection-lost', 'ambiguous'], code);
    }
  });

  it('does not pass on the password of a proxy, which VS Code 1.100 quotes', () => {
    for (const quoted of [
      'PROXY worker:p@ss/w@proxy.example:3128',
      'HTTPS worker:p%40ss@proxy.example:3128',
    ]) {
      const failure = failed(`Failed to establish a socket connection to proxies: ${quoted}`);
      const told = `${failure.message} ${String(failure.cause)}`;
      assert.doesNotMatch(told, /worker|p@ss|p%40ss/);
      assert.match(told, /(PROXY|HTTPS) proxy\.example:3128/);
    }
  });

  it('names operation, host and reason', () => {
    const failure = failed('connect ECONNREFUSED', { code: 'ECONNREFUSED' });
    assert.equal(
      failure.message,
      'DescribeTask failed: no connection, hbr.cn-hangzhou.aliyuncs.com: ECONNREFUSED',
    );
  });
});
