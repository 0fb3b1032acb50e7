import { t } from '@vscode/l10n';
import { listOf } from '../kernel/localize';
import type { ClientSettings } from '../service/model';
import { settingInWords, settingLabel, settingNames } from '../clients/clientSettings';
import type { RecordedSettings } from './recordedSettings';

/** "HTTPS: Yes, Proxy password: changed": what a change sets. Safe to show. */
export function settingsInWords({ values, proxyPasswordChanged }: RecordedSettings): string {
  return listOf(
    settingNames.flatMap((name) => {
      const label = settingLabel(name);
      if (name === 'proxyPassword') return proxyPasswordChanged ? changedInWords(label) : [];
      const to = settingInWords(name, values);
      return values[name] === undefined || to === undefined
        ? []
        : t({
            message: '{setting}: {value}',
            args: { setting: label, value: to },
            comment: ['A setting with the value it is set to.'],
          });
    }),
  );
}

/** "CPU cores: no limit → 4, Proxy password: changed": what a change sets anew at a client. Safe to show. */
export function settingsFromInWords(
  before: ClientSettings,
  { values, proxyPasswordChanged }: RecordedSettings,
): string {
  return listOf(
    settingNames.flatMap((name) => {
      const label = settingLabel(name);
      if (name === 'proxyPassword') return proxyPasswordChanged ? changedInWords(label) : [];
      if (values[name] === undefined || values[name] === before[name]) return [];
      const from =
        settingInWords(name, before) ??
        t({ message: 'not set', comment: ['Value of a setting that the client does not report.'] });
      return t({
        message: '{setting}: {before} → {after}',
        args: { setting: label, before: from, after: settingInWords(name, values) ?? '' },
        comment: ['A setting with its values before and after a change.'],
      });
    }),
  );
}

function changedInWords(setting: string): string {
  return t({
    message: '{0}: changed',
    args: [setting],
    comment: ['A setting whose value is secret, such as a password.'],
  });
}
