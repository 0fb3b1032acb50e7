import { durationText, fill } from '../core/kernel/duration';
import type { OperationPageState } from '../protocol/operation';

/**
 * How long the operation has run or took, and when the service is queried next (empty if no query is planned). `now` is
 * milliseconds since 1970 by the host's clock.
 */
export function timeTexts(
  { times, texts }: Pick<OperationPageState, 'times' | 'texts'>,
  now: number,
): { readonly elapsed: string; readonly nextCheck: string } {
  if (times.endedAt !== undefined) {
    return {
      elapsed: fill(texts.took, durationText(times.endedAt - times.startedAt, texts)),
      nextCheck: '',
    };
  }
  const elapsed = fill(texts.elapsed, durationText(now - times.startedAt, texts));
  if (times.nextCheckAt === undefined) return { elapsed, nextCheck: '' };
  // Rounded up, so that the last second is "1 s" and not "0 s".
  const seconds = Math.ceil((times.nextCheckAt - now) / 1000);
  const nextCheck =
    seconds > 0 ? fill(texts.nextCheck, durationText(seconds * 1000, texts)) : texts.checkingNow;
  return { elapsed, nextCheck };
}

/** A moment in a language; with the date unless it's today. `undefined` is the browser's language. */
export function momentText(ms: number, language: string | undefined): string {
  const date = new Date(ms);
  const sameDay = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language, {
    ...(!sameDay && { dateStyle: 'medium' }),
    timeStyle: 'short',
  }).format(date);
}

/**
 * How long ago a moment was, in its largest unit: "3 minutes ago". `justNow` is for less than a minute and for the
 * future. Times are milliseconds since 1970.
 */
export function agoText(ms: number, now: number, justNow: string, language: string | undefined): string {
  const minutes = Math.floor((now - ms) / 60_000);
  if (minutes < 1) return justNow;
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'always' });
  if (minutes < 60) return format.format(-minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? format.format(-hours, 'hour') : format.format(-Math.floor(hours / 24), 'day');
}

/** How far off a moment is, in its largest unit: "in 25 minutes"; how long ago once it has passed. As {@link agoText}. */
export function untilText(ms: number, now: number, justNow: string, language: string | undefined): string {
  const minutes = Math.ceil((ms - now) / 60_000);
  if (minutes < 1) return agoText(ms, now, justNow, language);
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'always' });
  if (minutes < 60) return format.format(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? format.format(hours, 'hour') : format.format(Math.floor(hours / 24), 'day');
}

/** "59%", as a language writes it. */
export function percentText(percent: number, language: string | undefined): string {
  return new Intl.NumberFormat(language, { style: 'percent' }).format(percent / 100);
}
