import { toSeconds } from '../clock';
import { refusal } from '../errors';
import type { Parameters } from '../parameters';
import type { ClientSettings } from '../rows';
import { hbrAnswer, machinesOf, type Call } from './call';

const unset: ClientSettings = {
  MaxCpuCore: '0',
  MaxWorker: '0',
  UseHttps: 'false',
  DataNetworkType: 'VPC',
  DataProxySetting: '',
  ProxyHost: '',
  ProxyPort: 0,
  ProxyUser: '',
  ProxyPassword: '',
};

/** UpdateClientSettings: changes what the call names and leaves the rest. */
export function updateClientSettings(call: Call): string {
  const record = machinesOf(call).clientById(call.parameters.required('ClientId'));
  if (record === undefined) throw refusal('ResourceNotFound');
  const change = changeOf(call.parameters);
  if (change.MaxMemory !== undefined && !takesMaxMemory(record.row.ClientVersion)) {
    throw refusal('BadRequest', 'MaxMemory needs a client of version 2.13.0 or later.');
  }
  const Settings = { ...(record.row.Settings ?? unset), ...change };
  record.change({ Settings }, toSeconds(call.nowMs));
  return hbrAnswer(call);
}

function changeOf(parameters: Parameters): Partial<ClientSettings> {
  const number = (name: string, max: number): string | undefined =>
    parameters.integer(name, 0, max)?.toString();
  const choice = (name: string, choices: readonly string[]): string | undefined =>
    parameters.text(name) === undefined ? undefined : parameters.oneOf(name, choices);
  const given = {
    MaxCpuCore: number('MaxCpuCore', 999),
    MaxWorker: number('MaxWorker', 999),
    UseHttps: parameters.boolean('UseHttps')?.toString(),
    DataNetworkType: choice('DataNetworkType', ['PUBLIC', 'VPC', 'CLASSIC']),
    DataProxySetting: choice('DataProxySetting', ['DISABLE', 'USE_CONTROL_PROXY', 'CUSTOM']),
    ProxyHost: parameters.text('ProxyHost'),
    ProxyPort: parameters.integer('ProxyPort', 1, 65_535),
    ProxyUser: parameters.text('ProxyUser'),
    // The password goes in and never comes out again.
    ProxyPassword: parameters.text('ProxyPassword') === undefined ? undefined : '******',
    MaxMemory: parameters.integer('MaxMemory', 0, 1024 ** 4),
    AlertOnPartialComplete: parameters.boolean('AlertOnPartialComplete'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function takesMaxMemory(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 13);
}
