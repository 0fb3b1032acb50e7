import { strict as assert } from 'node:assert';
import { decodeSessionAnswer, timedKeyOf } from '../../../src/credentials/sessionKey';
import { fakeKeyDeps } from '../../support/keyDeps';

const key = { accessKeyId: 'STS.1', accessKeySecret: 'the secret', securityToken: 'the token' };

describe('the end of a key from outside', () => {
  it('is in UTC where it names no zone, on a computer in whatever zone', () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Asia/Shanghai';
    try {
      const parts = fakeKeyDeps();
      const expiresAtMs = Date.UTC(2026, 0, 2, 4);
      assert.deepEqual(timedKeyOf(key, '2026-01-02T04:00:00', parts), { key, expiresAtMs });
      const {
        accessKeyId: AccessKeyId,
        accessKeySecret: AccessKeySecret,
        securityToken: SecurityToken,
      } = key;
      const answer = { AccessKeyId, AccessKeySecret, SecurityToken, Expiration: '2026-01-02 04:00:00' };
      assert.deepEqual(decodeSessionAnswer(JSON.stringify(answer), parts), { key, expiresAtMs });
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it('is by the clock of the service, where that is another than ours', () => {
    const parts = fakeKeyDeps();
    parts.offset.ms = -2 * 3_600_000;
    assert.deepEqual(timedKeyOf(key, '2026-01-02T04:00:00Z', parts), {
      key,
      expiresAtMs: Date.UTC(2026, 0, 2, 6),
    });
  });

  it('is not known where it cannot be read', () => {
    for (const expiration of ['tomorrow', '', 1767326400, undefined]) {
      assert.deepEqual(timedKeyOf(key, expiration, fakeKeyDeps()), { key });
    }
  });
});
