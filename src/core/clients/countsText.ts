import { t } from '@vscode/l10n';
import { listOf, numberInWords, plural } from '../kernel/localize';
import { clientsInWords } from '../service/words';
import { attentionInShort, attentionReasons, needAttentionInWords } from './attention';
import type { ClientCounts } from './clientCounts';
import type { ClientNode } from './clientTree';

/** "8 upgrades available", for rows and tooltips. */
export function upgradesInWords(count: number): string {
  return plural(count, {
    one: (n) => t('{0} upgrade available', n),
    other: (n) => t('{0} upgrades available', n),
  });
}

/** One line per number of a group or listing, with the reasons for attention; for a tooltip. */
export function countLinesOf(counts: ClientCounts, clients: readonly ClientNode[]): readonly string[] {
  return [
    clientsInWords(counts.total),
    ...(counts.attention > 0 ? [attentionLine(counts.attention, clients)] : []),
    ...(counts.upgradeAvailable > 0 ? [upgradesInWords(counts.upgradeAvailable)] : []),
  ];
}

function attentionLine(attention: number, clients: readonly ClientNode[]): string {
  const reasons = attentionReasons.flatMap((reason) => {
    const count = clients.filter((node) => node.attention === reason).length;
    return count === 0
      ? []
      : [
          t({
            message: '{reason}: {count}',
            args: { reason: attentionInShort(reason), count: numberInWords(count) },
            comment: ['Why clients need attention, and how many do. Part of a list.'],
          }),
        ];
  });
  return t({
    message: '{attention} ({reasons})',
    args: { attention: needAttentionInWords(attention), reasons: listOf(reasons) },
    comment: ['{attention} is a number of clients, such as “9 need attention”. {reasons} is a list.'],
  });
}
