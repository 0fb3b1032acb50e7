import { strict as assert } from 'node:assert';
import { createHandClock, createSetClock } from '../../support/handClock';
import { createServiceClocks, serverTimeOf } from '../../../src/api/serviceClocks';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const here = 'https://hbr.cn-hangzhou.aliyuncs.com';

describe("the service's clock", () => {
  it('is not known before a reply', () => {
    assert.equal(createServiceClocks(createHandClock()).offsetMs(here), undefined);
  });

  it('agrees while its time fits a moment between question and answer', () => {
    const clocks = createServiceClocks(createHandClock());
    clocks.note(here, now, now + 900, now + 950);
    assert.equal(clocks.offsetMs(here), 0);
    clocks.note(here, now + 3000, now, now + 9000);
    assert.equal(clocks.offsetMs(here), 0);
  });

  it('differs by what lies between its time and the half-way moment', () => {
    const clocks = createServiceClocks(createHandClock());
    clocks.note(here, now + 600_000, now, now + 2000);
    assert.equal(clocks.offsetMs(here), 599_000);
    // A slow reply that allows the same difference does not move it.
    clocks.note(here, now + 700_000, now + 99_000, now + 109_000);
    assert.equal(clocks.offsetMs(here), 599_000);
    assert.equal(clocks.offsetMs('https://sts.aliyuncs.com'), undefined);
  });

  it('is learned anew when either clock was set', () => {
    const clocks = createServiceClocks(createHandClock());
    clocks.note(here, now + 600_000, now, now);
    clocks.note(here, now + 601_000, now + 601_000, now + 601_000);
    assert.equal(clocks.offsetMs(here), 0);
  });
});

describe("the service's clock, when this computer's", () => {
  const known = () => {
    const clock = createSetClock(createHandClock());
    const clocks = createServiceClocks(clock);
    clocks.note(here, clock.now() + 600_000, clock.now(), clock.now());
    return { clock, clocks };
  };

  it('goes on, stays known', async () => {
    const right = createHandClock();
    const clocks = createServiceClocks(right);
    clocks.note(here, right.now(), right.now(), right.now());
    await right.advance(86_400_000);
    assert.equal(clocks.offsetMs(here), 0);
  });

  for (const [what, byMs] of [
    ['was set back', -3_600_000],
    ['was set forward', 3_600_000],
  ] as const) {
    it(`${what}, is not known until the next reply`, () => {
      const { clock, clocks } = known();
      clock.aheadMs += byMs;
      assert.equal(clocks.offsetMs(here), undefined);
      clocks.note(here, clock.now() + 600_000 - byMs, clock.now(), clock.now());
      assert.equal(clocks.offsetMs(here), 600_000 - byMs);
    });
  }

  it('went on while the computer slept, is not known until the next reply', () => {
    const right = createHandClock();
    const clocks = createServiceClocks(right);
    clocks.note(here, right.now(), right.now(), right.now());
    right.suspend(3_600_000);
    assert.equal(clocks.offsetMs(here), undefined);
    clocks.note(here, right.now(), right.now(), right.now());
    assert.equal(clocks.offsetMs(here), 0);
  });

  it('is corrected by a second, stays known', () => {
    const { clock, clocks } = known();
    clock.aheadMs += 1000;
    assert.equal(clocks.offsetMs(here), 600_000);
  });
});

describe('the date of a reply', () => {
  it('is read as milliseconds since 1970', () => {
    assert.equal(serverTimeOf('Fri, 02 Jan 2026 03:04:05 GMT'), now);
  });

  it('is unknown when it is missing or cannot be true', () => {
    for (const odd of [undefined, '', 'yesterday', 'Thu, 01 Jan 1970 00:00:00 GMT', '9999-01-01T00:00:00Z']) {
      assert.equal(serverTimeOf(odd), undefined, odd);
    }
  });
});
