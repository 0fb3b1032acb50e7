import { t } from '@vscode/l10n';
import { obstacleInWords } from '../clients/capabilities';
import { versionsInWords } from '../clients/rowText';
import { listOf, numberInWords, plural, sentences } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { holderInWords } from '../operations/machineTaken';
import type { Strategy } from '../operations/operation';
import { workInRow } from '../protection/words';
import type { Action, OperationAction } from '../service/actions';
import { isOutdated } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import { statusInWords } from '../service/words';
import { actionTexts } from './actionTexts';
import type { Details } from './details';
import { linesOf, namesApart, namesOf, scopeLines, scopeShort, shownName } from './clientTexts';
import {
  orderMatters,
  type AnyDraft,
  type Draft,
  type KeyedClient,
  type LeftOut,
  type Rollout,
} from './draft';
import { plannedOf } from './interruption';
import {
  allGapsInWords,
  deletedInWords,
  interruptedInWords,
  notFoundInWords,
  sharedProgramInWords,
  stopsInWords,
} from './interruptionTexts';
import type { CheckCall, NotChecked } from './precheck';
import { hasBackups } from './safety/safety';

/** What the user should know before agreeing to an install, upgrade, or uninstall. */
export function detailsOf(draft: Draft): Details {
  const { action, label, checks, eligible, leftOut } = draft;
  const nameOf = namesApart(eligible.map(({ client }) => client));
  const withBackups = eligible.filter(({ client }) => hasBackups(client)).length;
  const tellsBackups = withBackups > 0 && withBackups < eligible.length;
  return {
    warnings: warningsOf(draft),
    interrupted: interruptedInWords(draft),
    scope: scopeLines(label),
    clients: eligible.map(
      ({ client }) =>
        () =>
          clientLine(action, client, nameOf(client), tellsBackups && hasBackups(client)),
    ),
    ...(action === 'uninstall' && { stops: stopsInWords(draft) }),
    notes: [
      ...neighborLines(draft),
      ...notesOf(draft),
      rolloutInWords(draft) || (orderMatters(draft) ? t('Rollout order: All at once.') : ''),
      ...checks.notChecked.map(notCheckedInWords),
    ],
    leftOut: leftOut.map((one) => () => leftOutLine(one, obstacleInWords)),
  };
}

/** The question above the buttons, such as "Upgrade 3 clients in China (Hangzhou)?". */
export function questionOf({ plan, label, eligible }: AnyDraft): string {
  const { askOne, askMany } = actionTexts[plan.action];
  const [first, ...others] = eligible;
  return first && others.length === 0
    ? askOne(shownName(first.client), scopeShort(label))
    : askMany(eligible.length, scopeShort(label));
}

/** Why the user must type a text; empty if they needn't. */
export function reasonsInWords(typed: boolean, clients: number, reasons: readonly string[]): string {
  if (!typed) return '';
  const what =
    clients === 1
      ? t("You'll be asked to type the name of the client.")
      : t("You'll be asked to type the number of clients.");
  return sentences(what, ...reasons);
}

/** A client that stays as it is: its name, its ID where that isn't the name, and the reason. */
export function leftOutLine<O>(one: LeftOut<O>, inWords: (obstacle: O) => string): string {
  const { client } = one;
  const name = shownName(client);
  const id = plainText(client.instanceId ?? client.clientId ?? '', 60);
  const reason = leftOutInWords(one, inWords);
  return id === '' || id === name
    ? t({
        message: '{client} ({reason})',
        args: { client: name, reason },
        comment: ['{client}: its name. {reason}: a few words such as "not installed"'],
      })
    : t({
        message: '{client} ({id}, {reason})',
        args: { client: name, id, reason },
        comment: ['{client}, {id}: its name and ID. {reason}: a few words such as "not installed"'],
      });
}

/** The other clients on the instances of a draft. */
export function neighborLines({ neighbors, reach }: Draft): readonly string[] {
  const lines = neighbors.map((client) => () => {
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
  { obstacle, holder, work }: LeftOut<O>,
  inWords: (obstacle: O) => string,
): string {
  if (holder) return holderInWords(holder);
  return work ? workInRow(work) : inWords(obstacle);
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

/** What can't be undone, as sentences. */
export function warningsOf(draft: Pick<Draft, 'action' | 'eligible' | 'checks'>): readonly string[] {
  const { action, eligible } = draft;
  return [irreversible[action](), deletedInWords(action, eligible), essentialInWords(draft)].filter(
    (line) => line !== '',
  );
}

/** What an uninstall means for clients of Essential Edition, where the user's settings don't refuse it. */
function essentialInWords({ action, eligible, checks }: Parameters<typeof warningsOf>[0]): string {
  if (action !== 'uninstall') return '';
  const essential = eligible.filter((keyed) => plannedOf(keyed, checks)?.essential);
  if (essential.length === 0) return '';
  return t(
    'Essential Edition stays turned on for {0}, so its next backups will fail. Cancel it in the Cloud Backup console instead.',
    namesOf(essential, ({ client }) => shownName(client)),
  );
}

const irreversible: Readonly<Record<Action, () => string>> = {
  install: () => '',
  upgrade: () => t("An upgrade can't be rolled back."),
  uninstall: () => t("Without the client, an instance can't be backed up."),
};

/** What the change means for backups besides, and what couldn't be read of them: as sentences. */
export function notesOf(draft: Draft): readonly string[] {
  const { action, eligible, leftOut } = draft;
  return [
    action === 'uninstall' ? '' : backupsInWords(eligible),
    sharedProgramInWords(action, eligible),
    // Which plans there are matters for what an uninstall stops.
    action === 'uninstall' ? allGapsInWords(draft) || notFoundInWords(draft) : notFoundInWords(draft),
    leftOut.some(({ obstacle }) => obstacle === 'essential-edition')
      ? t(
          'Where Essential Edition protects an instance, cancel it in the Cloud Backup console to uninstall the client. That also deletes its backups.',
        )
      : '',
  ].filter((line) => line !== '');
}

/** Said once: lines of clients name them only where some have backups and others don't. */
function backupsInWords(clients: readonly KeyedClient[]): string {
  const withBackups = clients.filter(({ client }) => hasBackups(client)).length;
  if (withBackups === 0) return '';
  if (clients.length === 1) return t('This client has backups configured.');
  return plural(withBackups, {
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

/** @param named true: it says that backups of the client are configured */
function clientLine(action: Action, client: BackupClient, name: string, named: boolean): string {
  const version = versionChange(action, client);
  if (version === '') return named ? t('{0} (backups configured)', name) : name;
  return named
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
