import { t } from '@vscode/l10n';
import type { Questions } from '../interaction/interaction';

/** Asks for a filter of the client tree, starting from the present one. Undefined when the user canceled. */
export async function askFilter(
  questions: Pick<Questions, 'text'>,
  present: string,
): Promise<string | undefined> {
  const text = await questions.text({
    title: t({ message: 'Filter Clients', comment: ['The title of an input box'] }),
    prompt: t('Shows clients that match every word. Separate words with spaces.'),
    placeholder: t('Example: web env=prod'),
    value: present,
  });
  return text?.trim();
}
