import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { AttemptError } from '../../../src/api/attemptError';
import { readReply } from '../../../src/api/readReply';
import { parseReplyJson } from '../../../src/api/replyJson';
import { aRequest } from '../../support/apiBuilders';

function failureOf(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): AttemptError {
  try {
    readReply(aRequest(), { status, text, header: (name) => headers[name] });
  } catch (error) {
    assert.ok(error instanceof AttemptError);
    return error;
  }
  return assert.fail('the reply was taken for a good one');
}

const failed = (status: number, fields: object) => failureOf(status, JSON.stringify(fields));

const good = (fields: object) =>
  readReply(aRequest(), { status: 200, text: JSON.stringify(fields), header: () => undefined });

describe('readReply', () => {
  it('takes every documented way to say that all is well', () => {
    for (const fields of [
      {},
      { Success: true, Code: '200' },
      { Success: 'true', Code: 200 },
      { Code: 'OK' },
      { Code: 'Success' },
      { Code: 'success' },
    ]) {
      assert.equal(good({ ...fields, RequestId: 'R' }).requestId, 'R');
    }
  });

  it('keeps every digit of a number that is too long for a number, and of nothing else', () => {
    const text =
      '{"RequestId":"R","a":9999999999999999,"b":[12345678901234567,-9007199254740993],"c":123456789012345,' +
      '"d":"say \\"9999999999999999\\", 9999999999999999","e":1.1234567890123456}';
    const { body } = readReply(aRequest(), { status: 200, text, header: () => undefined });
    assert.deepEqual(body, {
      RequestId: 'R',
      a: '9999999999999999',
      b: ['12345678901234567', '-9007199254740993'],
      c: 123456789012345,
      d: 'say "9999999999999999", 9999999999999999',
      e: 1.1234567890123456,
    });
  });

  it('reads or refuses the worst reply of the longest size in no time', () => {
    const length = 8 * 1024 * 1024;
    const filled = (unit: string): string => unit.repeat(length / unit.length);
    for (const [name, text, outcome] of [
      ['levels', `{"a":${filled('[')}`, 'unexpected-reply'],
      ['levels of objects', filled('{"a":'), 'unexpected-reply'],
      ['values', `{"a":[${filled('0,')}0]}`, 'unexpected-reply'],
      ['objects', `{"a":[${filled('{},')}0]}`, 'unexpected-reply'],
      ['a string that is cut off', `{"n":1234567890123456,"a":"${filled('\\"')}`, 'unexpected-reply'],
      ['a whole string', `{"n":1234567890123456,"a":"${filled('\\"')}"}`, 'read'],
      ['digits', `{"a":${filled('1')}}`, 'read'],
      ['XML', `<Error><Code>${filled('<Code>')}`, 'unexpected-reply'],
      ['nothing', filled(' '), 'unexpected-reply'],
    ] as const) {
      const started = process.cpuUsage();
      let found = 'read';
      try {
        readReply(aRequest(), { status: 200, text, header: () => undefined });
      } catch (error) {
        assert.ok(error instanceof AttemptError, String(error));
        found = error.code;
      }
      // Of the processor, so that other processes don't count; what isn't linear takes many seconds.
      const tookMs = process.cpuUsage(started).user / 1000;
      assert.ok(tookMs < 1000, `${name}: ${tookMs} ms`);
      assert.equal(found, outcome, name);
    }
  });

  it('takes JSON exactly where JSON.parse does, and every whole number as it is written', () => {
    const number = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        number,
        fc.constantFrom(1.5e300, -0.25, true, null),
        fc.string({ unit: fc.constantFrom('"', '\\', '1234567890123456', ',', '{', 'ä') }),
        fc.array(tie('tree')),
        fc.dictionary(fc.string(), tie('tree')),
      ),
    }));
    const written = (value: unknown): string =>
      typeof value === 'bigint'
        ? String(value)
        : Array.isArray(value)
          ? `[${value.map(written).join(', ')}]`
          : typeof value === 'object' && value !== null
            ? `{${Object.entries(value)
                .map(([name, each]) => `${JSON.stringify(name)} :${written(each)}`)
                .join()}}`
            : JSON.stringify(value);
    const expected = (value: unknown): unknown =>
      typeof value === 'bigint'
        ? /\d{16}/.test(String(value))
          ? String(value)
          : Number(value)
        : Array.isArray(value)
          ? value.map(expected)
          : typeof value === 'object' && value !== null
            ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, expected(each)]))
            : value;
    fc.assert(
      fc.property(tree, fc.nat(), (value, cut) => {
        const json = written(value);
        assert.deepEqual(JSON.stringify(parseReplyJson(json)), JSON.stringify(expected(value)));
        const damaged = json.slice(0, cut % json.length) + json.slice((cut % json.length) + 1);
        let valid = true;
        try {
          JSON.parse(damaged);
        } catch {
          valid = false;
        }
        if (valid) parseReplyJson(damaged);
        else assert.throws(() => parseReplyJson(damaged), SyntaxError);
      }),
    );
  });

  it('takes HTTP 200 with a refusal in it for a refusal', () => {
    for (const fields of [
      { Success: false, Code: 'CloudAssistNotRunningOnInstance' },
      { Success: 'false', Code: 'CloudAssistNotRunningOnInstance' },
      { Code: 'CloudAssistNotRunningOnInstance' },
    ]) {
      const failure = failed(200, { ...fields, Message: 'no', RequestId: 'R' });
      assert.equal(failure.code, 'machine-not-ready');
      assert.equal(failure.fate, 'refused');
      assert.equal(failure.requestId, 'R');
      assert.equal(failure.serviceCode, 'CloudAssistNotRunningOnInstance');
    }
  });

  const codes: readonly (readonly [code: string, status: number, expected: string, fate: string])[] = [
    ['Throttling.User', 400, 'throttled', 'not-run'],
    ['Rejected.Throttling', 503, 'throttled', 'not-run'],
    ['Whatever', 429, 'throttled', 'not-run'],
    ['ServiceUnavailable', 503, 'service-failed', 'ambiguous'],
    ['InternalError.Dispatch', 500, 'service-failed', 'ambiguous'],
    ['SomethingNew', 502, 'service-failed', 'ambiguous'],
    ['SignatureNonceUsed', 400, 'service-failed', 'ambiguous'],
    ['InvalidAccessKeyId.NotFound', 404, 'credentials-rejected', 'not-run'],
    ['InvalidAccessKeyId.Inactive', 400, 'credentials-rejected', 'not-run'],
    ['Forbidden.AccessKeyDisabled', 403, 'credentials-rejected', 'not-run'],
    ['SignatureDoesNotMatch', 400, 'credentials-rejected', 'not-run'],
    ['InvalidSecurityToken.Expired', 400, 'credentials-expired', 'not-run'],
    ['InvalidSecurityToken.MismatchWithAccessKey', 403, 'credentials-expired', 'not-run'],
    ['MissingSecurityToken', 400, 'credentials-expired', 'not-run'],
    ['InvalidTimeStamp.Expired', 400, 'clock-skew', 'not-run'],
    ['IllegalTimestamp', 400, 'clock-skew', 'not-run'],
    ['NoPermission', 403, 'permission-denied', 'refused'],
    ['Forbidden.RAM', 400, 'permission-denied', 'refused'],
    ['Forbidden', 403, 'permission-denied', 'refused'],
    ['Forbedden.NotSupportRAM', 403, 'permission-denied', 'refused'],
    ['Some.AccessDenied.Code', 403, 'permission-denied', 'refused'],
    ['ServiceNotActivated', 403, 'account-blocked', 'refused'],
    ['Forbidden.RiskControl', 403, 'account-blocked', 'refused'],
    ['RoleNotExist', 404, 'service-role-missing', 'refused'],
    ['CrossAccountBackupSlrNotExist', 200, 'service-role-missing', 'refused'],
    ['InvalidApi.NotFound', 404, 'wrong-endpoint', 'refused'],
    ['InvalidProtocol.NeedSsl', 400, 'wrong-endpoint', 'refused'],
    ['TaskNotFound', 404, 'not-found', 'refused'],
    ['InstanceNotExists', 400, 'not-found', 'refused'],
    ['InstanceNotRunning', 400, 'machine-not-ready', 'refused'],
    ['InvalidParameter.Format', 400, 'bad-request', 'refused'],
    ['MissingInstanceIds', 400, 'bad-request', 'refused'],
    ['TaskTypeNotSupported', 500, 'bad-request', 'refused'],
    ['SomethingNew', 400, 'bad-request', 'refused'],
  ];
  for (const [code, status, expected, fate] of codes) {
    it(`knows ${code} with status ${status} as ${expected}, ${fate}`, () => {
      const failure = failed(status, { Code: code, Message: 'm', RequestId: 'R' });
      assert.deepEqual([failure.code, failure.fate, failure.httpStatus], [expected, fate, status]);
    });
  }

  it('knows that the gateway sent a call away by its header, unless the code or the status says more', () => {
    const kindOf = (status: number, code: string, wait = '1500'): unknown => {
      const failure = failureOf(status, JSON.stringify({ Code: code }), { 'x-acs-retry-after': wait });
      return [failure.kind, failure.retryAfterMs];
    };
    assert.deepEqual(kindOf(400, 'Busy'), ['throttled', 1500]);
    assert.deepEqual(kindOf(403, 'Rejected.ByGateway'), ['throttled', 1500]);
    assert.deepEqual(kindOf(400, 'Busy', 'soon'), ['bad-request', undefined]);
    assert.deepEqual(kindOf(403, 'NoPermission'), ['denied', undefined]);
    assert.deepEqual(kindOf(503, 'Busy'), ['server-fault', 1500]);
  });

  it('reads how long to wait as seconds or as a date, by the clock of whoever sent it', () => {
    const date = 'Fri, 02 Jan 2026 03:04:05 GMT';
    const waitOf = (status: number, headers: Readonly<Record<string, string>>) =>
      failureOf(status, '<html>', headers).retryAfterMs;
    for (const status of [429, 502, 503]) assert.equal(waitOf(status, { 'retry-after': '20' }), 20_000);
    assert.equal(waitOf(503, { 'retry-after': 'Fri, 02 Jan 2026 03:04:25 GMT', date }), 20_000);
    assert.equal(waitOf(503, { 'retry-after': 'Fri, 02 Jan 2026 03:00:00 GMT', date }), 0);
    // Milliseconds of the service's gateway are more exact.
    assert.equal(waitOf(503, { 'retry-after': '20', 'x-acs-retry-after': '1500' }), 1500);
    for (const odd of ['', 'soon', '-1', '1.5', 'Thu, 01 Jan 1970 00:00:00 GMT']) {
      assert.equal(waitOf(503, { 'retry-after': odd, date }), undefined, odd);
    }
    assert.equal(waitOf(503, { 'retry-after': 'Fri, 02 Jan 2026 03:04:25 GMT' }), undefined);
  });

  it('knows how older answers say that a token has expired', () => {
    const failure = failed(400, { Code: 'InvalidParameter', Message: 'SecurityToken.Expired: the token' });
    assert.equal(failure.code, 'credentials-expired');
  });

  it('names the missing RAM action, from the answer or from the operation', () => {
    const fields = { Code: 'NoPermission', Message: 'm' };
    assert.equal(failed(403, fields).ramAction, 'hbr:DescribeTask');
    const detail = { AccessDeniedDetail: { AuthAction: 'hbr:SomethingElse' } };
    assert.equal(failed(403, { ...fields, ...detail }).ramAction, 'hbr:SomethingElse');
    assert.equal(failed(404, { Code: 'TaskNotFound' }).ramAction, undefined);
  });

  it('reads lower-case names and XML errors', () => {
    const lower = failed(400, { code: 'Throttling', message: 'slow', requestId: 'R' });
    assert.deepEqual([lower.code, lower.requestId], ['throttled', 'R']);
    const xml = failureOf(
      400,
      '<?xml version="1.0"?>\n<Error><RequestId>R</RequestId><Code>Throttling</Code><Message>a &lt;b&gt;</Message></Error>',
    );
    assert.deepEqual([xml.code, xml.requestId], ['throttled', 'R']);
    assert.match(xml.message, /a <b>/);
  });

  it('keeps the message of the service, but never one that quotes what was signed', () => {
    assert.match(
      failed(400, { Code: 'BadRequest', Message: 'parameter X is odd' }).message,
      /parameter X is odd/,
    );
    const quoting = failed(403, {
      Code: 'SignatureDoesNotMatch',
      Message: 'server string to sign: hush-hush',
    });
    assert.doesNotMatch(JSON.stringify(quoting) + quoting.message + String(quoting.stack), /hush-hush/);
  });

  it('masks a secret of the call in what the service says, however short and in whatever form', () => {
    const said = (secret: string, Message: string): string => {
      const text = JSON.stringify({ Code: 'InvalidParameter', Message });
      try {
        readReply(aRequest({ secret }), { status: 400, text, header: () => undefined });
      } catch (error) {
        assert.ok(error instanceof AttemptError);
        return error.message;
      }
      return assert.fail('the reply was taken for a good one');
    };
    assert.match(said('s3c!', 'ProxyPassword s3c! is weak'), /: ProxyPassword \*{6} is weak, HTTP 400/);
    assert.match(said('a b&', 'form a+b%26, query a%20b%26'), /: form \*{6}, query \*{6}, HTTP 400/);
    assert.match(said('7', 'at 17:07'), /: at 1\*{6}:0\*{6}, HTTP 400/);
    // Masked before it is cut, so that no half of it stays.
    assert.doesNotMatch(said('two words', `${'x '.repeat(247)}two words`), /two/);
  });

  it('cuts a long message between words, so that nothing stays of a secret in it', () => {
    const { message } = failed(400, {
      Code: 'InvalidParameter',
      Message: `Not valid: ${'x'.repeat(600)} end`,
    });
    assert.match(message, /InvalidParameter: Not valid: …/);
  });

  it('names the status in words when the reply cannot be read', () => {
    const cases: readonly (readonly [number, string, string, RegExp])[] = [
      [502, '<html>Bad Gateway</html>', 'service-failed', /a web page or XML.*HTTP 502 Bad Gateway/],
      [200, '<html>Please sign in</html>', 'unexpected-reply', /a web page or XML.*HTTP 200 OK/],
      [200, '', 'unexpected-reply', /is empty, HTTP 200 OK/],
      [503, '', 'service-failed', /is empty, HTTP 503 Service Unavailable/],
      [200, '{"Clients":[{"Cl', 'unexpected-reply', /cut off or damaged, HTTP 200 OK/],
      [200, '[]', 'unexpected-reply', /not a JSON object, HTTP 200 OK/],
      [429, 'slow down', 'throttled', /HTTP 429 Too Many Requests/],
    ];
    for (const [status, text, code, words] of cases) {
      const failure = failureOf(status, text);
      assert.equal(failure.code, code);
      assert.match(failure.message, words);
    }
  });

  it('refuses a redirect', () => {
    const failure = failureOf(302, '', { location: 'https://elsewhere.example/' });
    assert.deepEqual([failure.code, failure.fate], ['wrong-endpoint', 'refused']);
    assert.match(failure.message, /redirect.*HTTP 302 Found/);
  });

  it('reads how long to wait, whole milliseconds or nothing', () => {
    const throttled = (retryAfter: string) =>
      failureOf(400, '{"Code":"Throttling"}', { 'x-acs-retry-after': retryAfter }).retryAfterMs;
    assert.equal(throttled('1500'), 1500);
    assert.equal(throttled(' 0 '), 0);
    for (const odd of ['', '-5', '1.5', 'soon', '99999999999']) assert.equal(throttled(odd), undefined);
  });

  it('falls back to the header for the request id', () => {
    assert.equal(failureOf(502, '', { 'x-acs-request-id': 'H' }).requestId, 'H');
  });
});
