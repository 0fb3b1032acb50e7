import { t } from '@vscode/l10n';
import { isBusy } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import { compareVersions } from '../service/versions';
import { obstacleInWords } from './capabilities';
import type { SettingName } from './clientSettings';

/** Why the settings of a client aren't changed. */
export type SettingsObstacle =
  'not-installed' | 'busy' | 'in-operation' | 'job-running' | 'too-old' | 'file-backup-only' | 'unchanged';

/** First version with a memory limit (documented). */
const memorySince = '2.13.0';

/** Why no setting of a client can be changed now; undefined when they can. */
export function obstacleToSettings(client: BackupClient): SettingsObstacle | undefined {
  if (!client.clientId || client.status === 'NOT_INSTALLED' || client.leftover) return 'not-installed';
  return isBusy(client) ? 'busy' : undefined;
}

/** Why a client doesn't have one setting; undefined when it does. */
export function obstacleToSetting(name: SettingName, client: BackupClient): SettingsObstacle | undefined {
  if (name === 'alertOnPartialComplete' && client.clientType === 'CONTAINER_CLIENT')
    return 'file-backup-only';
  const tooOld = name === 'maxMemory' && compareVersions(client.clientVersion ?? '0', memorySince) < 0;
  return tooOld ? 'too-old' : undefined;
}

/** Why a client is left out, in a few words to be shown after its name. */
export function settingsObstacleInWords(obstacle: SettingsObstacle): string {
  switch (obstacle) {
    case 'too-old':
      return t({
        message: 'a memory limit needs version {0}',
        args: [memorySince],
        comment: ['Why a client is left out; shown after its name.'],
      });
    case 'file-backup-only':
      return t({
        message: 'alerts on partial backup are for file backups only',
        comment: ['Why a client is left out; shown after its name.'],
      });
    case 'unchanged':
      return t({ message: 'already set', comment: ['Why a client is left out; shown after its name.'] });
    case 'not-installed':
    case 'busy':
    case 'in-operation':
    case 'job-running':
      return obstacleInWords(obstacle);
  }
}
