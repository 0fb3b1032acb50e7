import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import { isUnprotected } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import type { ClientNode } from './clientTree';

/** Something about a client that clients can be filtered and grouped by. */
export interface Trait {
  /** What the service sent, or '' where it sent nothing. Equal clients have the same text. */
  readonly valueOf: (client: BackupClient) => string;
  /** A value in words; safe to show. */
  readonly inWords: (value: string) => string;
}

export const clientTraits = {
  zone: {
    valueOf: ({ zoneId }) => zoneId ?? '',
    inWords: (value) => plainText(value) || t({ message: 'No zone', comment: ['A client without a zone.'] }),
  },
  version: {
    // What was uninstalled has no version, whatever its record says.
    valueOf: ({ clientVersion, leftover }) => (leftover ? '' : (clientVersion ?? '')),
    inWords: (value) =>
      plainText(value) || t({ message: 'No version', comment: ['A client that is not installed.'] }),
  },
  os: {
    valueOf: ({ osType }) => osType?.toLowerCase() ?? '',
    inWords: (value) =>
      value === 'linux'
        ? 'Linux'
        : value === 'windows'
          ? 'Windows'
          : plainText(value) || t({ message: 'Operating system not known', comment: ['A group of clients'] }),
  },
  arch: {
    valueOf: ({ archType }) => archType?.toLowerCase() ?? '',
    inWords: (value) =>
      plainText(value) || t({ message: 'Architecture not known', comment: ['A group of clients'] }),
  },
  protection: {
    valueOf: (client) =>
      isUnprotected(client) ? 'unprotected' : client.backupStatus === 'PROTECTED' ? 'protected' : '',
    inWords: (value) =>
      value === 'protected'
        ? t({ message: 'Backups configured', comment: ['A group of clients'] })
        : value === 'unprotected'
          ? t('No backups configured')
          : t({ message: 'Backups not known', comment: ['A group of clients'] }),
  },
  type: {
    valueOf: ({ clientType }: Pick<BackupClient, 'clientType'>) =>
      clientType.replace(/_CLIENT$/u, '').toLowerCase(),
    inWords: (value) =>
      value === 'ecs'
        ? t({ message: 'ECS clients', comment: ['Clients on ECS instances'] })
        : value === 'container'
          ? t({ message: 'Container clients', comment: ['Clients in Kubernetes clusters'] })
          : value === 'local'
            ? t({ message: 'Local clients', comment: ['Clients on servers outside Alibaba Cloud'] })
            : plainText(value),
  },
} as const satisfies Readonly<Record<string, Trait>>;

export type TraitName = keyof typeof clientTraits;

/** What `vpcOf` says of a client that's in no VPC. */
export const noVpc = 'none';

/** The VPC of a client: its ID, `noVpc`, or '' where it isn't known. Only ECS instances are in a VPC. */
export function vpcOf({ client, vpcId }: Pick<ClientNode, 'client' | 'vpcId'>): string {
  return client.clientType !== 'ECS_CLIENT' || vpcId === '' ? noVpc : (vpcId ?? '');
}

/** A value of `vpcOf` in words; safe to show. */
export function vpcInWords(value: string): string {
  if (value === noVpc) return t({ message: 'No VPC', comment: ['A client that is in no virtual network.'] });
  return plainText(value) || t({ message: 'VPC not known', comment: ['A group of clients'] });
}

/** How long ago clients were last backed up, in steps; the worst first. */
export const backupAges = ['none', 'older', 'week', 'day'] as const;
export type BackupAge = (typeof backupAges)[number];

const daySeconds = 86_400;

/** What `backupAgeOf` says of a client without backups configured, whose backups aren't read. */
export const neverBackedUp = 'unconfigured';

/** The step of a client by when its last backup was read; '' where that isn't known. */
export function backupAgeOf({
  client,
  lastBackup: last,
}: Pick<ClientNode, 'client' | 'lastBackup'>): BackupAge | typeof neverBackedUp | '' {
  if (last?.kind === 'none') return 'none';
  if (last?.kind !== 'at') return isUnprotected(client) ? neverBackedUp : '';
  const age = last.asOf - last.at;
  return age <= daySeconds ? 'day' : age <= 7 * daySeconds ? 'week' : 'older';
}

/** A value of `backupAgeOf` in words. */
export function backupAgeInWords(value: string): string {
  switch (value) {
    case 'day':
      return t('Backed up in the last day');
    case 'week':
      return t('Backed up in the last week');
    case 'older':
      return t('Backed up more than a week ago');
    case 'none':
      return t({ message: 'No backup found', comment: ['A group of clients'] });
    case neverBackedUp:
      return t('No backups configured');
    default:
      return t({ message: 'Last backup not known', comment: ['A group of clients'] });
  }
}

/** The ID of a zone, or "No zone". */
export function zoneInWords(zoneId: string | undefined): string {
  return clientTraits.zone.inWords(zoneId ?? '');
}
