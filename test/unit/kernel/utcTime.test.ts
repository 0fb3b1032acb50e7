import { strict as assert } from 'node:assert';
import { utcTime } from '../../../src/core/kernel/utcTime';

describe('a time of the services', () => {
  it('is UTC where it names no zone, on a computer in whatever zone', () => {
    const zone = process.env['TZ'];
    try {
      for (const here of ['UTC', 'Asia/Shanghai', 'America/New_York']) {
        process.env['TZ'] = here;
        for (const [text, expected] of [
          ['2026-01-02T03:04:05Z', Date.UTC(2026, 0, 2, 3, 4, 5)],
          ['2026-01-02T03:04:05', Date.UTC(2026, 0, 2, 3, 4, 5)],
          ['2026-01-02 03:04:05', Date.UTC(2026, 0, 2, 3, 4, 5)],
          ['2026-01-02T03:04', Date.UTC(2026, 0, 2, 3, 4)],
          ['2026-01-02T03:04:05.678', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
          ['2026-01-02t03:04:05z', Date.UTC(2026, 0, 2, 3, 4, 5)],
          ['2026-01-02T11:04:05+08:00', Date.UTC(2026, 0, 2, 3, 4, 5)],
          ['2026-01-02T11:04:05+0800', Date.UTC(2026, 0, 2, 3, 4, 5)],
          ['2026-01-01 22:04:05 -05:00', Date.UTC(2026, 0, 2, 3, 4, 5)],
          ['2026-13-02T03:04:05Z', undefined],
          ['Fri, 02 Jan 2026 03:04:05 GMT', undefined],
          ['1767323045', undefined],
          ['', undefined],
        ] as const) {
          assert.equal(utcTime(text), expected, `${text} in ${here}`);
        }
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });
});
