import type { TaskPageState } from '../protocol/messages';
import { fill, formatDuration } from './duration';

/**
 * What the page says of time: how long it took so far, and when the service is asked next (empty where nothing is
 * planned). `now` is milliseconds since 1970 by the host's clock.
 */
export function timesInWords(
  { times, texts }: Pick<TaskPageState, 'times' | 'texts'>,
  now: number,
): { readonly elapsed: string; readonly nextCheck: string } {
  if (times.endedAt !== undefined) {
    return {
      elapsed: fill(texts.took, formatDuration(times.endedAt - times.startedAt, texts)),
      nextCheck: '',
    };
  }
  const elapsed = fill(texts.elapsed, formatDuration(now - times.startedAt, texts));
  if (times.nextCheckAt === undefined) return { elapsed, nextCheck: '' };
  // Rounded up, so that the last second reads "1 s" and not "0 s".
  const seconds = Math.ceil((times.nextCheckAt - now) / 1000);
  const nextCheck =
    seconds > 0 ? fill(texts.nextCheck, formatDuration(seconds * 1000, texts)) : texts.checkingNow;
  return { elapsed, nextCheck };
}
