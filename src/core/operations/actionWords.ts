import { t } from '@vscode/l10n';
import { numberInWords, plural } from '../kernel/localize';
import type { OperationAction } from '../service/actions';

/** What an operation says of itself, by what it does. Names of clients are given as they are shown. */
interface ActionWords {
  /** Its title: "Upgrade web-01". */
  readonly titleOfOne: (client: string) => string;
  /** "Upgrade 14 clients". */
  readonly titleOfMany: (count: number) => string;
  /** "Upgrade web-01 and 2 more". */
  readonly titleByFirst: (client: string, others: number) => string;
  /** "Upgrading the client on web-01." */
  readonly startedOne: (client: string) => string;
  readonly startedMany: (count: number) => string;
  readonly startedInWaves: (clients: number, waves: number) => string;
  /** How it ended: of none, of all, or of some of its clients. */
  readonly doneNone: () => string;
  readonly doneAll: (count: number) => string;
  readonly doneSome: (done: number, total: number) => string;
  /** How it ended for its only client. */
  readonly doneOne: (client: string) => string;
  readonly failedOne: (client: string) => string;
  readonly notStartedOne: (client: string) => string;
  readonly unsureOne: (client: string) => string;
}

export const actionWords: Readonly<Record<OperationAction, ActionWords>> = {
  install: {
    titleOfOne: (client) =>
      t({
        message: 'Install {0}',
        args: [client],
        comment: ['Title of an operation. {0} is the name of a client.'],
      }),
    titleOfMany: (count) =>
      plural(count, { one: (n) => t('Install {0} client', n), other: (n) => t('Install {0} clients', n) }),
    titleByFirst: (client, others) =>
      t({
        message: 'Install {client} and {others} more',
        args: { client, others: numberInWords(others) },
        comment: ['Row of an operation. {client} is the name of a client, {others} a number of clients.'],
      }),
    startedOne: (client) => t('Installing the client on {0}.', client),
    startedMany: (count) =>
      plural(count, {
        one: (n) => t('Installing {0} client.', n),
        other: (n) => t('Installing {0} clients.', n),
      }),
    startedInWaves: (clients, waves) =>
      t({
        message: 'Installing {clients} clients in {waves} waves.',
        args: { clients: numberInWords(clients), waves: numberInWords(waves) },
        comment: ['Both numbers are 2 or more. A wave is a stage of a rollout.'],
      }),
    doneNone: () => t('No client was installed.'),
    doneAll: (count) =>
      plural(count, {
        one: (n) => t('Installed {0} client.', n),
        other: (n) => t('Installed {0} clients.', n),
      }),
    doneSome: (done, total) =>
      t({
        message: 'Installed {done} of {total} clients.',
        args: { done: numberInWords(done), total: numberInWords(total) },
        comment: ['{total} is 2 or more, and {done} is 1 or more but less than {total}.'],
      }),
    doneOne: (client) =>
      t({
        message: 'Installed the client on {0}.',
        args: [client],
        comment: ['{0} is the name of a client.'],
      }),
    failedOne: (client) => t("Couldn't install the client on {0}.", client),
    notStartedOne: (client) =>
      t({
        message: "The client on {0} wasn't installed.",
        args: [client],
        comment: ['No request was sent for the client. {0} is its name.'],
      }),
    unsureOne: (client) => t("The install on {0} isn't verified.", client),
  },
  upgrade: {
    titleOfOne: (client) =>
      t({
        message: 'Upgrade {0}',
        args: [client],
        comment: ['Title of an operation. {0} is the name of a client.'],
      }),
    titleOfMany: (count) =>
      plural(count, { one: (n) => t('Upgrade {0} client', n), other: (n) => t('Upgrade {0} clients', n) }),
    titleByFirst: (client, others) =>
      t({
        message: 'Upgrade {client} and {others} more',
        args: { client, others: numberInWords(others) },
        comment: ['Row of an operation. {client} is the name of a client, {others} a number of clients.'],
      }),
    startedOne: (client) => t('Upgrading the client on {0}.', client),
    startedMany: (count) =>
      plural(count, {
        one: (n) => t('Upgrading {0} client.', n),
        other: (n) => t('Upgrading {0} clients.', n),
      }),
    startedInWaves: (clients, waves) =>
      t({
        message: 'Upgrading {clients} clients in {waves} waves.',
        args: { clients: numberInWords(clients), waves: numberInWords(waves) },
        comment: ['Both numbers are 2 or more. A wave is a stage of a rollout.'],
      }),
    doneNone: () => t('No client was upgraded.'),
    doneAll: (count) =>
      plural(count, {
        one: (n) => t('Upgraded {0} client.', n),
        other: (n) => t('Upgraded {0} clients.', n),
      }),
    doneSome: (done, total) =>
      t({
        message: 'Upgraded {done} of {total} clients.',
        args: { done: numberInWords(done), total: numberInWords(total) },
        comment: ['{total} is 2 or more, and {done} is 1 or more but less than {total}.'],
      }),
    doneOne: (client) =>
      t({ message: 'Upgraded {0}.', args: [client], comment: ['{0} is the name of a client.'] }),
    failedOne: (client) => t("Couldn't upgrade {0}.", client),
    notStartedOne: (client) =>
      t({
        message: "{0} wasn't upgraded.",
        args: [client],
        comment: ['No request was sent for the client. {0} is its name.'],
      }),
    unsureOne: (client) => t("The upgrade of {0} isn't verified.", client),
  },
  uninstall: {
    titleOfOne: (client) =>
      t({
        message: 'Uninstall {0}',
        args: [client],
        comment: ['Title of an operation. {0} is the name of a client.'],
      }),
    titleOfMany: (count) =>
      plural(count, {
        one: (n) => t('Uninstall {0} client', n),
        other: (n) => t('Uninstall {0} clients', n),
      }),
    titleByFirst: (client, others) =>
      t({
        message: 'Uninstall {client} and {others} more',
        args: { client, others: numberInWords(others) },
        comment: ['Row of an operation. {client} is the name of a client, {others} a number of clients.'],
      }),
    startedOne: (client) => t('Uninstalling the client on {0}.', client),
    startedMany: (count) =>
      plural(count, {
        one: (n) => t('Uninstalling {0} client.', n),
        other: (n) => t('Uninstalling {0} clients.', n),
      }),
    startedInWaves: (clients, waves) =>
      t({
        message: 'Uninstalling {clients} clients in {waves} waves.',
        args: { clients: numberInWords(clients), waves: numberInWords(waves) },
        comment: ['Both numbers are 2 or more. A wave is a stage of a rollout.'],
      }),
    doneNone: () => t('No client was uninstalled.'),
    doneAll: (count) =>
      plural(count, {
        one: (n) => t('Uninstalled {0} client.', n),
        other: (n) => t('Uninstalled {0} clients.', n),
      }),
    doneSome: (done, total) =>
      t({
        message: 'Uninstalled {done} of {total} clients.',
        args: { done: numberInWords(done), total: numberInWords(total) },
        comment: ['{total} is 2 or more, and {done} is 1 or more but less than {total}.'],
      }),
    doneOne: (client) =>
      t({
        message: 'Uninstalled the client on {0}.',
        args: [client],
        comment: ['{0} is the name of a client.'],
      }),
    failedOne: (client) => t("Couldn't uninstall the client on {0}.", client),
    notStartedOne: (client) =>
      t({
        message: "The client on {0} wasn't uninstalled.",
        args: [client],
        comment: ['No request was sent for the client. {0} is its name.'],
      }),
    unsureOne: (client) => t("The uninstall on {0} isn't verified.", client),
  },
  settings: {
    titleOfOne: (client) =>
      t({
        message: 'Change settings of {0}',
        args: [client],
        comment: ['Title of an operation. {0} is the name of a client.'],
      }),
    titleOfMany: (count) =>
      plural(count, {
        one: (n) => t('Change settings of {0} client', n),
        other: (n) => t('Change settings of {0} clients', n),
      }),
    titleByFirst: (client, others) =>
      t({
        message: 'Change settings of {client} and {others} more',
        args: { client, others: numberInWords(others) },
        comment: ['Row of an operation. {client} is the name of a client, {others} a number of clients.'],
      }),
    startedOne: (client) => t('Changing the settings of {0}.', client),
    startedMany: (count) =>
      plural(count, {
        one: (n) => t('Changing the settings of {0} client.', n),
        other: (n) => t('Changing the settings of {0} clients.', n),
      }),
    startedInWaves: (clients, waves) =>
      t({
        message: 'Changing the settings of {clients} clients in {waves} waves.',
        args: { clients: numberInWords(clients), waves: numberInWords(waves) },
        comment: ['Both numbers are 2 or more. A wave is a stage of a rollout.'],
      }),
    doneNone: () => t('No settings were changed.'),
    doneAll: (count) =>
      plural(count, {
        one: (n) => t('Changed the settings of {0} client.', n),
        other: (n) => t('Changed the settings of {0} clients.', n),
      }),
    doneSome: (done, total) =>
      t({
        message: 'Changed the settings of {done} of {total} clients.',
        args: { done: numberInWords(done), total: numberInWords(total) },
        comment: ['{total} is 2 or more, and {done} is 1 or more but less than {total}.'],
      }),
    doneOne: (client) =>
      t({
        message: 'Changed the settings of {0}.',
        args: [client],
        comment: ['{0} is the name of a client.'],
      }),
    failedOne: (client) => t("Couldn't change the settings of {0}.", client),
    notStartedOne: (client) =>
      t({
        message: "The settings of {0} weren't changed.",
        args: [client],
        comment: ['No request was sent for the client. {0} is its name.'],
      }),
    unsureOne: (client) => t("The new settings of {0} aren't verified.", client),
  },
};
