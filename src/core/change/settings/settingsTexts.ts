import { t } from '@vscode/l10n';
import {
  namesIn,
  presentInWords,
  settingInWords,
  settingLabel,
  type SettingName,
} from '../../clients/clientSettings';
import { settingsObstacleInWords } from '../../clients/settingsObstacles';
import type { BackupClient, ClientSettingsChange } from '../../service/model';
import { namesApart, scopeLines } from '../clientTexts';
import type { Details } from '../details';
import { leftOutLine } from '../draftTexts';
import { interruptedInWords, notFoundInWords } from '../interruptionTexts';
import type { SettingsDraft } from './settingsDraft';

const mask = '••••';

/** What the user should know before agreeing: which account, what changes from what to what, and which clients. */
export function settingsDetailsOf(draft: SettingsDraft): Details {
  const { change, leftOut, label, eligible } = draft;
  const clients = eligible.map(({ client }) => client);
  const nameOf = namesApart(clients);
  return {
    warnings: [],
    interrupted: interruptedInWords(draft),
    scope: scopeLines(label),
    changes: namesIn(change).map((name) => changeInWords(name, change, clients)),
    clients: clients.length > 1 ? clients.map((client) => () => nameOf(client)) : [],
    notes: [notFoundInWords(draft)],
    leftOut: leftOut.map((one) => () => leftOutLine(one, settingsObstacleInWords)),
  };
}

/** "CPU cores: no limit → 4"; empty where all clients have the value already. */
function changeInWords(
  name: SettingName,
  change: ClientSettingsChange,
  clients: readonly BackupClient[],
): string {
  const setting = settingLabel(name);
  if (name === 'proxyPassword') {
    return t({
      message: '{setting}: {value}',
      args: { setting, value: mask },
      comment: ['{setting}: the name of a setting. {value}: what it is set to'],
    });
  }
  if (clients.every(({ settings }) => settings?.[name] === change[name])) return '';
  return t({
    message: '{setting}: {from} → {to}',
    args: { setting, from: presentInWords(name, clients), to: settingInWords(name, change) ?? '' },
    comment: ['{setting}: the name of a setting. {from}, {to}: its values now and then'],
  });
}
