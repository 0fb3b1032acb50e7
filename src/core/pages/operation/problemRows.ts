import { clientsInWords } from '../../service/words';
import type { Operation } from '../../operations/operation';
import { outcomes } from '../../operations/outcomes';
import { codeOf, detailsOf, stateOf } from './clientTable';

/** One cause with all the clients it affects: four hundred failures have two causes, not four hundred. */
export interface ProblemRow {
  /** Stable within the operation. */
  readonly key: string;
  /** "3 clients". */
  readonly label: string;
  /** The cause, and what to do next. */
  readonly text: string;
  /** What the clients of this problem have in common: their code, or if there's none their state. */
  readonly code: string;
  readonly stateText: string;
}

/** Causes that follow from another client's failure. */
const consequences: ReadonlySet<string> = new Set(['failure-limit', 'stopped', 'interrupted']);

/** The causes behind all problems, the most frequent first, and causes that follow from another one last. */
export function problemRows(operation: Operation): readonly ProblemRow[] {
  const byCause = new Map<string, { readonly row: Omit<ProblemRow, 'label'>; count: number }>();
  for (const progress of operation.machines) {
    if (!outcomes[progress.outcome].problem) continue;
    const code = codeOf(progress);
    const stateText = stateOf(progress.outcome).text;
    const key = code === '' ? stateText : code;
    const known = byCause.get(key);
    if (known) known.count++;
    else {
      const text = detailsOf(progress, operation) || stateText;
      byCause.set(key, { row: { key, text, code, stateText }, count: 1 });
    }
  }
  return [...byCause.values()]
    .sort(
      (a, b) =>
        Number(consequences.has(a.row.code)) - Number(consequences.has(b.row.code)) || b.count - a.count,
    )
    .map(({ row, count }) => ({ ...row, label: clientsInWords(count) }));
}
