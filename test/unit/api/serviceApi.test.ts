import { strict as assert } from 'node:assert';
import { createServiceApi } from '../../../src/api/serviceApi';
import { BackupError } from '../../../src/core/service/errors';
import type { Connection } from '../../../src/core/service/connection';
import { aScope } from '../../support/builders';
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
    transport: () =>
      Promise.resolve(aReply({ Regions: { Region: [] } }, { 'x-simulator-time-scale': timeScale })),
  });
}

async function scaleAfterCall(endpoint: string, timeScale: string): Promise<number> {
  const api = apiAt(endpoint, timeScale);
  await api.listRegions(at.profileId, at.regionId, neverCancelled);
  return api.timeScale(at);
}

describe('the connection of a call', () => {
  it('is that of the profile and the account of its scope, whatever is asked', async () => {
    const asked: (string | undefined)[] = [];
    const refuse = (_profileId: string, accountId?: string): Connection => {
      asked.push(accountId);
      throw new BackupError('account-changed', 'another account', { fate: 'not-run' });
    };
    const api = createServiceApi({
      connections: { get: refuse },
      clock: createHandClock(),
      log: { write: () => undefined },
      random: () => 0,
      userAgent: 'tests',
      transport: () => assert.fail('nothing is sent'),
    });
    const scope = aScope({ accountId: '1111' });
    const machines = { instanceIds: ['i-1'], clientIds: [] };
    const calls = [
      () => api.listClients(scope, {}, neverCancelled).next(),
      () => api.installClients(scope, ['i-1'], neverCancelled),
      () => api.upgradeClients(scope, machines, neverCancelled),
      () => api.uninstallClients(scope, machines, neverCancelled),
      () => api.getTask(scope, 't-1', neverCancelled),
      () => api.updateClientSettings(scope, 'c-1', { useHttps: true }, neverCancelled),
      () => api.listInstances(scope, {}, neverCancelled).next(),
      () => api.listCloudAssistantStatus(scope, ['i-1'], neverCancelled),
    ];
    for (const call of calls) {
      await assert.rejects(
        call(),
        (error) => error instanceof BackupError && error.code === 'account-changed',
      );
    }
    assert.deepEqual(new Set(asked), new Set(['1111']));
  });
});

describe('the failure of a call', () => {
  it('says whose call it was', async () => {
    const api = createServiceApi({
      connections: {
        get: () => {
          throw new BackupError('credentials-rejected', 'no');
        },
      },
      clock: createHandClock(),
      log: { write: () => undefined },
      random: () => 0,
      userAgent: 'tests',
      transport: () => assert.fail('nothing is sent'),
    });
    await assert.rejects(api.listRegions('p-2', 'r', neverCancelled), { profileId: 'p-2' });
  });
});

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
