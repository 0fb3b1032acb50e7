import { t } from '@vscode/l10n';
import { listOf, plural } from '../../kernel/localize';
import { plainText } from '../../kernel/plainText';
import type { Operation } from '../../operations/operation';
import { outcomes } from '../../operations/outcomes';
import { clientsInWords } from '../../service/words';
import { codeOf, detailsOf, stateOf } from './clientTable';
import { shortCause } from './shortCauses';

/** One cause with all the clients it affects: four hundred failures have two causes, not four hundred. */
export interface ProblemRow {
  /** Stable within the operation. */
  readonly key: string;
  /** The cause in a few words, or the code of the service. */
  readonly cause: string;
  /** "3 clients". */
  readonly label: string;
  /** "web-01, web-02, and 9 more". */
  readonly names: string;
  /** The cause as a sentence, and what to do next. */
  readonly text: string;
  /** What the clients of this problem have in common: their code, or if there's none their state. */
  readonly code: string;
  readonly stateText: string;
}

/** Causes that follow from another client's failure. */
const consequences: ReadonlySet<string> = new Set(['failure-limit', 'interrupted']);

/** As many clients are named; the others are counted. */
const namedAtMost = 5;

interface Problem {
  readonly row: Omit<ProblemRow, 'label' | 'names'>;
  readonly names: string[];
}

/** The causes behind all problems, the most frequent first, and causes that follow from another one last. */
export function problemRows(operation: Operation): readonly ProblemRow[] {
  const byCause = new Map<string, Problem>();
  for (const progress of operation.machines) {
    if (!outcomes[progress.outcome].problem) continue;
    const code = codeOf(progress);
    const stateText = stateOf(progress).text;
    const key = code === '' ? stateText : code;
    const name = plainText(progress.machine.name);
    const known = byCause.get(key);
    if (known) known.names.push(name);
    else {
      const text = detailsOf(progress, operation) || stateText;
      const cause = shortCause(code) ?? key;
      byCause.set(key, { row: { key, cause, text, code, stateText }, names: [name] });
    }
  }
  return [...byCause.values()]
    .sort(
      (a, b) =>
        Number(consequences.has(a.row.code)) - Number(consequences.has(b.row.code)) ||
        b.names.length - a.names.length,
    )
    .map(({ row, names }) => ({ ...row, label: clientsInWords(names.length), names: namesInWords(names) }));
}

function namesInWords(names: readonly string[]): string {
  const more = names.length - namedAtMost;
  if (more <= 1) return listOf(names);
  return listOf([
    ...names.slice(0, namedAtMost),
    plural(more, {
      one: (n) => t({ message: '{0} more', args: [n], comment: ['Ends a list of names of clients.'] }),
      other: (n) => t({ message: '{0} more', args: [n], comment: ['Ends a list of names of clients.'] }),
    }),
  ]);
}
