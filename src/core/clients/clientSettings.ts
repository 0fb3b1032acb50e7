import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import type { BackupClient, ClientSettings, ClientSettingsChange } from '../service/model';
import { withoutPasswords } from './withoutPasswords';

/** Name of one setting of a client. */
export type SettingName = keyof ClientSettingsChange;

interface Setting {
  readonly label: () => string;
  /** The value as text; undefined where none is set. */
  readonly inWords: (settings: ClientSettings) => string | undefined;
}

/** All settings that can be changed, in the order in which they're shown and asked for. */
const settings: Readonly<Record<SettingName, Setting>> = {
  useHttps: {
    label: () => t('Transfer data over HTTPS'),
    inWords: ({ useHttps }) => yesOrNo(useHttps),
  },
  dataNetworkType: {
    label: () => t({ message: 'Data network', comment: ['Network that backup data is sent through.'] }),
    inWords: ({ dataNetworkType }) => networkInWords(dataNetworkType),
  },
  dataProxySetting: {
    label: () => t({ message: 'Data proxy', comment: ['Which proxy backup data is sent through.'] }),
    inWords: ({ dataProxySetting }) => proxyInWords(dataProxySetting),
  },
  proxyHost: {
    label: () => t({ message: 'Proxy host', comment: ['Host name or address of a proxy server.'] }),
    inWords: ({ proxyHost }) => shown(proxyHost),
  },
  proxyPort: {
    label: () => t({ message: 'Proxy port', comment: ['Port number of a proxy server.'] }),
    inWords: ({ proxyPort }) => (proxyPort ? String(proxyPort) : undefined),
  },
  proxyUser: {
    label: () => t({ message: 'Proxy user', comment: ['User name for a proxy server.'] }),
    inWords: ({ proxyUser }) => shown(proxyUser),
  },
  proxyPassword: {
    label: () => t({ message: 'Proxy password', comment: ['Password for a proxy server.'] }),
    // Never decoded, so there's nothing to show.
    inWords: () => undefined,
  },
  maxCpuCore: {
    label: () => t('CPU cores per backup job'),
    inWords: ({ maxCpuCore }) => limitInWords(maxCpuCore),
  },
  maxWorker: {
    label: () => t('Concurrent backup jobs'),
    inWords: ({ maxWorker }) => limitInWords(maxWorker),
  },
  maxMemory: {
    label: () => t({ message: 'Memory', comment: ['Setting of a client: how much memory it can use.'] }),
    inWords: ({ maxMemory }) => memoryInWords(maxMemory),
  },
  alertOnPartialComplete: {
    label: () => t('Alert on partial backup'),
    inWords: ({ alertOnPartialComplete }) => yesOrNo(alertOnPartialComplete),
  },
};

/** All of them, in the order in which they're shown. */
export const settingNames = Object.keys(settings).filter((name): name is SettingName => name in settings);

/** What a setting is called. */
export function settingLabel(name: SettingName): string {
  return settings[name].label();
}

/** A value as text, such as "no limit"; undefined where none is set. Safe to show: a password in a field has a mask. */
export function settingInWords(name: SettingName, values: ClientSettings): string | undefined {
  return settings[name].inWords(withoutPasswords(values));
}

/** The value that all of the clients have now, or that they have different ones. Safe to show. */
export function presentInWords(name: SettingName, clients: readonly BackupClient[]): string {
  const texts = new Set(
    clients.map(
      (client) =>
        settingInWords(name, client.settings ?? {}) ??
        t({ message: 'not set', comment: ['Value of a setting that the client has no value for.'] }),
    ),
  );
  const [only] = texts;
  return texts.size === 1 && only !== undefined
    ? only
    : t({ message: 'mixed', comment: ['The selected clients have different values of a setting.'] });
}

/** Names of the settings that a change has a value for, in their order. */
export function namesIn(change: ClientSettingsChange): readonly SettingName[] {
  return settingNames.filter((name) => change[name] !== undefined);
}

/** Names of the settings that a change would change for a client. The password always: its value isn't known. */
export function changedSettings(
  { settings: now = {} }: BackupClient,
  change: ClientSettingsChange,
): readonly SettingName[] {
  return namesIn(change).filter((name) => name === 'proxyPassword' || now[name] !== change[name]);
}

/** Bytes in GiB where that's exact to a tenth, else in MiB; "no limit" for 0, undefined for undefined. */
export function memoryInWords(bytes: number | undefined): string | undefined {
  if (!bytes) return limitInWords(bytes);
  const gibibytes = Math.round((bytes / 1024 ** 3) * 10) / 10;
  return gibibytes >= 1 && gibibytes * 1024 ** 3 === bytes
    ? t({ message: '{0} GiB', args: [gibibytes], comment: ['An amount of memory.'] })
    : t({ message: '{0} MiB', args: [Math.round(bytes / 1024 ** 2)], comment: ['An amount of memory.'] });
}

/** Yes or No; undefined for undefined. */
export function yesOrNo(value: boolean | undefined): string | undefined {
  if (value === undefined) return undefined;
  return value
    ? t({ message: 'Yes', comment: ['Value of a property that is on or true.'] })
    : t({ message: 'No', comment: ['Value of a property that is off or false.'] });
}

// In these three, a value that isn't documented is shown as the service sent it.

function networkInWords(type: string | undefined): string | undefined {
  switch (type) {
    case 'PUBLIC':
      return t({ message: 'Internet', comment: ['Network that backup data is sent through.'] });
    case 'VPC':
      return t({
        message: 'VPC',
        comment: ['Virtual private cloud. Network that backup data is sent through.'],
      });
    case 'CLASSIC':
      return t({ message: 'Classic network', comment: ['An older network type of Alibaba Cloud.'] });
    default:
      return shown(type);
  }
}

function proxyInWords(setting: string | undefined): string | undefined {
  switch (setting) {
    case 'DISABLE':
      return t({ message: 'None', comment: ['Backup data is sent without a proxy.'] });
    case 'USE_CONTROL_PROXY':
      return t('Same as control plane');
    case 'CUSTOM':
      return t({ message: 'Custom proxy', comment: ['Backup data is sent through a proxy of its own.'] });
    default:
      return shown(setting);
  }
}

function limitInWords(value: number | undefined): string | undefined {
  return value === 0
    ? t({ message: 'no limit', comment: ['Value of a setting that limits something.'] })
    : value?.toString();
}

function shown(text: string | undefined): string | undefined {
  return text === undefined ? undefined : plainText(text, 80);
}
