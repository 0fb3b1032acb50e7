import { t } from '@vscode/l10n';
import { obstacleInWords } from '../clients/capabilities';
import { versionsInWords } from '../clients/rowText';
import { listOf, numberInWords, plural, sentences } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { holderInWords } from '../operations/machineTaken';
import type { Strategy } from '../operations/operation';
import type { Action, OperationAction } from '../service/actions';
import { isOutdated } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import { otherAccountInWords } from '../service/scopeLabel';
import { statusInWords } from '../service/words';
import { actionTexts } from './actionTexts';
import { linesOf, namesOf, scopeLines, scopeShort, shownName } from './clientTexts';
import type { AnyDraft, Draft, LeftOut, Rollout } from './draft';
import type { CheckCall, NotChecked } from './precheck';
import { hasBackups } from './safety/safety';

/**
 * What the user should know before agreeing: which account, which clients, from what to what, and what can't be undone.
 * @param reasons why the number of clients has to be typed; mostly none
 */
export function detailOf(draft: Draft, reasons: readonly string[]): string {
  const { action, label, checks } = draft;
  return paragraphs(
    scopeLines(label),
    linesOf(draft.eligible.map(({ client }) => clientLine(action, client))),
    neighborLines(draft),
    notesOf(draft),
    [rolloutInWords(draft)],
    checks.notChecked.map(notCheckedInWords),
    [reasonsInWords(reasons)],
    [leftOutLine(draft.leftOut, obstacleInWords)],
  );
}

/** The question above the buttons, such as "Upgrade 3 clients in China (Hangzhou)?". */
export function questionOf({ plan, label, eligible }: AnyDraft): string {
  const { askOne, askMany } = actionTexts[plan.action];
  const [first, ...others] = eligible;
  return first && others.length === 0
    ? askOne(shownName(first.client), scopeShort(label))
    : askMany(eligible.length, scopeShort(label));
}

/** Asks for the number of clients, for a change that needs more than a modal. */
export function typePromptOf({ eligible, label: { scope } }: AnyDraft): string {
  const count = eligible.length;
  const { crossAccount } = scope;
  return sentences(
    t('To confirm, type {0} (the number of clients).', count),
    crossAccount && t('They belong to account {0}.', otherAccountInWords(crossAccount)),
  );
}

/** Why the number of clients has to be typed; empty where it doesn't. */
export function reasonsInWords(reasons: readonly string[]): string {
  return reasons.length === 0
    ? ''
    : sentences(t("You'll be asked to type the number of clients."), ...reasons);
}

/** Clients that stay as they are, each with its reason; empty where there are none. */
export function leftOutLine<O>(leftOut: readonly LeftOut<O>[], inWords: (obstacle: O) => string): string {
  if (leftOut.length === 0) return '';
  const clients = leftOut.map((one) =>
    t({
      message: '{client} ({reason})',
      args: { client: shownName(one.client), reason: leftOutInWords(one, inWords) },
      comment: ['{client}: its name. {reason}: a few words such as "not installed"'],
    }),
  );
  return t('Not changed: {0}', namesOf(clients));
}

/** Blocks of lines with a blank line between them; empty lines and blocks are left out. */
export function paragraphs(...blocks: readonly (readonly string[])[]): string {
  return blocks
    .map((lines) => lines.filter((line) => line !== '').join('\n'))
    .filter((block) => block !== '')
    .join('\n\n');
}

/** The other clients on the instances of a draft. */
export function neighborLines({ neighbors, reach }: Draft): readonly string[] {
  const lines = neighbors.map((client) => {
    const status = statusInWords(client.status);
    return t({
      message: "{instance} also runs {client} ({status}). That client isn't changed.",
      args: {
        instance: plainText(client.instanceId ?? ''),
        client: plainText(client.clientId ?? '') || shownName(client),
        status: hasBackups(client)
          ? listOf([
              status,
              t({ message: 'backups configured', comment: ['Follows the status of a client'] }),
            ])
          : status,
      },
      comment: ['{instance} and {client}: IDs. {status}: such as "Activated"'],
    });
  });
  const gap = t(
    "The list of clients is incomplete, so there might be other clients on these instances. They aren't changed.",
  );
  return [...linesOf(lines), ...(reach.whole ? [] : [gap])];
}

/**
 * Why nothing can be done: the client and its reason, or each reason with how many clients it rules out.
 * @param inWords an obstacle in a few words that start in lower case
 */
export function nothingEligible<O>(
  action: OperationAction,
  leftOut: readonly LeftOut<O>[],
  inWords: (obstacle: O) => string,
): string {
  const [first, ...others] = leftOut;
  if (!first) return t('There are no clients in the list. Refresh it, then try again.');
  const { noneOfOne, noneOfMany } = actionTexts[action];
  if (others.length === 0) return noneOfOne(shownName(first.client), leftOutInWords(first, inWords));
  const counts = new Map<O, number>();
  for (const { obstacle } of leftOut) counts.set(obstacle, (counts.get(obstacle) ?? 0) + 1);
  const reasons = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([obstacle, count]) =>
      t({
        message: '{reason} ({count})',
        args: { reason: inWords(obstacle), count: numberInWords(count) },
        comment: ['{reason}: a few words such as "not installed". {count}: how many clients'],
      }),
    );
  return noneOfMany(listOf(reasons));
}

/** Why a client is left out, in a few words to follow its name. */
export function leftOutInWords<O>(
  { obstacle, holder }: LeftOut<O>,
  inWords: (obstacle: O) => string,
): string {
  return holder ? holderInWords(holder) : inWords(obstacle);
}

/** A rollout order, in a few words. */
export function orderInWords(order: Strategy): string {
  switch (order.kind) {
    case 'all':
      return t('All at once');
    case 'canary':
      return t({ message: 'Canary first', comment: ['Rollout order: one client first, then the rest.'] });
    case 'zones':
      return t('Zone by zone');
    case 'batches':
      return t('Batches of {0}', numberInWords(order.size));
  }
}

/** The rollout and when it stops, as sentences; empty where all starts at once. */
export function rolloutInWords({ rollout, waveSizes }: Pick<Draft, 'rollout' | 'waveSizes'>): string {
  if (waveSizes.length < 2) return '';
  return sentences(wavesInWords(rollout, waveSizes.length), limitInWords(rollout.maxFailures));
}

function wavesInWords({ order }: Rollout, waves: number): string {
  switch (order.kind) {
    case 'all':
      return '';
    case 'canary':
      return t('One client is changed first, then the rest.');
    case 'zones':
      return plural(waves, {
        one: (count) => t('Clients are changed zone by zone, in {0} wave.', count),
        other: (count) => t('Clients are changed zone by zone, in {0} waves.', count),
      });
    case 'batches':
      return plural(waves, {
        one: (count) => t('Clients are changed in {0} batch.', count),
        other: (count) => t('Clients are changed in {0} batches.', count),
      });
  }
}

function limitInWords(maxFailures: number): string {
  if (maxFailures === 0) return '';
  if (maxFailures === 1) return t('Stops after the first failure.');
  return plural(maxFailures, {
    one: (count) => t('Stops after {0} failure.', count),
    other: (count) => t('Stops after {0} failures.', count),
  });
}

const notChecked: Readonly<Record<CheckCall, Readonly<Record<NotChecked['why'], () => string>>>> = {
  'ecs:DescribeInstances': {
    'permission-denied': () =>
      t(
        "Couldn't check whether the instances are running: you don't have the {0} permission.",
        'ecs:DescribeInstances',
      ),
    'other-account': () =>
      t("Couldn't check whether the instances are running: they belong to another account."),
    failed: () => t("Couldn't check whether the instances are running: ECS didn't respond."),
    'too-slow': () => t("Couldn't check whether the instances are running: ECS took too long."),
  },
  'ecs:DescribeCloudAssistantStatus': {
    'permission-denied': () =>
      t(
        "Couldn't check whether Cloud Assistant responds: you don't have the {0} permission.",
        'ecs:DescribeCloudAssistantStatus',
      ),
    'other-account': () =>
      t("Couldn't check whether Cloud Assistant responds: the instances belong to another account."),
    failed: () => t("Couldn't check whether Cloud Assistant responds: ECS didn't respond."),
    'too-slow': () => t("Couldn't check whether Cloud Assistant responds: ECS took too long."),
  },
};

/** A check that wasn't made, and why, as a sentence. */
export function notCheckedInWords({ call, why }: NotChecked): string {
  return notChecked[call][why]();
}

/** What the change means for backups, and what can't be undone: as sentences, one per line. */
export function notesOf({ action, eligible }: Pick<Draft, 'action' | 'eligible'>): readonly string[] {
  const clients = eligible.map(({ client }) => client);
  const protectedOnes = clients.filter(hasBackups);
  // Where nothing was ever installed no backup can run.
  const backupMightRun = clients.some(({ status, leftover }) => status !== 'NOT_INSTALLED' && !leftover);
  return [
    ...notes[action](protectedOnes),
    ...(backupMightRun ? [t("A backup might be running. Cloud Backup doesn't report it.")] : []),
  ];
}

const notes: Readonly<Record<Action, (withBackups: readonly BackupClient[]) => readonly string[]>> = {
  install: (withBackups) => [backupsInWords(withBackups.length)],
  upgrade: (withBackups) => [t("An upgrade can't be rolled back."), backupsInWords(withBackups.length)],
  uninstall: (withBackups) => [
    t("Without the client, an instance can't be backed up."),
    withBackups.length === 0 ? '' : t('Backups stop for: {0}', namesOf(withBackups.map(shownName))),
  ],
};

function backupsInWords(clients: number): string {
  if (clients === 0) return '';
  return plural(clients, {
    one: (count) => t('{0} client has backups configured.', count),
    other: (count) => t('{0} clients have backups configured.', count),
  });
}

/** "2.4.1 → 2.4.5", what an install brings, or what an uninstall takes; empty where no version is known. */
export function versionChange(action: Action, client: BackupClient): string {
  if (action === 'uninstall') return versionsInWords(client, false) ?? '';
  const versions = versionsInWords(client, isOutdated(client));
  if (versions) return versions;
  return client.maxClientVersion
    ? t({
        message: 'new, {0}',
        args: [plainText(client.maxClientVersion)],
        comment: ['A version that is installed where none was'],
      })
    : '';
}

function clientLine(action: Action, client: BackupClient): string {
  const name = shownName(client);
  const version = versionChange(action, client);
  if (version === '') return hasBackups(client) ? t('{0} (backups configured)', name) : name;
  return hasBackups(client)
    ? t({
        message: '{client}: {version} (backups configured)',
        args: { client: name, version },
        comment: ['{client}: its name. {version}: such as 2.4.1 → 2.4.5'],
      })
    : t({
        message: '{client}: {version}',
        args: { client: name, version },
        comment: ['{client}: its name. {version}: such as 2.4.1 → 2.4.5'],
      });
}
