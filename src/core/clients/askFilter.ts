import { t } from '@vscode/l10n';
import type { Questions } from '../interaction/interaction';
import { plainText } from '../kernel/plainText';
import { createTermCounter, type FilterableListing } from './filter/countTerms';
import { filterRows } from './filter/filterRows';
import type { FilterStore } from './filter/savedFilters';

/** What the filter box works with. */
export interface AskFilterDeps {
  readonly questions: Pick<Questions, 'compose' | 'text'>;
  readonly filters: FilterStore;
  readonly choices: { filter(): string; setFilter(text: string): void };
  readonly model: { readonly filterable: readonly FilterableListing[] };
}

/**
 * Lets the user edit the filter of the client tree. Chosen terms are applied at once, a typed text with Enter. Saving
 * and deleting leave the box open.
 */
export async function askFilter({ questions, filters, choices, model }: AskFilterDeps): Promise<void> {
  let text = choices.filter();
  const count = createTermCounter();
  for (;;) {
    const choice = await questions.compose({
      title: t({ message: 'Filter Clients', comment: ['The title of an input box'] }),
      placeholder: t('Type words, or choose what to show'),
      text: text === '' ? '' : `${text} `,
      rows: (typed) =>
        filterRows(typed, {
          listings: model.filterable,
          saved: filters.saved(),
          recent: filters.recent(),
          count,
        }),
      onChosen: (chosen) => choices.setFilter(chosen.trim()),
    });
    switch (choice?.kind) {
      case undefined:
        return;
      case 'apply':
        choices.setFilter(choice.text);
        await filters.used(choice.text);
        return;
      case 'save': {
        ({ text } = choice);
        choices.setFilter(text);
        const name = await askName(questions, text);
        if (name !== undefined) await filters.save({ name, text });
        break;
      }
      case 'delete':
        await filters.remove(choice.name);
        text = choices.filter();
    }
  }
}

async function askName(questions: Pick<Questions, 'text'>, text: string): Promise<string | undefined> {
  const name = await questions.text({
    title: t({ message: 'Save Filter', comment: ['The title of an input box'] }),
    prompt: t('Name of the filter. One with the same name is replaced.'),
    value: plainText(text, 60),
    validate: (typed) => (typed.trim() === '' ? t('Enter a name.') : undefined),
  });
  return name?.trim();
}
