import { t } from '@vscode/l10n';
import { listOf, minutesInWords, plural, sentences } from '../kernel/localize';
import { defaultHoldLimitMs } from '../operations/operation';
import { gapsInWords, gapsOf, runningInWords } from '../protection/words';
import {
  nextRunInWords,
  plannedFactsInWords,
  plannedInWords,
  plannedNameInWords,
} from '../protection/plannedWords';
import type { OperationAction } from '../service/actions';
import { isInstalled } from '../service/clientFacts';
import { clientsInWords } from '../service/words';
import { namesApart, namesOf, type Line } from './clientTexts';
import type { AnyDraft, KeyedClient } from './draft';
import { stoppedBackups, type StoppedBackup } from './interruption';
import { hasBackups } from './safety/safety';

/** What is known to run, what is done with it, and which backups start soon: as sentences. */
export function interruptedInWords(draft: AnyDraft): readonly string[] {
  const { busy, now } = draft;
  const nameOf = namesIn(draft);
  const running = busy.map((one) => ({ name: nameOf(one), jobs: one.work.jobs }));
  return [
    sentences(runningInWords(running, now * 1000), busyInWords(draft)),
    soonInWords(draft, nameOf),
  ].filter((line) => line !== '');
}

/** That nothing runs, or that nobody could tell; empty where no client is installed. */
export function notFoundInWords({ eligible, busy, checks }: AnyDraft): string {
  const works = eligible.flatMap(({ key }) => checks.works.get(key) ?? []);
  const gaps = gapsInWords(gapsOf(works));
  if (gaps !== '' || busy.length > 0 || works.length === 0) return gaps;
  return t('No running backups or restores were found.');
}

/** Everything that couldn't be read, what backs clients up included. */
export function allGapsInWords({ eligible, checks }: AnyDraft): string {
  const works = eligible.flatMap(({ key }) => checks.works.get(key) ?? []);
  return gapsInWords([...gapsOf(works), ...(checks.planned?.gaps ?? [])]);
}

/** What couldn't be read of what backs clients up. */
export function plannedGapsInWords({ checks }: Pick<AnyDraft, 'checks'>): string {
  return gapsInWords(checks.planned?.gaps ?? []);
}

/** The buttons for clients on which something runs; `busy`: how many there are. */
export const busyLabels = {
  wait: (busy: number): string =>
    busy === 1
      ? t({ message: 'Wait for It', comment: ['Button: starts the client once its backup has ended.'] })
      : t({ message: 'Wait for Them', comment: ['Button: starts clients once their backups have ended.'] }),
  'leave-out': (busy: number): string =>
    busy === 1
      ? t({ message: 'Leave It Out', comment: ['Button: the client with a running backup stays as it is.'] })
      : t({ message: 'Leave Them Out', comment: ['Button: clients with running backups stay as they are.'] }),
  include: (busy: number): string =>
    busy === 1
      ? t({ message: 'Include It', comment: ['Button: starts the client although a backup is running.'] })
      : t({ message: 'Include Them', comment: ['Button: starts clients although backups are running.'] }),
  /** Leads to a question in which something is typed. */
  askToInclude: (busy: number): string =>
    busy === 1
      ? t({ message: 'Include It…', comment: ['Button: starts the client although a backup is running.'] })
      : t({ message: 'Include Them…', comment: ['Button: starts clients although backups are running.'] }),
} as const;

function includedInWords(action: OperationAction): string {
  return action === 'uninstall'
    ? t("What's running fails when its client is uninstalled.")
    : t("What's running might fail: Cloud Backup doesn't say what happens to it.");
}

/** Names the clients of a draft, with their ID where two share a name. */
function namesIn({ eligible }: AnyDraft): (keyed: Pick<KeyedClient, 'client'>) => string {
  const nameOf = namesApart(eligible.map(({ client }) => client));
  return ({ client }) => nameOf(client);
}

function busyInWords({ busy, whenBusy, plan }: AnyDraft): string {
  if (busy.length === 0) return '';
  if (whenBusy === 'include') return includedInWords(plan.action);
  const limit = limitInWords(plan.holdLimitMs ?? defaultHoldLimitMs);
  return busy.length === 1
    ? t('You can wait for it up to {0}. If it still runs then, the client is left out.', limit)
    : t('You can wait for them up to {0}. Clients on which something still runs then are left out.', limit);
}

function limitInWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes % 60 !== 0) return minutesInWords(minutes);
  return plural(minutes / 60, {
    one: (count) => t({ message: '{0} hour', args: [count], comment: ['How long something can take'] }),
    other: (count) => t({ message: '{0} hours', args: [count], comment: ['How long something can take'] }),
  });
}

function soonInWords(draft: AnyDraft, nameOf: ReturnType<typeof namesIn>): string {
  const { soon } = draft;
  if (soon.length === 0) return '';
  const names = namesOf(soon, (one) =>
    t({
      message: '{client} ({when})',
      args: {
        client: nameOf(one),
        when: nextRunInWords({ kind: 'at', at: one.at }, draft.now * 1000),
      },
      comment: ['{client}: its name. {when}: when its next backup starts, such as "in 12 min"'],
    }),
  );
  return soon.length === 1
    ? t('A backup starts soon on {0}.', names)
    : t('Backups start soon on {0}.', names);
}

/** What an uninstall stops. */
export interface StopsInWords {
  /** "3 backup plans on 2 clients stop running.", and more sentences of the kind. */
  readonly heading: string;
  /** Each plan and policy, with its clients, its next run, and how long backups are kept. */
  readonly lines: readonly Line[];
}

/** What an uninstall of these clients stops. */
export function stopsInWords(draft: AnyDraft): StopsInWords {
  const { eligible, checks, now } = draft;
  const stopped = stoppedBackups(eligible, checks);
  const covered = new Set(stopped.flatMap(({ clients }) => clients.map(({ key }) => key)));
  const nameOf = eligible.length > 1 ? namesIn(draft) : undefined;
  const others = eligible.filter(({ key, client }) => hasBackups(client) && !covered.has(key));
  return {
    heading: sentences(
      plansStop(stopped.filter(({ backup }) => backup.kind === 'plan' && !backup.disabled)),
      policiesStop(stopped.filter(({ backup }) => backup.kind === 'policy' && !backup.disabled)),
      backupsStop(others.length, eligible.length),
    ),
    lines: stopped.map((one) => () => stopLine(one, nameOf, now)),
  };
}

function plansStop(plans: readonly StoppedBackup[]): string {
  if (plans.length === 0) return '';
  const clients = clientsInWords(clientsOf(plans).size);
  return plural(plans.length, {
    one: (count) =>
      t({
        message: '{count} backup plan on {clients} stops running.',
        args: { count, clients },
        comment: ['{count}: number of backup plans. {clients}: such as "2 clients"'],
      }),
    other: (count) =>
      t({
        message: '{count} backup plans on {clients} stop running.',
        args: { count, clients },
        comment: ['{count}: number of backup plans. {clients}: such as "2 clients"'],
      }),
  });
}

function policiesStop(policies: readonly StoppedBackup[]): string {
  if (policies.length === 0) return '';
  return plural(clientsOf(policies).size, {
    one: (count) => t('Backup policies no longer back up {0} client.', count),
    other: (count) => t('Backup policies no longer back up {0} clients.', count),
  });
}

/** Of clients that Cloud Backup calls protected, but that no plan or policy was found for. */
function backupsStop(withBackups: number, clients: number): string {
  if (withBackups === 0) return '';
  if (clients === 1) return t('Backups of this client stop.');
  return plural(withBackups, {
    one: (count) => t('Backups of {0} client stop.', count),
    other: (count) => t('Backups of {0} clients stop.', count),
  });
}

function clientsOf(stopped: readonly StoppedBackup[]): ReadonlySet<string> {
  return new Set(stopped.flatMap(({ clients }) => clients.map(({ key }) => key)));
}

/** @param nameOf absent: there's one client, which the question names */
function stopLine(
  { backup, clients }: StoppedBackup,
  nameOf: ((keyed: KeyedClient) => string) | undefined,
  now: number,
): string {
  if (!nameOf) return plannedInWords(backup, now * 1000);
  return t({
    message: '{name} on {clients}: {facts}',
    args: {
      name: plannedNameInWords(backup),
      clients: namesOf(clients, nameOf),
      facts: plannedFactsInWords(backup, now * 1000),
    },
    comment: [
      '{name}: of a backup plan or policy. {clients}: names. {facts}: when it runs next, and how long backups are kept.',
    ],
  });
}

// Documented, the older ones too.
const directories = {
  linux: ['/opt/alibabacloud/hbrclient', '/opt/alibabacloud/hbr'],
  windows: [
    'C:\\Program Files\\Aliyun Hybrid Backup Service Client',
    'C:\\Program Files\\Aliyun Hybrid Backup Service',
  ],
} as const;

/** What a reinstall or an uninstall might delete; empty for an upgrade, and where nothing is installed yet. */
export function deletedInWords(action: OperationAction, clients: readonly KeyedClient[]): string {
  const replaced = replacedBy(action, clients);
  if (replaced.length === 0) return '';
  const systems = new Set(replaced.map(({ client }) => client.osType?.toLowerCase()));
  const isOne = (system: 'linux' | 'windows') => systems.size === 1 && systems.has(system);
  const paths = [
    ...(isOne('windows') ? [] : directories.linux),
    ...(isOne('linux') ? [] : directories.windows),
  ];
  return t(
    'Files in or mounted under {0} might be deleted. Move or unmount them first.',
    listOf(paths, 'or'),
  );
}

/** What else depends on the client program; empty for an upgrade, and where nothing is installed yet. */
export function sharedProgramInWords(action: OperationAction, clients: readonly KeyedClient[]): string {
  return replacedBy(action, clients).length > 0
    ? t("Security Center's anti-ransomware uses the same program and is affected too.")
    : '';
}

function replacedBy(action: OperationAction, clients: readonly KeyedClient[]): readonly KeyedClient[] {
  if (action !== 'install' && action !== 'uninstall') return [];
  return clients.filter(({ client }) => isInstalled(client));
}
