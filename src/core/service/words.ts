import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import type { Action } from './actions';
import { clientStatuses, type ClientStatus } from './model';

const statuses: Readonly<Record<ClientStatus, () => string>> = {
  INSTALL_FAILED: () => t('Install failed'),
  UPGRADE_FAILED: () => t('Upgrade failed'),
  UNINSTALL_FAILED: () => t('Uninstall failed'),
  STOPPED: () => t('Stopped'),
  UNKNOWN: () => t('Unknown'),
  DEACTIVATED: () => t('Deactivated'),
  INSTALLING: () => t('Installing'),
  UPGRADING: () => t('Upgrading'),
  UNINSTALLING: () => t('Uninstalling'),
  ACTIVATED: () => t('Activated'),
  REGISTERED: () => t('Registered'),
  NOT_INSTALLED: () => t('Not installed'),
};

const actions: Readonly<Record<Action, () => string>> = {
  install: () => t('Install'),
  upgrade: () => t('Upgrade'),
  uninstall: () => t('Uninstall'),
};

/** A client's `Status` in words; a status that is not documented is shown as the service sent it, made safe. */
export function statusInWords(status: string): string {
  const known = clientStatuses.find((one) => one === status);
  return known ? statuses[known]() : plainText(status);
}

/** The verb of an action, as it stands in front of names. */
export function actionInWords(action: Action): string {
  return actions[action]();
}

/** A duration in the two largest units that matter: "42 s", "3 min 12 s", "1 h 5 min". Below zero counts as zero. */
export function durationInWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return t('{0} s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('{0} min {1} s', minutes, seconds % 60);
  return t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}
