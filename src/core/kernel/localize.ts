import { config, t } from '@vscode/l10n';

/** Forms of a text by number. Each form gets the number as the language writes it, such as "1,200". */
export interface PluralForms {
  readonly one: (count: string) => string;
  readonly other: (count: string) => string;
}

/** How the items of a list are joined: "a, b, and c", "a, b, or c" or "a, b, c". */
export type ListType = 'and' | 'or' | 'plain';

/** The language of the texts, as a BCP 47 tag. Set together with the texts that `t` returns. */
let language = 'en';

/** How the language writes things. Making such a format takes far longer than using it. */
let formats = formatsOf(language);

function formatsOf(tag: string) {
  return {
    number: onFirstUse(() => new Intl.NumberFormat(tag)),
    percent: onFirstUse(() => new Intl.NumberFormat(tag, { style: 'percent' })),
    day: onFirstUse(() => new Intl.DateTimeFormat(tag, { month: 'short', day: 'numeric' })),
    dayWithYear: onFirstUse(() => new Intl.DateTimeFormat(tag, { dateStyle: 'medium' })),
    timeOfDay: onFirstUse(() => new Intl.DateTimeFormat(tag, { timeStyle: 'short' })),
    minutes: onFirstUse(
      () => new Intl.NumberFormat(tag, { style: 'unit', unit: 'minute', unitDisplay: 'short' }),
    ),
    plurals: onFirstUse(() => new Intl.PluralRules(tag)),
    and: onFirstUse(() => new Intl.ListFormat(tag, { type: 'conjunction', style: 'long' })),
    or: onFirstUse(() => new Intl.ListFormat(tag, { type: 'disjunction', style: 'long' })),
    // CLDR's `unit` lists have no separator in Chinese.
    plain: onFirstUse(() => new Intl.ListFormat(tag, { type: 'conjunction', style: 'narrow' })),
  };
}

function onFirstUse<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/**
 * Sets the language and its texts, for `t` and everything below. Call it once, before any text is needed; until then
 * texts are in English.
 *
 * @param options.language a BCP 47 tag, such as `zh-cn`; English where it isn't one
 * @param options.texts translations by key, as in `l10n/bundle.l10n.*.json`; English where a key is missing
 */
export function configureLocalization(options: {
  readonly language: string;
  readonly texts: Record<string, string>;
}): void {
  config({ contents: options.texts });
  try {
    [language = 'en'] = Intl.getCanonicalLocales(options.language);
  } catch {
    language = 'en';
  }
  formats = formatsOf(language);
}

/** A time as the language writes it, in the zone of this computer: "Nov 29, 2026, 7:30:00 PM GMT+8". @param ms since 1970 */
export function timeWithZone(ms: number): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long' }).format(ms);
}

/** A number as the language writes it: "1,200" in English. */
export function numberInWords(value: number): string {
  return formats.number().format(value);
}

/** A share from 0 to 1 as the language writes it: "59%" in English. Never 0% or 100% for a share in between. */
export function percentInWords(share: number): string {
  const percent = share <= 0 || share >= 1 ? share : Math.min(0.99, Math.max(0.01, share));
  return formats.percent().format(percent);
}

/** A day without its year, in this computer's time zone: "Nov 29" in English. `ms`: milliseconds since 1970. */
export function dayInWords(ms: number): string {
  return formats.day().format(ms);
}

/** A day with its year, in this computer's time zone: "Nov 29, 2026" in English. `ms`: milliseconds since 1970. */
export function dayWithYearInWords(ms: number): string {
  return formats.dayWithYear().format(ms);
}

/** A time of day in this computer's time zone: "2:02 PM" in English. `ms`: milliseconds since 1970. */
export function timeOfDayInWords(ms: number): string {
  return formats.timeOfDay().format(ms);
}

/** "25 min" in English. */
export function minutesInWords(minutes: number): string {
  return formats.minutes().format(minutes);
}

/** "3 minutes ago" in the largest unit that fits, as the configured language says it. Both in milliseconds since 1970. */
export function agoInWords(thenMs: number, nowMs: number): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const minutes = Math.max(0, Math.floor((nowMs - thenMs) / 60_000));
  if (minutes < 1) return format.format(0, 'second');
  if (minutes < 60) return format.format(-minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? format.format(-hours, 'hour') : format.format(-Math.floor(hours / 24), 'day');
}

/**
 * The form of a text that fits a number in the configured language.
 * In English `one` is for 1 only; in French it's also for 0, and in Russian for 21. So `one` shows the number too.
 * Languages with more than two forms use `other` for the rest.
 *
 * @example plural(count, { one: (n) => t('{0} client selected', n), other: (n) => t('{0} clients selected', n) })
 */
export function plural(count: number, forms: PluralForms): string {
  const rule = formats.plurals().select(count);
  return forms[rule === 'one' ? 'one' : 'other'](numberInWords(count));
}

/** Joins items the way the configured language does. One item is itself, and no items are an empty text. */
export function listOf(items: readonly string[], type: ListType = 'plain'): string {
  return formats[type]().format(items);
}

/** At most `most` items in a sentence, and how many more there are: "a, b, and 3 more". Only those are put into words. */
export function someOf<T>(items: readonly T[], most: number, inWords: (item: T) => string): string {
  const rest = items.length - most;
  if (rest <= 0) return listOf(items.map(inWords), 'and');
  const more = t({
    message: '{0} more',
    args: [numberInWords(rest)],
    comment: ['The end of a list of names'],
  });
  return listOf([...items.slice(0, most).map(inWords), more], 'and');
}

/** Joins whole sentences the way the configured language does; leaves out what is empty, false or undefined. */
export function sentences(...parts: readonly (string | false | undefined)[]): string {
  return parts
    .filter((part) => typeof part === 'string')
    .filter((part) => part !== '')
    .reduce(
      (before, next) =>
        before === ''
          ? next
          : t({
              message: '{before} {next}',
              args: { before, next },
              comment: [
                'Joins two whole sentences. Drop the space where the language has none between sentences.',
              ],
            }),
      '',
    );
}
