import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import { isUnprotected, nameOf } from '../service/clientFacts';
import type { BackupClient, ClientSettings } from '../service/model';
import { statusInWords } from '../service/words';
import { attentionInWords } from './attention';
import { settingInWords, settingLabel, settingNames, yesOrNo } from './clientSettings';
import type { ClientNode } from './clientTree';
import { versionsInWords } from './rowText';
import { zoneInWords } from './traits';

/** One field: its label and its value. */
export type Fact = readonly [label: string, value: string];

/** What the service says of one client, in a fixed order. Every text is one plain line. */
export interface TooltipText {
  readonly title: string;
  /** Why the client needs attention; shown first. */
  readonly attention: string | undefined;
  readonly facts: readonly Fact[];
}

/** How values are written that depend on where the reader is. */
export interface Formats {
  /** A moment in the reader's time zone and language; takes milliseconds since 1970. */
  readonly time: (ms: number) => string;
}

/**
 * All documented fields of a client; one that the service left out has no line. `ProxyPassword` isn't part of the
 * model, so it can't appear.
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
  return withValue([
    [
      t({ message: 'Status', comment: ['Field of a backup client.'] }),
      client.leftover
        ? t({ message: 'Uninstalled', comment: ['Status of a backup client.'] })
        : statusInWords(client.status),
    ],
    [t({ message: 'Backup status', comment: ['Field of a backup client.'] }), backupStatusInWords(client)],
    [t({ message: 'Version', comment: ['Field of a backup client.'] }), versionsInWords(client, outdated)],
    [
      t({ message: 'Latest version', comment: ['Field of a backup client.'] }),
      outdated ? undefined : client.maxClientVersion,
    ],
    [
      t({ message: 'Last heartbeat', comment: ['Field of a backup client: a time.'] }),
      at(client.lastHeartBeatTime),
    ],
    [
      t({ message: 'Zone', comment: ['Field of a backup client: zone of a region.'] }),
      zoneInWords(client.zoneId),
    ],
    [t({ message: 'Private IP', comment: ['Field of a backup client.'] }), client.privateIpV4],
    [t({ message: 'Instance name', comment: ['Field of a backup client.'] }), client.instanceName],
    [t({ message: 'Hostname', comment: ['Field of a backup client.'] }), client.hostname],
    [t({ message: 'Instance ID', comment: ['Field of a backup client.'] }), client.instanceId],
    [t({ message: 'Client ID', comment: ['Field of a backup client.'] }), client.clientId],
    [
      t({ message: 'Operating system', comment: ['Field of a backup client.'] }),
      [client.osType, client.archType].filter(Boolean).join(', '),
    ],
    [
      t({
        message: 'Backup appliance',
        comment: ['Field of a backup client: it runs on an all-in-one machine.'],
      }),
      yesOrNo(client.appliance),
    ],
    [t({ message: 'Created', comment: ['Field of a backup client: a time.'] }), at(client.createdTime)],
    [t({ message: 'Last modified', comment: ['Field of a backup client: a time.'] }), at(client.updatedTime)],
    ...client.tags.map(({ key, value }): [string, string] => [
      t({ message: 'Tag {0}', args: [plainText(key)], comment: ['{0} is the key of the tag.'] }),
      plainText(value) || t({ message: 'no value', comment: ['A tag that has only a key.'] }),
    ]),
  ]);
}

function settingsOf(settings: ClientSettings | undefined): readonly Fact[] {
  if (!settings) return [];
  return withValue(settingNames.map((name) => [settingLabel(name), settingInWords(name, settings)]));
}

function withValue(facts: readonly (readonly [string, string | undefined])[]): readonly Fact[] {
  return facts.flatMap(([label, value]): readonly Fact[] => {
    const text = plainText(value ?? '', 200);
    return text ? [[label, text]] : [];
  });
}

function backupStatusInWords(client: BackupClient): string | undefined {
  if (isUnprotected(client)) return t({ message: 'Unprotected', comment: ['Backup status of a client.'] });
  return client.backupStatus === 'PROTECTED'
    ? t({ message: 'Protected', comment: ['Backup status of a client.'] })
    : client.backupStatus;
}
