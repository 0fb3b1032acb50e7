import type { BackupClient, ClientSettings, ClientSettingsChange } from '../service/model';

/** A change of settings as it may be kept: the password at the proxy goes nowhere but into the calls. */
export interface RecordedSettings {
  /** What the list can show once it is set. */
  readonly values: ClientSettings;
  /** True when the password at the proxy is changed as well. */
  readonly proxyPasswordChanged?: true;
}

const kinds: Readonly<Record<keyof ClientSettings, 'boolean' | 'number' | 'string'>> = {
  useHttps: 'boolean',
  dataNetworkType: 'string',
  dataProxySetting: 'string',
  proxyHost: 'string',
  proxyPort: 'number',
  proxyUser: 'string',
  maxCpuCore: 'number',
  maxWorker: 'number',
  maxMemory: 'number',
  alertOnPartialComplete: 'boolean',
};

/** The part of a change that may be kept. */
export function recordedSettingsOf({ proxyPassword, ...values }: ClientSettingsChange): RecordedSettings {
  return { values, ...(proxyPassword !== undefined && { proxyPasswordChanged: true as const }) };
}

/** The settings among the fields of a stored object; whatever else it holds is passed over. */
export function readSettings(fields: Readonly<Record<string, unknown>>): ClientSettings {
  return Object.fromEntries(
    Object.entries(kinds).flatMap(([name, kind]) =>
      typeof fields[name] === kind ? [[name, fields[name]]] : [],
    ),
  );
}

/** The values that a client has now of those that a change sets. */
export function settingsBefore(
  { settings = {} }: BackupClient,
  { values }: RecordedSettings,
): ClientSettings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name in values));
}

/**
 * Whether a client has the values of a change. Undefined where the list shows none of them, so that it can't be said.
 */
export function hasSettings(
  { settings = {} }: Pick<BackupClient, 'settings'>,
  { values }: RecordedSettings,
): boolean | undefined {
  const now = new Map<string, unknown>(Object.entries(settings));
  const shown = Object.entries(values).filter(([name]) => now.has(name));
  return shown.length === 0 ? undefined : shown.every(([name, value]) => now.get(name) === value);
}
