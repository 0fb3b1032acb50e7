import { t } from '@vscode/l10n';
import type { BackupClient, ClientSettings, ClientSettingsChange } from '../service/model';
import { plainText } from '../kernel/plainText';
import { obstacleInWords } from './capabilities';
import { isBusy } from '../service/clientFacts';
import { limitInWords, memoryInWords, networkInWords, proxyInWords, yesOrNo } from './settingWords';
import { compareVersions } from '../service/versions';

/** Name of one value that can be changed. */
export type SettingName = keyof ClientSettingsChange;

interface Setting {
  readonly label: () => string;
  /** The value in words; undefined where none is set. */
  readonly inWords: (settings: ClientSettings) => string | undefined;
}

const shown = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : plainText(text, 80);

/** All values that can be changed, in the order in which they are shown and asked. */
const settings: Readonly<Record<SettingName, Setting>> = {
  useHttps: { label: () => t('HTTPS'), inWords: ({ useHttps }) => yesOrNo(useHttps) },
  dataNetworkType: {
    label: () => t('Data network'),
    inWords: ({ dataNetworkType }) => shown(networkInWords(dataNetworkType)),
  },
  dataProxySetting: {
    label: () => t('Data proxy'),
    inWords: ({ dataProxySetting }) => shown(proxyInWords(dataProxySetting)),
  },
  proxyHost: { label: () => t('Proxy host'), inWords: ({ proxyHost }) => shown(proxyHost) },
  proxyPort: {
    label: () => t('Proxy port'),
    inWords: ({ proxyPort }) => (proxyPort ? String(proxyPort) : undefined),
  },
  proxyUser: { label: () => t('Proxy user'), inWords: ({ proxyUser }) => shown(proxyUser) },
  // The service never tells it, and nobody needs to see it.
  proxyPassword: { label: () => t('Proxy password'), inWords: () => undefined },
  maxCpuCore: { label: () => t('CPU cores'), inWords: ({ maxCpuCore }) => limitInWords(maxCpuCore) },
  maxWorker: {
    label: () => t('Worker processes'),
    inWords: ({ maxWorker }) => limitInWords(maxWorker),
  },
  maxMemory: { label: () => t('Memory'), inWords: ({ maxMemory }) => memoryInWords(maxMemory) },
  alertOnPartialComplete: {
    label: () => t('Alert on partial backup'),
    inWords: ({ alertOnPartialComplete }) => yesOrNo(alertOnPartialComplete),
  },
};

/** All of them, in the order in which they are shown. */
export const settingNames = Object.keys(settings).filter((name): name is SettingName => name in settings);

/** What a setting is called. */
export function settingLabel(name: SettingName): string {
  return settings[name].label();
}

/** A value in words, such as "no limit"; undefined where none is set. */
export function settingInWords(name: SettingName, values: ClientSettings): string | undefined {
  return settings[name].inWords(values);
}

/** The value that clients have now, or that it differs among them. */
export function presentInWords(name: SettingName, clients: readonly BackupClient[]): string {
  const texts = new Set(clients.map((client) => settingInWords(name, client.settings ?? {}) ?? t('not set')));
  const [only] = texts;
  return texts.size === 1 && only !== undefined ? only : t('differs');
}

/** Names of what a change sets, in their order. */
export function namesIn(change: ClientSettingsChange): readonly SettingName[] {
  return settingNames.filter((name) => change[name] !== undefined);
}

/** Names of what a change would set anew at a client. A password always: nobody can know what it is now. */
export function newAt(
  { settings: now = {} }: BackupClient,
  change: ClientSettingsChange,
): readonly SettingName[] {
  return namesIn(change).filter((name) => name === 'proxyPassword' || now[name] !== change[name]);
}

/** Why the settings of a client are left as they are. */
export type SettingsObstacle =
  'not-installed' | 'busy' | 'in-operation' | 'too-old' | 'wrong-type' | 'unchanged';

/** First version that takes a memory limit (documented). */
const memorySince = '2.13.0';

/** What stands against changing any setting of a client. */
export function obstacleToSettings(client: BackupClient): SettingsObstacle | undefined {
  if (!client.clientId || client.status === 'NOT_INSTALLED' || client.leftover) return 'not-installed';
  return isBusy(client) ? 'busy' : undefined;
}

/** What stands against one setting at a client: its version, or its type (both documented). */
export function obstacleToSetting(name: SettingName, client: BackupClient): SettingsObstacle | undefined {
  if (name === 'maxMemory' && compareVersions(client.clientVersion ?? '0', memorySince) < 0) return 'too-old';
  const alerts = client.clientType === 'ECS_CLIENT' || client.clientType === 'LOCAL_CLIENT';
  return name === 'alertOnPartialComplete' && !alerts ? 'wrong-type' : undefined;
}

/** Says in a few words why a client is left out, to stand behind its name. */
export function settingsObstacleInWords(obstacle: SettingsObstacle): string {
  switch (obstacle) {
    case 'too-old':
      return t('a memory limit needs version {0}', memorySince);
    case 'wrong-type':
      return t('its type has no alert on partial backup');
    case 'unchanged':
      return t('already so');
    case 'not-installed':
    case 'busy':
    case 'in-operation':
      return obstacleInWords(obstacle);
  }
}
