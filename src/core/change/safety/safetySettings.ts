import { t } from '@vscode/l10n';
import { ownValueOf, type InspectedSetting } from '../../kernel/ownSetting';
import type { SafeguardedTag, SafetyRules } from './safety';

/** The safety settings of the user, checked. */
export type SafetySettings = Omit<SafetyRules, 'policies'> & { readonly useCliPolicy: boolean };

/** Settings below `cloudBackup.safety`. */
type SafetySetting =
  'readOnly' | 'confirmTags' | 'confirmByTypingAbove' | 'useCliSafetyPolicy' | 'refuseEssentialEdition';

const typingAboveByDefault = 5;

/**
 * The safety rules in the user's own settings. What a workspace or the settings file of a remote computer says doesn't
 * count: neither can make changes less careful. VS Code ignores both for a setting of `application` scope; this is the
 * second lock. A value that makes no sense counts as the most careful one; `problems` has a sentence for each.
 */
export function safetySettingsOf(inspect: (name: SafetySetting) => InspectedSetting | undefined): {
  readonly settings: SafetySettings;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const switchOf = (
    name: 'readOnly' | 'useCliSafetyPolicy' | 'refuseEssentialEdition',
    byDefault: boolean,
  ): boolean => {
    const value = ownValueOf(inspect(name)) ?? byDefault;
    if (typeof value === 'boolean') return value;
    problems.push(t('The setting {0} is neither true nor false, so it counts as true.', idOf(name)));
    return true;
  };
  const limit = ownValueOf(inspect('confirmByTypingAbove')) ?? typingAboveByDefault;
  const isLimit = typeof limit === 'number' && limit >= 0;
  if (!isLimit) {
    problems.push(t("The setting {0} isn't a number, so it counts as 0.", idOf('confirmByTypingAbove')));
  }
  const tags = tagsIn(ownValueOf(inspect('confirmTags')) ?? []);
  if (tags === 'unreadable') {
    problems.push(
      t(
        "The setting {0} isn't a list of tags such as env or env=prod. Until you correct it, you type the number of clients for every change.",
        idOf('confirmTags'),
      ),
    );
  }
  return {
    settings: {
      readOnly: switchOf('readOnly', false),
      useCliPolicy: switchOf('useCliSafetyPolicy', true),
      confirmByTypingAbove: isLimit ? limit : 0,
      confirmTags: tags,
      ...(!switchOf('refuseEssentialEdition', true) && { allowsEssentialEdition: true }),
    },
    problems,
  };
}

/** One entry that can't be read could mean any tag, so then none of them count. */
function tagsIn(value: unknown): SafetyRules['confirmTags'] {
  if (!Array.isArray(value)) return 'unreadable';
  const tags = value.map((text: unknown) => (typeof text === 'string' ? parseTag(text) : undefined));
  return tags.every((tag) => tag !== undefined) ? tags : 'unreadable';
}

function idOf(name: SafetySetting): string {
  return `cloudBackup.safety.${name}`;
}

/** Reads `key` or `key=value`; undefined for what is neither. */
export function parseTag(text: string): SafeguardedTag | undefined {
  const at = text.indexOf('=');
  const key = (at < 0 ? text : text.slice(0, at)).trim();
  if (key === '') return undefined;
  return at < 0 ? { key } : { key, value: text.slice(at + 1).trim() };
}
