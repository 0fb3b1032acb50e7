import type { Translate } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import type { Action } from './actions';
import { clientStatuses, type ClientStatus } from './model';

const statuses: Readonly<Record<ClientStatus, (t: Translate) => string>> = {
  INSTALL_FAILED: (t) => t('Install failed'),
  UPGRADE_FAILED: (t) => t('Upgrade failed'),
  UNINSTALL_FAILED: (t) => t('Uninstall failed'),
  STOPPED: (t) => t('Stopped'),
  UNKNOWN: (t) => t('Unknown'),
  DEACTIVATED: (t) => t('Deactivated'),
  INSTALLING: (t) => t('Installing'),
  UPGRADING: (t) => t('Upgrading'),
  UNINSTALLING: (t) => t('Uninstalling'),
  ACTIVATED: (t) => t('Activated'),
  REGISTERED: (t) => t('Registered'),
  NOT_INSTALLED: (t) => t('Not installed'),
};

const actions: Readonly<Record<Action, (t: Translate) => string>> = {
  install: (t) => t('Install'),
  upgrade: (t) => t('Upgrade'),
  uninstall: (t) => t('Uninstall'),
};

/** A client's `Status` in words; a status that is not documented is shown as the service sent it, made safe. */
export function statusInWords(status: string, t: Translate): string {
  const known = clientStatuses.find((one) => one === status);
  return known ? statuses[known](t) : plainText(status);
}

/** The verb of an action, as it stands in front of names. */
export function actionInWords(action: Action, t: Translate): string {
  return actions[action](t);
}

/** A duration in the two largest units that matter: "42 s", "3 min 12 s", "1 h 5 min". Below zero counts as zero. */
export function durationInWords(milliseconds: number, t: Translate): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return t('{0} s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('{0} min {1} s', minutes, seconds % 60);
  return t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}
