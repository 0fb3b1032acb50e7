import { t } from '@vscode/l10n';
import { ownValueOf, type InspectedSetting } from '../../kernel/ownSetting';
import { parseProtectedTag, type SafetyRules } from './safety';

/** The safety settings of the user, checked. */
export type SafetySettings = Omit<SafetyRules, 'policies'> & { readonly honourCliPolicy: boolean };

const defaultTypedConfirmAbove = 5;

/**
 * The safety rules in the user's own settings. What a workspace or the settings file of a remote computer says is left
 * out: neither may make changes less careful. VS Code ignores both for a setting of `application` scope; this is the
 * second lock. A value that makes no sense counts as the more careful one; `problems` has a sentence for each.
 */
export function safetySettingsOf(
  inspect: (
    name: 'readOnly' | 'confirmTags' | 'confirmByTypingAbove' | 'useCliSafetyPolicy',
  ) => InspectedSetting | undefined,
): { readonly settings: SafetySettings; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const switchOf = (name: 'readOnly' | 'useCliSafetyPolicy', byDefault: boolean): boolean => {
    const value = ownValueOf(inspect(name)) ?? byDefault;
    if (typeof value === 'boolean') return value;
    problems.push(t('The setting {0} is neither true nor false, so it counts as true.', settingNamed(name)));
    return true;
  };
  const limit = ownValueOf(inspect('confirmByTypingAbove')) ?? defaultTypedConfirmAbove;
  const isLimit = typeof limit === 'number' && limit >= 0;
  if (!isLimit) {
    problems.push(
      t('The setting {0} is not a number, so it counts as 0.', settingNamed('confirmByTypingAbove')),
    );
  }
  const texts = ownValueOf(inspect('confirmTags')) ?? [];
  const tags = (Array.isArray(texts) ? texts : [undefined]).map((text: unknown) =>
    typeof text === 'string' ? parseProtectedTag(text) : undefined,
  );
  if (tags.includes(undefined)) {
    problems.push(
      t(
        'The setting {0} is not a list of tags such as env or env=prod. What cannot be read protects nothing.',
        settingNamed('confirmTags'),
      ),
    );
  }
  return {
    settings: {
      readOnly: switchOf('readOnly', false),
      honourCliPolicy: switchOf('useCliSafetyPolicy', true),
      typedConfirmAbove: isLimit ? limit : 0,
      protectedTags: tags.filter((tag) => tag !== undefined),
    },
    problems,
  };
}

function settingNamed(name: string): string {
  return `cloudBackup.safety.${name}`;
}
