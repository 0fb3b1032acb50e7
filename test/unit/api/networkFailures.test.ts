import { strict as assert } from 'node:assert';
import { FetchError } from 'node-fetch';
import { networkFailure } from '../../../src/api/networkFailures';
import { aRequest } from '../../support/apiBuilders';

/** As node-fetch wraps what node reports. */
function failed(message: string, system: { code?: string; syscall?: string } = {}) {
  return networkFailure(aRequest(), new FetchError(`request failed, reason: ${message}`, 'system', system));
}

describe('an error of the network', () => {
  it('certainly came before the request when no connection was made', () => {
    for (const [code, syscall] of [
      ['ECONNREFUSED', 'connect'],
      ['ECONNREFUSED', undefined],
      ['ETIMEDOUT', 'connect'],
      ['EHOSTUNREACH', 'connect'],
      ['ENETUNREACH', undefined],
    ] as const) {
      const failure = failed(`connect ${code}`, { code, ...(syscall ? { syscall } : {}) });
      assert.deepEqual([failure.kind, failure.fate], ['not-connected', 'not-run']);
    }
    for (const message of [
      'Failed to establish a socket connection to proxies: ["PROXY proxy.example:3128"]',
      'Client network socket disconnected before secure TLS connection was established',
    ]) {
      assert.equal(failed(message).kind, 'not-connected');
    }
  });

  it('certainly came before the request when the host has no address', () => {
    for (const code of ['ENOTFOUND', 'EAI_AGAIN']) {
      const failure = failed(`getaddrinfo ${code}`, { code, syscall: 'getaddrinfo' });
      assert.deepEqual(
        [failure.kind, failure.code, failure.fate],
        ['name-not-found', 'unreachable', 'not-run'],
      );
    }
  });

  it('certainly came before the request when the certificate was not trusted', () => {
    for (const code of [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'CERT_HAS_EXPIRED',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'EPROTO',
    ]) {
      const failure = failed('certificate', { code });
      assert.deepEqual([failure.kind, failure.fate], ['tls-failed', 'not-run']);
    }
  });

  it('else may have come after the request', () => {
    for (const system of [
      { code: 'ECONNRESET', syscall: 'read' },
      { code: 'EPIPE', syscall: 'write' },
      { code: 'ETIMEDOUT', syscall: 'read' },
      {},
    ]) {
      assert.deepEqual(
        [failed('socket hang up', system).kind, failed('x', system).fate],
        ['connection-lost', 'ambiguous'],
      );
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
