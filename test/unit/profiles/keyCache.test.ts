import { strict as assert } from 'node:assert';
import { isCancelled } from '../../../src/core/service/errors';
import type { AccessKey } from '../../../src/core/service/model';
import type { Waiting } from '../../../src/core/kernel/waiting';
import type { TimedKey } from '../../../src/core/profiles/keys/credentialSource';
import { createKeyCache } from '../../../src/core/profiles/keys/keyCache';
import { createHandClock } from '../../support/handClock';

const minutes = 60_000;
const keyNumber = (n: number): AccessKey => ({ accessKeyId: `STS.${n}`, accessKeySecret: `secret-${n}` });
const patient: Waiting = { signal: new AbortController().signal };

interface Read {
  readonly signal: AbortSignal;
  answer(timed: TimedKey): void;
  fail(error: Error): void;
}

/** A cache over a source whose answers are given by hand, or at once as `life` says. */
function start() {
  const clock = createHandClock();
  const reads: Read[] = [];
  const cache = createKeyCache(
    ({ signal }) =>
      new Promise((resolve, reject) => {
        reads.push({ signal, answer: resolve, fail: reject });
      }),
    clock,
  );
  const lastRead = (): Read => reads.at(-1) ?? assert.fail('nothing was read');
  /** Asks, and answers the read that follows from it. */
  const getNew = async (n: number, lifeMs?: number, refused?: AccessKey): Promise<AccessKey> => {
    const before = reads.length;
    const got = cache.get(refused, patient);
    await settled();
    assert.equal(reads.length, before + 1);
    lastRead().answer({
      key: keyNumber(n),
      ...(lifeMs !== undefined && { expiresAtMs: clock.now() + lifeMs }),
    });
    return await got;
  };
  return { clock, reads, cache, lastRead, getNew };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the key of a source', () => {
  it('is read once and used until five minutes before its end', async () => {
    const { clock, reads, cache, getNew } = start();
    assert.deepEqual(await getNew(1, 60 * minutes), keyNumber(1));
    await clock.advance(55 * minutes - 1);
    assert.deepEqual(await cache.get(undefined, patient), keyNumber(1));
    assert.equal(reads.length, 1);
    await clock.advance(1);
    assert.deepEqual(await getNew(2, 60 * minutes), keyNumber(2));
  });

  it('tells when it ends, as long as it is held', async () => {
    const { clock, cache, getNew } = start();
    assert.equal(cache.endsAtMs, undefined);
    await getNew(1, 60 * minutes);
    assert.equal(cache.endsAtMs, clock.now() + 60 * minutes);
    cache.drop();
    assert.equal(cache.endsAtMs, undefined);
  });

  it('is renewed at half of its life where that is under ten minutes', async () => {
    const { clock, reads, cache, getNew } = start();
    await getNew(1, 8 * minutes);
    await clock.advance(4 * minutes - 1);
    await cache.get(undefined, patient);
    assert.equal(reads.length, 1);
    await clock.advance(1);
    assert.deepEqual(await getNew(2), keyNumber(2));
  });

  it('is kept as long as it works when nobody tells its end', async () => {
    const { clock, cache, getNew } = start();
    await getNew(1);
    await clock.advance(1000 * 60 * minutes);
    assert.deepEqual(await cache.get(undefined, patient), keyNumber(1));
  });

  it('is not read before each call where it comes with an end in the past', async () => {
    const { clock, reads, cache, getNew } = start();
    assert.deepEqual(await getNew(1, -60 * minutes), keyNumber(1));
    await clock.advance(30_000 - 1);
    assert.deepEqual(await cache.get(undefined, patient), keyNumber(1));
    assert.equal(reads.length, 1);
    await clock.advance(1);
    assert.deepEqual(await getNew(2, -60 * minutes), keyNumber(2));
  });

  it('is renewed by one caller for all', async () => {
    const { reads, cache, lastRead } = start();
    const all = [1, 2, 3].map(() => cache.get(undefined, patient));
    await settled();
    assert.equal(reads.length, 1);
    lastRead().answer({ key: keyNumber(1) });
    assert.deepEqual(await Promise.all(all), [keyNumber(1), keyNumber(1), keyNumber(1)]);
  });

  it('comes to the others when one stops waiting, and is asked for no more when all have', async () => {
    const { reads, cache, lastRead } = start();
    const [one, two, three] = [new AbortController(), new AbortController(), new AbortController()];
    const first = cache.get(undefined, one);
    const second = cache.get(undefined, two);
    one.abort();
    await assert.rejects(first, isCancelled);
    assert.equal(lastRead().signal.aborted, false);
    two.abort();
    await assert.rejects(second, isCancelled);
    assert.equal(lastRead().signal.aborted, true);
    // Whoever comes now must not get the cancel of the others.
    const third = cache.get(undefined, three);
    assert.equal(reads.length, 2);
    reads[0]?.fail(new Error('aborted'));
    lastRead().answer({ key: keyNumber(2) });
    assert.deepEqual(await third, keyNumber(2));
    assert.deepEqual(await cache.get(undefined, patient), keyNumber(2));
  });

  it('asks nothing for somebody who is gone already', async () => {
    const { reads, cache } = start();
    await assert.rejects(cache.get(undefined, { signal: AbortSignal.abort() }), isCancelled);
    assert.equal(reads.length, 0);
  });

  it('stays in use until it is over when a renewal fails, with half a minute between attempts', async () => {
    const { clock, reads, cache, lastRead, getNew } = start();
    await getNew(1, 20 * minutes);
    await clock.advance(15 * minutes);
    const during = cache.get(undefined, patient);
    lastRead().fail(new Error('no network'));
    assert.deepEqual(await during, keyNumber(1));
    assert.deepEqual(await cache.get(undefined, patient), keyNumber(1));
    assert.equal(reads.length, 2);
    await clock.advance(30_000);
    const again = cache.get(undefined, patient);
    assert.equal(reads.length, 3);
    lastRead().fail(new Error('no network'));
    assert.deepEqual(await again, keyNumber(1));
    await clock.advance(5 * minutes);
    const over = cache.get(undefined, patient);
    lastRead().fail(new Error('still no network'));
    await assert.rejects(over, /still no network/);
  });

  it('is not held on to beyond its end by the pause after a failure', async () => {
    const { clock, reads, cache, lastRead, getNew } = start();
    await getNew(1, 20 * minutes);
    await clock.advance(20 * minutes - 10_000);
    const during = cache.get(undefined, patient);
    lastRead().fail(new Error('no network'));
    await during;
    await clock.advance(10_000);
    void cache.get(undefined, patient).catch(() => undefined);
    assert.equal(reads.length, 3);
  });

  it('is renewed once when the service refuses it, and not when another is there by now', async () => {
    const { reads, cache, getNew } = start();
    await getNew(1, 60 * minutes);
    assert.deepEqual(await getNew(2, 60 * minutes, keyNumber(1)), keyNumber(2));
    assert.deepEqual(await cache.get(keyNumber(1), patient), keyNumber(2));
    assert.equal(reads.length, 2);
  });

  it('is one renewal for all calls that were refused together', async () => {
    const { reads, cache, lastRead, getNew } = start();
    await getNew(1, 60 * minutes);
    const all = [1, 2, 3].map(() => cache.get(keyNumber(1), patient));
    assert.equal(reads.length, 2);
    lastRead().answer({ key: keyNumber(2) });
    assert.deepEqual(new Set((await Promise.all(all)).map((key) => key.accessKeyId)), new Set(['STS.2']));
  });

  it('is not given to those who come while it is renewed because it was refused', async () => {
    const { reads, cache, lastRead, getNew } = start();
    await getNew(1, 60 * minutes);
    const refused = cache.get(keyNumber(1), patient);
    const late = cache.get(undefined, patient);
    await settled();
    assert.equal(reads.length, 2);
    lastRead().answer({ key: keyNumber(2) });
    assert.deepEqual(await Promise.all([refused, late]), [keyNumber(2), keyNumber(2)]);
  });

  it('is not given to those who come after it was refused and could not be renewed', async () => {
    const { reads, cache, lastRead, getNew } = start();
    await getNew(1, 20 * minutes);
    const refused = cache.get(keyNumber(1), patient);
    lastRead().fail(new Error('no network'));
    await assert.rejects(refused, /no network/);
    const late = cache.get(undefined, patient);
    assert.equal(reads.length, 3);
    lastRead().answer({ key: keyNumber(2) });
    assert.deepEqual(await late, keyNumber(2));
  });

  it('is not given again when it was refused and cannot be renewed', async () => {
    const { cache, lastRead, getNew } = start();
    await getNew(1, 60 * minutes);
    const refused = cache.get(keyNumber(1), patient);
    lastRead().fail(new Error('session over'));
    await assert.rejects(refused, /session over/);
  });

  it('is forgotten when its source changed, also for those who wait for it', async () => {
    const { reads, cache, getNew } = start();
    await getNew(1, 60 * minutes);
    cache.drop();
    const waiting = cache.get(undefined, patient);
    cache.drop();
    reads[1]?.answer({ key: keyNumber(2) });
    await settled();
    assert.equal(reads.length, 3);
    reads[2]?.answer({ key: keyNumber(3) });
    assert.deepEqual(await waiting, keyNumber(3));
    assert.deepEqual(await cache.get(undefined, patient), keyNumber(3));
  });
});
