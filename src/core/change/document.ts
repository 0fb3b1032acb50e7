import { t } from '@vscode/l10n';
import { obstacleInWords } from '../clients/capabilities';
import { zoneInWords } from '../clients/traits';
import { listOf, numberInWords, sentences } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { actions } from '../service/actions';
import type { BackupClient } from '../service/model';
import { regionName } from '../service/regions';
import { cannotTexts, planTitles } from './actionTexts';
import { scopeLines, shownName } from './clientTexts';
import type { Draft } from './draft';
import {
  leftOutInWords,
  neighborLines,
  notCheckedInWords,
  notesOf,
  orderInWords,
  reasonsInWords,
  rolloutInWords,
  versionChange,
} from './draftTexts';
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
  const clients = eligible.map(({ client }) => client);
  const title = planTitles[action](eligible.length);
  const text = [
    `# ${title}`,
    t('Created {0}. Nothing has been changed.', madeAt),
    table(
      [name(), instance(), zone(), version()],
      clients.map((client) => [
        code(shownName(client)),
        code(client.instanceId ?? client.clientId ?? ''),
        code(zoneInWords(client.zoneId)),
        code(versionChange(action, client)),
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
              unlinked(leftOutInWords(one, obstacleInWords)).replaceAll('|', '\\|'),
            ]),
          ),
        ]
      : []),
    `## ${t({ message: 'Details', comment: ['A heading above facts'] })}`,
    list(factsOf(draft).map(unlinked)),
    `## ${t('Before it starts')}`,
    list(stepsOf(draft).map(unlinked)),
    `## ${t('Required RAM permissions')}`,
    list([
      ...[actions[action].ramAction, 'hbr:DescribeTask', 'hbr:DescribeBackupClients'].map(code),
      ...(label.scope.crossAccount ? [] : checkCalls).map((call) => t('{0} (for the checks)', code(call))),
    ]),
  ];
  return { title, text: text.filter(Boolean).join('\n\n') + '\n' };
}

function factsOf(draft: Draft): readonly string[] {
  const { label, eligible, waveSizes, requests, checks } = draft;
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
    t('Requests to send: {0}', numberInWords(requests)),
    ...(waveSizes.length > 1
      ? [rolloutInWords(draft), t('Clients in each wave: {0}', listOf(waveSizes.map(numberInWords)))]
      : [orderInWords({ kind: 'all' })]),
    ...neighborLines(draft),
    ...notesOf(draft),
    ...checks.notChecked.map(notCheckedInWords),
  ].filter(Boolean);
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

function idOf({ instanceId, clientId }: BackupClient): string {
  return instanceId ?? clientId ?? '';
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A text of the service as code: nothing in it is Markdown. Editors make addresses clickable, so it has none. */
function code(text: string): string {
  const quiet = unlinked(plainText(text)).replaceAll('`', "'").replaceAll('|', '\\|');
  return quiet && `\`${quiet}\``;
}

function unlinked(text: string): string {
  return text.replaceAll('://', ': //').replaceAll('<', '‹').replaceAll('[', '(').replaceAll(']', ')');
}
