import { t } from '@vscode/l10n';
import type { ClientRow } from './taskPageRows';

/** One cause with everything that it kept back: four hundred failures have two causes, not four hundred. */
export interface ProblemRow {
  /** Stable within the operation. */
  readonly key: string;
  /** "3 clients". */
  readonly label: string;
  /** The cause, and what to do next. */
  readonly text: string;
  /** What the rows of this problem have in common: their code, or where there is none their state. */
  readonly code: string;
  readonly stateText: string;
}

/** Causes of machines that were never sent: what kept them back is the cause of another. */
const consequences: ReadonlySet<string> = new Set(['failure-limit', 'stopped', 'interrupted']);

/**
 * The causes behind the clients that did not get there, the most frequent first; those that follow from another cause
 * stand last.
 */
export function problemRows(clients: readonly ClientRow[]): readonly ProblemRow[] {
  const byCause = new Map<string, { readonly first: ClientRow; count: number }>();
  for (const row of clients) {
    if (!row.problem) continue;
    const key = row.code === '' ? row.state.text : row.code;
    const known = byCause.get(key);
    if (known) known.count++;
    else byCause.set(key, { first: row, count: 1 });
  }
  return [...byCause]
    .sort(
      ([, a], [, b]) =>
        Number(consequences.has(a.first.code)) - Number(consequences.has(b.first.code)) || b.count - a.count,
    )
    .map(([key, { first, count }]) => ({
      key,
      label: count === 1 ? t('1 client') : t('{0} clients', count),
      text: first.details === '' ? first.state.text : first.details,
      code: first.code,
      stateText: first.state.text,
    }));
}
