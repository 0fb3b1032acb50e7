import type { Clock } from '../core/kernel/clock';

/** What is known of the service's clock, one for each endpoint, since each has its own. */
export interface ServiceClocks {
  /**
   * Milliseconds to add to this computer's clock to get the endpoint's; undefined until known, and again once this
   * computer's clock was set or it slept, until the next reply.
   */
  offsetMs(endpoint: string): number | undefined;
  /**
   * Takes the time that a reply of the service carries, with this computer's time when it was asked and when it
   * answered, all in milliseconds since 1970.
   */
  note(endpoint: string, serverTimeMs: number, askedMs: number, answeredMs: number): void;
}

// A date header has no fraction of a second.
const stepMs = 1000;
// Clocks are also corrected in small steps, which do no harm.
const mostDriftMs = 2000;

/**
 * Keeps the newest offset. The service wrote its time at some moment between question and answer: an offset that fits
 * one of those moments stays, so that slow replies do not move it; any other gives way to that of the half-way moment.
 */
export function createServiceClocks(clock: Pick<Clock, 'now' | 'monotonic'>): ServiceClocks {
  const offsets = new Map<string, { readonly offsetMs: number; readonly aheadMs: number }>();
  const aheadMs = (): number => clock.now() - clock.monotonic();
  return {
    offsetMs(endpoint) {
      const known = offsets.get(endpoint);
      return known && Math.abs(aheadMs() - known.aheadMs) <= mostDriftMs ? known.offsetMs : undefined;
    },
    note(endpoint, serverTimeMs, askedMs, answeredMs) {
      const known = offsets.get(endpoint)?.offsetMs ?? 0;
      const fits = known >= serverTimeMs - answeredMs && known <= serverTimeMs + stepMs - askedMs;
      const offsetMs = fits ? known : serverTimeMs - Math.round((askedMs + answeredMs) / 2);
      offsets.set(endpoint, { offsetMs, aheadMs: aheadMs() });
    },
  };
}

// No reply is older than this release, and beyond the other end is a server without a clock.
const earliestMs = Date.UTC(2025, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

/** Milliseconds since 1970 of a `Date` header; undefined when it is missing or cannot be true. */
export function serverTimeOf(date: string | undefined): number | undefined {
  const ms = Date.parse(date ?? '');
  return ms >= earliestMs && ms < latestMs ? ms : undefined;
}
