import type { OperationPageState, PageTexts } from '../protocol/operation';

/** Fills `{0}`, `{1}` of a text from the host. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (placeholder, index: string) =>
    String(values[Number(index)] ?? placeholder),
  );
}

/** A duration in the two largest units that matter: "42 s", "3 min 12 s", "1 h 5 min". Below zero counts as zero. */
export function durationText(
  milliseconds: number,
  texts: Pick<PageTexts, 'seconds' | 'minutes' | 'hours'>,
): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return fill(texts.seconds, seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return fill(texts.minutes, minutes, seconds % 60);
  return fill(texts.hours, Math.floor(minutes / 60), minutes % 60);
}

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

/** "59%", as a language writes it. */
export function percentText(percent: number, language: string | undefined): string {
  return new Intl.NumberFormat(language, { style: 'percent' }).format(percent / 100);
}
