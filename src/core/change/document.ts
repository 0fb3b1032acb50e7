import { t } from '@vscode/l10n';
import { zoneInWords } from '../clients/rowText';
import type { BackupClient } from '../service/model';
import { plainText } from '../kernel/plainText';
import { changeCalls } from '../service/actions';
import { regionName } from '../service/regions';
import { actionInWords } from '../service/words';
import {
  leftOutInWords,
  neighborsInWords,
  notCheckedInWords,
  notesOf,
  rolloutInWords,
  pickTexts,
  shownName,
  orderInWords,
  versionChange,
  whereInWords,
} from './draftTexts';
import type { Draft } from './draft';
import { checkCalls } from './precheck';
import { verdictOf } from './safety/safety';

/** A plan as a text to read, in Markdown. Nothing in it is live: no link, no markup of the service. */
export interface PlanDocument {
  readonly title: string;
  readonly text: string;
}

/** @param nowMs milliseconds since 1970: when the plan was made */
export function planDocumentOf(draft: Draft, nowMs: number): PlanDocument {
  const { action, place, eligible, leftOut, waveSizes, rollout } = draft;
  const { regionId, crossAccount } = place.scope;
  const clients = eligible.map(({ client }) => client);
  const title = t('Plan - {0} {1}', actionInWords(action), eligible.length);
  const facts = [
    ...whereInWords(place).split('\n'),
    t('Region {0} ({1})', plainText(regionName(regionId)), plainText(regionId)),
    t('Machines: {0}', eligible.length),
    t('Calls, each with one task at most: {0}', draft.requests),
    waveSizes.length > 1 ? rolloutInWords(draft) : orderInWords({ kind: 'all' }),
    ...(waveSizes.length > 1 ? [t('Machines in each wave: {0}', waveSizes.join(', '))] : []),
    ...(rollout.maxFailures > 0 && waveSizes.length > 1
      ? [t('Failures that stop it: {0}', rollout.maxFailures)]
      : []),
    ...neighborsInWords(draft).split('\n'),
    ...notesOf(action, clients).split('\n'),
    ...draft.checks.notChecked.map((gap) => notCheckedInWords(gap)),
  ].filter(Boolean);
  const text = [
    `# ${title}`,
    t('Made {0}. This is what would be done; nothing was sent.', new Date(nowMs).toISOString()),
    list(facts.map(unlinked)),
    `## ${t('Before it starts')}`,
    list(stepsOf(draft).map(unlinked)),
    `## ${pickTexts(action).title} (${eligible.length})`,
    table(
      [t('Name'), t('Instance'), t('Zone'), t('Version')],
      clients.map((client) => [
        code(shownName(client)),
        code(client.instanceId ?? client.clientId ?? ''),
        code(zoneInWords(client.zoneId)),
        code(versionChange(action, client)),
      ]),
    ),
    ...(leftOut.length > 0
      ? [
          `## ${pickTexts(action).cannot} (${leftOut.length})`,
          table(
            [t('Name'), t('Instance'), t('Reason')],
            leftOut.map((one) => [
              code(shownName(one.client)),
              code(idOf(one.client)),
              unlinked(leftOutInWords(one)).replaceAll('|', '\\|'),
            ]),
          ),
        ]
      : []),
    `## ${t('RAM actions needed')}`,
    list([
      ...[changeCalls[action], 'hbr:DescribeTask', 'hbr:DescribeBackupClients'].map(code),
      ...(crossAccount ? [] : checkCalls).map((name) => t('{0} for the checks', code(name))),
    ]),
  ];
  return { title, text: text.filter(Boolean).join('\n\n') + '\n' };
}

function stepsOf({ action, eligible, guarded, rules }: Draft): readonly string[] {
  const verdict = verdictOf(rules, changeCalls[action], guarded);
  if (verdict.decision === 'refused') return [verdict.message];
  const typed = verdict.typedCount && t('Their number has to be typed: {0}.', eligible.length);
  return [t('One question has to be confirmed.'), typed, ...verdict.reasons].filter(
    (step) => typeof step === 'string',
  );
}

function idOf({ instanceId, clientId }: BackupClient): string {
  return instanceId ?? clientId ?? '';
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A text of the service as code: nothing in it is Markdown. Editors make addresses clickable, so it holds none. */
function code(text: string): string {
  const quiet = unlinked(plainText(text)).replaceAll('`', "'").replaceAll('|', '\\|');
  return quiet && `\`${quiet}\``;
}

function unlinked(text: string): string {
  return text.replaceAll('://', ': //').replaceAll('<', '‹').replaceAll('[', '(').replaceAll(']', ')');
}
