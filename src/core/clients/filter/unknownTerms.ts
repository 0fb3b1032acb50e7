import { t } from '@vscode/l10n';
import { listOf } from '../../kernel/localize';
import { plainText } from '../../kernel/plainText';

/** "“is:nonsense” isn't known": terms that are looked for as words. */
export function unknownInWords(terms: readonly string[]): string {
  return t({
    message: "{terms} isn't known",
    args: { terms: listOf(terms.map((term) => `“${plainText(term, 40)}”`)) },
    comment: ['{terms} is what the user typed, such as “is:nonsense”.'],
  });
}
