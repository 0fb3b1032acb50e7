import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { nextRun, parseSchedule } from '../../../src/core/protection/schedule';

const at = (seconds: number) => ({ kind: 'at', at: seconds }) as const;
const none = { kind: 'none' } as const;
const unknown = { kind: 'unknown' } as const;

describe('a schedule', () => {
  it('runs next as the service runs it', () => {
    const table: readonly [string, number, ReturnType<typeof nextRun>][] = [
      ['I|1631685600|P1D', 1795000000, at(1795068000)],
      ['I|1790013600|PT1H', 1790020000, at(1790020800)],
      // The run of this second is due now.
      ['I|1790013600|PT2H', 1790020800, at(1790020800)],
      ['I|1790013600|PT2H', 1790020801, at(1790028000)],
      ['I|1790013600|P1W', 1790100000, at(1790618400)],
      // Never before its start.
      ['I|1800000000|P1D', 1790020000, at(1800000000)],
      ['I|1800000000|P1D', 1800000000, at(1800000000)],
      ['I|x|P1D', 1790020000, unknown],
      ['W|1790013600|P1D', 1790020000, unknown],
      ['', 1790020000, unknown],
    ];
    for (const [text, now, expected] of table) {
      assert.deepEqual(nextRun(text, false, now), expected, `${text} at ${String(now)}`);
    }
  });

  it('never runs while it is suspended, whatever its text', () => {
    for (const text of ['I|1790013600|P1D', 'I|x|P1D', '']) {
      assert.deepEqual(nextRun(text, true, 1790020000), none);
    }
  });

  it('is understood with every fixed length, and with space around it', () => {
    const table: readonly [string, number][] = [
      ['P1D', 86_400],
      ['PT1H', 3600],
      ['PT24H', 86_400],
      ['PT90M', 5400],
      ['PT30S', 30],
      ['P1W', 604_800],
      ['P1DT12H', 129_600],
      ['P2W3DT4H5M6S', 1_483_506],
    ];
    for (const [duration, interval] of table) {
      for (const text of [`I|1790013600|${duration}`, ` I|1790013600|${duration}\n`]) {
        assert.deepEqual(parseSchedule(text), { start: 1_790_013_600, interval }, text);
      }
    }
  });

  it('is not guessed where its length varies, or its text is not the documented one', () => {
    const texts = [
      ...[
        'P1M',
        'P1Y',
        'P1Y2M',
        'P1M1D',
        'P',
        'PT',
        'P1',
        'PT0S',
        'P0D',
        'P-1D',
        'P1.5D',
        'P1H',
        'PT1D',
        'P1DT',
      ],
      ...['P9999999999999999999D', 'PT99999999999999999999S', '1D', 'P1D|extra', 'P1D P1D'],
    ].map((duration) => `I|1790013600|${duration}`);
    const others = [
      ...['I|-1|P1D', 'I||P1D', 'I|1.5|P1D', 'I|1e9|P1D', 'I|99999999999999|P1D', 'I|1790013600', 'I'],
      ...[
        'i|1790013600|P1D',
        'I|1790013600|p1d',
        'I 1790013600 P1D',
        '0 2 * * *',
        'null',
        'II|1790013600|P1D',
      ],
    ];
    for (const text of [...texts, ...others]) {
      assert.equal(parseSchedule(text), undefined, text);
      assert.deepEqual(nextRun(text, false, 1_790_020_000), unknown, text);
    }
  });

  it('never runs before its start or in the past, always on its interval, and at the first such time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999_999_999 }),
        fc.record({
          weeks: fc.integer({ min: 0, max: 999_999 }),
          hours: fc.integer({ min: 0, max: 999_999 }),
          seconds: fc.integer({ min: 1, max: 999_999_999 }),
        }),
        fc.integer({ min: 0, max: 99_999_999_999 }),
        (start, { weeks, hours, seconds }, now) => {
          const text = `I|${String(start)}|P${String(weeks)}WT${String(hours)}H${String(seconds)}S`;
          const interval = weeks * 604_800 + hours * 3600 + seconds;
          const run = nextRun(text, false, now);
          assert.ok(run.kind === 'at');
          assert.ok(Number.isSafeInteger(run.at));
          assert.ok(run.at >= start && run.at >= now);
          assert.equal((run.at - start) % interval, 0);
          assert.ok(run.at === start || run.at - interval < now);
        },
      ),
    );
  });

  it('answers for any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(), (start, interval, now) => {
        const { kind } = nextRun(`I|${start}|${interval}`, false, now);
        assert.ok(kind === 'at' || kind === 'unknown');
      }),
    );
  });
});
