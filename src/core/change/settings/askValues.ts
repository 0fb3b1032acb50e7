import { t } from '@vscode/l10n';
import type { Choice, Questions } from '../../interaction/interaction';
import type { BackupClient, ClientSettingsChange } from '../../service/model';
import {
  memoryInWords,
  presentInWords,
  settingInWords,
  settingLabel,
  type SettingName,
} from '../../clients/clientSettings';
import { obstacleToSetting } from '../../clients/settingsObstacles';
import { mostOf } from '../../service/editSettingsLimits';
import type { RecordedSettings } from '../../operations/recordedSettings';

/** What the questions need, and what an operation tried before. */
interface Form extends AskDeps {
  readonly before: RecordedSettings | undefined;
}

interface AskDeps {
  readonly questions: Pick<Questions, 'one' | 'many' | 'text'>;
}

/** One question; undefined backs out of all. An empty answer leaves the setting as it is. */
type Ask = (step: {
  readonly number: number;
  readonly of: number;
}) => Promise<ClientSettingsChange | undefined>;

/** What the user chooses from first. The fields of a proxy follow from the choice of a custom one. */
const offered = [
  'useHttps',
  'dataNetworkType',
  'dataProxySetting',
  'maxCpuCore',
  'maxWorker',
  'maxMemory',
  'alertOnPartialComplete',
] as const satisfies readonly SettingName[];

/**
 * Asks which settings to change, then for the value of each. A setting that none of the clients has isn't offered.
 * `before` is what an operation tried: it's ticked and filled in, except for a password, which isn't kept. Undefined when
 * the user backed out.
 */
export async function askValues(
  deps: AskDeps,
  clients: readonly BackupClient[],
  before?: RecordedSettings,
): Promise<ClientSettingsChange | undefined> {
  const { questions } = deps;
  const title = t('Edit Client Settings');
  const chosen = await questions.many(
    { title, placeholder: t('Select the settings to change') },
    offered
      .filter((name) => clients.some((client) => obstacleToSetting(name, client) === undefined))
      .map((name) => ({
        label: settingLabel(name),
        description: presentInWords(name, takersOf(name, clients)),
        value: name,
        ...(before && isIn(before, name) && { picked: true }),
      })),
  );
  if (!chosen || chosen.length === 0) return undefined;
  const form: Form = { ...deps, before };
  const asks = chosen.map((name) => askFor(form, name, takersOf(name, clients)));
  let change: ClientSettingsChange = {};
  // An answer may add questions behind its own.
  for (const [index, ask] of asks.entries()) {
    const answer = await ask({ number: index + 1, of: asks.length });
    if (!answer) return undefined;
    change = { ...change, ...answer };
    if (answer.dataProxySetting === 'CUSTOM') asks.splice(index + 1, 0, ...proxyAsks(form, clients));
  }
  return change;
}

/** True for what a change sets. */
function isIn({ values, proxyPasswordChanged }: RecordedSettings, name: SettingName): boolean {
  if (name === 'proxyPassword') return proxyPasswordChanged === true;
  return values[name] !== undefined;
}

function takersOf(name: SettingName, clients: readonly BackupClient[]): readonly BackupClient[] {
  return clients.filter((client) => obstacleToSetting(name, client) === undefined);
}

function askFor(form: Form, name: (typeof offered)[number], clients: readonly BackupClient[]): Ask {
  const {} = form;
  switch (name) {
    case 'useHttps':
      return askOne(form, name, clients, [{ useHttps: true }, { useHttps: false }]);
    case 'alertOnPartialComplete':
      return askOne(form, name, clients, [
        { alertOnPartialComplete: true },
        { alertOnPartialComplete: false },
      ]);
    case 'dataNetworkType':
      return askOne(form, name, clients, [
        { dataNetworkType: 'VPC' },
        { dataNetworkType: 'PUBLIC' },
        { dataNetworkType: 'CLASSIC' },
      ]);
    case 'dataProxySetting':
      return askOne(form, name, clients, [
        { dataProxySetting: 'DISABLE' },
        { dataProxySetting: 'USE_CONTROL_PROXY' },
        { dataProxySetting: 'CUSTOM' },
      ]);
    case 'maxCpuCore':
    case 'maxWorker': {
      const most = mostOf[name];
      return askText(form, name, clients, {
        prompt:
          name === 'maxCpuCore'
            ? t('CPU cores per backup job: 1 to {0}, or 0 for no limit', most)
            : t('Concurrent backup jobs: 1 to {0}, or 0 for no limit', most),
        read: (text) => readLimit(text, most),
        taken: (value) => ({ [name]: value }),
        present: (client) => client.settings?.[name]?.toString(),
      });
    }
    case 'maxMemory':
      return askText(form, name, clients, {
        prompt: t('Memory limit of the client, such as 512 MiB or 4 GiB, or 0 for no limit'),
        read: (text) => readMemory(text),
        taken: (maxMemory) => ({ maxMemory }),
        present: ({ settings }) => memoryInWords(settings?.maxMemory),
      });
  }
}

function proxyAsks(form: Form, clients: readonly BackupClient[]): readonly Ask[] {
  const { before } = form;
  return [
    askText(form, 'proxyHost', clients, {
      prompt: t('Host name or address of the proxy, without http:// or a port'),
      read: (text) => readHost(text),
      taken: (proxyHost) => ({ proxyHost }),
      present: ({ settings }) => unless('@', settings?.proxyHost),
    }),
    askText(form, 'proxyPort', clients, {
      prompt: t('Port of the proxy: 1 to {0}', mostOf.proxyPort),
      read: (text) => readPort(text),
      taken: (proxyPort) => ({ proxyPort }),
      present: ({ settings }) => (settings?.proxyPort || undefined)?.toString(),
    }),
    askText(form, 'proxyUser', clients, {
      prompt: t('User name for the proxy. Leave it empty to keep the current one.'),
      read: (text) => readUser(text),
      taken: (proxyUser) => (proxyUser === '' ? {} : { proxyUser }),
      present: ({ settings }) => unless(':', settings?.proxyUser),
    }),
    askText(form, 'proxyPassword', clients, {
      prompt: before?.proxyPasswordChanged
        ? t(
            "Password for the proxy. Enter it again because it isn't saved, or leave it empty to keep the current one.",
          )
        : t('Password for the proxy. Leave it empty to keep the current one.'),
      secret: true,
      read: (text) => ({ value: text }),
      taken: (proxyPassword) => (proxyPassword.trim() === '' ? {} : { proxyPassword }),
      present: () => undefined,
    }),
  ];
}

/** A choice among values; the one that all clients have, or that was chosen before, is marked. */
function askOne(
  { questions, before }: Form,
  name: SettingName,
  clients: readonly BackupClient[],
  values: readonly ClientSettingsChange[],
): Ask {
  const now = presentInWords(name, clients);
  const choices = values.map((value): Choice<ClientSettingsChange> => {
    const label = settingInWords(name, value) ?? '';
    const isNow = label === now;
    const picked = before && isIn(before, name) ? label === settingInWords(name, before.values) : isNow;
    return {
      label,
      value,
      ...(isNow && {
        description: t({ message: 'current', comment: ['Behind the value that a setting has now'] }),
      }),
      ...(picked && { picked }),
    };
  });
  return (step) =>
    questions.one({ title: settingLabel(name), placeholder: t('Current value: {0}', now), step }, choices);
}

type Reading<T> = { readonly value: T } | { readonly problem: string };

interface TextField<T> {
  readonly prompt: string;
  readonly secret?: boolean;
  /** The value of a text, or a sentence that says what's wrong with it. */
  readonly read: (text: string) => Reading<T>;
  readonly taken: (value: T) => ClientSettingsChange;
  /** The value that a client has now, as a user would type it. */
  readonly present: (client: Pick<BackupClient, 'settings'>) => string | undefined;
}

/** A text to type; it starts with the value that was typed before, else with the one that all clients have. */
function askText<T>(
  { questions, before }: Form,
  name: SettingName,
  clients: readonly BackupClient[],
  { prompt, secret = false, read, taken, present }: TextField<T>,
): Ask {
  const typedBefore = before && present({ settings: before.values });
  const values = new Set(typedBefore === undefined ? clients.map(present) : [typedBefore]);
  const [common] = values;
  return async (step) => {
    const text = await questions.text({
      title: settingLabel(name),
      prompt,
      secret,
      step,
      ...(values.size === 1 && common !== undefined && { value: common }),
      ...(values.size > 1 && { placeholder: t('The clients have different values') }),
      validate: (typed) => {
        const reading = read(typed);
        return 'problem' in reading ? reading.problem : undefined;
      },
    });
    if (text === undefined) return undefined;
    const reading = read(text);
    return 'problem' in reading ? undefined : taken(reading.value);
  };
}

function readLimit(text: string, most: number): Reading<number> {
  if (isNoLimit(text)) return { value: 0 };
  return wholeNumber(text, 0, most) ?? { problem: t('Enter a whole number from 0 to {0}.', most) };
}

function readPort(text: string): Reading<number> {
  const most = mostOf.proxyPort;
  return wholeNumber(text, 1, most) ?? { problem: t('Enter a whole number from 1 to {0}.', most) };
}

function wholeNumber(text: string, least: number, most: number): { readonly value: number } | undefined {
  const value = /^\d{1,6}$/.test(text.trim()) ? Number(text) : NaN;
  return value >= least && value <= most ? { value } : undefined;
}

function readMemory(text: string): Reading<number> {
  if (isNoLimit(text)) return { value: 0 };
  const [, digits = '', unit = ''] =
    /^(\d{1,7}(?:\.\d{1,3})?) *(MiB|MB|M|GiB|GB|G)$/i.exec(text.trim()) ?? [];
  if (unit === '')
    return { problem: t('Enter a number with MiB or GiB, such as 512 MiB, or 0 for no limit.') };
  const value = Math.round(Number(digits) * 1024 ** (/^m/i.test(unit) ? 2 : 3));
  // Less can only be a mistake.
  if (value >= 1024 ** 2 && value <= mostOf.maxMemory) return { value };
  return { problem: t('Enter between 1 MiB and 1024 GiB, or 0 for no limit.') };
}

function isNoLimit(text: string): boolean {
  const typed = text.trim().toLowerCase();
  return typed === '0' || typed === memoryInWords(0)?.toLowerCase();
}

/** A user name for HTTP can't have a colon (RFC 7617): what follows one would be a password that everyone can read. */
function readUser(text: string): Reading<string> {
  return text.includes(':')
    ? { problem: t('Enter only the user name. The password is asked for next.') }
    : { value: text.trim() };
}

/** Nothing for a value with a password in it: a box would show it. */
function unless(mark: ':' | '@', value: string | undefined): string | undefined {
  return value?.includes(mark) ? undefined : value;
}

function readHost(text: string): Reading<string> {
  const value = text.trim();
  const name = /^[\w-]+(\.[\w-]+)*\.?$/.test(value);
  const address = /^[\da-f:.]+$/i.test(value) && value.split(':').length > 2;
  if (value.length <= 255 && (name || address)) return { value };
  return { problem: t('Enter a host name or an address, without http:// or a port.') };
}
