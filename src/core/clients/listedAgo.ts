import { t } from '@vscode/l10n';
/** "Listed 5 minutes ago." in the largest unit that fits. Both times are milliseconds since 1970. */
export function listedAgo(listedAt: number, nowMs: number): string {
  const { unit, count } = ageOf(listedAt, nowMs);
  switch (unit) {
    case 'moment':
      return t('Listed less than a minute ago.');
    case 'minutes':
      return count === 1 ? t('Listed 1 minute ago.') : t('Listed {0} minutes ago.', count);
    case 'hours':
      return t('Listed {0} hours ago.', count);
    case 'days':
      return t('Listed {0} days ago.', count);
  }
}

/** The same as one fact among others: "listed 5 min ago". */
export function listedAgoAsFact(listedAt: number, nowMs: number): string {
  const { unit, count } = ageOf(listedAt, nowMs);
  switch (unit) {
    case 'moment':
      return t('listed just now');
    case 'minutes':
      return t('listed {0} min ago', count);
    case 'hours':
      return t('listed {0} h ago', count);
    case 'days':
      return t('listed {0} days ago', count);
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
