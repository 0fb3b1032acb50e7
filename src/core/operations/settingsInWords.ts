import { t } from '@vscode/l10n';
import type { ClientSettings } from '../service/model';
import { settingInWords, settingLabel, settingNames } from '../clients/settingFields';
import type { RecordedSettings } from './recordedSettings';

/** "HTTPS: Yes, Proxy password: changed": what a change sets. Safe to show. */
export function settingsInWords({ values, proxyPasswordChanged }: RecordedSettings): string {
  return settingNames
    .flatMap((name) => {
      const label = settingLabel(name);
      if (name === 'proxyPassword') return proxyPasswordChanged ? t('{0}: changed', label) : [];
      const to = settingInWords(name, values);
      return values[name] === undefined || to === undefined ? [] : t('{0}: {1}', label, to);
    })
    .join(', ');
}

/** "CPU cores: no limit → 4, Proxy password: changed": what a change sets anew at a client. Safe to show. */
export function settingsFromInWords(
  before: ClientSettings,
  { values, proxyPasswordChanged }: RecordedSettings,
): string {
  return settingNames
    .flatMap((name) => {
      const label = settingLabel(name);
      if (name === 'proxyPassword') return proxyPasswordChanged ? t('{0}: changed', label) : [];
      if (values[name] === undefined || values[name] === before[name]) return [];
      const from = settingInWords(name, before) ?? t('not set');
      return t('{0}: {1} → {2}', label, from, settingInWords(name, values) ?? '');
    })
    .join(', ');
}
