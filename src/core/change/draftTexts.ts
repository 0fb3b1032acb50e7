import { t } from '@vscode/l10n';
import { obstacleInWords, type Obstacle } from '../clients/capabilities';
import { isOutdated, nameOf } from '../service/clientFacts';
import { versionsInWords, zoneInWords } from '../clients/rowText';
import type { BackupClient } from '../service/model';
import { otherAccountInWords, type ScopeLabel } from '../service/scopeLabel';
import { plainText } from '../kernel/plainText';
import type { Action } from '../service/actions';
import { regionName } from '../service/regions';
import { actionInWords, statusInWords } from '../service/words';
import type { CrossAccount } from '../service/scope';
import { holderInWords } from '../operations/machineTaken';
import type { Strategy } from '../operations/operation';
import type { Agreement } from './agree';
import type { Draft, LeftOut } from './draft';
import type { NotChecked } from './precheck';
import { isProtected } from './safety/safety';

// A modal grows with its text: more names than this would push its buttons off a small screen.
const namesShown = 12;

/** Sentences that differ by action only because of their verb. */
const sentences: Readonly<Record<Action, Sentences>> = {
  install: {
    one: (name, region) => t('Install the client on {0} in {1}?', name, region),
    many: (count, region) => t('Install {0} clients in {1}?', count, region),
    not: (name, why) => t('The client cannot be installed on {0}: {1}.', name, why),
    none: (count, why) => t('None of the {0} clients can be installed: {1}.', count, why),
    title: () => t('Install Clients'),
    choose: () => t('Choose the machines to install the client on'),
    cannot: () => t('Cannot be installed'),
    type: (count) => t('Type {0} to install the client on as many machines.', count),
  },
  upgrade: {
    one: (name, region) => t('Upgrade the client on {0} in {1}?', name, region),
    many: (count, region) => t('Upgrade {0} clients in {1}?', count, region),
    not: (name, why) => t('The client on {0} cannot be upgraded: {1}.', name, why),
    none: (count, why) => t('None of the {0} clients can be upgraded: {1}.', count, why),
    title: () => t('Upgrade Clients'),
    choose: () => t('Choose the clients to upgrade'),
    cannot: () => t('Cannot be upgraded'),
    type: (count) => t('Type {0} to upgrade as many clients.', count),
  },
  uninstall: {
    one: (name, region) => t('Uninstall the client from {0} in {1}?', name, region),
    many: (count, region) => t('Uninstall {0} clients in {1}?', count, region),
    not: (name, why) => t('The client on {0} cannot be uninstalled: {1}.', name, why),
    none: (count, why) => t('None of the {0} clients can be uninstalled: {1}.', count, why),
    title: () => t('Uninstall Clients'),
    choose: () => t('Choose the clients to uninstall'),
    cannot: () => t('Cannot be uninstalled'),
    type: (count) => t('Type {0} to uninstall as many clients.', count),
  },
};

interface Sentences {
  readonly one: (name: string, region: string) => string;
  readonly many: (count: number, region: string) => string;
  readonly not: (name: string, why: string) => string;
  readonly none: (count: number, why: string) => string;
  readonly title: () => string;
  readonly choose: () => string;
  readonly cannot: () => string;
  readonly type: (count: number) => string;
}

/** Title, placeholder and the heading of what cannot be chosen, for the pick of machines. */
export function pickTexts(action: Action): {
  readonly title: string;
  readonly placeholder: string;
  readonly cannot: string;
} {
  const { title, choose, cannot } = sentences[action];
  return { title: title(), placeholder: choose(), cannot: cannot() };
}

/** "China (Hangzhou)", and whose machines where they are another account's. Safe to show. */
export function whereShort({ scope: { regionId, crossAccount } }: ScopeLabel): string {
  const region = plainText(regionName(regionId));
  return crossAccount ? t('{0}, account {1}', region, otherAccountInWords(crossAccount)) : region;
}

/** What the user is asked to agree to. */
export function agreementOf(draft: Draft): Agreement {
  return {
    message: confirmMessage(draft),
    detail: (reasons) => confirmDetail(draft, reasons),
    button: actionInWords(draft.action),
    typePrompt: typeCountPrompt(draft),
  };
}

/** The question above the buttons, such as "Upgrade 3 clients in China (Hangzhou)?". */
function confirmMessage({ action, eligible, place }: Draft): string {
  const region = whereShort(place);
  const [first, ...others] = eligible;
  return first && others.length === 0
    ? sentences[action].one(shownName(first.client), region)
    : sentences[action].many(eligible.length, region);
}

/** What the user should know before agreeing: whose machines, which, from what to what, and what cannot be undone. */
function confirmDetail(draft: Draft, reasons: readonly string[]): string {
  const clients = draft.eligible.map(({ client }) => client);
  const left = draft.leftOut.map((one) => t('{0} ({1})', shownName(one.client), leftOutInWords(one)));
  const names = clients.map((client) => clientLine(draft.action, client));
  return [
    whereInWords(draft.place),
    shortened(names, '\n'),
    neighborsInWords(draft),
    notesOf(draft.action, clients),
    rolloutInWords(draft),
    draft.checks.notChecked.map((gap) => notCheckedInWords(gap)).join('\n'),
    reasons.length > 0 ? t('The number of machines has to be typed: {0}', reasons.join(' ')) : '',
    left.length > 0 ? t('Left out: {0}', shortened(left, ', ')) : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The other clients on the instances of a plan, a line each; empty where there are none. */
export function neighborsInWords({ neighbors, reach }: Draft): string {
  const lines = neighbors.map((client) =>
    t(
      "{0} also runs {1} ({2}). That client isn't changed.",
      plainText(client.instanceId ?? ''),
      plainText(client.clientId ?? '') || shownName(client),
      [statusInWords(client.status), isProtected(client) && t('protected')].filter(Boolean).join(', '),
    ),
  );
  const gap = t(
    'Not checked whether other clients are on these instances: the list of clients is incomplete. No other client is changed.',
  );
  return [shortened(lines, '\n'), reach.whole ? '' : gap].filter(Boolean).join('\n');
}

/** What the user is asked to type, for a plan that needs more than a modal. */
function typeCountPrompt({ action, eligible, place }: Draft): string {
  const { crossAccount } = place.scope;
  const sentence = sentences[action].type(eligible.length);
  return crossAccount
    ? t('{0} They belong to account {1}.', sentence, otherAccountInWords(crossAccount))
    : sentence;
}

/** Why nothing can be done: the client and its reason, or each reason with how many clients it keeps back. */
export function nothingEligible(action: Action, leftOut: readonly LeftOut[]): string {
  const [first, ...others] = leftOut;
  if (!first) return t('There are no clients in the list. Refresh it, then try again.');
  if (others.length === 0) {
    return sentences[action].not(shownName(first.client), leftOutInWords(first));
  }
  const counts = new Map<Obstacle, number>();
  for (const { obstacle } of leftOut) counts.set(obstacle, (counts.get(obstacle) ?? 0) + 1);
  const reasons = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([obstacle, count]) => t('{0} ({1})', obstacleInWords(obstacle), count));
  return sentences[action].none(leftOut.length, reasons.join(', '));
}

/** Why a client is left out, in a few words to follow its name. */
export function leftOutInWords({ obstacle, holder }: LeftOut): string {
  return holder ? holderInWords(holder) : obstacleInWords(obstacle);
}

/** Versions, zone and id of a client: names repeat in a fleet, ids do not. */
export function factsOfMachine(client: BackupClient): string {
  return [
    versionsInWords(client, isOutdated(client)),
    zoneInWords(client.zoneId),
    client.privateIpV4 && plainText(client.privateIpV4),
    client.instanceId && plainText(client.instanceId),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** In what order machines are sent, in a few words. */
export function orderInWords(strategy: Strategy): string {
  switch (strategy.kind) {
    case 'all':
      return t('All at once');
    case 'canary':
      return t('One first, then the rest');
    case 'zones':
      return t('Zone by zone');
    case 'batches':
      return t('Batches of {0}', strategy.size);
  }
}

/** The order and when it stops, as a line; empty where all goes out at once. */
export function rolloutInWords({ rollout, waveSizes }: Draft): string {
  if (waveSizes.length < 2) return '';
  const { order: strategy, maxFailures } = rollout;
  const order = t('{0}: {1} waves.', orderInWords(strategy), waveSizes.length);
  if (maxFailures === 0) return order;
  return maxFailures === 1
    ? t('{0} Stops as soon as a machine fails.', order)
    : t('{0} Stops once {1} machines failed.', order, maxFailures);
}

/** A check that was not made, and why, as a sentence. */
export function notCheckedInWords({ call, why }: NotChecked): string {
  const reason = {
    'permission-denied': () => t('the RAM action {0} is missing', call),
    'other-account': () => t('the machines belong to another account'),
    failed: () => t('ECS did not answer'),
    'too-slow': () => t('ECS took too long'),
  }[why]();
  return call === 'ecs:DescribeInstances'
    ? t('Not checked whether the instances run: {0}.', reason)
    : t('Not checked whether Cloud Assistant answers: {0}.', reason);
}

/** Account and profile, and whose machines they are when they are not its own. One line each. */
export function whereInWords({ scope, profileName, demo }: ScopeLabel): string {
  const profile = plainText(profileName);
  const { crossAccount } = scope;
  const account = plainText(scope.accountId);
  return [
    demo ? t('Demo data: no real machine is changed.') : '',
    crossAccount ? machinesOfInWords(crossAccount) : '',
    crossAccount && account
      ? t('Managed from account {0}, profile {1}', account, profile)
      : account
        ? t('Account {0}, profile {1}', account, profile)
        : t('Account not verified, profile {0}', profile),
  ]
    .filter(Boolean)
    .join('\n');
}

/** What the action means for backups, as sentences, one line each. */
export function notesOf(action: Action, clients: readonly BackupClient[]): string {
  const guarded = clients.filter(isProtected);
  // Where nothing was ever installed no backup can run.
  const backupMayRun = clients.some(({ status, leftover }) => status !== 'NOT_INSTALLED' && !leftover);
  const notes =
    action === 'uninstall'
      ? [
          t('Without the client no backup of a machine can run.'),
          guarded.length > 0 && t('Protection ends for: {0}', shortened(guarded.map(shownName), ', ')),
        ]
      : [
          guarded.length === 1 && t('1 client is protected: backups of its data are set up.'),
          guarded.length > 1 &&
            t('{0} clients are protected: backups of their data are set up.', guarded.length),
          action === 'upgrade' && t('An upgrade cannot be rolled back.'),
        ];
  return [...notes, backupMayRun && t('The service does not tell whether a backup is running right now.')]
    .filter(Boolean)
    .join('\n');
}

/** The name of a client, safe to show. */
export function shownName(client: BackupClient): string {
  return plainText(nameOf(client), 60);
}

/** "2.4.1 → 2.4.5", what an install brings, or what an uninstall takes; empty where the service tells no version. */
export function versionChange(action: Action, client: BackupClient): string {
  if (action === 'uninstall') return versionsInWords(client, false) ?? '';
  const versions = versionsInWords(client, isOutdated(client));
  if (versions) return versions;
  return client.maxClientVersion ? t('new, {0}', plainText(client.maxClientVersion)) : '';
}

function machinesOfInWords(account: CrossAccount): string {
  const other = otherAccountInWords(account);
  return account.roleName
    ? t('Machines of account {0}, reached through the role {1}.', other, plainText(account.roleName))
    : t('Machines of account {0}, reached through the resource directory.', other);
}

function clientLine(action: Action, client: BackupClient): string {
  const version = versionChange(action, client);
  const line = version ? t('{0}: {1}', shownName(client), version) : shownName(client);
  return isProtected(client) ? t('{0}, protected', line) : line;
}

/** At most twelve texts, and how many more there are. */
export function shortened(texts: readonly string[], separator: string): string {
  const shown = texts.slice(0, namesShown);
  const rest = texts.length - shown.length;
  return (rest > 0 ? [...shown, t('and {0} more', rest)] : shown).join(separator);
}
