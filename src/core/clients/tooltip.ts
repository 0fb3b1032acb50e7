import { t } from '@vscode/l10n';
import { attentionInWords } from './attention';
import { isUnprotected, nameOf } from '../service/clientFacts';
import type { ClientNode } from './clientTree';
import type { BackupClient, ClientSettings } from '../service/model';
import { plainText } from '../kernel/plainText';
import { versionsInWords, zoneInWords } from './rowText';
import { limitInWords, memoryInWords, networkInWords, proxyInWords, yesOrNo } from './settingWords';
import { statusInWords } from '../service/words';

/** One documented field: what it is called and what it says. */
export type Fact = readonly [label: string, value: string];

/** Everything the service told of one client, in a fixed order. Every text is one plain line. */
export interface TooltipText {
  readonly title: string;
  /** Why the client needs a person; shown first. */
  readonly attention: string | undefined;
  readonly facts: readonly Fact[];
}

/** How values are written that depend on the place of the reader. */
export interface Formats {
  /** A moment in the reader's time zone and language; takes milliseconds since 1970. */
  readonly time: (ms: number) => string;
}

/**
 * All documented fields of a client that the service sent; what it left out has no line. `ProxyPassword` is not part
 * of the model and cannot appear.
 */
export function tooltipOf(node: ClientNode, staleMinutes: number, formats: Formats): TooltipText {
  const { client, attention } = node;
  return {
    title: plainText(nameOf(client)),
    attention: attention && attentionInWords(attention, staleMinutes),
    facts: [...identityOf(node, formats), ...settingsOf(client.settings)],
  };
}

function identityOf({ client, outdated }: ClientNode, { time }: Formats): readonly Fact[] {
  const at = (seconds: number | undefined) => (seconds ? time(seconds * 1000) : undefined);
  return told([
    [t('Status'), client.leftover ? t('Uninstalled') : statusInWords(client.status)],
    [t('Backup status'), backupStatusInWords(client)],
    [t('Version'), versionsInWords(client, outdated)],
    [t('Latest version'), outdated ? undefined : client.maxClientVersion],
    [t('Last heartbeat'), at(client.lastHeartBeatTime)],
    [t('Zone'), zoneInWords(client.zoneId)],
    [t('Private IP'), client.privateIpV4],
    [t('Instance name'), client.instanceName],
    [t('Host name'), client.hostname],
    [t('Instance ID'), client.instanceId],
    [t('Client ID'), client.clientId],
    [t('Client type'), typeInWords(client)],
    [t('Cluster ID'), client.clusterId],
    [t('Operating system'), [client.osType, client.archType].filter(Boolean).join(', ')],
    [t('All-in-one machine'), yesOrNo(client.appliance)],
    [t('Created'), at(client.createdTime)],
    [t('Updated'), at(client.updatedTime)],
    ...client.tags.map(({ key, value }): [string, string] => [
      t('Tag {0}', plainText(key)),
      plainText(value) || t('no value'),
    ]),
  ]);
}

function settingsOf(settings: ClientSettings | undefined): readonly Fact[] {
  if (!settings) return [];
  const { proxyHost: host } = settings;
  return told([
    [t('HTTPS'), yesOrNo(settings.useHttps)],
    [t('Data network'), networkInWords(settings.dataNetworkType)],
    [t('Data proxy'), proxyInWords(settings.dataProxySetting)],
    [t('Proxy server'), host && settings.proxyPort ? `${host}:${settings.proxyPort}` : host],
    [t('Proxy user'), settings.proxyUser],
    [t('CPU cores'), limitInWords(settings.maxCpuCore)],
    [t('Worker processes'), limitInWords(settings.maxWorker)],
    [t('Memory'), memoryInWords(settings.maxMemory)],
    [t('Alert on partial backup'), yesOrNo(settings.alertOnPartialComplete)],
  ]);
}

function told(facts: readonly (readonly [string, string | undefined])[]): readonly Fact[] {
  return facts.flatMap(([label, value]): readonly Fact[] => {
    const text = plainText(value ?? '', 200);
    return text ? [[label, text]] : [];
  });
}

function backupStatusInWords(client: BackupClient): string | undefined {
  if (isUnprotected(client)) return t('Unprotected');
  return client.backupStatus === 'PROTECTED' ? t('Protected') : client.backupStatus;
}

function typeInWords({ clientType }: BackupClient): string {
  if (clientType === 'ECS_CLIENT') return t('ECS instance');
  if (clientType === 'CONTAINER_CLIENT') return t('Container cluster');
  return clientType === 'LOCAL_CLIENT' ? t('Local server') : clientType;
}
