import { t } from '@vscode/l10n';
import { listOf, numberInWords } from '../../kernel/localize';
import { plainText } from '../../kernel/plainText';
import type { ClientChanges } from './seenClients';

const namesShown = 3;

/** True where something changed. */
export function hasChanges(changes: ClientChanges): boolean {
  return changes.new.size + changes.changed.size + changes.gone.size > 0;
}

/**
 * "Changes since Nov 28, 14:02: 2 new, 1 changed, and 1 gone (web-01)." Undefined where nothing changed. Safe to show.
 *
 * @param time writes a moment for the reader; takes milliseconds since 1970
 */
export function changesInWords(
  listings: readonly ClientChanges[],
  time: (ms: number) => string,
): string | undefined {
  const some = listings.filter(hasChanges);
  if (some.length === 0) return undefined;
  const sum = (kind: 'new' | 'changed' | 'gone') =>
    some.reduce((count, changes) => count + changes[kind].size, 0);
  const facts = [
    [sum('new'), (n: string) => t({ message: '{0} new', args: [n], comment: ['A number of clients'] })],
    [
      sum('changed'),
      (n: string) => t({ message: '{0} changed', args: [n], comment: ['A number of clients'] }),
    ],
    [
      sum('gone'),
      (n: string) =>
        goneInWords(
          n,
          some.flatMap(({ goneNames }) => goneNames),
        ),
    ],
  ] as const;
  const list = facts.flatMap(([count, inWords]) => (count > 0 ? [inWords(numberInWords(count))] : []));
  return t({
    message: 'Changes since {time}: {list}.',
    args: { time: time(Math.min(...some.map(({ since }) => since))), list: listOf(list, 'and') },
    comment: ['{list}: how many clients are new, changed, and gone'],
  });
}

/** Those that are gone have no row, so they are named here. */
function goneInWords(count: string, names: readonly string[]): string {
  const shown = names.slice(0, namesShown).map((name) => plainText(name, 40));
  const more = names.length > namesShown ? ['…'] : [];
  return t({
    message: '{count} gone ({names})',
    args: { count, names: listOf([...shown, ...more]) },
    comment: ['A number of clients, and their names'],
  });
}
