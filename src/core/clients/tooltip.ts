import { t } from '@vscode/l10n';
import { agoInWords } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { lastBackupInWords } from '../protection/lastBackupWords';
import { nameOf } from '../service/clientFacts';
import { attentionInWords } from './attention';
import { clientStateInWords } from './clientState';
import type { ClientNode } from './clientTree';
import { versionsInWords } from './rowText';
import { clientTraits, zoneInWords } from './traits';

/** One field: its label and its value. */
export type Fact = readonly [label: string, value: string];

/** What one needs at a glance; the page of the client has the rest. Every text is one plain line. */
export interface TooltipText {
  readonly title: string;
  /** Why the client needs attention; shown first. */
  readonly attention: string | undefined;
  readonly facts: readonly Fact[];
}

/**
 * The tooltip of a client. What the service left out has no line.
 *
 * @param nowMs milliseconds since 1970
 */
export function tooltipOf(node: ClientNode, staleMinutes: number, nowMs: number): TooltipText {
  const { client, attention, outdated, lastBackup } = node;
  const { lastHeartBeatTime } = client;
  const { valueOf, inWords } = clientTraits.protection;
  const backups = valueOf(client);
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t({ message: 'Status', comment: ['Field of a backup client.'] }), clientStateInWords(node)],
    [t({ message: 'Version', comment: ['Field of a backup client.'] }), versionsInWords(client, outdated)],
    [
      t({ message: 'Last heartbeat', comment: ['Field of a backup client: a time.'] }),
      lastHeartBeatTime === undefined ? undefined : agoInWords(lastHeartBeatTime * 1000, nowMs),
    ],
    [
      t({ message: 'Zone', comment: ['Field of a backup client: zone of a region.'] }),
      zoneInWords(client.zoneId),
    ],
    [t({ message: 'Private IP', comment: ['Field of a backup client.'] }), client.privateIpV4],
    [
      t({ message: 'Backups', comment: ['Field of a backup client: whether backups are configured.'] }),
      backups === '' ? client.backupStatus : inWords(backups),
    ],
    [
      t({ message: 'Last backup', comment: ['Field of a backup client: when it was last backed up.'] }),
      lastBackup && isWorthALine(node) ? lastBackupInWords(lastBackup, nowMs) : undefined,
    ],
    [t({ message: 'Instance ID', comment: ['Field of a backup client.'] }), client.instanceId],
  ];
  return {
    title: plainText(nameOf(client)),
    attention: attention && attentionInWords(attention, staleMinutes, lastBackup),
    facts: facts.flatMap(([label, value]): readonly Fact[] => {
      const text = plainText(value ?? '', 200);
      return text ? [[label, text]] : [];
    }),
  };
}

/** That nothing was found says something only where backups are configured. */
function isWorthALine({ client, lastBackup }: ClientNode): boolean {
  return lastBackup?.kind === 'at' || clientTraits.protection.valueOf(client) === 'protected';
}
