import { t } from '@vscode/l10n';
import { readableMarkdown } from '../../kernel/markdownText';
import { accountInWords, listedInWords } from '../../service/scopeLabel';
import { failureInWords } from '../../service/reasons';
import { durationInWords } from '../../service/words';
import type { Operation } from '../operation';
import { requestIdsOfCall } from '../operationFacts';
import { settingsInWords } from '../settingsInWords';
import { operationTitle, outcomeInWords, stateInWords } from '../words';
import { reportRows, safe, type ReportRow } from './reportRows';

/** For a ticket or a wiki: what was done where, the result, then each client. */
export function markdownReport(
  operation: Operation,
  { dateInWords }: { readonly dateInWords: (ms: number) => string },
): string {
  const line = (text: string): string => readableMarkdown(safe(text));
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
    [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const { scope } = operation;
  const place = [operation.profileName, accountInWords(scope), scope.regionId, ...listedInWords(scope)];
  const facts = [
    ...(operation.demo ? [line(t('Demo data. No real client is changed.'))] : []),
    line(place.filter((part) => part !== '').join(' · ')),
    ...(operation.settings ? [line(settingsInWords(operation.settings))] : []),
    line(stateInWords(operation)),
    line(
      t({
        message: 'Started {0}',
        args: [dateInWords(operation.startedAt)],
        comment: ['{0} is a date with a time of day.'],
      }),
    ),
    ...(operation.endedAt === undefined
      ? []
      : [
          line(
            t({
              message: 'Took {0}',
              args: [durationInWords(operation.endedAt - operation.startedAt)],
              comment: ['{0} is a duration such as "3 min 12 s".'],
            }),
          ),
        ]),
  ];
  const machines = reportRows(operation);
  const hasWaves = operation.waves.length > 1;
  const machineTable = table(
    [
      t({ message: 'Client', comment: ['Column of a report.'] }),
      t({ message: 'Instance ID', comment: ['Column of a report.'] }),
      ...(hasWaves ? [t({ message: 'Wave', comment: ['Column of a report.'] })] : []),
      t({ message: 'State', comment: ['Column of a report.'] }),
      t({ message: 'Version', comment: ['Column of a report.'] }),
      t({ message: 'Details', comment: ['Column of a report.'] }),
    ],
    machines.map((row) => [
      line(row.name),
      line(row.instanceId || row.clientId),
      ...(hasWaves ? [String(row.wave ?? '')] : []),
      line(outcomeInWords(row.outcome)),
      line([...new Set([row.versionBefore, row.versionNow])].filter(Boolean).join(' → ')),
      line(row.cause.includes(row.code) ? row.cause : causeWithCode(row)),
    ]),
  );
  const callTable = table(
    [
      t({ message: 'Task ID', comment: ['Column of a report.'] }),
      t({ message: 'Clients', comment: ['Column of a report.'] }),
      t({ message: 'Request IDs', comment: ['Column of a report.'] }),
      t({ message: 'Details', comment: ['Column of a report.'] }),
    ],
    operation.calls.map((call) => [
      line(call.taskId ?? ''),
      String(call.machineKeys.length),
      requestIdsOfCall(call).map(line).join(' '),
      line(call.failure ? failureInWords({ ...call.failure, finding: call.finding }) : ''),
    ]),
  );
  return [
    `# ${line(operationTitle(operation))}`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    ...(machines.length > 0
      ? [`## ${t({ message: 'Clients', comment: ['Heading of a report.'] })}`, machineTable]
      : []),
    ...(operation.calls.length > 0
      ? [
          `## ${t({ message: 'Service tasks', comment: ['Heading of a report: the tasks that Cloud Backup runs.'] })}`,
          callTable,
        ]
      : []),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function causeWithCode({ cause, code }: ReportRow): string {
  return t({
    message: '{cause} ({code})',
    args: { cause, code },
    comment: [
      '{cause} is one or two sentences. {code} is a word of the service, such as InstanceNotRunning.',
    ],
  });
}
