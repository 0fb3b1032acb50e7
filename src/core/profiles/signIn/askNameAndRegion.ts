import { t } from '@vscode/l10n';
import type { ChoiceQuestion, PickRow, Questions, TextQuestion } from '../../interaction/interaction';
import { readRegion, regions, zoneInWords } from '../../service/regions';

const nameLimit = 64;

/** Asks for the name of a profile: 1 to 64 characters, none of the names in use. `value` is filled in. */
export async function askName(
  questions: Questions,
  question: Pick<TextQuestion, 'title' | 'step' | 'value'>,
  namesInUse: readonly string[],
): Promise<string | undefined> {
  const answer = await questions.text({
    ...question,
    prompt: t({ message: 'Profile name', comment: ['Prompt of an input box.'] }),
    placeholder: t('For example: production'),
    validate: (text) => problemOfName(text, namesInUse),
  });
  return answer?.trim();
}

/** What to say of a text that is too long. */
export function tooLong(limit: number): string {
  return t('Use up to {0} characters.', limit);
}

/** What is wrong with a name, in a sentence; undefined when a profile may be called so. */
export function problemOfName(text: string, namesInUse: readonly string[]): string | undefined {
  const name = text.trim();
  if (name === '') return t('Enter a name.');
  if (Array.from(name).length > nameLimit) return tooLong(nameLimit);
  return namesInUse.some((other) => comparable(other) === comparable(name))
    ? t('A profile with this name already exists.')
    : undefined;
}

/**
 * Asks for a region: one that's known by name, or any ID that can be part of a host name. The likely one is the first
 * row. `written` is the region as a source has it; a zone in its place is explained.
 */
export async function askRegion(
  questions: Questions,
  question: Pick<ChoiceQuestion, 'title' | 'step'>,
  written = '',
): Promise<string | undefined> {
  const likely = readRegion(written);
  const likelyId = likely.kind === 'neither' ? undefined : likely.regionId;
  const ordered = [...regions].sort((a, b) => Number(b.id === likelyId) - Number(a.id === likelyId));
  return questions.one(
    {
      ...question,
      placeholder:
        likely.kind === 'zone' ? zoneInWords(likely) : t('Select a region, or enter another region ID'),
      textRow: regionRow,
    },
    ordered.map(({ id, name }) => ({ label: name, description: id, value: id })),
  );
}

/** The row for a typed region: its ID, or what's wrong with it. */
function regionRow(text: string): PickRow<string> {
  const written = readRegion(text);
  switch (written.kind) {
    case 'region':
      return {
        label: t({ message: 'Use “{0}”', args: [written.regionId], comment: ['Row for a typed region ID.'] }),
        value: written.regionId,
      };
    case 'zone':
      return { kind: 'blocked', label: zoneInWords(written) };
    case 'neither':
      return {
        kind: 'blocked',
        label: t('Use only letters, digits, and hyphens, and up to 64 characters.'),
      };
  }
}

function comparable(name: string): string {
  return name.trim().toLowerCase();
}
