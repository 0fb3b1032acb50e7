import { t } from '@vscode/l10n';
import { plainText } from '../../kernel/plainText';
import { readInstanceIds } from '../../service/instanceIds';
import type { Tag } from '../../service/model';
import { mostFilteredInstances, mostTags } from '../../service/serviceFilter';

/** A part of a filter as it's typed into a text box: what it means, or a sentence that says what's wrong with it. */
export type ReadText<T> = { readonly value: T; readonly problem?: undefined } | { readonly problem: string };

/** Longest key or value of a tag (documented by ECS). */
const longestTagText = 128;

/** Tags as they're typed: `env=prod, team`. Quotes keep a comma: `"note=a, b"`. */
export function writeTags(tags: readonly Tag[] = []): string {
  return tags
    .map(({ key, value }) => (value === '' ? key : `${key}=${value}`))
    .map((text) => (/[,，\n"]|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
    .join(', ');
}

/** Reads what {@link writeTags} writes, and what people type. An empty text is no tags. */
export function readTags(text: string): ReadText<readonly Tag[]> {
  const tags = new Map<string, Tag>();
  for (const part of partsOf(text)) {
    const equals = part.indexOf('=');
    const key = (equals < 0 ? part : part.slice(0, equals)).trim();
    const value = equals < 0 ? '' : part.slice(equals + 1).trim();
    if (key === '') return { problem: t('Enter a key before “=”, such as env=prod.') };
    if (key.length > longestTagText || value.length > longestTagText) {
      return { problem: t('The keys and values of tags have at most {0} characters.', longestTagText) };
    }
    if (tags.has(key)) return { problem: t('Enter the key {0} only once.', plainText(key, 40)) };
    tags.set(key, { key, value });
  }
  if (tags.size > mostTags) return { problem: t('Enter at most {0} tags.', mostTags) };
  return { value: [...tags.values()] };
}

/** Texts between commas or line breaks, without those that are empty. In quotes, a comma is text, and `""` a quote. */
function partsOf(text: string): readonly string[] {
  const parts = text.match(/(?:"(?:[^"]|"")*"|[^,，\n"])+/gu) ?? [];
  return parts
    .map((part) =>
      part.trim().replace(/"((?:[^"]|"")*)"/gu, (_, quoted: string) => quoted.replaceAll('""', '"')),
    )
    .filter((part) => part !== '');
}

/** Reads pasted instance IDs, whatever is between them. An empty text is none. */
export function readFilteredInstances(text: string): ReadText<readonly string[]> {
  const { ids, malformed } = readInstanceIds(text);
  const [wrong] = malformed;
  if (wrong !== undefined) return { problem: t("{0} isn't an instance ID.", plainText(wrong, 40)) };
  if (ids.length > mostFilteredInstances) {
    return {
      problem: t({
        message: 'Cloud Backup takes at most {most} instances. You entered {count}.',
        args: { most: mostFilteredInstances, count: ids.length },
        comment: ['Two numbers'],
      }),
    };
  }
  return { value: ids };
}

/** Reads the ID of a container cluster. An empty text stays empty: no limit. */
export function readClusterId(text: string): ReadText<string> {
  const id = text.trim();
  return id === '' || /^cl-[\w-]{1,60}$/.test(id)
    ? { value: id }
    : { problem: t('Enter a cluster ID, such as cl-000….') };
}
