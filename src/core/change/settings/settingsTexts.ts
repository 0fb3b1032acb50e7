import { t } from '@vscode/l10n';
import type { BackupClient, ClientSettingsChange } from '../../service/model';
import type { Agreement } from '../agree';
import type { LeftOut } from '../draft';
import { shortened, shownName, whereInWords, whereShort } from '../draftTexts';
import type { SettingsDraft } from './settingsDraft';
import type { ScopeLabel } from '../../service/scopeLabel';
import {
  namesIn,
  presentInWords,
  settingInWords,
  settingLabel,
  settingsObstacleInWords,
  type SettingName,
  type SettingsObstacle,
} from '../../clients/settingFields';

type LeftAsIs = LeftOut<SettingsObstacle>;

const mask = '••••';

/** What is done, such as "Change settings of 3 clients". */
function settingsTitle(clients: readonly BackupClient[]): string {
  const [first, ...others] = clients;
  return first && others.length === 0
    ? t('Change settings of {0}', shownName(first))
    : t('Change settings of {0} clients', clients.length);
}

/** What the user is asked to agree to. */
export function settingsAgreementOf(draft: SettingsDraft): Agreement {
  const clients = draft.eligible.map(({ client }) => client);
  return {
    message: settingsQuestion(clients, draft.place),
    detail: (reasons) => settingsDetail(draft, clients, reasons),
    button: t('Change Settings'),
    typePrompt: t('Type {0} to change the settings of as many clients.', clients.length),
  };
}

/** The question above the buttons. */
function settingsQuestion(clients: readonly BackupClient[], place: ScopeLabel): string {
  return t('{0} in {1}?', settingsTitle(clients), whereShort(place));
}

/** Which account, what changes from what to what, which clients, and what is left out. */
function settingsDetail(
  { change, leftOut, place }: SettingsDraft,
  clients: readonly BackupClient[],
  reasons: readonly string[],
): string {
  const left = leftOut.map(({ client, obstacle }) =>
    t('{0} ({1})', shownName(client), settingsObstacleInWords(obstacle)),
  );
  return [
    whereInWords(place),
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
