import { strict as assert } from 'node:assert';
import type { MetadataService } from '../../../simulator/main';
import { ask, exchange, json, simulators, type Answer, type CallKey } from './caller';

const rolesPath = '/latest/meta-data/ram/security-credentials/';

const get = (service: MetadataService, path: string, token?: string): Promise<Answer> =>
  exchange(
    service,
    {
      method: 'GET',
      path,
      headers: token === undefined ? {} : { 'x-aliyun-ecs-metadata-token': token },
    },
    '',
  );

const put = (service: MetadataService, seconds: string): Promise<Answer> =>
  exchange(
    service,
    {
      method: 'PUT',
      path: '/latest/api/token',
      headers: { 'x-aliyun-ecs-metadata-token-ttl-seconds': seconds },
    },
    '',
  );

function keyIn(answer: Answer): CallKey {
  const from = json(answer);
  assert.equal(from['Code'], 'Success');
  return {
    accessKeyId: String(from['AccessKeyId']),
    accessKeySecret: String(from['AccessKeySecret']),
    securityToken: String(from['SecurityToken']),
  };
}

describe('the metadata service of the simulator', () => {
  const start = simulators();

  it('names the role of the instance and gives keys that the services take', async () => {
    const running = await start();
    const service = await running.simulator.serveMetadata();
    const token = (await put(service, '60')).text;
    assert.equal((await get(service, rolesPath, token)).text, 'instance-operator');
    const answer = await get(service, `${rolesPath}instance-operator`, token);
    assert.equal(json(answer)['Expiration'], '2026-01-02T09:04:05Z');
    const identity = await ask(running, 'GetCallerIdentity', {}, { key: keyIn(answer) });
    assert.match(JSON.stringify(identity), /assumed-role\/instance-operator\/i-simulated/);
    assert.equal((await get(service, `${rolesPath}another`, token)).status, 404);
    assert.deepEqual(service.requests(), [
      'PUT /latest/api/token',
      `GET ${rolesPath}`,
      `GET ${rolesPath}instance-operator`,
      `GET ${rolesPath}another`,
    ]);
  });

  it('takes tokens while they last, and answers without one unless it is hardened', async () => {
    const running = await start();
    const open = await running.simulator.serveMetadata();
    const hardened = await running.simulator.serveMetadata({ tokenless: false });
    assert.equal((await get(open, rolesPath)).status, 200);
    assert.equal((await get(hardened, rolesPath)).status, 403);
    assert.equal((await get(open, rolesPath, 'made-up')).status, 403);
    const token = (await put(hardened, '60')).text;
    running.time.move(59);
    assert.equal((await get(hardened, rolesPath, token)).status, 200);
    running.time.move(1);
    assert.equal((await get(hardened, rolesPath, token)).status, 403);
    for (const seconds of ['0', '21601', 'soon']) assert.equal((await put(open, seconds)).status, 400);
  });

  it('gives the same key until half an hour before its end, or until it no longer works', async () => {
    const running = await start();
    const service = await running.simulator.serveMetadata();
    const key = async (): Promise<string> =>
      keyIn(await exchange({ endpoint: service.endpoint }, { path: '/credentials-uri' }, '')).accessKeyId;
    const first = await key();
    running.time.move(5.5 * 3600 - 1);
    assert.equal(await key(), first);
    running.time.move(1);
    const second = await key();
    assert.notEqual(second, first);
    running.simulator.revokeKey(second);
    const third = await key();
    assert.notEqual(third, second);
    running.simulator.expireKeys(third);
    assert.notEqual(await key(), third);
    assert.equal(service.credentialsUri, `${service.endpoint}/credentials-uri`);
  });
});
