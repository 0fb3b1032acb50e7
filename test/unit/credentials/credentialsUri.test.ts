import { strict as assert } from 'node:assert';
import { credentialsUriKey } from '../../../src/credentials/credentialsUri';
import { fakeKeyDeps, patient, sentenceOf } from '../../support/keyDeps';

describe('a credentials URI', () => {
  let parts: ReturnType<typeof fakeKeyDeps>;
  beforeEach(() => {
    parts = fakeKeyDeps();
  });
  const session = {
    Code: 'Success',
    AccessKeyId: 'STS.uri',
    AccessKeySecret: 'secret of uri',
    SecurityToken: 'token of uri',
    Expiration: '2026-01-02T04:04:05Z',
  };
  const ask = async (uri: string, body: unknown = session, status = 200) => {
    parts.http.replies.set(`GET ${uri}`, {
      status,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return await credentialsUriKey(uri, parts, patient);
  };

  it('answers with a temporary key over https, or over http on this computer', async () => {
    for (const uri of [
      'https://keys.example.com/a?b=c',
      'http://localhost:7001/key',
      'http://127.0.0.1/',
      'http://[::1]/',
    ]) {
      assert.deepEqual(await ask(uri), {
        key: { accessKeyId: 'STS.uri', accessKeySecret: 'secret of uri', securityToken: 'token of uri' },
        expiresAtMs: Date.UTC(2026, 0, 2, 4, 4, 5),
      });
    }
    assert.deepEqual([...parts.hidden], ['secret of uri', 'token of uri']);
  });

  it('is never asked over http elsewhere, nor when it is no address', async () => {
    for (const uri of [
      'http://keys.example.com/',
      'http://localhost.example.com/',
      'file:///etc/passwd',
      'ftp://x/',
    ]) {
      assert.match(await sentenceOf(ask(uri)), /neither https nor on this computer/);
    }
    assert.match(await sentenceOf(ask('keys')), /isn't an address/);
    assert.deepEqual(parts.http.asked, []);
  });

  it('says what came instead of a key: the host, and nothing else of the address or the answer', async () => {
    const uri = 'https://keys.example.com:8443/SECRET?token=SECRET';
    assert.equal(
      await sentenceOf(ask(uri, 'SECRET', 500)),
      'The credentials URI at keys.example.com:8443 returned status 500. Check the service behind it.',
    );
    for (const body of ['SECRET', [], { ...session, Code: 'Fail' }, { ...session, SecurityToken: '' }]) {
      assert.equal(
        await sentenceOf(ask(uri, body)),
        "The credentials URI at keys.example.com:8443 didn't return credentials. Check the service behind it.",
      );
    }
  });

  it('may leave out the code and the end', async () => {
    const bare = { ...session, Code: undefined, Expiration: undefined };
    assert.equal('expiresAtMs' in (await ask('https://keys.example.com/', bare)), false);
  });

  it('is left alone where the environment forbids it', async () => {
    parts.env['ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS'] = '1';
    assert.match(
      await sentenceOf(ask('https://keys.example.com/')),
      /ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS blocks/,
    );
    assert.deepEqual(parts.http.asked, []);
  });
});
