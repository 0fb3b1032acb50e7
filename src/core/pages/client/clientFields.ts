import { t } from '@vscode/l10n';
import { settingInWords, settingLabel, settingNames, yesOrNo } from '../../clients/clientSettings';
import type { ClientNode } from '../../clients/clientTree';
import { versionsInWords } from '../../clients/rowText';
import { zoneInWords } from '../../clients/traits';
import { plainText } from '../../kernel/plainText';
import { isUnprotected } from '../../service/clientFacts';
import { clientTypes, type BackupClient } from '../../service/model';
import { regionName } from '../../service/regions';
import type { Scope } from '../../service/scope';
import { clientTypeInWords } from '../../service/words';

/** One field of a client. */
export interface ClientField {
  readonly label: string;
  /** Empty for what the service left out. With a time, what follows it. */
  readonly text: string;
  /** Milliseconds since 1970; the page writes it in the reader's time zone and language, with how long ago it was. */
  readonly time?: number;
  /** What comes before the time. */
  readonly before?: string;
  /** True where the time is to come: the page says in how long. */
  readonly planned?: true;
  /** Label of a button that copies the text. */
  readonly copy?: string;
  /** What the button copies in place of the text. */
  readonly copied?: string;
  /** True for an ID or an address: a text of one width, that's read letter by letter. */
  readonly code?: true;
}

/** Fields that belong together. */
export interface ClientSection {
  readonly id: 'state' | 'backups' | 'identity' | 'settings' | 'tags';
  readonly title: string;
  readonly fields: readonly ClientField[];
  /** What's said in place of fields. */
  readonly empty: string;
  /** What's said below the fields. */
  readonly note?: string;
}

/** The last moment that a calendar has, in milliseconds since 1970. */
const latestTime = 8.64e15;

/** All documented fields of a client. `ProxyPassword` isn't part of the model, so it can't appear. */
export function clientSections(
  { client, outdated }: ClientNode,
  scope: Scope,
  backups: ClientSection,
): readonly ClientSection[] {
  return [
    {
      id: 'state',
      title: t({ message: 'State', comment: ['Heading on the page of a client.'] }),
      fields: stateFields(client, outdated),
      empty: '',
    },
    backups,
    {
      id: 'identity',
      title: t({
        message: 'Identity',
        comment: ['Heading on the page of a client: its names, IDs, and place.'],
      }),
      fields: identityFields(client, scope),
      empty: '',
    },
    {
      id: 'settings',
      title: t({ message: 'Settings', comment: ['Heading on the page of a client.'] }),
      fields: settingFields(client),
      empty: t("The service doesn't report settings for this client."),
    },
    {
      id: 'tags',
      title: t({ message: 'Tags', comment: ['Heading on the page of a client.'] }),
      fields: client.tags.map(({ key, value }) => ({
        label: plainText(key),
        text: plainText(value, 200) || t({ message: 'no value', comment: ['A tag that has only a key.'] }),
      })),
      empty: t('This client has no tags.'),
    },
  ];
}

function stateFields(client: BackupClient, outdated: boolean): readonly ClientField[] {
  const { clientVersion, maxClientVersion, backupStatus } = client;
  const installed = clientVersion !== undefined && client.leftover !== true;
  return withValue([
    field(
      t({ message: 'Backup status', comment: ['Field of a backup client.'] }),
      isUnprotected(client)
        ? t({ message: 'Unprotected', comment: ['Backup status of a client.'] })
        : backupStatus === 'PROTECTED'
          ? t({ message: 'Protected', comment: ['Backup status of a client.'] })
          : backupStatus,
    ),
    field(
      t({ message: 'Version', comment: ['Field of a backup client.'] }),
      installed ? versionsInWords(client, outdated) : undefined,
    ),
    field(
      t({ message: 'Latest version', comment: ['Field of a backup client.'] }),
      installed && outdated ? undefined : maxClientVersion,
    ),
    timeField(
      t({ message: 'Last heartbeat', comment: ['Field of a backup client: a time.'] }),
      client.lastHeartBeatTime,
    ),
    timeField(t({ message: 'Created', comment: ['Field of a backup client: a time.'] }), client.createdTime),
    timeField(
      t({ message: 'Last modified', comment: ['Field of a backup client: a time.'] }),
      client.updatedTime,
    ),
  ]);
}

function identityFields(client: BackupClient, { regionId }: Scope): readonly ClientField[] {
  const instanceLabel =
    client.clientType === 'ECS_CLIENT'
      ? t({ message: 'Instance ID', comment: ['Field of a backup client.'] })
      : t({
          message: 'Hardware fingerprint',
          comment: ['Field of a backup client that is not on an ECS instance: what identifies its server.'],
        });
  return withValue([
    field(
      t({ message: 'Instance name', comment: ['Field of a backup client.'] }),
      client.instanceName,
      t('Copy Instance Name'),
    ),
    field(
      t({ message: 'Hostname', comment: ['Field of a backup client.'] }),
      client.hostname,
      t({ message: 'Copy Hostname', comment: ['Button: copies the hostname of a client.'] }),
    ),
    codeField(instanceLabel, client.instanceId, t('Copy Instance ID')),
    codeField(
      t({ message: 'Client ID', comment: ['Field of a backup client.'] }),
      client.clientId,
      t('Copy Client ID'),
    ),
    codeField(
      t({ message: 'Private IP', comment: ['Field of a backup client.'] }),
      client.privateIpV4,
      t('Copy Private IP'),
    ),
    field(t({ message: 'Region', comment: ['Field of a backup client.'] }), regionInWords(regionId)),
    field(
      t({ message: 'Zone', comment: ['Field of a backup client: zone of a region.'] }),
      client.clientType === 'ECS_CLIENT' || client.zoneId ? zoneInWords(client.zoneId) : undefined,
    ),
    codeField(
      t({ message: 'Cluster ID', comment: ['Field of a backup client: a container cluster.'] }),
      client.clusterId,
      t('Copy Cluster ID'),
    ),
    field(
      t({ message: 'Client type', comment: ['Field of a backup client: ECS, container, or local.'] }),
      typeInWords(client.clientType),
    ),
    field(t({ message: 'Operating system', comment: ['Field of a backup client.'] }), client.osType),
    field(
      t({ message: 'Architecture', comment: ['Field of a backup client: such as AMD64.'] }),
      client.archType,
    ),
    field(
      t({
        message: 'Backup appliance',
        comment: ['Field of a backup client: it runs on an all-in-one machine.'],
      }),
      yesOrNo(client.appliance),
    ),
  ]);
}

/** Settings that the client has a value for, in words. */
function settingFields({ settings }: BackupClient): readonly ClientField[] {
  if (!settings) return [];
  return withValue(settingNames.map((name) => field(settingLabel(name), settingInWords(name, settings))));
}

/** A type that isn't documented is shown as the service sent it. */
function typeInWords(type: string): string {
  const known = clientTypes.find((one) => one === type);
  return known ? clientTypeInWords(known) : type;
}

/** "China (Hangzhou) (cn-hangzhou)"; the ID alone where there's no name. */
function regionInWords(regionId: string): string {
  const id = plainText(regionId);
  const name = plainText(regionName(regionId));
  return name === id
    ? id
    : t({
        message: '{name} ({id})',
        args: { name, id },
        comment: ['A region by its name and ID, such as “China (Hangzhou) (cn-hangzhou)”.'],
      });
}

function field(label: string, value: string | undefined, copy?: string): ClientField {
  return { label, text: plainText(value ?? '', 200), ...(copy !== undefined && { copy }) };
}

function codeField(label: string, value: string | undefined, copy: string): ClientField {
  return { ...field(label, value, copy), code: true };
}

/** @param seconds since 1970; one that no calendar has is left out */
function timeField(label: string, seconds: number | undefined): ClientField {
  const time = (seconds ?? 0) * 1000;
  return { label, text: '', ...(time !== 0 && Math.abs(time) <= latestTime && { time }) };
}

function withValue(fields: readonly ClientField[]): readonly ClientField[] {
  return fields.filter(({ text, time }) => text !== '' || time !== undefined);
}
