// Without texts of its own: the host sends them to a web page, which keeps counting with the same function.

/** Texts of a duration; `{0}` and `{1}` are numbers. */
export interface DurationTexts {
  /** "{0} s". */
  readonly seconds: string;
  /** "{0} min {1} s". */
  readonly minutes: string;
  /** "{0} h {1} min". */
  readonly hours: string;
}

const minute = 60;
const hour = 60 * minute;

/** Fills `{0}`, `{1}` of a text. A placeholder without a value stays. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (placeholder, index: string) =>
    String(values[Number(index)] ?? placeholder),
  );
}

/** A duration in its two largest units: "42 s", "3 min 12 s", "1 h 5 min". Below zero counts as zero. */
export function durationText(milliseconds: number, texts: DurationTexts): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < minute) return fill(texts.seconds, seconds);
  if (seconds < hour) return fill(texts.minutes, Math.floor(seconds / minute), seconds % minute);
  return fill(texts.hours, Math.floor(seconds / hour), Math.floor((seconds % hour) / minute));
}
