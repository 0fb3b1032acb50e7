import { t } from '@vscode/l10n';
import { durationText, type DurationTexts } from '../kernel/duration';
import { plural } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import type { Action } from './actions';
import { clientStatuses, type ClientStatus, type ClientType } from './model';

const statuses: Readonly<Record<ClientStatus, () => string>> = {
  INSTALL_FAILED: () => t({ message: 'Install failed', comment: 'Status of a backup client' }),
  UPGRADE_FAILED: () => t({ message: 'Upgrade failed', comment: 'Status of a backup client' }),
  UNINSTALL_FAILED: () => t({ message: 'Uninstall failed', comment: 'Status of a backup client' }),
  STOPPED: () => t({ message: 'Stopped', comment: 'Status of a backup client' }),
  // The service documents UNKNOWN as "the client is disconnected".
  UNKNOWN: () => t({ message: 'Disconnected', comment: 'Status of a backup client' }),
  DEACTIVATED: () => t({ message: 'Deactivated', comment: 'Status of a backup client' }),
  INSTALLING: () => t({ message: 'Installing', comment: 'Status of a backup client' }),
  UPGRADING: () => t({ message: 'Upgrading', comment: 'Status of a backup client' }),
  UNINSTALLING: () => t({ message: 'Uninstalling', comment: 'Status of a backup client' }),
  ACTIVATED: () => t({ message: 'Activated', comment: 'Status of a backup client' }),
  REGISTERED: () => t({ message: 'Registered', comment: 'Status of a backup client' }),
  NOT_INSTALLED: () => t({ message: 'Not installed', comment: 'Status of a backup client' }),
};

const actionWords: Readonly<Record<Action, () => string>> = {
  install: () => t({ message: 'Install', comment: 'A verb: the label of a button or choice' }),
  upgrade: () => t({ message: 'Upgrade', comment: 'A verb: the label of a button or choice' }),
  uninstall: () => t({ message: 'Uninstall', comment: 'A verb: the label of a button or choice' }),
};

const typeClients: Readonly<Record<ClientType, () => string>> = {
  ECS_CLIENT: () =>
    t({ message: 'ECS clients', comment: ['Backup clients on ECS instances; in a list of facts'] }),
  CONTAINER_CLIENT: () =>
    t({ message: 'container clients', comment: ['Backup clients of containers; in a list of facts'] }),
  LOCAL_CLIENT: () =>
    t({ message: 'on-premises clients', comment: ['Backup clients outside ECS; in a list of facts'] }),
};

const typeWords: Readonly<Record<ClientType, () => string>> = {
  ECS_CLIENT: () => t({ message: 'ECS', comment: ['A type of backup clients: on ECS instances'] }),
  CONTAINER_CLIENT: () =>
    t({ message: 'Container', comment: ['A type of backup clients: in container clusters'] }),
  LOCAL_CLIENT: () =>
    t({ message: 'On-premises', comment: ['A type of backup clients: on servers outside ECS'] }),
};

/** What a type of clients is called, such as "Container". */
export function clientTypeInWords(type: ClientType): string {
  return typeWords[type]();
}

/** The clients of a type, such as "container clients". */
export function clientsOfTypeInWords(type: ClientType): string {
  return typeClients[type]();
}

/** A client's `Status` in words; a status that isn't documented is shown as the service sent it, made safe. */
export function statusInWords(status: string): string {
  const known = clientStatuses.find((one) => one === status);
  return known ? statuses[known]() : plainText(status);
}

/** The verb of an action, such as "Upgrade". */
export function actionInWords(action: Action): string {
  return actionWords[action]();
}

/** Texts of durations, for {@link durationInWords} and for web pages, which keep counting. */
export function durationTexts(): DurationTexts {
  return {
    seconds: t({ message: '{0} s', comment: ['A duration in seconds.'] }),
    minutes: t({ message: '{0} min {1} s', comment: ['A duration: {0} minutes and {1} seconds.'] }),
    hours: t({ message: '{0} h {1} min', comment: ['A duration: {0} hours and {1} minutes.'] }),
  };
}

/** A duration in its two largest units: "42 s", "3 min 12 s", "1 h 5 min". Below zero counts as zero. */
export function durationInWords(milliseconds: number): string {
  return durationText(milliseconds, durationTexts());
}

/** "1 client", "1,200 clients". */
export function clientsInWords(count: number): string {
  return plural(count, {
    one: (n) =>
      t({
        message: '{count} client',
        args: { count: n },
        comment: ['A number of clients, in a list of facts'],
      }),
    other: (n) =>
      t({
        message: '{count} clients',
        args: { count: n },
        comment: ['A number of clients, in a list of facts'],
      }),
  });
}
