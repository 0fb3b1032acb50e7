/** When a schedule runs next: at UNIX seconds, never, or not known, because its text isn't understood. */
export type NextRun =
  { readonly kind: 'at'; readonly at: number } | { readonly kind: 'none' } | { readonly kind: 'unknown' };

/** `I|{start}|{interval}`, the only form that's documented. */
interface Schedule {
  /** UNIX seconds. */
  readonly start: number;
  /** Seconds. */
  readonly interval: number;
}

/** Reads a schedule such as `I|1631685600|P1D`; undefined for any other text, and for months and years, which vary. */
export function parseSchedule(text: string): Schedule | undefined {
  const match = /^\s*I\|(\d{1,11})\|P(.+?)\s*$/u.exec(text);
  const interval = match?.[2] === undefined ? undefined : secondsOf(match[2]);
  return match?.[1] === undefined || !interval ? undefined : { start: Number(match[1]), interval };
}

/** Seconds of an ISO 8601 duration without its `P`. */
function secondsOf(duration: string): number | undefined {
  const match =
    /^(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?$/u.exec(
      duration,
    );
  if (!match) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds;
}

/**
 * When a schedule runs next. A run that's due at this second counts. Runs that were missed are skipped by the service, and
 * none starts before the schedule does (documented).
 * @param now UNIX seconds
 */
export function nextRun(schedule: string, disabled: boolean, now: number): NextRun {
  if (disabled) return { kind: 'none' };
  const parsed = parseSchedule(schedule);
  if (!parsed) return { kind: 'unknown' };
  const { start, interval } = parsed;
  const passed = Math.max(0, Math.ceil((now - start) / interval));
  return { kind: 'at', at: start + passed * interval };
}
