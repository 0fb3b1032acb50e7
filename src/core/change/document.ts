import { t } from '@vscode/l10n';
import { obstacleInWords } from '../clients/capabilities';
import { zoneInWords } from '../clients/traits';
import { listOf, numberInWords, sentences } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { nextRunOf } from '../protection/plannedBackups';
import { nextRunInWords, plannedFactsInWords, plannedNameInWords } from '../protection/plannedWords';
import { jobFactsInWords, workInShort } from '../protection/words';
import type { Work } from '../protection/work';
import { actions } from '../service/actions';
import { isInstalled } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import { protectionCalls } from '../service/protection';
import { regionName } from '../service/regions';
import { cannotTexts, planTitles } from './actionTexts';
import { scopeLines, shownName } from './clientTexts';
import { whatStops } from './details';
import { isHeld, type Draft, type KeyedClient } from './draft';
import {
  leftOutInWords,
  neighborLines,
  notCheckedInWords,
  notesOf,
  orderInWords,
  reasonsInWords,
  rolloutInWords,
  versionChange,
  warningsOf,
} from './draftTexts';
import { plannedOf, stoppedBackups } from './interruption';
import { interruptedInWords, plannedGapsInWords } from './interruptionTexts';
import { checkCalls } from './precheck';
import { verdictOf } from './safety/safety';

/** A plan as a text to read, in Markdown. Nothing in it is live: no link, no markup of the service. */
export interface PlanDocument {
  readonly title: string;
  readonly text: string;
}

/** @param madeAt when the plan was made, as a local time with its zone */
export function planDocumentOf(draft: Draft, madeAt: string): PlanDocument {
  const { action, label, eligible, leftOut } = draft;
  const installed = eligible.some(({ client }) => isInstalled(client));
  const title = planTitles[action](eligible.length);
  const text = [
    `# ${title}`,
    t('Created {0}. Nothing has been changed.', madeAt),
    table(
      [name(), instance(), zone(), version(), ...(installed ? [running(), nextBackup()] : [])],
      eligible.map((keyed) => [
        code(shownName(keyed.client)),
        code(idOf(keyed.client)),
        code(zoneInWords(keyed.client.zoneId)),
        code(versionChange(action, keyed.client)),
        ...(installed ? backupCells(draft, keyed) : []),
      ]),
    ),
    ...(leftOut.length > 0
      ? [
          `## ${cannotTexts[action]()}`,
          table(
            [name(), instance(), reason()],
            leftOut.map((one) => [
              code(shownName(one.client)),
              code(idOf(one.client)),
              cell(leftOutInWords(one, obstacleInWords)),
            ]),
          ),
        ]
      : []),
    ...stopsIn(draft),
    `## ${t({ message: 'Details', comment: ['A heading above facts'] })}`,
    list(factsOf(draft).map(unlinked)),
    `## ${t('Before it starts')}`,
    list(stepsOf(draft).map(unlinked)),
    `## ${t('Required RAM permissions')}`,
    list([
      ...[actions[action].ramAction, 'hbr:DescribeTask', 'hbr:DescribeBackupClients'].map(code),
      ...[...(label.scope.crossAccount ? [] : checkCalls), ...(installed ? protectionCalls : [])].map(
        (call) => t('{0} (for the checks)', code(call)),
      ),
    ]),
  ];
  return { title, text: text.filter(Boolean).join('\n\n') + '\n' };
}

function factsOf(draft: Draft): readonly string[] {
  const { action, label, plan, eligible, waveSizes, requests, checks } = draft;
  const { regionId } = label.scope;
  return [
    ...scopeLines(label),
    t({
      message: 'Region: {region} ({id})',
      args: { region: plainText(regionName(regionId)), id: plainText(regionId) },
      comment: ['{region}: its name. {id}: its ID'],
    }),
    t({
      message: 'Clients: {0}',
      args: [numberInWords(eligible.length)],
      comment: ['{0}: how many clients are changed'],
    }),
    plan.machines.some(isHeld)
      ? t('Requests to send: at most {0}', numberInWords(requests))
      : t('Requests to send: {0}', numberInWords(requests)),
    ...(waveSizes.length > 1
      ? [rolloutInWords(draft), t('Clients in each wave: {0}', listOf(waveSizes.map(numberInWords)))]
      : [orderInWords({ kind: 'all' })]),
    ...neighborLines(draft),
    ...warningsOf(draft),
    ...interruptedInWords(draft),
    ...notesOf(draft),
    // The question says of an upgrade only whether something runs.
    action === 'uninstall' ? '' : plannedGapsInWords(draft),
    ...checks.notChecked.map(notCheckedInWords),
  ].filter(Boolean);
}

/** The jobs as on the page of a client, or that none was found. */
function workInCell(work: Work, nowMs: number): string {
  return work.kind === 'running'
    ? work.jobs.map((job) => jobFactsInWords(job, nowMs)).join(' · ')
    : workInShort(work);
}

/** What runs on a client, and when it's backed up next. */
function backupCells({ checks, now }: Draft, keyed: KeyedClient): readonly string[] {
  const work = checks.works.get(keyed.key);
  const planned = plannedOf(keyed, checks);
  return [
    work ? cell(workInCell(work, now * 1000)) : '',
    planned ? cell(nextRunInWords(nextRunOf(planned, now), now * 1000)) : '',
  ];
}

/** The plans and policies that an uninstall stops, as a section; none for another change, and where there are none. */
function stopsIn({ action, eligible, checks, now }: Draft): readonly string[] {
  const stopped = action === 'uninstall' ? stoppedBackups(eligible, checks) : [];
  if (stopped.length === 0) return [];
  return [
    `## ${whatStops()}`,
    table(
      [t({ message: 'Plan or policy', comment: ['Column: of backups'] }), clientsColumn(), facts()],
      stopped.map(({ backup, clients }) => [
        cell(plannedNameInWords(backup)),
        code(clients.map(({ client }) => shownName(client)).join(', ')),
        cell(plannedFactsInWords(backup, now * 1000)),
      ]),
    ),
  ];
}

function stepsOf({ action, guarded, rules }: Draft): readonly string[] {
  const verdict = verdictOf(rules, actions[action].ramAction, guarded);
  if (verdict.decision === 'refused') return [verdict.message];
  return [sentences(t('You confirm once.'), reasonsInWords(verdict.typed, guarded.length, verdict.reasons))];
}

const name = (): string => t({ message: 'Name', comment: ['Column: the name of a client'] });
const instance = (): string => t({ message: 'Instance', comment: ['Column: the ID of an ECS instance'] });
const zone = (): string => t({ message: 'Zone', comment: ['Column: the ID of a zone'] });
const version = (): string =>
  t({ message: 'Version', comment: ['Column: versions of a client, from and to'] });
const reason = (): string => t({ message: 'Reason', comment: ["Column: why a client can't be changed"] });

const running = (): string =>
  t({ message: 'Running now', comment: ['Column: whether a backup or restore is running on a client'] });
const nextBackup = (): string =>
  t({ message: 'Next backup', comment: ['Column: when a client is backed up next'] });
const clientsColumn = (): string => t({ message: 'Clients', comment: ['A heading above clients'] });
const facts = (): string =>
  t({ message: 'Next backup and retention', comment: ['Column: of backup plans and policies'] });

function idOf({ instanceId, clientId }: BackupClient): string {
  return instanceId ?? clientId ?? '';
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A text of ours that may hold one of the service, in a table. */
function cell(text: string): string {
  return unlinked(text).replaceAll('|', '\\|');
}

/** A text of the service as code: nothing in it is Markdown. Editors make addresses clickable, so it has none. */
function code(text: string): string {
  const quiet = unlinked(plainText(text)).replaceAll('`', "'").replaceAll('|', '\\|');
  return quiet && `\`${quiet}\``;
}

function unlinked(text: string): string {
  return text.replaceAll('://', ': //').replaceAll('<', '‹').replaceAll('[', '(').replaceAll(']', ')');
}
