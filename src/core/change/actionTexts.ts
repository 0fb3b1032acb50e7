import { t } from '@vscode/l10n';
import { plural } from '../kernel/localize';
import type { Action, OperationAction } from '../service/actions';

/** What is said of a change before it starts, in whole sentences by what it does. */
interface ActionTexts {
  /** Title of the questions. */
  readonly title: () => string;
  /** Asks for clients, in a pick. */
  readonly choose: () => string;
  /** Label of the button that starts the change. */
  readonly button: () => string;
  /** Asks for agreement. `place`: a region, or a region and an account. */
  readonly askOne: (client: string, place: string) => string;
  readonly askMany: (clients: number, place: string) => string;
  /** Says why nothing can be changed. `reason`: a few words in lower case. */
  readonly noneOfOne: (client: string, reason: string) => string;
  readonly noneOfMany: (reasons: string) => string;
}

/** By what a change does. A new one doesn't compile without its texts. */
export const actionTexts: Readonly<Record<OperationAction, ActionTexts>> = {
  install: {
    title: () => t({ message: 'Install Clients', comment: ['The title of questions'] }),
    choose: () => t('Select the instances to install the client on'),
    button: () => t({ message: 'Install', comment: ['A button, or an entry of a list of actions'] }),
    askOne: (client, place) =>
      t({
        message: 'Install the client on {client} in {place}?',
        args: { client, place },
        comment: ['{client}: its name. {place}: such as China (Hangzhou)'],
      }),
    askMany: (clients, place) =>
      plural(clients, {
        one: (count) =>
          t({
            message: 'Install {count} client in {place}?',
            args: { count, place },
            comment: ['{count}: number of clients. {place}: such as China (Hangzhou)'],
          }),
        other: (count) =>
          t({
            message: 'Install {count} clients in {place}?',
            args: { count, place },
            comment: ['{count}: number of clients. {place}: such as China (Hangzhou)'],
          }),
      }),
    noneOfOne: (client, reason) =>
      t({
        message: "The client can't be installed on {client}: {reason}.",
        args: { client, reason },
        comment: ['{client}: its name. {reason}: a few words such as "not installed"'],
      }),
    noneOfMany: (reasons) => t('None of the clients can be installed: {0}.', reasons),
  },
  upgrade: {
    title: () => t({ message: 'Upgrade Clients', comment: ['The title of questions'] }),
    choose: () => t('Select the clients to upgrade'),
    button: () => t({ message: 'Upgrade', comment: ['A button, or an entry of a list of actions'] }),
    askOne: (client, place) =>
      t({
        message: 'Upgrade the client on {client} in {place}?',
        args: { client, place },
        comment: ['{client}: its name. {place}: such as China (Hangzhou)'],
      }),
    askMany: (clients, place) =>
      plural(clients, {
        one: (count) =>
          t({
            message: 'Upgrade {count} client in {place}?',
            args: { count, place },
            comment: ['{count}: number of clients. {place}: such as China (Hangzhou)'],
          }),
        other: (count) =>
          t({
            message: 'Upgrade {count} clients in {place}?',
            args: { count, place },
            comment: ['{count}: number of clients. {place}: such as China (Hangzhou)'],
          }),
      }),
    noneOfOne: (client, reason) =>
      t({
        message: "The client on {client} can't be upgraded: {reason}.",
        args: { client, reason },
        comment: ['{client}: its name. {reason}: a few words such as "not installed"'],
      }),
    noneOfMany: (reasons) => t('None of the clients can be upgraded: {0}.', reasons),
  },
  uninstall: {
    title: () => t({ message: 'Uninstall Clients', comment: ['The title of questions'] }),
    choose: () => t('Select the clients to uninstall'),
    button: () => t({ message: 'Uninstall', comment: ['A button, or an entry of a list of actions'] }),
    askOne: (client, place) =>
      t({
        message: 'Uninstall the client from {client} in {place}?',
        args: { client, place },
        comment: ['{client}: its name. {place}: such as China (Hangzhou)'],
      }),
    askMany: (clients, place) =>
      plural(clients, {
        one: (count) =>
          t({
            message: 'Uninstall {count} client in {place}?',
            args: { count, place },
            comment: ['{count}: number of clients. {place}: such as China (Hangzhou)'],
          }),
        other: (count) =>
          t({
            message: 'Uninstall {count} clients in {place}?',
            args: { count, place },
            comment: ['{count}: number of clients. {place}: such as China (Hangzhou)'],
          }),
      }),
    noneOfOne: (client, reason) =>
      t({
        message: "The client on {client} can't be uninstalled: {reason}.",
        args: { client, reason },
        comment: ['{client}: its name. {reason}: a few words such as "not installed"'],
      }),
    noneOfMany: (reasons) => t('None of the clients can be uninstalled: {0}.', reasons),
  },
  settings: {
    title: () => t('Edit Client Settings'),
    choose: () => t('Select the clients to change'),
    button: () => t({ message: 'Change Settings', comment: ['A button, or an entry of a list of actions'] }),
    askOne: (client, place) =>
      t({
        message: 'Change the settings of {client} in {place}?',
        args: { client, place },
        comment: ['{client}: its name. {place}: such as China (Hangzhou)'],
      }),
    askMany: (clients, place) =>
      plural(clients, {
        one: (count) =>
          t({
            message: 'Change the settings of {count} client in {place}?',
            args: { count, place },
            comment: ['{count}: number of clients. {place}: such as China (Hangzhou)'],
          }),
        other: (count) =>
          t({
            message: 'Change the settings of {count} clients in {place}?',
            args: { count, place },
            comment: ['{count}: number of clients. {place}: such as China (Hangzhou)'],
          }),
      }),
    noneOfOne: (client, reason) =>
      t({
        message: "The settings of {client} can't be changed: {reason}.",
        args: { client, reason },
        comment: ['{client}: its name. {reason}: a few words such as "not installed"'],
      }),
    noneOfMany: (reasons) => t('No settings can be changed: {0}.', reasons),
  },
};

/** Heading of the clients that can't be changed: in a pick, and in a plan. */
export const cannotTexts: Readonly<Record<Action, () => string>> = {
  install: () => t({ message: "Can't be installed", comment: ['A heading above clients'] }),
  upgrade: () => t({ message: "Can't be upgraded", comment: ['A heading above clients'] }),
  uninstall: () => t({ message: "Can't be uninstalled", comment: ['A heading above clients'] }),
};

/** Title of a plan that is only looked at. */
export const planTitles: Readonly<Record<Action, (clients: number) => string>> = {
  install: (clients) =>
    plural(clients, {
      one: (count) => t('Plan to install {0} client', count),
      other: (count) => t('Plan to install {0} clients', count),
    }),
  upgrade: (clients) =>
    plural(clients, {
      one: (count) => t('Plan to upgrade {0} client', count),
      other: (count) => t('Plan to upgrade {0} clients', count),
    }),
  uninstall: (clients) =>
    plural(clients, {
      one: (count) => t('Plan to uninstall {0} client', count),
      other: (count) => t('Plan to uninstall {0} clients', count),
    }),
};
