import { strict as assert } from 'node:assert';
import type { ApiRequest, Send } from '../../../src/api/pipeline';
import { readReply } from '../../../src/api/readReply';
import { createStsApi } from '../../../src/api/sts';
import { isCancelled } from '../../../src/core/service/errors';
import { neverCancelled } from '../../support/apiBuilders';
import { createHandClock } from '../../support/handClock';

const startMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const endpoint = 'https://sts.cn-hangzhou.aliyuncs.com';
const key = { accessKeyId: 'example-id', accessKeySecret: 'example-secret' };
const role = {
  roleArn: 'acs:ram::1234567890123456:role/backup',
  sessionName: 'backup-clients',
  externalId: 'partner/7',
  durationSeconds: 1800,
  policy: '{"Version":"1","Statement":[]}',
};
const oidc = {
  ...role,
  oidcProviderArn: 'acs:ram::1234567890123456:oidc-provider/cluster',
  oidcToken: 'head.body.signature',
};
const credentials = {
  AccessKeyId: 'STS.example',
  AccessKeySecret: 'temporary-secret',
  SecurityToken: 'temporary-token',
  Expiration: '2026-01-02T03:34:05Z',
};

/** STS that answers each call with this; keeps the requests and the log. */
function stsAnswering(answer: object, status = 200, date = new Date(startMs).toUTCString()) {
  const sent: ApiRequest[] = [];
  const logged: string[] = [];
  const transport: Send = (request) => {
    sent.push(request);
    const header = (name: string): string | undefined => (name === 'date' ? date : undefined);
    return Promise.resolve().then(() =>
      readReply(request, { status, header, text: JSON.stringify({ RequestId: 'R-1', ...answer }) }),
    );
  };
  const api = createStsApi({
    clock: createHandClock(startMs),
    log: { write: (level, message, error) => logged.push(`${level} ${message} ${String(error)}`) },
    random: () => 0,
    userAgent: 'tests',
    transport,
  });
  return { api, sent, logged };
}

describe('AssumeRole', () => {
  it('is signed with the key given, and sends the role in the form', async () => {
    const { api, sent, logged } = stsAnswering({ Credentials: credentials });
    assert.deepEqual(await api.assumeRole(endpoint, key, role, neverCancelled), {
      key: {
        accessKeyId: 'STS.example',
        accessKeySecret: 'temporary-secret',
        securityToken: 'temporary-token',
      },
      expiresAtMs: Date.UTC(2026, 0, 2, 3, 34, 5),
    });
    const [request] = sent;
    assert.ok(request);
    assert.deepEqual(request.query, []);
    assert.deepEqual(
      [...new URLSearchParams(request.body)],
      [
        ['RoleArn', role.roleArn],
        ['RoleSessionName', role.sessionName],
        ['DurationSeconds', '1800'],
        ['Policy', role.policy],
        ['ExternalId', 'partner/7'],
      ],
    );
    assert.match(request.headers['authorization'] ?? '', /Credential=example-id,/);
    assert.equal(request.headers['x-acs-action'], 'AssumeRole');
    assert.equal(request.headers['x-acs-version'], '2015-04-01');
    for (const secret of ['temporary', 'example-secret', 'partner']) {
      assert.ok(!logged.join('\n').includes(secret), secret);
    }
  });

  it('leaves out the external id and the policy that there are none of', async () => {
    const { api, sent } = stsAnswering({ Credentials: credentials });
    const { roleArn, sessionName, durationSeconds } = role;
    await api.assumeRole(endpoint, key, { roleArn, sessionName, durationSeconds }, neverCancelled);
    assert.doesNotMatch(sent[0]?.body ?? '', /ExternalId|Policy/);
  });

  it('tells the end of the key by the clock of this computer', async () => {
    const date = new Date(startMs - 2 * 3600_000).toUTCString();
    const Expiration = '2026-01-02T01:34:05Z';
    const { api } = stsAnswering({ Credentials: { ...credentials, Expiration } }, 200, date);
    const { expiresAtMs } = await api.assumeRole(endpoint, key, role, neverCancelled);
    assert.equal(expiresAtMs, startMs + 30 * 60_000);
  });

  it('takes no answer in which anything is missing or odd, and quotes none', async () => {
    const answers: [string, object][] = [
      ['Credentials', {}],
      ['Credentials', { Credentials: 'temporary-secret' }],
      ...Object.keys(credentials).map((name): [string, object] => [
        `Credentials.${name}`,
        { Credentials: { ...credentials, [name]: '' } },
      ]),
      ...['soon', '2026-01-02 03:34:05', '2026-01-02T03:34:05+08:00', '2026-13-02T03:34:05Z', 7].map(
        (Expiration): [string, object] => [
          'Credentials.Expiration',
          { Credentials: { ...credentials, Expiration } },
        ],
      ),
    ];
    for (const [field, answer] of answers) {
      const { api, logged } = stsAnswering(answer);
      await assert.rejects(api.assumeRole(endpoint, key, role, neverCancelled), {
        code: 'unexpected-reply',
        message: `field missing in the reply: ${field}, request: R-1`,
      });
      assert.ok(!logged.join('\n').includes('temporary'));
    }
  });

  it('names the missing permission', async () => {
    const { api } = stsAnswering({ Code: 'NoPermission', Message: 'You are not authorized.' }, 403);
    await assert.rejects(api.assumeRole(endpoint, key, role, neverCancelled), {
      ...{ code: 'permission-denied', ramAction: 'sts:AssumeRole', requestId: 'R-1', httpStatus: 403 },
    });
  });

  it('is not repeated when the key is refused: there is no other one', async () => {
    const { api, sent } = stsAnswering({ Code: 'InvalidAccessKeyId.NotFound' }, 404);
    await assert.rejects(api.assumeRole(endpoint, key, role, neverCancelled), {
      code: 'credentials-rejected',
    });
    assert.equal(sent.length, 1);
  });

  it('can be cancelled', async () => {
    const { api, sent } = stsAnswering({ Credentials: credentials });
    await assert.rejects(api.assumeRole(endpoint, key, role, { signal: AbortSignal.abort() }), isCancelled);
    assert.equal(sent.length, 0);
  });
});

describe('AssumeRoleWithOIDC', () => {
  it('is not signed, and sends the token in the form alone', async () => {
    const { api, sent, logged } = stsAnswering({ Credentials: credentials });
    const { key: given } = await api.assumeRoleWithOidc(endpoint, oidc, neverCancelled);
    assert.equal(given.accessKeyId, 'STS.example');
    const [request] = sent;
    assert.ok(request);
    assert.deepEqual(request.query, [
      ['Action', 'AssumeRoleWithOIDC'],
      ['Version', '2015-04-01'],
      ['Format', 'JSON'],
      ['Timestamp', '2026-01-02T03:04:05Z'],
    ]);
    assert.deepEqual(Object.keys(request.headers).sort(), ['content-type', 'host']);
    const form = new URLSearchParams(request.body);
    assert.equal(form.get('OIDCToken'), oidc.oidcToken);
    assert.equal(form.get('OIDCProviderArn'), oidc.oidcProviderArn);
    assert.ok(!form.has('ExternalId'));
    assert.ok(!logged.join('\n').includes(oidc.oidcToken));
  });

  it('tells an expired token, a wrong one and a role that trusts nobody apart', async () => {
    for (const [serviceCode, code] of [
      ['AuthenticationFail.OIDCToken.Expired', 'credentials-expired'],
      ['AuthenticationFail.OIDCToken.Invalid', 'credentials-rejected'],
      ['AuthenticationFail.NoPermission', 'permission-denied'],
    ]) {
      const { api, sent } = stsAnswering({ Code: serviceCode, Message: 'No.' }, 401);
      await assert.rejects(api.assumeRoleWithOidc(endpoint, oidc, neverCancelled), { serviceCode, code });
      assert.equal(sent.length, 1);
    }
  });

  it('quotes no message that quotes the token', async () => {
    const Message = `Parameter OIDCToken ${oidc.oidcToken} is not valid`;
    const { api, logged } = stsAnswering({ Code: 'InvalidParameter.OIDCToken', Message }, 400);
    await assert.rejects(
      api.assumeRoleWithOidc(endpoint, oidc, neverCancelled),
      (error: unknown) => error instanceof Error && !error.message.includes(oidc.oidcToken),
    );
    assert.ok(!logged.join('\n').includes(oidc.oidcToken));
    const harmless = stsAnswering({ Code: 'InvalidParameter.RoleArn', Message: 'RoleArn is wrong' }, 400);
    await assert.rejects(harmless.api.assumeRoleWithOidc(endpoint, oidc, neverCancelled), /RoleArn is wrong/);
  });
});
