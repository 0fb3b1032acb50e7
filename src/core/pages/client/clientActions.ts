import { t } from '@vscode/l10n';
import { isUpgradeAvailable, obstacleInWords, obstacleTo } from '../../clients/capabilities';
import type { ClientNode } from '../../clients/clientTree';
import { obstacleToSettings } from '../../clients/settingsObstacles';

/** What the page of a client can start: the commands of its row. */
export type ClientPageCommand =
  'upgrade' | 'install' | 'uninstall' | 'editSettings' | 'showInClients' | 'openInConsole' | 'openAsJson';

/** A button of the page. */
export interface ClientAction {
  readonly command: ClientPageCommand;
  readonly label: string;
  /** True for what one most likely came for. At most one is. */
  readonly primary: boolean;
}

/** The buttons of a client, and why some aren't there. */
export interface ClientActions {
  readonly actions: readonly ClientAction[];
  /** Empty if there's nothing to explain. */
  readonly note: string;
}

const labels: Readonly<Record<ClientPageCommand, () => string>> = {
  upgrade: () => t({ message: 'Upgrade…', comment: ['Button: upgrades a backup client.'] }),
  install: () => t({ message: 'Install…', comment: ['Button: installs a backup client.'] }),
  uninstall: () => t({ message: 'Uninstall…', comment: ['Button: uninstalls a backup client.'] }),
  editSettings: () => t({ message: 'Edit Settings…', comment: ['Button: changes settings of a client.'] }),
  showInClients: () =>
    t({ message: 'Show in Backup Clients', comment: ['Button. Backup Clients is the name of a view.'] }),
  openInConsole: () =>
    t({ message: 'Open in Console', comment: ['Button: opens the web console of Alibaba Cloud.'] }),
  openAsJson: () => t({ message: 'Open as JSON', comment: ['Button: opens a document.'] }),
};

/** What can be done with a client now. In read-only mode, nothing that changes it. The console doesn't have demo data. */
export function clientActions(
  node: ClientNode,
  { readOnly, demo }: { readonly readOnly: boolean; readonly demo: boolean },
): ClientActions {
  const changes = changesOf(node);
  const [primary] = readOnly ? [] : changes.filter((command) => isLikely(command, node));
  const commands: readonly ClientPageCommand[] = [
    ...(readOnly ? [] : changes),
    'showInClients',
    ...(demo ? [] : (['openInConsole'] as const)),
    'openAsJson',
  ];
  return {
    actions: commands.map((command) => ({
      command,
      label: labels[command](),
      primary: command === primary,
    })),
    note:
      readOnly && changes.length > 0
        ? t('Read-only mode is on, so this client can be viewed but not changed.')
        : node.capabilities.size === 0
          ? whyNothing(node)
          : '',
  };
}

function changesOf({ client, capabilities, busy, unwatched }: ClientNode): readonly ClientPageCommand[] {
  const canEdit = !busy && unwatched === undefined && obstacleToSettings(client) === undefined;
  const commands: readonly (ClientPageCommand | false)[] = [
    capabilities.has('upgradable') && 'upgrade',
    capabilities.has('installable') && 'install',
    canEdit && 'editSettings',
    capabilities.has('uninstallable') && 'uninstall',
  ];
  return commands.filter((command) => command !== false);
}

function isLikely(command: ClientPageCommand, { client, attention }: ClientNode): boolean {
  if (command === 'upgrade') return isUpgradeAvailable(client) || attention === 'upgrade-failed';
  if (command === 'install') return client.status === 'NOT_INSTALLED' || attention === 'install-failed';
  return command === 'uninstall' && attention === 'uninstall-failed';
}

function whyNothing({ client, busy, unwatched }: ClientNode): string {
  if (busy) return t('This client is being changed. You can change it again once that has ended.');
  if (unwatched !== undefined)
    return t('This client might still be changing. Refresh the list to see how it is now.');
  const obstacle = obstacleTo('upgrade', client);
  return obstacle === undefined
    ? ''
    : t({
        message: "This client can't be installed, upgraded, or uninstalled: {reason}.",
        args: { reason: obstacleInWords(obstacle) },
        comment: ['{reason} is a few words, such as “in an unrecognized status”.'],
      });
}
