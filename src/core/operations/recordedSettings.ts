import * as v from 'valibot';
import type { BackupClient, ClientSettings, ClientSettingsChange } from '../service/model';

/** The settings that the list can show, and nothing else that an object may hold. */
export const settingValuesSchema = v.object({
  useHttps: v.exactOptional(v.boolean()),
  dataNetworkType: v.exactOptional(v.string()),
  dataProxySetting: v.exactOptional(v.string()),
  proxyHost: v.exactOptional(v.string()),
  proxyPort: v.exactOptional(v.number()),
  proxyUser: v.exactOptional(v.string()),
  maxCpuCore: v.exactOptional(v.number()),
  maxWorker: v.exactOptional(v.number()),
  maxMemory: v.exactOptional(v.number()),
  alertOnPartialComplete: v.exactOptional(v.boolean()),
} satisfies { readonly [K in keyof ClientSettings]-?: v.GenericSchema<unknown, ClientSettings[K]> });

export const settingsSchema = v.object({
  /** What the list can show once it is set. */
  values: settingValuesSchema,
  /** True when the password at the proxy is changed as well. */
  proxyPasswordChanged: v.exactOptional(v.literal(true)),
});

/** A change of settings as it may be kept: the password at the proxy goes nowhere but into the calls. */
export type RecordedSettings = Readonly<v.InferOutput<typeof settingsSchema>>;

/** The part of a change that may be kept. */
export function recordedSettingsOf({ proxyPassword, ...values }: ClientSettingsChange): RecordedSettings {
  return { values, ...(proxyPassword !== undefined && { proxyPasswordChanged: true as const }) };
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
