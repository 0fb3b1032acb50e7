import { t } from '@vscode/l10n';
import { zoneInWords } from '../clients/rowText';
import type { BackupClient } from '../service/model';
import { plainText } from '../kernel/plainText';
import { actionInWords } from '../service/words';
import {
  leftOutInWords,
  neighboursInWords,
  notCheckedInWords,
  notesOf,
  orderInWords,
  pickTexts,
  shownName,
  strategyInWords,
  versionChange,
  whereInWords,
} from './planTexts';
import type { ChangePlan } from './plan';
import type { Verdict } from './safety/safety';

/** A plan as a text to read, in Markdown. Nothing in it is live: no link, no markup of the service. */
export interface PlanDocument {
  readonly title: string;
  readonly text: string;
}

/** @param nowMs milliseconds since 1970: when the plan was made */
export function planDocumentOf(plan: ChangePlan, verdict: Verdict, nowMs: number): PlanDocument {
  const { action, context, eligible, leftOut, waveSizes, waves } = plan;
  const clients = eligible.map(({ client }) => client);
  const title = t('Plan - {0} {1}', actionInWords(action), eligible.length);
  const facts = [
    ...whereInWords(context).split('\n'),
    t('Region {0} ({1})', plainText(context.regionName), context.scope.regionId),
    t('Machines: {0}', eligible.length),
    t('Calls, each with one task at most: {0}', plan.calls),
    waveSizes.length > 1 ? orderInWords(plan) : strategyInWords({ kind: 'all' }),
    ...(waveSizes.length > 1 ? [t('Machines in each wave: {0}', waveSizes.join(', '))] : []),
    ...(waves.maxFailures > 0 && waveSizes.length > 1
      ? [t('Failures that stop it: {0}', waves.maxFailures)]
      : []),
    ...neighboursInWords(plan).split('\n'),
    ...notesOf(action, clients).split('\n'),
    ...plan.notChecked.map((gap) => notCheckedInWords(gap)),
  ].filter(Boolean);
  const text = [
    `# ${title}`,
    t('Made {0}. This is what would be done; nothing was sent.', new Date(nowMs).toISOString()),
    list(facts.map(unlinked)),
    `## ${t('Before it starts')}`,
    list(stepsOf(plan, verdict).map(unlinked)),
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
      ...plan.ramActions.map(code),
      ...plan.checkRamActions.map((name) => t('{0} for the checks', code(name))),
    ]),
  ];
  return { title, text: text.filter(Boolean).join('\n\n') + '\n' };
}

function stepsOf({ eligible }: ChangePlan, verdict: Verdict): readonly string[] {
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
