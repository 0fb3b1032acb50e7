import { strict as assert } from 'node:assert';
import { createServiceApi } from '../../../src/api/serviceApi';
import type { Connection } from '../../../src/core/ports';
import { aReply, neverCancelled } from '../../support/apiBuilders';
import { createHandClock } from '../../support/handClock';

const at = { profileId: 'p', regionId: 'r' };

function apiAt(endpoint: string, timeScale: string) {
  const connection: Connection = {
    profileId: 'p',
    demo: false,
    endpoints: () => ({ hbr: endpoint, ecs: endpoint, sts: endpoint }),
    accessKey: () => Promise.resolve({ accessKeyId: 'example-id', accessKeySecret: 'example-secret' }),
  };
  return createServiceApi({
    connections: { get: () => connection },
    clock: createHandClock(),
    log: { write: () => undefined },
    random: () => 0,
    userAgent: 'tests',
    transport: () => Promise.resolve(aReply({ AccountId: '1' }, { 'x-simulator-time-scale': timeScale })),
  });
}

async function scaleAfterCall(endpoint: string, timeScale: string): Promise<number> {
  const api = apiAt(endpoint, timeScale);
  await api.getCallerIdentity(at.profileId, at.regionId, neverCancelled);
  return api.timeScale(at);
}

describe('the time scale', () => {
  it('is taken from loopback hosts', async () => {
    assert.equal(await scaleAfterCall('http://127.0.0.1:8080', '60'), 60);
    assert.equal(await scaleAfterCall('http://[::1]:8080', '2.5'), 2.5);
  });

  it('is ignored from any other host', async () => {
    for (const host of [
      'https://hbr.cn-hangzhou.aliyuncs.com',
      'https://127.0.0.1.example.com',
      'https://10.0.0.1',
    ]) {
      assert.equal(await scaleAfterCall(host, '60'), 1);
    }
  });

  it('is ignored when it makes no sense', async () => {
    for (const odd of ['', '0', '0.5', '-3', 'fast', 'Infinity', '1e9']) {
      assert.equal(await scaleAfterCall('http://127.0.0.1:8080', odd), 1, odd);
    }
  });
});
