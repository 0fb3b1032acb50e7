import { obstacleInWords, type Obstacle } from '../clients/capabilities';
import { isOutdated, nameOf } from '../clients/clientFacts';
import type { Translate } from '../localize';
import type { BackupClient } from '../model';
import { countsOf, type Operation } from './operation';
import { plainText } from '../plainText';
import { failureInWords, reasonInWords } from '../reasons';
import { versionsInWords } from '../clients/rowText';
import type { Scope } from '../scope';
import { operationTitle, outcomeInWords } from '../words';

/** What a user may start from here. */
export type ChangeAction = 'install' | 'upgrade';

/** Where and as whom: what a confirm names besides the machines. */
export interface ChangeContext {
  /** An empty `accountId` means that the account of the profile was never verified. */
  readonly scope: Scope;
  readonly profileName: string;
  readonly demo: boolean;
  /** Display name, such as "China (Hangzhou)". */
  readonly regionName: string;
}

/** A client that is not acted on, and why. */
export interface LeftOut {
  readonly client: BackupClient;
  readonly obstacle: Obstacle;
}

// A modal grows with its text: more names than this would push its buttons off a small screen.
const namesShown = 12;

/** The question above the buttons, such as "Upgrade 3 clients in China (Hangzhou)?". */
export function confirmMessage(
  action: ChangeAction,
  clients: readonly BackupClient[],
  context: ChangeContext,
  t: Translate,
): string {
  const region = plainText(context.regionName);
  const [first, ...others] = clients;
  if (first && others.length === 0) {
    const name = plainText(nameOf(first));
    return action === 'upgrade'
      ? t('Upgrade the client on {0} in {1}?', name, region)
      : t('Install the client on {0} in {1}?', name, region);
  }
  return action === 'upgrade'
    ? t('Upgrade {0} clients in {1}?', clients.length, region)
    : t('Install {0} clients in {1}?', clients.length, region);
}

/** What the user should know before agreeing: whose machines, which, from what to what, and what cannot be undone. */
export function confirmDetail(
  action: ChangeAction,
  clients: readonly BackupClient[],
  leftOut: readonly LeftOut[],
  context: ChangeContext,
  t: Translate,
): string {
  const names = shortened(
    clients.map((client) => clientLine(client, t)),
    '\n',
    t,
  );
  const left = leftOut.map(({ client, obstacle }) =>
    t('{0} ({1})', shownName(client), obstacleInWords(obstacle, t)),
  );
  return [
    whereInWords(context, t),
    names,
    notesOf(action, clients, t),
    left.length > 0 ? t('Left out: {0}', shortened(left, ', ', t)) : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** Why nothing can be done: the client and its reason, or each reason with how many clients it keeps back. */
export function nothingEligible(action: ChangeAction, leftOut: readonly LeftOut[], t: Translate): string {
  const [first, ...others] = leftOut;
  if (!first) return t('There are no clients in the list. Refresh it, then try again.');
  if (others.length === 0) {
    const name = shownName(first.client);
    const why = obstacleInWords(first.obstacle, t);
    return action === 'upgrade'
      ? t('The client on {0} cannot be upgraded: {1}.', name, why)
      : t('The client cannot be installed on {0}: {1}.', name, why);
  }
  const counts = new Map<Obstacle, number>();
  for (const { obstacle } of leftOut) counts.set(obstacle, (counts.get(obstacle) ?? 0) + 1);
  const reasons = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([obstacle, count]) => t('{0} ({1})', obstacleInWords(obstacle, t), count))
    .join(', ');
  return action === 'upgrade'
    ? t('None of the {0} clients can be upgraded: {1}.', leftOut.length, reasons)
    : t('None of the {0} clients can be installed: {1}.', leftOut.length, reasons);
}

/**
 * One line for the progress notification, such as "4 of 14 done, next check in 20 s".
 * @param nextCheckAt milliseconds since 1970, undefined while no check is planned
 */
export function progressInWords(
  operation: Operation,
  nextCheckAt: number | undefined,
  nowMs: number,
  t: Translate,
): string {
  const { total, done, unconfirmed, failed, refused } = countsOf(operation);
  const problems = failed + refused;
  const counts = [
    t('{0} of {1} done', done + unconfirmed, total),
    problems > 0 ? t('{0} with problems', problems) : '',
  ];
  const seconds = nextCheckAt === undefined ? undefined : Math.ceil((nextCheckAt - nowMs) / 1000);
  const next =
    operation.phase === 'sending' && !operation.sendingStopped
      ? t('sending')
      : seconds === undefined
        ? ''
        : seconds > 0
          ? t('next check in {0} s', seconds)
          : t('checking now');
  return [...counts, next].filter(Boolean).join(', ');
}

/** How an operation ended, such as "Upgraded 37 clients, 2 failed, 2 refused.". */
export function summaryInWords(operation: Operation, t: Translate): string {
  const [first, ...others] = operation.machines;
  if (first && others.length === 0) return summaryOfOne(operation, t);
  const { done, failed, refused, unconfirmed, notSent, unknown } = countsOf(operation);
  const parts = [
    doneInWords(operation, done, t),
    failed > 0 && t('{0} failed', failed),
    refused > 0 && t('{0} refused', refused),
    unconfirmed > 0 && t('{0} not confirmed', unconfirmed),
    notSent > 0 && t('{0} not sent', notSent),
    unknown > 0 && t('{0} not known', unknown),
  ];
  return t('{0}.', parts.filter(Boolean).join(', '));
}

function doneInWords({ action }: Operation, done: number, t: Translate): string {
  switch (action) {
    case 'install':
      if (done === 0) return t('No client was installed');
      return done === 1 ? t('Installed 1 client') : t('Installed {0} clients', done);
    case 'upgrade':
      if (done === 0) return t('No client was upgraded');
      return done === 1 ? t('Upgraded 1 client') : t('Upgraded {0} clients', done);
    case 'uninstall':
      if (done === 0) return t('No client was uninstalled');
      return done === 1 ? t('Uninstalled 1 client') : t('Uninstalled {0} clients', done);
  }
}

/** One machine has room for its name and the reason. */
function summaryOfOne(operation: Operation, t: Translate): string {
  const [progress] = operation.machines;
  if (!progress) return '';
  const { machine, outcome, reason } = progress;
  if (outcome === 'done' && operation.action === 'upgrade' && machine.targetVersion) {
    return t('Upgraded {0} to {1}.', plainText(machine.name), plainText(machine.targetVersion));
  }
  const title = operationTitle(operation, t);
  const words = t('{0}: {1}.', title, outcomeInWords(outcome, t));
  const failure = operation.calls.find(({ machineKeys }) => machineKeys.includes(machine.key))?.failure;
  if (outcome === 'done' || outcome === 'unconfirmed') return words;
  const why = failure ? failureInWords(failure, t) : reason && reasonInWords(reason, t);
  return why ? t('{0} {1}', words, why) : words;
}

function whereInWords({ scope, profileName, demo }: ChangeContext, t: Translate): string {
  const profile = plainText(profileName);
  const { crossAccount } = scope;
  return [
    demo ? t('Demo data: no real machine is changed.') : '',
    scope.accountId
      ? t('Account {0}, profile {1}', plainText(scope.accountId), profile)
      : t('Account not verified, profile {0}', profile),
    crossAccount ? otherAccountInWords(crossAccount.userId, crossAccount.roleName, t) : '',
  ]
    .filter(Boolean)
    .join('\n');
}

function otherAccountInWords(userId: string, roleName: string | undefined, t: Translate): string {
  return roleName
    ? t(
        'The machines belong to account {0}, reached through the role {1}.',
        plainText(userId),
        plainText(roleName),
      )
    : t('The machines belong to account {0}, reached through the resource directory.', plainText(userId));
}

function clientLine(client: BackupClient, t: Translate): string {
  const name = shownName(client);
  const versions = versionsInWords(client, isOutdated(client));
  const line = versions
    ? t('{0}: {1}', name, versions)
    : client.maxClientVersion
      ? t('{0}: new, {1}', name, plainText(client.maxClientVersion))
      : name;
  return isProtected(client) ? t('{0}, protected', line) : line;
}

function notesOf(action: ChangeAction, clients: readonly BackupClient[], t: Translate): string {
  const protectedCount = clients.filter(isProtected).length;
  // Where nothing was ever installed no backup can run.
  const backupMayRun = clients.some(({ status }) => status !== 'NOT_INSTALLED');
  return [
    protectedCount === 0
      ? ''
      : protectedCount === 1
        ? t('1 client is protected: backups of its data are set up.')
        : t('{0} clients are protected: backups of their data are set up.', protectedCount),
    action === 'upgrade' ? t('An upgrade cannot be rolled back.') : '',
    backupMayRun ? t('The service does not tell whether a backup is running right now.') : '',
  ]
    .filter(Boolean)
    .join('\n');
}

function isProtected(client: BackupClient): boolean {
  return client.backupStatus === 'PROTECTED';
}

function shownName(client: BackupClient): string {
  return plainText(nameOf(client), 60);
}

function shortened(texts: readonly string[], separator: string, t: Translate): string {
  const shown = texts.slice(0, namesShown);
  const rest = texts.length - shown.length;
  return (rest > 0 ? [...shown, t('and {0} more', rest)] : shown).join(separator);
}
