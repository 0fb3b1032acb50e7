import { strict as assert } from 'node:assert';
import { metadataKey } from '../../../src/credentials/metadataService';
import { fakeKeyDeps, patient, sentenceOf } from '../../support/keyDeps';

const host = 'http://100.100.100.200';
const roles = `${host}/latest/meta-data/ram/security-credentials/`;
const session = JSON.stringify({
  Code: 'Success',
  AccessKeyId: 'STS.ecs',
  AccessKeySecret: 'secret of ecs',
  SecurityToken: 'token of ecs',
  Expiration: '2026-01-02T09:00:00Z',
});
const key = {
  key: { accessKeyId: 'STS.ecs', accessKeySecret: 'secret of ecs', securityToken: 'token of ecs' },
  expiresAtMs: Date.UTC(2026, 0, 2, 9),
};

describe('the ECS metadata service', () => {
  let parts: ReturnType<typeof fakeKeyDeps>;
  beforeEach(() => {
    parts = fakeKeyDeps();
  });
  const reply = (request: string, body: string, status = 200) =>
    parts.http.replies.set(request, { status, body });
  const asked = () =>
    parts.http.asked.map(({ method, url, headers }) => [
      method,
      url.slice(host.length),
      headers?.['x-aliyun-ecs-metadata-token'] ?? '',
    ]);

  it('gives the key of the role, with a token it gave before', async () => {
    reply(`PUT ${host}/latest/api/token`, 'the pass\n');
    reply(`GET ${roles}backup-role`, session);
    assert.deepEqual(await metadataKey('backup-role', parts, patient), key);
    assert.deepEqual(asked(), [
      ['PUT', '/latest/api/token', ''],
      ['GET', '/latest/meta-data/ram/security-credentials/backup-role', 'the pass'],
    ]);
    assert.ok(parts.http.asked.every(({ direct }) => direct));
    assert.equal(parts.http.asked[0]?.headers?.['x-aliyun-ecs-metadata-token-ttl-seconds'], '21600');
    assert.deepEqual([...parts.hidden], ['the pass', 'secret of ecs', 'token of ecs']);
  });

  it('is asked for the name of the role where none is given', async () => {
    reply(`PUT ${host}/latest/api/token`, 'the pass');
    reply(`GET ${roles}`, 'role/one\n');
    reply(`GET ${roles}role%2Fone`, session);
    assert.deepEqual(await metadataKey(undefined, parts, patient), key);
    reply(`GET ${roles}`, '');
    assert.match(await sentenceOf(metadataKey(undefined, parts, patient)), /has no RAM role\. Attach one/);
  });

  it('is asked without a token where it gives none, or refuses the one it gave', async () => {
    reply(`GET ${roles}r`, session);
    assert.deepEqual(await metadataKey('r', parts, patient), key);
    assert.deepEqual(asked().at(-1), ['GET', '/latest/meta-data/ram/security-credentials/r', '']);
  });

  it('is never asked without a token where the environment forbids it', async () => {
    parts.env['ALIBABA_CLOUD_IMDSV1_DISABLED'] = 'true';
    reply(`GET ${roles}r`, session);
    assert.match(
      await sentenceOf(metadataKey('r', parts, patient)),
      /ALIBABA_CLOUD_IMDSV1_DISABLED requires one/,
    );
    reply(`PUT ${host}/latest/api/token`, 'the pass');
    reply(`GET ${roles}r`, 'no', 403);
    assert.match(await sentenceOf(metadataKey('r', parts, patient)), /returned status 403/);
    assert.equal(asked().filter(([method, , token]) => method === 'GET' && token === '').length, 0);
  });

  it('waits one second at most for each answer, and says that it exists on ECS only', async () => {
    assert.match(
      await sentenceOf(metadataKey('r', parts, patient)),
      /isn't available\. It exists only on ECS instances/,
    );
    assert.deepEqual(
      parts.http.asked.map(({ timeoutMs }) => timeoutMs),
      [1000, 1000],
    );
  });

  it('says that a role is not attached, or gave no key', async () => {
    reply(`GET ${roles}r`, '', 404);
    assert.match(
      await sentenceOf(metadataKey('r', parts, patient)),
      /doesn't have that RAM role\. Attach the role/,
    );
    for (const body of [
      '',
      'x',
      '{"Code":"Failed","AccessKeySecret":"tell me"}',
      session.replace('STS.ecs', ''),
    ]) {
      reply(`GET ${roles}r`, body);
      assert.match(
        await sentenceOf(metadataKey('r', parts, patient)),
        /didn't return credentials for the RAM role “r”/,
      );
    }
    assert.equal(parts.hidden.has('tell me'), true);
  });

  it('is left alone where the environment switches it off', async () => {
    parts.env['ALIBABA_CLOUD_ECS_METADATA_DISABLED'] = 'TRUE';
    assert.match(await sentenceOf(metadataKey('r', parts, patient)), /ALIBABA_CLOUD_ECS_METADATA_DISABLED/);
    assert.deepEqual(parts.http.asked, []);
  });
});
