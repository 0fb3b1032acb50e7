import { t } from '@vscode/l10n';
import { numberInWords, plural } from '../kernel/localize';

/** "Listed 5 minutes ago." in the largest unit that fits. Both times are milliseconds since 1970. */
export function listedAgo(listedAt: number, nowMs: number): string {
  const { unit, count } = ageOf(listedAt, nowMs);
  switch (unit) {
    case 'moment':
      return t('Listed less than a minute ago.');
    case 'minutes':
      return plural(count, {
        one: (n) => t('Listed {0} minute ago.', n),
        other: (n) => t('Listed {0} minutes ago.', n),
      });
    case 'hours':
      return plural(count, {
        one: (n) => t('Listed {0} hour ago.', n),
        other: (n) => t('Listed {0} hours ago.', n),
      });
    case 'days':
      return plural(count, {
        one: (n) => t('Listed {0} day ago.', n),
        other: (n) => t('Listed {0} days ago.', n),
      });
  }
}

/** The same for a row, among other facts: "listed 5 min ago". */
export function listedAgoInRow(listedAt: number, nowMs: number): string {
  const { unit, count } = ageOf(listedAt, nowMs);
  const n = numberInWords(count);
  switch (unit) {
    case 'moment':
      return t('listed just now');
    case 'minutes':
      return t('listed {0} min ago', n);
    case 'hours':
      return t('listed {0} h ago', n);
    case 'days':
      return plural(count, {
        one: (days) => t('listed {0} day ago', days),
        other: (days) => t('listed {0} days ago', days),
      });
  }
}

function ageOf(
  listedAt: number,
  nowMs: number,
): { readonly unit: 'moment' | 'minutes' | 'hours' | 'days'; readonly count: number } {
  const minutes = Math.max(0, Math.floor((nowMs - listedAt) / 60_000));
  if (minutes < 1) return { unit: 'moment', count: 0 };
  if (minutes < 120) return { unit: 'minutes', count: minutes };
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? { unit: 'hours', count: hours } : { unit: 'days', count: Math.floor(hours / 24) };
}
