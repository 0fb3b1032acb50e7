/** How fast the calls of a listing start. All times are milliseconds of a monotonic clock. */
export interface Pace {
  /** How many calls may run or wait at once: what is let through in a second, so that none waits for long. */
  readonly limit: number;
  /** True while calls start at a rate. */
  readonly limited: boolean;
  /** Takes the next free time for an attempt; returns in how many milliseconds that is. */
  reserve(now: number): number;
  /** Call it when a call was answered. */
  answered(now: number): void;
  /** Call it when the service asked to slow down. */
  refused(now: number): void;
  /** True when a call was answered after that time. */
  answeredSince(time: number): boolean;
}

/** Services count calls a second. */
const spanMs = 1000;
/** Fewer outcomes say nothing: refusals may be bad luck. */
const fewestOutcomes = 12;
/** Beyond this share of refusals, calls no longer start freely. Below it, they may have other causes. */
const mostRefusedFreely = 1 / 2;
/** The same for calls that start at a rate. */
const mostRefused = 1 / 4;
/** After a span without a refusal. */
const speedUp = 1.5;

/**
 * Calls start freely until most of them are refused. From then on, they start evenly, at the rate at which the service lets
 * them through, and faster again when none is refused.
 */
export function createPace(): Pace {
  // Calls a second.
  let rate = Infinity;
  let nextAt = 0;
  let lastAnswerAt = -Infinity;
  // When calls were answered while they started freely.
  const answers: number[] = [];
  // Outcomes since the last decision.
  let since = -Infinity;
  let answered = 0;
  let refused = 0;

  const restart = (from: number): void => {
    since = from;
    answered = refused = 0;
  };
  const limitFreeCalls = (now: number): void => {
    const recent = answers.filter((at) => at > now - spanMs);
    rate = rateAbove(recent.length);
    // What these took is free again a second after them.
    nextAt = (recent[0] ?? now) + spanMs;
    restart(nextAt);
  };
  const decide = (now: number): void => {
    const all = answered + refused;
    if (all < fewestOutcomes) return;
    if (rate === Infinity && refused > all * mostRefusedFreely) limitFreeCalls(now);
    if (now - since < spanMs) return;
    if (rate !== Infinity) {
      if (refused > all * mostRefused) rate = rateAbove((answered * 1000) / (now - since));
      else if (refused === 0) rate *= speedUp;
    }
    restart(now);
  };

  return {
    get limit() {
      return Math.ceil(rate);
    },
    get limited() {
      return rate !== Infinity;
    },
    reserve(now) {
      if (rate === Infinity) return 0;
      const at = Math.max(now, nextAt);
      nextAt = at + 1000 / rate;
      return at - now;
    },
    answered(now) {
      lastAnswerAt = now;
      if (rate === Infinity) answers.push(now);
      // Those that started before the rate changed say nothing of it.
      if (now < since) return;
      answered++;
      decide(now);
    },
    refused(now) {
      if (now < since) return;
      refused++;
      decide(now);
    },
    answeredSince: (time) => lastAnswerAt > time,
  };
}

/** Somewhat more calls a second than are let through, so that all that the service allows is used. */
function rateAbove(perSecond: number): number {
  return Math.max(perSecond * 1.1, perSecond + 1);
}
