import { t } from '@vscode/l10n';
import type { Questions } from '../interaction/interaction';

/** Asks for a filter of the client tree, with the present one to change. Undefined when the user backed out. */
export async function askFilter(
  questions: Pick<Questions, 'text'>,
  present: string,
): Promise<string | undefined> {
  const text = await questions.text({
    title: t('Filter Clients'),
    prompt: t('Words that a name, ID, address, zone, version or tag contains. Leave empty to show all.'),
    placeholder: t('web prod, 10.0.0., env=prod'),
    value: present,
  });
  return text?.trim();
}
