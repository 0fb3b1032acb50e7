import { t } from '@vscode/l10n';
import type { BackupClient, ClientSettingsChange } from '../../service/model';
import type { ChangeContext } from '../plan';
import { shortened, shownName, whereInWords, whereShort } from '../planTexts';
import {
  namesIn,
  presentInWords,
  settingInWords,
  settingLabel,
  settingsObstacleInWords,
  type SettingName,
  type SettingsObstacle,
} from '../../clients/settingFields';

/** A client whose settings are left as they are, and why. */
export interface LeftAsIs {
  readonly client: BackupClient;
  readonly obstacle: SettingsObstacle;
}

const mask = '••••';

/** What is done, such as "Change settings of 3 clients". */
function settingsTitle(clients: readonly BackupClient[]): string {
  const [first, ...others] = clients;
  return first && others.length === 0
    ? t('Change settings of {0}', shownName(first))
    : t('Change settings of {0} clients', clients.length);
}

/** The question above the buttons. */
export function settingsQuestion(clients: readonly BackupClient[], context: ChangeContext): string {
  return t('{0} in {1}?', settingsTitle(clients), whereShort(context));
}

/** Whose clients, what changes from what to what, which clients, and what is left out. */
export function settingsDetail(
  plan: {
    readonly clients: readonly BackupClient[];
    readonly change: ClientSettingsChange;
    readonly leftAsIs: readonly LeftAsIs[];
    readonly context: ChangeContext;
  },
  reasons: readonly string[],
): string {
  const { clients, change, leftAsIs, context } = plan;
  const left = leftAsIs.map(({ client, obstacle }) =>
    t('{0} ({1})', shownName(client), settingsObstacleInWords(obstacle)),
  );
  return [
    whereInWords(context),
    namesIn(change)
      .flatMap((name) => changeInWords(name, change, clients) ?? [])
      .join('\n'),
    clients.length > 1 ? shortened(clients.map(shownName), '\n') : '',
    reasons.join('\n'),
    left.length > 0 ? t('Left out: {0}', shortened(left, ', ')) : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** "CPU cores: no limit → 4"; undefined where all clients have the value already. */
function changeInWords(
  name: SettingName,
  change: ClientSettingsChange,
  clients: readonly BackupClient[],
): string | undefined {
  const label = settingLabel(name);
  if (name === 'proxyPassword') return t('{0}: {1}', label, mask);
  if (clients.every(({ settings }) => settings?.[name] === change[name])) return undefined;
  const to = settingInWords(name, change) ?? '';
  return t('{0}: {1} → {2}', label, presentInWords(name, clients), to);
}

/** Why nothing can be changed: each reason with the clients that it keeps back. */
export function nothingToChange(leftAsIs: readonly LeftAsIs[]): string {
  if (leftAsIs.length === 0) return t('There are no clients in the list. Refresh it, then try again.');
  const byReason = new Map<string, string[]>();
  for (const { client, obstacle } of leftAsIs) {
    const reason = settingsObstacleInWords(obstacle);
    byReason.set(reason, [...(byReason.get(reason) ?? []), shownName(client)]);
  }
  const reasons = [...byReason].map(([reason, names]) => t('{0} ({1})', shortened(names, ', '), reason));
  return t('No settings can be changed: {0}.', reasons.join(', '));
}
