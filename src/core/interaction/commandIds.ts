/**
 * Commands that mean the whole view in its title and in the palette, and have a twin for the menus of rows. One id can't
 * serve both: VS Code passes the focused row to a command in the title of a view.
 */
const viewAndRowCommands = [
  'cloudBackup.copyRamPolicy',
  'cloudBackup.editPinFilter',
  'cloudBackup.installOnInstances',
  'cloudBackup.previewPlan',
  'cloudBackup.refresh',
  'cloudBackup.selectAccount',
  'cloudBackup.selectRegions',
  'cloudBackup.upgradeAllOutdated',
] as const;

const otherCommands = [
  'cloudBackup.addProfile',
  'cloudBackup.clearFilter',
  'cloudBackup.clearFinished',
  'cloudBackup.closeDemo',
  'cloudBackup.continueRollout',
  'cloudBackup.copyClientId',
  'cloudBackup.copyInstanceId',
  'cloudBackup.copyLink',
  'cloudBackup.copyName',
  'cloudBackup.copyOperationLink',
  'cloudBackup.copyPrivateIp',
  'cloudBackup.copyRequestIds',
  'cloudBackup.editFilter',
  'cloudBackup.editSettings',
  'cloudBackup.exportOperation',
  'cloudBackup.filter',
  'cloudBackup.groupBy',
  'cloudBackup.importFromKeychain',
  'cloudBackup.install',
  'cloudBackup.loadOlder',
  'cloudBackup.managePrograms',
  'cloudBackup.markSeen',
  'cloudBackup.openClient',
  'cloudBackup.openClientAsJson',
  'cloudBackup.openDemo',
  'cloudBackup.openInConsole',
  'cloudBackup.openWalkthrough',
  'cloudBackup.openOverview',
  'cloudBackup.quickMenu',
  'cloudBackup.removeOperation',
  'cloudBackup.removeProfile',
  'cloudBackup.retryFailed',
  'cloudBackup.revealClient',
  'cloudBackup.selectClientTypes',
  'cloudBackup.showLastTask',
  'cloudBackup.showLog',
  'cloudBackup.showProfiles',
  'cloudBackup.showReport',
  'cloudBackup.signInAgain',
  'cloudBackup.stopSending',
  'cloudBackup.stopWatching',
  'cloudBackup.switchProfile',
  'cloudBackup.toggleReadOnly',
  'cloudBackup.trackTask',
  'cloudBackup.uninstall',
  'cloudBackup.unpin',
  'cloudBackup.upgrade',
  'cloudBackup.watchAgain',
] as const;

/** A command of the view that has a twin for rows. */
export type ViewAndRowCommand = (typeof viewAndRowCommands)[number];

/** The twin of a command for the menus of rows. */
export type OnRow<Id extends ViewAndRowCommand> = `${Id}OnRow`;

/** A command of the extension. */
export type CommandId = ViewAndRowCommand | OnRow<ViewAndRowCommand> | (typeof otherCommands)[number];

/** Every command of the extension: exactly those that the manifest declares. */
export const commandIds: readonly CommandId[] = [
  ...viewAndRowCommands.flatMap((id) => [id, onRow(id)] as const),
  ...otherCommands,
];

export function onRow<Id extends ViewAndRowCommand>(id: Id): OnRow<Id> {
  return `${id}OnRow`;
}
