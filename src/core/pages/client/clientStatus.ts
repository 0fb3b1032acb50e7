import { t } from '@vscode/l10n';
import type { ClientNode } from '../../clients/clientTree';
import type { Look } from '../../operations/outcomes';
import { clientStatuses, type ClientStatus } from '../../service/model';
import { statusInWords } from '../../service/words';
import type { StateInWords } from '../page';

const looks: Readonly<Record<ClientStatus, Look>> = {
  INSTALL_FAILED: 'bad',
  UPGRADE_FAILED: 'bad',
  UNINSTALL_FAILED: 'bad',
  STOPPED: 'warning',
  UNKNOWN: 'warning',
  DEACTIVATED: 'warning',
  INSTALLING: 'running',
  UPGRADING: 'running',
  UNINSTALLING: 'running',
  ACTIVATED: 'good',
  REGISTERED: 'good',
  NOT_INSTALLED: 'off',
};

/** The status of a client in words; one that isn't documented as the service sent it. */
export function clientStatus(node: ClientNode): StateInWords {
  return { text: textOf(node), look: lookOf(node) };
}

function textOf({ client }: ClientNode): string {
  if (client.leftover) return t({ message: 'Uninstalled', comment: ['Status of a backup client.'] });
  return (
    statusInWords(client.status) || t({ message: 'No status', comment: ['The service sent no status.'] })
  );
}

function lookOf({ client, busy, attention }: ClientNode): Look {
  if (client.leftover) return 'off';
  if (busy) return 'running';
  if (attention === 'heartbeat-stale' || attention === 'backup-overdue') return 'warning';
  const known = clientStatuses.find((status) => status === client.status);
  return known ? looks[known] : 'warning';
}
