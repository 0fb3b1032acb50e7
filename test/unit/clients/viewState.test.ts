import { strict as assert } from 'node:assert';
import { listingStateOf } from '../../../src/core/clients/viewState';
import { BackupError, type FailureCode } from '../../../src/core/service/errors';

const stateAfter = (code: FailureCode) =>
  listingStateOf({
    scope: { profileId: 'p', accountId: '1', regionId: 'cn-hangzhou', clientType: 'ECS_CLIENT' },
    clients: new Map(),
    phase: 'failed',
    received: 0,
    total: undefined,
    listedAt: undefined,
    changedWhileReading: false,
    error: new BackupError(code, 'for the log'),
  });

describe('the state of a listing that failed', () => {
  it('is offline where nothing answers, and names a certificate or a proxy that is in the way', () => {
    const codes = ['unreachable', 'timeout', 'connection-lost', 'tls-failed', 'proxy-refused'] as const;
    assert.deepEqual(codes.map(stateAfter), ['offline', 'offline', 'offline', 'notTrusted', 'proxyRefused']);
  });

  it('names what is wrong with the credentials', () => {
    const codes = [
      'credentials-rejected',
      'credentials-expired',
      'credentials-missing',
      'source-unusable',
      'command-not-allowed',
    ] as const;
    assert.deepEqual(codes.map(stateAfter), [
      'rejected',
      'expired',
      'keyNotKept',
      'sourceUnusable',
      'commandNotAllowed',
    ]);
  });

  it('has a state of its own for each cause that the user can do something about', () => {
    const codes = [
      'clock-skew',
      'wrong-endpoint',
      'unexpected-reply',
      'account-blocked',
      'service-role-missing',
      'throttled',
      'service-failed',
      'account-changed',
      'secret-storage-failed',
      'internal',
    ] as const;
    assert.deepEqual(codes.map(stateAfter), [
      'clockWrong',
      'unexpectedAnswer',
      'unexpectedAnswer',
      'notActivated',
      'roleMissing',
      'throttled',
      'serviceFailed',
      'accountChanged',
      'keychainLocked',
      'failed',
    ]);
  });
});
