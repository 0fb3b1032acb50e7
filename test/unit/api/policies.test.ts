import { strict as assert } from 'node:assert';
import { AttemptError } from '../../../src/api/attemptError';
import { fates, type FailureKind } from '../../../src/api/fates';
import { pipeline, type ApiReply, type ApiRequest, type Send } from '../../../src/api/pipeline';
import { clockSkew } from '../../../src/api/policies/clockSkew';
import { log } from '../../../src/api/policies/log';
import { measureClock } from '../../../src/api/policies/measureClock';
import { retry } from '../../../src/api/policies/retry';
import { sign } from '../../../src/api/policies/sign';
import { timeout } from '../../../src/api/policies/timeout';
import { createServiceClocks } from '../../../src/api/serviceClocks';
import { CancelledError } from '../../../src/core/kernel/cancelled';
import { BackupError, isCancelled } from '../../../src/core/service/errors';
import { createHandClock, createInstantClock, type HandClock } from '../../support/handClock';
import { aReply, aRequest, neverCancelled } from '../../support/apiBuilders';

const read = aRequest({ kind: 'read' });
const write = aRequest({ kind: 'write' });

/** A sender that fails with each of these in turn, then succeeds; keeps what it was sent. */
function failing(...failures: readonly Error[]): { readonly send: Send; readonly sent: ApiRequest[] } {
  const sent: ApiRequest[] = [];
  const send: Send = (request) => {
    const failure = failures[sent.length];
    sent.push(request);
    return failure ? Promise.reject(failure) : Promise.resolve(aReply());
  };
  return { send, sent };
}

const failure = (kind: FailureKind, details: { retryAfterMs?: number; serverTimeMs?: number } = {}) =>
  new AttemptError(kind, kind, details);

async function attempts(request: ApiRequest, kind: FailureKind): Promise<number> {
  const { send, sent } = failing(...Array.from({ length: 9 }, () => failure(kind)));
  const call = retry(createInstantClock(), () => 0.5)(send)(request, neverCancelled);
  await assert.rejects(
    call,
    (error: unknown) => error instanceof BackupError && error.fate === fates[kind].fate,
  );
  return sent.length;
}

describe('the table of fates', () => {
  it('repeats a write only after a failure that proves it did not run', () => {
    for (const [kind, { fate, readAttempts, writeAttempts }] of Object.entries(fates)) {
      if (fate !== 'not-run') assert.equal(writeAttempts, 1, kind);
      assert.ok(writeAttempts <= readAttempts && readAttempts <= 4, kind);
    }
  });
});

describe('retry', () => {
  // The contract tests bring each failure about at the simulator and count the requests that arrive.
  it('tries a call as often as the row of its failure says', async () => {
    for (const kind of Object.keys(fates).filter((name): name is FailureKind => name in fates)) {
      const { readAttempts, writeAttempts } = fates[kind];
      assert.deepEqual(
        [await attempts(read, kind), await attempts(write, kind)],
        [readAttempts, writeAttempts],
        kind,
      );
    }
  });

  it('waits what the service asks for, before anything else, but no longer than a minute', async () => {
    const { send, sent } = failing(
      failure('throttled', { retryAfterMs: 1234 }),
      failure('throttled', { retryAfterMs: 999_999 }),
    );
    const clock = createHandClock();
    const call = retry(clock, () => 0.5)(send)(read, neverCancelled);
    await clock.advance(1233);
    assert.equal(sent.length, 1);
    await clock.advance(1);
    assert.equal(sent.length, 2);
    await clock.advance(59_999);
    assert.equal(sent.length, 2);
    await clock.advance(1);
    assert.equal((await call).status, 200);
  });

  it('else waits a random part of a doubling time', async () => {
    const { send, sent } = failing(failure('throttled'), failure('throttled'), failure('throttled'));
    await retry(createInstantClock(), () => 0.5)(send)(read, neverCancelled);
    const waits = sent.map(({ headers }) => headers['x-acs-retry-delay']);
    assert.deepEqual(waits, [undefined, '250', '500', '1000']);
    assert.equal(sent[3]?.headers['x-acs-retry-attempts'], '3');
  });

  it('ends at once when it is cancelled while it waits', async () => {
    const { send, sent } = failing(failure('throttled', { retryAfterMs: 60_000 }));
    const clock = createHandClock();
    const controller = new AbortController();
    const call = retry(clock, () => 0)(send)(read, { signal: controller.signal });
    const cancelled = assert.rejects(call, isCancelled);
    await clock.advance(10);
    controller.abort();
    await cancelled;
    assert.equal(sent.length, 1);
  });

  it('lets an error through that is not about the call', async () => {
    const { send, sent } = failing(new Error('a bug'));
    await assert.rejects(retry(createInstantClock(), () => 0)(send)(read, neverCancelled), /a bug/);
    assert.equal(sent.length, 1);
  });
});

describe('retry around sign', () => {
  it('gives every attempt a time, a nonce and a signature of its own', async () => {
    const { send, sent } = failing(failure('throttled', { retryAfterMs: 5000 }));
    const clock = createInstantClock(Date.UTC(2026, 0, 2, 3, 4, 5));
    let nonce = 0;
    await pipeline([retry(clock, () => 0), sign(clock, () => `nonce-${++nonce}`)], send)(
      write,
      neverCancelled,
    );
    const of = (name: string) => sent.map(({ headers }) => headers[name]);
    assert.deepEqual(of('x-acs-date'), ['2026-01-02T03:04:05Z', '2026-01-02T03:04:10Z']);
    assert.deepEqual(of('x-acs-signature-nonce'), ['nonce-1', 'nonce-2']);
    assert.equal(new Set(of('authorization')).size, 2);
    assert.match(of('authorization')[1] ?? '', /x-acs-retry-attempts;x-acs-retry-delay/);
  });

  it('says that a call without a key did not run', async () => {
    const { send, sent } = failing();
    const request = aRequest({
      accessKey: () => Promise.reject(new BackupError('credentials-missing', 'no key')),
    });
    await assert.rejects(sign(createHandClock(), () => 'n')(send)(request, neverCancelled), {
      code: 'credentials-missing',
      fate: 'not-run',
    });
    assert.equal(sent.length, 0);
  });
});

describe('measureClock', () => {
  const start = Date.UTC(2026, 0, 2, 3, 4, 5);

  /** The offset after a reply with this date, where this happened to the clock on its way. */
  async function offsetAfter(
    dateMs: number,
    onTheWay: (clock: HandClock) => Promise<void> | void,
  ): Promise<number | undefined> {
    const clock = createHandClock(start);
    const clocks = createServiceClocks(createHandClock());
    const send: Send = async () => {
      await onTheWay(clock);
      return aReply({}, { date: new Date(dateMs).toUTCString() });
    };
    await measureClock(clock, clocks)(send)(read, neverCancelled);
    return clocks.offsetMs(read.endpoint);
  }

  it('takes the date of a good reply as that of the half-way moment', async () => {
    assert.equal(await offsetAfter(start + 600_000, (clock) => clock.advance(2000)), 599_000);
  });

  it('learns nothing from a reply during which the clock was set or the computer slept', async () => {
    assert.equal(await offsetAfter(start, (clock) => clock.suspend(3_600_000)), undefined);
  });

  it('learns nothing from a refusal that gives no usable date', async () => {
    const clocks = createServiceClocks(createHandClock());
    const { send } = failing(failure('denied'));
    await assert.rejects(measureClock(createHandClock(start), clocks)(send)(read, neverCancelled));
    assert.equal(clocks.offsetMs(read.endpoint), undefined);
  });
});

describe('clockSkew', () => {
  const start = Date.UTC(2026, 0, 2, 3, 4, 5);
  const late = failure('time-rejected', { serverTimeMs: start + 20 * 60_000 });
  const corrected = (send: Send): Send => {
    const clocks = createServiceClocks(createHandClock());
    return pipeline([clockSkew(clocks), measureClock(createHandClock(start), clocks)], send);
  };

  it('takes the time of the service and tries once more, a write too', async () => {
    const { send, sent } = failing(late);
    await corrected(send)(write, neverCancelled);
    assert.deepEqual(
      sent.map(({ timeOffsetMs }) => timeOffsetMs),
      [0, 20 * 60_000],
    );
  });

  it('remembers the difference for this endpoint and for no other', async () => {
    const { send, sent } = failing(late);
    const both = corrected(send);
    await both(read, neverCancelled);
    await both(read, neverCancelled);
    await both(aRequest({ endpoint: 'https://sts.aliyuncs.com' }), neverCancelled);
    assert.deepEqual(
      sent.map(({ timeOffsetMs }) => timeOffsetMs),
      [0, 20 * 60_000, 20 * 60_000, 0],
    );
  });

  it("signs with this computer's time until the service refuses it, whatever its replies say", async () => {
    const sent: number[] = [];
    const send = corrected(({ timeOffsetMs }) => {
      sent.push(timeOffsetMs);
      return Promise.resolve(aReply({}, { date: new Date(start + 3_600_000).toUTCString() }));
    });
    await send(read, neverCancelled);
    await send(read, neverCancelled);
    assert.deepEqual(sent, [0, 0]);
  });

  it('gives up after one correction and says how far the clocks are apart', async () => {
    const { send, sent } = failing(late, late);
    await assert.rejects(corrected(send)(read, neverCancelled), {
      code: 'clock-skew',
      fate: 'not-run',
      message: /differs from the service's by 20 min/,
    });
    assert.equal(sent.length, 2);
  });

  it('says so where the service gives no time to correct by, and corrects with the next one it gives', async () => {
    const { send, sent } = failing(failure('time-rejected'), late);
    const both = corrected(send);
    await assert.rejects(both(read, neverCancelled), { code: 'clock-skew', message: /no usable date/ });
    assert.equal(sent.length, 1);
    await both(read, neverCancelled);
    assert.deepEqual(
      sent.map(({ timeOffsetMs }) => timeOffsetMs),
      [0, 0, 20 * 60_000],
    );
  });
});

/** Never answers; ends as a cancel when its signal aborts. */
const silent =
  (fate?: 'not-run'): Send =>
  (_, { signal }) =>
    new Promise<ApiReply>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new CancelledError(fate));
      });
    });

describe('timeout', () => {
  it('ends an attempt at its deadline, as ambiguous', async () => {
    const clock = createHandClock();
    const call = timeout(clock, 30_000)(silent())(write, neverCancelled);
    const failed = assert.rejects(call, { code: 'timeout', fate: 'ambiguous', message: /within 30 s/ });
    await clock.advance(30_000);
    await failed;
  });

  it('ends an attempt that had no connection yet as not run', async () => {
    const clock = createHandClock();
    const call = timeout(clock, 30_000)(silent('not-run'))(write, neverCancelled);
    const failed = assert.rejects(call, {
      code: 'unreachable',
      fate: 'not-run',
      message: /no connection within 30 s/,
    });
    await clock.advance(30_000);
    await failed;
  });

  it('is a cancel, not a timeout, when the caller aborts', async () => {
    const clock = createHandClock();
    const controller = new AbortController();
    const call = timeout(clock, 30_000)(silent())(read, { signal: controller.signal });
    const cancelled = assert.rejects(call, isCancelled);
    controller.abort();
    await cancelled;
  });

  it('leaves nothing waiting after an answer in time', async () => {
    const clock = createHandClock();
    await timeout(clock, 30_000)(() => Promise.resolve(aReply()))(read, neverCancelled);
    assert.deepEqual(clock.dueTimes(), []);
  });
});

describe('log', () => {
  it('writes one line an attempt with the request id and without parameters or keys', async () => {
    const lines: string[] = [];
    const { send } = failing(failure('throttled'));
    const clock = createInstantClock();
    const logged = pipeline(
      [
        retry(clock, () => 0),
        sign(clock, () => 'nonce'),
        log({ write: (level, message) => lines.push(`${level} ${message}`) }, clock),
      ],
      send,
    );
    await logged(aRequest({ query: [['ProxyPassword', 'hush-hush']] }), neverCancelled);
    assert.deepEqual(lines, [
      'warn call failed: DescribeTask at hbr.cn-hangzhou.aliyuncs.com, 0 ms, throttled, not-run, throttled',
      'debug call answered: DescribeTask (attempt 2) at hbr.cn-hangzhou.aliyuncs.com, HTTP 200 OK, 0 ms, request: REQUEST-1',
    ]);
  });
});
