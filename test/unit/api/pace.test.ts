import { strict as assert } from 'node:assert';
import { AttemptError } from '../../../src/api/attemptError';
import type { ClientPage } from '../../../src/api/decode';
import { createPace } from '../../../src/api/pace';
import { retry } from '../../../src/api/policies/retry';
import { readPages } from '../../../src/api/readPages';
import { aRequest, neverCancelled } from '../../support/apiBuilders';
import { createHandClock } from '../../support/handClock';

const pages = 102;
const replyMs = 50;

/** Reads a list of 102 pages from a service that refuses the calls that `refuses` says, through the policy for attempts. */
async function listing(refuses: (now: number, call: number) => boolean, limitMs: number) {
  const clock = createHandClock();
  const started: number[] = [];
  let random = 0;
  const send = retry(
    clock,
    () => (random = (random + 0.37) % 1),
  )(async () => {
    started.push(clock.monotonic());
    const refused = refuses(clock.monotonic(), started.length);
    await clock.sleep(replyMs, neverCancelled);
    if (refused) throw new AttemptError('throttled', 'slow down', { action: 'DescribeBackupClients' });
    return { status: 200, header: () => undefined, body: {}, requestId: 'R' };
  });
  let endedAt: number | undefined;
  let failure: unknown;
  const readPage = async (number: number, pace: ReturnType<typeof createPace>): Promise<ClientPage> => {
    await send(aRequest({ pace }), neverCancelled);
    const client = { clientType: 'ECS_CLIENT', status: 'ACTIVATED', tags: [] };
    const clients = Array.from({ length: 99 }, (_, row) => ({ ...client, instanceId: `i-${number}-${row}` }));
    return { clients, total: pages * 99, pageSize: 99, servedAt: 1, requestId: 'R' };
  };
  const whole = (async () => {
    const reading = readPages(readPage, neverCancelled);
    while ((await reading.next()).done !== true);
  })().then(
    () => (endedAt = clock.monotonic()),
    (error: unknown) => (failure = error),
  );
  await clock.advance(limitMs);
  if (endedAt !== undefined || failure !== undefined) await whole;
  return { endedAt, failure, started };
}

/** A service that lets so many calls through in any second. */
function capOf(perSecond: number): (now: number) => boolean {
  const through: number[] = [];
  return (now) => {
    if (through.filter((at) => at > now - 1000).length >= perSecond) return true;
    through.push(now);
    return false;
  };
}

describe('a listing that the service throttles', () => {
  it('takes no more than a tenth longer than a cap allows, with few calls in vain', async () => {
    for (const perSecond of [3, 10, 25]) {
      const idealMs = (Math.ceil(pages / perSecond) - 1) * 1000 + replyMs;
      const { endedAt = Infinity, started } = await listing(capOf(perSecond), idealMs * 2);
      assert.ok(endedAt <= idealMs * 1.1, `${perSecond} a second: ${endedAt} ms of ${idealMs}`);
      assert.ok(started.length <= pages * 1.5, `${perSecond} a second: ${started.length} calls`);
    }
  });

  it('never has a second of calls far beyond the cap once it knows it', async () => {
    const { started } = await listing(capOf(10), 20_000);
    const later = started.filter((at) => at >= 1000);
    const most = Math.max(
      ...later.map((from) => later.filter((at) => at >= from && at < from + 1000).length),
    );
    assert.ok(most <= 14, `${most} calls within a second`);
  });

  it('is complete when a fifth of all calls is refused', async () => {
    let seed = 1;
    const fifth = (): boolean => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647 < 0.2;
    const { endedAt = Infinity, started } = await listing(fifth, 60_000);
    assert.ok(endedAt < 5000, `${endedAt} ms`);
    assert.ok(started.length < pages * 1.5, `${started.length} calls`);
  });

  it('is complete when a cap is in force for a while only, and is fast again then', async () => {
    const cap = capOf(5);
    const { endedAt = Infinity } = await listing((now) => now < 3000 && cap(now), 60_000);
    assert.ok(endedAt < 12_000, `${endedAt} ms`);
  });

  it('fails when nothing gets through any more', async () => {
    const { failure, started } = await listing((now) => now > 60, 120_000);
    assert.ok(failure instanceof AttemptError && failure.code === 'throttled');
    assert.ok(started.length < 150, `${started.length} calls`);
  });

  it('fails after four calls when nothing gets through at all', async () => {
    const { failure, started } = await listing(() => true, 120_000);
    assert.ok(failure instanceof AttemptError);
    assert.equal(started.length, 4);
  });
});

describe('pace', () => {
  it('lets calls start at once as long as none is refused', () => {
    const pace = createPace();
    for (let reply = 0; reply < 100; reply++) {
      assert.equal(pace.reserve(reply), 0);
      pace.answered(reply);
    }
    assert.equal(pace.limit, Infinity);
  });
});
