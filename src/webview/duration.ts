import type { TaskPageTexts } from '../protocol/messages';

/** Fills `{0}`, `{1}` of a text that the host sent. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (placeholder, index: string) =>
    String(values[Number(index)] ?? placeholder),
  );
}

/** A duration in the two largest units that matter: "42 s", "3 min 12 s", "1 h 5 min". Below zero counts as zero. */
export function formatDuration(
  milliseconds: number,
  texts: Pick<TaskPageTexts, 'seconds' | 'minutes' | 'hours'>,
): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return fill(texts.seconds, seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return fill(texts.minutes, minutes, seconds % 60);
  return fill(texts.hours, Math.floor(minutes / 60), minutes % 60);
}
