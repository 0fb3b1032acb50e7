import { attentionReasons, type AttentionReason } from './attention';
import { compareTexts } from './nameOrder';

/** Where a row is among others: by what it needs, then by name, then by key. */
export interface RowPlace {
  /** Lower for what you should look at first; {@link calm} for all that need no attention. */
  readonly rank: number;
  readonly name: string;
  readonly key: string;
}

/** The rank of rows that need no attention. */
export const calm = attentionReasons.length;

export function rankOf(attention: AttentionReason | undefined): number {
  return attention ? attentionReasons.indexOf(attention) : calm;
}

/** Negative where `a` is above `b`. */
export function compareRows(a: RowPlace, b: RowPlace): number {
  return a.rank - b.rank || compareNames(a, b);
}

/** As {@link compareRows}, whatever they need. */
export function compareNames(a: Omit<RowPlace, 'rank'>, b: Omit<RowPlace, 'rank'>): number {
  return compareTexts(a.name, b.name) || compareTexts(a.key, b.key);
}
