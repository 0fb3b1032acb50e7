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
import { linesOf, scopeLines, shownName } from '../clientTexts';
import { leftOutLine, paragraphs, reasonsInWords } from '../draftTexts';
import type { SettingsDraft } from './settingsDraft';

const mask = '••••';

/**
 * What the user should know before agreeing: which account, what changes from what to what, and which clients.
 * @param reasons why the number of clients has to be typed; mostly none
 */
export function settingsDetailOf(draft: SettingsDraft, reasons: readonly string[]): string {
  const { change, leftOut, label } = draft;
  const clients = draft.eligible.map(({ client }) => client);
  return paragraphs(
    scopeLines(label),
    namesIn(change).map((name) => changeInWords(name, change, clients)),
    clients.length > 1 ? linesOf(clients.map(shownName)) : [],
    [reasonsInWords(reasons)],
    [leftOutLine(leftOut, settingsObstacleInWords)],
  );
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
